"""The metrics of discussions, each a pure function of the posts in scope."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from lrs.plugin import Act, Metric, Number, Scope, median

_SENDERS = "Moodle's forum and Open edX drop whom a reply answers: there it is taken to answer the thread's start."


def threads(scope: Scope) -> Number:
    """Count the threads that start in the window. Unit: n."""
    return Number(sum(post.opens for post in scope.acts))


def posts(scope: Scope) -> Number:
    """Count the posts in the window, first posts included. Unit: n."""
    return Number(len(scope.acts))


def replies(scope: Scope) -> Number:
    """Count the posts in the window that don't start a thread. Unit: n."""
    return Number(sum(not post.opens for post in scope.acts))


def participants(scope: Scope) -> Number:
    """Count the distinct authors of posts in the window. Unit: people."""
    return Number(len({post.actor for post in scope.acts}))


def median_response_time(scope: Scope) -> Number:
    """Return the median time from a parent to a reply by another. Unit: s.

    A reply that its sender's clock puts before its parent has no latency.
    """
    told = (post.detail["latency_s"] for post in scope.acts if not post.opens and _answers_another(post))
    latencies = [latency for latency in told if latency is not None and latency >= 0]
    return Number(median(latencies), n=len(latencies))


def unanswered_rate(scope: Scope) -> Number:
    """Return the share of threads past their grace time that nobody but their author posted in. Range 0-1."""
    grace = timedelta(hours=scope.config["grace_hours"])
    ripe = [post for post in scope.acts if post.opens and scope.as_of - post.t > grace]
    answered = _answered(ripe, scope.following)
    rate = _unanswered(ripe, answered)
    if not scope.config["questions_only"]:
        return rate
    questions = _unanswered([post for post in ripe if post.detail["question"]], answered)
    return Number(rate.value, n=rate.n, beside={"questions_only": questions})


def reply_reciprocity(scope: Scope) -> Number:
    """Return the share of arcs (replier, replied-to) of the window whose reverse is in the window too. Range 0-1.

    A group's arc is its source's; the reverse may come from any group. Source: arc reciprocity, Wasserman & Faust 1994.
    """
    arcs = _arcs(scope.acts)
    others = arcs | _arcs(scope.everyone)
    returned = sum((target, actor) in others for actor, target in arcs)
    return Number(returned / len(arcs) if arcs else None, n=len(arcs))


def _answers_another(post: Act) -> bool:
    """Tell whether the parent is by somebody else; one whose author opted out is by nobody who counts."""
    return post.parties.get("parent") not in (None, post.actor)


def _arcs(posts: Iterable[Act]) -> set[tuple[str, str]]:
    told = ((post.actor, post.target) for post in posts if not post.opens)
    return {(actor, target) for actor, target in told if target is not None and target != actor}


def _answered(roots: Iterable[Act], following: Iterable[Act]) -> set[str]:
    """Return the threads that somebody other than their author posted in."""
    authors = {root.subject: root.actor for root in roots}
    voices = defaultdict(set)
    for post in following:
        if post.subject in authors:
            voices[post.subject].add(post.actor)
    return {thread for thread, author in authors.items() if thread is not None and voices[thread] - {author}}


def _unanswered(roots: list[Act], answered: set[str]) -> Number:
    silent = sum(root.subject not in answered for root in roots)
    return Number(silent / len(roots) if roots else None, n=len(roots))


METRICS = (
    Metric(
        id="threads",
        title="Threads",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="threads that start in the window",
        no_data="0: no thread started",
        source="count",
        counts=True,
        compute=threads,
    ),
    Metric(
        id="posts",
        title="Posts",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="posts in the window, first posts of threads included",
        no_data="0: nobody posted",
        source="count",
        counts=True,
        compute=posts,
    ),
    Metric(
        id="replies",
        title="Replies",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="posts in the window that do not start a thread",
        no_data="0: nobody replied",
        source="count",
        counts=True,
        compute=replies,
    ),
    Metric(
        id="participants",
        title="Participants",
        unit="people",
        range=(0, None),
        direction="higher",
        definition="distinct authors of posts in the window",
        no_data="0: nobody posted",
        source="count",
        counts=True,
        compute=participants,
    ),
    Metric(
        id="median_response_time",
        title="Median response time",
        unit="s",
        range=(0, None),
        direction="lower",
        definition="median over replies of the time since their parent, where another than the parent's author replies",
        no_data="null: no reply to another's post",
        source="Lithium Community Health Index, over all responses instead of first ones",
        limits=_SENDERS,
        min_values=5,
        compute=median_response_time,
    ),
    Metric(
        id="unanswered_rate",
        title="Unanswered threads",
        unit="0-1",
        range=(0, 1),
        direction="lower",
        definition=(
            "threads that start in the window and are older than the grace time (72 h), without a post by another, "
            "divided by all such threads"
        ),
        no_data="null: no thread is older than the grace time",
        source="own definition",
        follows=True,
        min_denominator=10,
        compute=unanswered_rate,
    ),
    Metric(
        id="reply_reciprocity",
        title="Reciprocity of replies",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition="pairs (who replied, to whom) whose reverse is in the window too, divided by all such pairs",
        no_data="null: no reply to another's post",
        source="arc reciprocity, Wasserman & Faust 1994",
        limits=_SENDERS,
        min_denominator=10,
        compute=reply_reciprocity,
    ),
)
