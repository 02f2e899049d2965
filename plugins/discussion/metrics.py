"""The metrics of discussions, each a pure function of the posts in scope."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Metric, Number, Scope, median, ratio

_SENDERS = "Moodle's forum and Open edX drop whom a reply answers: there it is taken to answer the thread's start."

_OPENS = pl.col("opens")
_ARC = ("actor", "target")


def threads(scope: Scope) -> Number:
    """Count the threads that start in the window. Unit: n."""
    return Number(len(scope.acts.filter(_OPENS)))


def posts(scope: Scope) -> Number:
    """Count the posts in the window, first posts included. Unit: n."""
    return Number(len(scope.acts))


def replies(scope: Scope) -> Number:
    """Count the posts in the window that don't start a thread. Unit: n."""
    return Number(len(scope.acts.filter(~_OPENS)))


def participants(scope: Scope) -> Number:
    """Count the distinct authors of posts in the window. Unit: people."""
    return Number(scope.acts["actor"].n_unique())


def median_response_time(scope: Scope) -> Number:
    """Return the median time from a parent to a reply by another. Unit: s.

    A reply that its sender's clock puts before its parent has no latency.
    """
    to_another = pl.col("parent_author") != pl.col("actor")
    return median(scope.acts.filter(~_OPENS, to_another, pl.col("latency_s") >= 0)["latency_s"])


def unanswered_rate(scope: Scope) -> Number:
    """Return the share of threads past their grace time that nobody but their author posted in. Range 0-1."""
    grace = timedelta(hours=scope.config["grace_hours"])
    ripe = scope.acts.filter(_OPENS, pl.lit(scope.as_of) - pl.col("t") > grace)
    answered = _answers(scope)["subject"].unique()
    silent = ripe.filter(~pl.col("subject").is_in(answered.implode()))
    rate = ratio(len(silent), len(ripe))
    if not scope.config["questions_only"]:
        return rate
    questions = ratio(len(silent.filter("question")), len(ripe.filter("question")))
    return Number(rate.value, n=rate.n, beside={"questions_only": questions})


def reply_reciprocity(scope: Scope) -> Number:
    """Return the share of arcs (replier, replied-to) of the window whose reverse is in the window too. Range 0-1.

    A group's arc is its source's; the reverse may come from any group. Source: arc reciprocity, Wasserman & Faust 1994.
    """
    arcs = _arcs(scope.acts)
    reverse = _arcs(scope.store).rename({"actor": "target", "target": "actor"})
    return ratio(len(arcs.join(reverse, on=_ARC, how="semi")), len(arcs))


def _arcs(acts: pl.DataFrame) -> pl.DataFrame:
    return acts.filter(~_OPENS, pl.col("target") != pl.col("actor")).select(_ARC).unique()


def _answers(scope: Scope) -> pl.DataFrame:
    """Return the posts by another than the author of the thread, in threads that the acts open."""
    opened = scope.acts.filter(_OPENS).select("subject", author="actor")
    return scope.following().join(opened, on="subject").filter(pl.col("actor") != pl.col("author"))


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
