"""How fast and how surely people are answered, and whether answers go both ways."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Metric, Number, Scope, median, percentile, ratio
from plugins.discussion.posts import REPLY, START, in_threads

_SENDERS = "Moodle's forum and Open edX drop whom a reply answers: there it is taken to answer the thread's start."

_BY_ANOTHER = pl.col("actor") != pl.col("author")
_ARC = ("actor", "target")


def median_response_time(scope: Scope) -> Number:
    """Return the median time from a parent to a reply by another. Unit: s.

    A reply that its sender's clock puts before its parent has no latency.
    """
    return median(_latencies(scope))


def p90_response_time(scope: Scope) -> Number:
    """Return the time within which nine of ten replies by another come, by linear interpolation. Unit: s."""
    return percentile(_latencies(scope), 0.9)


def time_to_first_response(scope: Scope) -> Number:
    """Return the median time from a thread's start to the first post by another, over answered threads. Unit: s.

    A thread that its first answer seems to precede, by its sender's clock, has no such time.
    """
    waited = (pl.col("t") - pl.col("started")).min().dt.total_milliseconds() / 1000
    firsts = in_threads(scope).filter(_BY_ANOTHER).group_by("subject").agg(waited.alias("waited_s"))["waited_s"]
    return median(firsts.filter(firsts >= 0))


def unanswered_rate(scope: Scope) -> Number:
    """Return the share of threads past their grace time that nobody but their author posted in. Range 0-1."""
    grace = timedelta(hours=scope.config["grace_hours"])
    ripe = scope.acts.filter(START, pl.lit(scope.as_of) - pl.col("t") > grace)
    silent = ripe.join(in_threads(scope).filter(_BY_ANOTHER), on="subject", how="anti")
    rate = ratio(len(silent), len(ripe))
    if not scope.config["questions_only"]:
        return rate
    questions = ratio(len(silent.filter("question")), len(ripe.filter("question")))
    return Number(rate.value, n=rate.n, beside={"questions_only": questions})


def reply_reciprocity(scope: Scope) -> Number:
    """Return the share of arcs (replier, replied-to) of the window whose reverse is in the window too. Range 0-1.

    A group's arc is its source's; the reverse may come from any group. Source: arc reciprocity, Wasserman & Faust 1994.
    """
    arcs = _arcs(scope)
    reverse = scope.once(_arcs).rename({"actor": "target", "target": "actor"})
    return ratio(len(arcs.join(reverse, on=_ARC, how="semi")), len(arcs))


def _latencies(scope: Scope) -> pl.Series:
    to_another = pl.col("parent_author") != pl.col("actor")
    return scope.acts.filter(REPLY, to_another, pl.col("latency_s") >= 0)["latency_s"]


def _arcs(scope: Scope) -> pl.DataFrame:
    """Return who replied to whom, everyone that a reply addresses included."""
    is_reply = pl.col("contributes") & ~pl.col("opens")
    return scope.acts.filter(is_reply, pl.col("target") != pl.col("actor")).select(_ARC).unique()


METRICS = (
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
        id="p90_response_time",
        title="Response time of nine in ten",
        unit="s",
        range=(0, None),
        direction="lower",
        definition=(
            "90th percentile over replies of the time since their parent, where another than the parent's author "
            "replies"
        ),
        no_data="null: no reply to another's post",
        source="Lithium Community Health Index, over all responses instead of first ones",
        limits=_SENDERS,
        min_values=5,
        compute=p90_response_time,
    ),
    Metric(
        id="time_to_first_response",
        title="Time to first response",
        unit="s",
        range=(0, None),
        direction="lower",
        definition=(
            "median over threads that start in the window, and have been answered, of the time from their start to the "
            "first post by another than who started them"
        ),
        no_data="null: no thread of the window was answered",
        source="Lithium Community Health Index",
        limits="Threads that still wait are left out, so read it with unanswered_rate.",
        min_values=5,
        compute=time_to_first_response,
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
        limits="An answer given elsewhere, in a chat say, is not seen.",
        beside={"questions_only": "the same over threads that ask a question"},
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
