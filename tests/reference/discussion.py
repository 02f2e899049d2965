"""The raw metrics of discussion over the posts of one window, without any guard."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from .threads import Post

COUNTS = ("threads", "posts", "replies", "participants")
MEDIANS = ("median_response_time",)
RATIOS = ("unanswered_rate", "reply_reciprocity")


@dataclass(frozen=True)
class Measurement:
    """A raw value and how many values (median) or what denominator (ratio) it rests on; None for a count."""

    value: float | int | None
    basis: int | None


@dataclass(frozen=True)
class Settings:
    """`unanswered_rate`'s: how old a thread must be, and whether only questions are looked at."""

    grace: timedelta
    questions_only: bool


class Discussion:
    """All posts of a store, and when each thread was first answered by another than its starter."""

    def __init__(self, posts: list[Post]) -> None:
        self.posts = posts
        self.times = [post.act.at for post in posts]
        starters = {post.thread: post.act.actor for post in posts if post.is_root}
        self.answered_at: dict[str, datetime] = {}
        for post in posts:
            if post.thread and post.act.actor != starters.get(post.thread, post.act.actor):
                self.answered_at.setdefault(post.thread, post.act.at)

    def within(self, start: datetime, end: datetime) -> list[Post]:
        """The posts with a timestamp in [start, end)."""
        return self.posts[bisect_left(self.times, start) : bisect_left(self.times, end)]

    def measure(
        self, metric: str, posts: list[Post], window: list[Post], as_of: datetime, settings: Settings
    ) -> Measurement:
        """One metric over `posts`: a group's part of the posts of the `window`, or all of them."""
        if metric in COUNTS:
            return Measurement(_count(metric, posts), None)
        if metric == "median_response_time":
            return _response_time(posts)
        if metric == "reply_reciprocity":
            return _reciprocity(posts, window)
        if metric == "unanswered_rate":
            return self._unanswered(posts, as_of, settings)
        raise ValueError(f"{metric!r} is no metric of discussion")

    def _unanswered(self, posts: list[Post], as_of: datetime, settings: Settings) -> Measurement:
        """A thread exactly as old as the grace period is not older than it. Any post by another counts, at any time."""
        old = [post for post in posts if post.is_root and as_of - post.act.at > settings.grace]
        if settings.questions_only:
            old = [post for post in old if post.act.is_question]
        silent = [root for root in old if root.thread is None or self.answered_at.get(root.thread, as_of) >= as_of]
        return Measurement(len(silent) / len(old) if old else None, len(old))


def _count(metric: str, posts: list[Post]) -> int:
    if metric == "participants":
        return len({post.act.actor for post in posts})
    wanted = {"threads": [True], "replies": [False], "posts": [True, False]}[metric]
    return sum(post.is_root in wanted for post in posts)


def _response_time(posts: list[Post]) -> Measurement:
    seconds = [post.latency.total_seconds() for post in posts if post.latency is not None]
    return Measurement(median(seconds) if seconds else None, len(seconds))


def _reciprocity(posts: list[Post], window: list[Post]) -> Measurement:
    """A group's arcs are those its replies make; the reverse may come from anyone's reply in the window."""
    arcs = {(post.act.actor, post.target) for post in posts if post.target}
    everyones = {(post.act.actor, post.target) for post in window if post.target}
    returned = [(source, target) for source, target in arcs if (target, source) in everyones]
    return Measurement(len(returned) / len(arcs) if arcs else None, len(arcs))
