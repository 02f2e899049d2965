"""The raw metrics of discussion, without any guard."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from .asked import Asked, Measurement, within
from .figures import median, ratio
from .forum import Forum
from .people import People
from .statements import Statement
from .threads import Post

COUNTS = ("threads", "posts", "replies", "participants")
MEDIANS = ("median_response_time",)
RATIOS = ("unanswered_rate", "reply_reciprocity")


class Discussion:
    """All posts of a store. Views of threads and posts are kept beside: who only reads is no contributor."""

    METRICS: ClassVar[Mapping[str, int]] = (
        dict.fromkeys(COUNTS, 0) | dict.fromkeys(MEDIANS, 5) | dict.fromkeys(RATIOS, 10)
    )

    def __init__(self, forum: Forum, people: People) -> None:
        self.forum = forum
        self.people = people

    @classmethod
    def read(cls, statements: Iterable[Statement], people: People, settings: Mapping[str, Any]) -> "Discussion":
        """The posts that statements tell; no setting changes which."""
        return cls(Forum.read(statements, people), people)

    @property
    def acts(self) -> list[Post]:
        """The posts, by (time, statement id)."""
        return self.forum.posts

    def measure(self, asked: Asked) -> Measurement:
        """One metric over a row's posts."""
        return _METRICS[asked.metric](self.forum, asked)


def _threads(forum: Forum, asked: Asked) -> Measurement:
    return Measurement(sum(post.is_root for post in asked.acts))


def _posts(forum: Forum, asked: Asked) -> Measurement:
    return Measurement(len(asked.acts))


def _replies(forum: Forum, asked: Asked) -> Measurement:
    return Measurement(sum(not post.is_root for post in asked.acts))


def _participants(forum: Forum, asked: Asked) -> Measurement:
    return Measurement(len({post.actor for post in asked.acts}))


def _median_response_time(forum: Forum, asked: Asked) -> Measurement:
    latencies = _latencies(asked)
    return Measurement(median(latencies), len(latencies))


def _latencies(asked: Asked) -> list[float]:
    return [post.latency.total_seconds() for post in asked.acts if post.latency is not None]


def _unanswered_rate(forum: Forum, asked: Asked) -> Measurement:
    """A thread exactly as old as the grace period is not older than it. Any post by another counts, at any time."""
    grace = timedelta(hours=asked.settings.get("grace_hours", 72))
    old = [post for post in asked.acts if post.is_root and asked.as_of - post.at > grace]
    questions = [root for root in old if root.act.is_question]
    beside = {"questions_only": _silent(forum, questions, asked)}
    found = _silent(forum, questions if asked.settings.get("questions_only") else old, asked)
    return Measurement(found.value, found.basis, beside=beside)


def _silent(forum: Forum, roots: list[Post], asked: Asked) -> Measurement:
    responses = [forum.first_response(root) for root in roots]
    silent = [first for first in responses if first is None or first.at >= asked.as_of]
    return Measurement(ratio(len(silent), len(roots)), len(roots))


def _reply_reciprocity(forum: Forum, asked: Asked) -> Measurement:
    """A group's arcs are those its replies make; the reverse may come from anyone's reply in the window."""
    arcs = {(post.actor, post.target) for post in asked.acts if post.target}
    everyones = {(post.actor, post.target) for post in within(forum.posts, asked.since, asked.as_of) if post.target}
    returned = [(source, target) for source, target in arcs if (target, source) in everyones]
    return Measurement(ratio(len(returned), len(arcs)), len(arcs))


_METRICS: dict[str, Callable[[Forum, Asked], Measurement]] = {
    "threads": _threads,
    "posts": _posts,
    "replies": _replies,
    "participants": _participants,
    "median_response_time": _median_response_time,
    "unanswered_rate": _unanswered_rate,
    "reply_reciprocity": _reply_reciprocity,
}
