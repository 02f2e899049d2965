"""Sessions: statements of one pair of mentor and mentee, close to each other in time."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Number, Scope, mean
from plugins.mentoring.programme import PAIR, met


def sessions(scope: Scope) -> Number:
    """Count the sessions that start in the window. Unit: n."""
    return Number(len(held(scope.acts, scope).filter(pl.col("start") >= scope.since)))


def duration(scope: Scope) -> Number:
    """Return how long the sessions that start in the window lasted in all, as far as that is told. Unit: s.

    Of sessions none of which tells its duration nothing can be said.

    Beside: the share of the sessions whose duration is told.
    """
    found = lengths(met(scope.acts, scope), _gap(scope)).filter(pl.col("start") >= scope.since)["duration_s"]
    told = {"duration_told": mean(found.is_not_null())}
    if len(found) and found.is_null().all():
        return Number(None, beside=told, why="source_cannot_tell")
    return Number(float(found.sum()), beside=told)


def held(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the sessions before `as_of`, by pair and start: mentor, mentee, start.

    Whoever of the two tells a session, and however often, it is one.
    """
    return _in_order(met(acts, scope), _gap(scope)).filter("begins").select(*PAIR, start="t")


def lengths(told: pl.DataFrame, gap: timedelta) -> pl.DataFrame:
    """Return start and duration_s of the sessions that statements tell.

    A session lasts the longest duration told of it; where none is told that is null, for it is not known.
    """
    session = pl.col("begins").cum_sum().alias("session")
    by_session = _in_order(told, gap).group_by(session, maintain_order=True)
    return by_session.agg(start=pl.first("t"), duration_s=pl.max("duration_s"))


def gaps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the times between the starts of consecutive sessions of each pair: mentor, mentee, gap."""
    gap = pl.when(~_another_pair()).then(pl.col("start").diff())
    return ordered.select(*PAIR, gap=gap).drop_nulls("gap")


def _in_order(told: pl.DataFrame, gap: timedelta) -> pl.DataFrame:
    """Return statements by pair and time, and whether a session `begins`: the one before is `gap` ago or more."""
    begins = _another_pair() | (pl.col("t").diff() >= gap)
    ordered = told.select(*PAIR, "t", "duration_s").sort(*PAIR, "t")
    return ordered.with_columns(begins=begins.fill_null(True))


def _another_pair() -> pl.Expr:
    """Whether a row is of another pair than the row before; null in the first row."""
    return pl.any_horizontal([pl.col(name) != pl.col(name).shift() for name in PAIR])


def _gap(scope: Scope) -> timedelta:
    return timedelta(hours=scope.config["session_gap_hours"])
