"""Shares and what was passed on from them, put together into trees, and the shapes of these trees."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from .shares import Deed


@dataclass(frozen=True)
class Cascade:
    """A share and all that was passed on from it. `above` has each member's parent, None for the root."""

    root: Deed
    above: dict[Deed, Deed | None]

    @property
    def size(self) -> int:
        """How many members it has, the root included."""
        return len(self.above)

    @property
    def depth(self) -> int:
        """The greatest distance from the root: 0 if nobody passed it on."""
        return max(self._levels)

    @property
    def breadth(self) -> int:
        """The most members on one level, the root's included."""
        return max(self._levels.values())

    @property
    def virality(self) -> float:
        """The mean distance over all pairs of two or more members."""
        distances = [self._between(one, other) for one, other in combinations(self.above, 2)]
        return sum(distances) / len(distances)

    @cached_property
    def _levels(self) -> Counter[int]:
        return Counter(len(self._way_up(member)) - 1 for member in self.above)

    def _way_up(self, member: Deed) -> list[Deed]:
        way, above = [member], self.above[member]
        while above is not None:
            way.append(above)
            above = self.above[above]
        return way

    def _between(self, one: Deed, other: Deed) -> int:
        up, down = self._way_up(one), self._way_up(other)
        shared = set(up) & set(down)
        return len(set(up) - shared) + len(set(down) - shared)


def cascades(shares: Iterable[Deed]) -> list[Cascade]:
    """The trees that shares and reposts make, in the order of their roots. `shares` come sorted.

    A repost belongs below the first share or repost of its parent's id; it is a root where there is none among
    `shares`. A loop is broken at its earliest member, which is its root.
    """
    posts = list(shares)
    first: dict[str, Deed] = {}
    for post in posts:
        if post.makes is not None:
            first.setdefault(post.makes, post)
    above = {post: first.get(post.parent) if post.parent is not None else None for post in posts}
    for post in posts:
        if _comes_back(post, above):
            above[post] = None
    return _trees(above)


def _comes_back(post: Deed, above: dict[Deed, Deed | None]) -> bool:
    """Whether the way up from a post leads to itself. Asked in order, so that each loop's earliest is asked first."""
    passed, step = {post}, above[post]
    while step is not None and step not in passed:
        passed.add(step)
        step = above[step]
    return step is post


def _trees(above: dict[Deed, Deed | None]) -> list[Cascade]:
    below: dict[Deed, list[Deed]] = {}
    for post, parent in above.items():
        if parent is not None:
            below.setdefault(parent, []).append(post)
    found = []
    for root in [post for post, parent in above.items() if parent is None]:
        members: dict[Deed, Deed | None] = {root: None}
        waiting = deque([root])
        while waiting:
            parent = waiting.popleft()
            for post in below.get(parent, []):
                members[post] = parent
                waiting.append(post)
        found.append(Cascade(root, members))
    return found
