"""Pairs of mentor and mentee at a moment: declared by a programme's roster, or inferred from what they did."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from lrs.plugin import Number, Scope, median, ratio
from plugins.mentoring.programme import PAIR, declared, directed, happened, met, standing
from plugins.mentoring.sessions import gaps, held

_LEAST_SESSIONS = 3  # of a pair whose rhythm can be told


def active_pairs(scope: Scope) -> Number:
    """Count the pairs with a session that started in the last `active_days`. Unit: n."""
    found = active(pairs(scope), scope.acts, scope)
    return Number(len(found), beside=split(found))


def cadence(scope: Scope) -> Number:
    """Return the median time between the starts of consecutive sessions of a pair, over all pairs. Unit: s."""
    found = pairs(scope)
    usual = median(_gaps_s(scope, found))
    return Number(usual.value, n=usual.n, beside=split(found))


def cadence_mad(scope: Scope) -> Number:
    """Return the median of how far the times between sessions are from their median. Unit: s."""
    found = pairs(scope)
    between = _gaps_s(scope, found)
    off = median((between - between.median()).abs())
    return Number(off.value, n=off.n, beside=split(found))


def stalled_pairs(scope: Scope) -> Number:
    """Count the pairs that used to meet and have not met for much longer than usual. Unit: n."""
    silenced = stalled(pairs(scope), held(scope.acts, scope), scope)
    return Number(len(silenced), beside=split(silenced))


def stalled(found: pl.DataFrame, series: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return those of the pairs that are stalled at `as_of`, by their sessions (see `held`)."""
    usual = gaps(series).group_by(PAIR).agg(usual=pl.col("gap").dt.total_microseconds().median())
    silent = (pl.lit(scope.as_of) - pl.col("last")).dt.total_microseconds()
    patience = pl.max_horizontal(
        scope.config["stalled_factor"] * pl.col("usual"),
        pl.lit(timedelta(days=scope.config["stalled_days"])).dt.total_microseconds(),
    )
    silenced = (
        series.group_by(PAIR)
        .agg(n=pl.len(), last=pl.max("start"))
        .filter(pl.col("n") >= _LEAST_SESSIONS)
        .join(usual, on=PAIR)
        .filter(silent > patience)
    )
    return found.join(silenced, on=PAIR, how="semi")


def reciprocity(scope: Scope) -> Number:
    """Return the share of pairs that have met in both directions: each has mentored the other. Range 0-1.

    A group's pair is its mentor's; the reverse may be of any group.
    """
    found = pairs(scope)
    there = met(scope.acts, scope).select(PAIR).unique()
    back = met(scope.store, scope).select(mentor="mentee", mentee="mentor").unique()
    mutual = found.join(there, on=PAIR, how="semi").join(back, on=PAIR, how="semi")
    share = ratio(len(mutual), len(found))
    return Number(share.value, n=share.n, beside=split(found))


def cross_department_share(scope: Scope) -> Number:
    """Return the share of pairs without a common department, among those whose departments are known. Range 0-1."""
    found = pairs(scope)
    departments = scope.memberships.filter(pl.col("kind") == "department", standing(scope)).select("person", "group")
    if departments.is_empty():
        return Number(None, beside=split(found), why="no_roster")
    of_mentor = departments.rename({"person": "mentor"})
    of_mentee = departments.rename({"person": "mentee"})
    known = found.join(of_mentor, on="mentor", how="semi").join(of_mentee, on="mentee", how="semi")
    common = known.join(of_mentor, on="mentor").join(of_mentee, on=["mentee", "group"], how="semi")
    share = ratio(len(known) - len(common.select(PAIR).unique()), len(known))
    return Number(share.value, n=share.n, beside=split(found))


def pairs(scope: Scope) -> pl.DataFrame:
    """Return the pairs of the scope at `as_of`: mentor, mentee, declared. A group's are those of its mentors."""
    return _both(declared_now(scope), _inferred(scope.acts, scope))


def pairs_anywhere(scope: Scope) -> pl.DataFrame:
    """Return the pairs at `as_of` whose mentor may be anybody: mentor, mentee, declared."""
    return _both(_declared_anywhere(scope), _inferred(scope.store, scope))


def declared_now(scope: Scope) -> pl.DataFrame:
    """Return the pairs declared at `as_of`, of a group those whose mentor is a member then: mentor, mentee."""
    found = _declared_anywhere(scope)
    if scope.place is None:
        return found
    place = (pl.col("kind") == scope.place.kind) & (pl.col("group") == scope.place.group)
    members = scope.memberships.filter(place, standing(scope)).select(mentor="person")
    return found.join(members, on="mentor", how="semi")


def active(found: pl.DataFrame, acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return those of the pairs with a session that started in the last `active_days`."""
    lately = scope.as_of - timedelta(days=scope.config["active_days"])
    return found.join(held(acts, scope).filter(pl.col("start") >= lately), on=PAIR, how="semi")


def split(found: pl.DataFrame) -> Mapping[str, Number]:
    """Return how many of the pairs are declared, and how many are only inferred."""
    told = int(found["declared"].sum())
    return {"declared": Number(told, n=None), "inferred": Number(len(found) - told, n=None)}


def _declared_anywhere(scope: Scope) -> pl.DataFrame:
    return declared(scope.memberships).filter(standing(scope)).select(PAIR).unique()


def _inferred(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the pairs with so many sessions' statements and so much feedback, in so many weeks, in the last days."""
    config = scope.config
    lately = pl.col("t") >= scope.as_of - timedelta(days=config["inferred_days"])
    aimed = pl.col("session") | pl.col("feedback")
    week = pl.col("t").dt.convert_time_zone(scope.zone).dt.date().dt.truncate("1w")  # from Monday on, as in ISO 8601
    return (
        directed(happened(acts, lately & aimed, scope), scope)
        .select(*PAIR, week=week)
        .group_by(PAIR)
        .agg(n=pl.len(), weeks=pl.n_unique("week"))
        .filter(pl.col("n") >= config["inferred_acts"], pl.col("weeks") >= config["inferred_weeks"])
        .select(PAIR)
    )


def _both(told: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Put declared and inferred pairs together; one that is both is declared."""
    only_shown = shown.join(told, on=PAIR, how="anti")
    return pl.concat([told.with_columns(declared=True), only_shown.with_columns(declared=False)])


def _gaps_s(scope: Scope, found: pl.DataFrame) -> pl.Series:
    """Return the times between the sessions of the pairs, in seconds."""
    between = gaps(held(scope.acts, scope)).join(found, on=PAIR, how="semi")["gap"]
    return between.dt.total_milliseconds() / 1000
