"""The privacy guard: which cells are withheld, and the row an answer shows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from .calendar import Span
from .discussion import MEDIANS, RATIOS, Measurement
from .threads import Post

MINIMUM_BASIS = dict.fromkeys(MEDIANS, 5) | dict.fromkeys(RATIOS, 10)


@dataclass(frozen=True)
class Row:
    """One row of an answer. `start` and `end` are None without buckets; `value` is None with a reason.

    `suppressed` says that the guard hides a value: it is False for `no_data` and `source_cannot_tell`.
    """

    group: str | None
    start: datetime | None
    end: datetime | None
    value: float | int | None
    n_people: int | None
    n_acts: int | None
    suppressed: bool
    reason: str | None


def empty_row(reason: str, *, suppressed: bool) -> Row:
    """The only row of an answer that can't be split into groups."""
    return Row(None, None, None, None, None, None, suppressed, reason)


def withheld_row(group: str | None, bucket: Span | None, reason: str) -> Row:
    """A row that shows neither its value nor how many people and acts are behind it."""
    start, end = bucket or (None, None)
    return Row(group, start, end, None, None, None, True, reason)


def shown_row(
    group: str | None, bucket: Span | None, posts: list[Post], metric: str, found: Measurement, *, guarded: bool
) -> Row:
    """A row of enough people; medians and ratios of too few values still hide their value."""
    start, end = bucket or (None, None)
    too_few = guarded and found.basis is not None and found.basis < MINIMUM_BASIS[metric]
    reason = "no_data" if found.value is None else "too_few_values" if too_few else None
    value = None if reason else found.value
    return Row(group, start, end, value, len(contributors(posts)), len(posts), reason == "too_few_values", reason)


def contributors(posts: Iterable[Post]) -> set[str]:
    """The authors of posts."""
    return {post.act.actor for post in posts}


def whole_store_reason(posts: list[Post], min_group: int) -> str | None:
    """Why the row of the whole store is withheld: somebody wrote, but too few. Its targets don't matter."""
    return "too_few_people" if 0 < len(contributors(posts)) < min_group else None


def withheld_cells(week: dict[str, list[Post]], min_group: int) -> dict[str, str]:
    """The reason for each course that is withheld in one week, from the posts of every course in it."""
    few = {course: "too_few_people" for course, posts in week.items() if _too_few(posts, min_group)}
    remaining = [course for course in week if course not in few]
    if len(few) == 1 and remaining:
        smallest = min(remaining, key=lambda course: (len(contributors(week[course])), course))
        few[smallest] = "complementary"
    return few


def _too_few(posts: list[Post], min_group: int) -> bool:
    targets = {post.target for post in posts if post.target}
    return len(contributors(posts)) < min_group or 0 < len(targets) < min_group
