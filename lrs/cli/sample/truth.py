"""The truth: what the statements of a sample mean, noted while they are made."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from lrs.cli.sample.period import Period, iso, week
from lrs.cli.sample.threads import Post, Thread
from lrs.xapi import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What an analysis of the sample has to find; persons are actor keys, not merged, and items are activity ids.

    - `threads`: by thread item `{author, t, course, sender, shape, question, posts: [{statement, item, author, parent,
      told_parent, t, replied_to}]}`; the root comes first, with null parents. `parent` is the true one, `told_parent`
      what the statement itself reveals, `replied_to` the author of the latter. Voided posts are left out.
    - `replies`: `[statement, replier, replied-to]`, self-replies included, as the shape can tell.
    - `mentoring_pairs`: `[mentor, mentee, sessions]`; `cascades`: by root item `{size, depth, breadth}`, a share that
      nobody passed on included and recommendations left out; `sharing`: `{shares, reposts, recommendations}`.
    - `weeks`: by ISO week in UTC, `totals` for the whole: `{threads, posts, replies, participants}`, roots are posts.
    - `voided`: voided statements; `twins`: repeated statements to be dropped; `late`: statements that arrive late.
    """

    parameters: Json
    threads: dict[str, Json]
    replies: list[list[str]]
    mentoring_pairs: list[list[str | int]]
    cascades: dict[str, dict[str, int]]
    sharing: dict[str, int]
    weeks: dict[str, dict[str, int]]
    totals: dict[str, int]
    voided: list[str]
    twins: list[str]
    late: list[str]

    def as_dict(self) -> Json:
        """Return the content of `truth.json`."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def kept_posts(threads: Iterable[Thread]) -> list[Post]:
    """Return the posts that were not voided, thread by thread."""
    return [post for thread in threads for post in thread.posts if not post.voided]


def told_threads(threads: Iterable[Thread]) -> dict[str, Json]:
    """Return the threads in the truth's shape; one whose start was voided never happened."""
    return {thread.item: _thread(thread) for thread in threads if not thread.root.voided}


def told_replies(posts: Iterable[Post]) -> list[list[str]]:
    """Return statement, replier and replied-to of every reply."""
    return [[post.statement, post.key, post.told_parent.key] for post in posts if post.told_parent]


def by_week(posts: list[Post], period: Period) -> dict[str, dict[str, int]]:
    """Return the counts of every ISO week the period touches, zeros included."""
    weeks: dict[str, list[Post]] = {name: [] for name in period.weeks()}
    for post in posts:
        weeks[week(post.at)].append(post)
    return {name: counts(of_week) for name, of_week in weeks.items()}


def counts(posts: list[Post]) -> dict[str, int]:
    """Return threads, posts, replies and participants (distinct actor keys)."""
    roots = Counter(post.parent is None for post in posts)
    return {
        "threads": roots[True],
        "posts": len(posts),
        "replies": roots[False],
        "participants": len({post.key for post in posts}),
    }


def _thread(thread: Thread) -> Json:
    return {
        "author": thread.root.key,
        "t": iso(thread.root.at),
        "course": thread.course,
        "sender": thread.sender,
        "shape": thread.shape,
        "question": thread.question,
        "posts": [_post(post) for post in thread.posts if not post.voided],
    }


def _post(post: Post) -> Json:
    told = post.told_parent
    return {
        "statement": post.statement,
        "item": post.item,
        "author": post.key,
        "parent": post.parent.item if post.parent else None,
        "told_parent": told.item if told else None,
        "t": iso(post.at),
        "replied_to": told.key if told else None,
    }
