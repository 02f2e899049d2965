"""The metrics of discussion over threads with their root in the row, and what anybody answered before `as_of`."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from .asked import Asked, Measurement
from .figures import mean, median, ratio
from .forum import Forum
from .threads import Post


def unanswered_rate(forum: Forum, asked: Asked) -> Measurement:
    """A thread exactly as old as the grace period is not older than it. Any post by another counts, at any time."""
    grace = timedelta(hours=asked.settings.get("grace_hours", 72))
    old = [root for root in _roots(asked) if asked.as_of - root.at > grace]
    questions = [root for root in old if root.act.is_question]
    found = _silent(forum, questions if asked.settings.get("questions_only") else old, asked)
    return Measurement(found.value, found.basis, beside={"questions_only": _silent(forum, questions, asked)})


def time_to_first_response(forum: Forum, asked: Asked) -> Measurement:
    """Median of first post by another - root, in s. Of an answer that came before its root nobody knows the time."""
    found = [(first.at - root.at).total_seconds() for root in _roots(asked) if (first := _response(forum, root, asked))]
    waited = [seconds for seconds in found if seconds >= 0]
    return Measurement(median(waited), len(waited))


def depth(forum: Forum, asked: Asked) -> Measurement:
    """Greatest distance from the root: mean over threads, median and max beside."""
    return _over_trees(forum, asked, max)


def breadth(forum: Forum, asked: Asked) -> Measurement:
    """Most posts on one level, the root's own included: mean over threads, median and max beside."""
    return _over_trees(forum, asked, lambda depths: max(Counter(depths).values()))


def interactivity(forum: Forum, asked: Asked) -> Measurement:
    """Mean over threads of (posts - 1)(authors - 1) ÷ posts."""
    found = [_interactivity(forum.thread_of(root, asked.as_of)) for root in _roots(asked)]
    return Measurement(mean(found), len(found))


def _interactivity(posts: Sequence[Post]) -> float:
    authors = {post.actor for post in posts}
    return (len(posts) - 1) * (len(authors) - 1) / len(posts)


def _over_trees(forum: Forum, asked: Asked, measured: Callable[[list[int]], int]) -> Measurement:
    """The mean over threads of something made of their posts' depths. One unknown depth is enough to know nothing."""
    found = []
    for root in _roots(asked):
        depths = [post.depth for post in forum.thread_of(root, asked.as_of)]
        known = [each for each in depths if each is not None]
        if len(known) < len(depths):
            return Measurement(None, reason="source_cannot_tell")
        found.append(measured(known))
    n = len(found)
    beside = {"median": Measurement(median(found), n), "max": Measurement(max(found, default=None), n)}
    return Measurement(mean(found), n, beside=beside)


def _roots(asked: Asked) -> list[Post]:
    return [post for post in asked.acts if post.is_root]


def _response(forum: Forum, root: Post, asked: Asked) -> Post | None:
    """The first post by another, if it was there by `as_of`."""
    first = forum.first_response(root)
    return first if first and first.at < asked.as_of else None


def _silent(forum: Forum, roots: list[Post], asked: Asked) -> Measurement:
    silent = [root for root in roots if _response(forum, root, asked) is None]
    return Measurement(ratio(len(silent), len(roots)), len(roots))
