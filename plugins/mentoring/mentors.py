"""Whom mentoring reaches, and how evenly the mentors carry it."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Number, Scope, code, gini, ratio
from plugins.mentoring.pairs import active, declared_now, pairs, pairs_anywhere, split
from plugins.mentoring.sessions import held


def mentee_coverage(scope: Scope) -> Number:
    """Return the share of eligible people on the roster who are the mentee of an active pair. Range 0-1.

    The mentor may be of any group. Where nobody ever told of mentoring, nothing can be said.
    """
    roster = pl.Series(dtype=pl.Int64) if scope.roster is None else scope.roster
    eligible = _eligible(roster.unique().to_frame("mentee"), scope)
    found = active(pairs_anywhere(scope), scope.store, scope).join(eligible, on="mentee", how="semi")
    if roster.is_empty():
        return Number(None, beside=split(found), why="no_roster")
    told = scope.store["contributes"].any()
    share = ratio(found["mentee"].n_unique(), len(eligible)) if told else Number(None)
    return Number(share.value, n=share.n, beside=split(found))


def load_gini(scope: Scope) -> Number:
    """Return the Gini coefficient of the numbers of mentees that mentors have. Range 0-1."""
    found = pairs(scope)
    load = _load(scope, found)
    return Number(gini(load), n=len(load), beside=split(found))


def max_mentees(scope: Scope) -> Number:
    """Return the greatest number of mentees that a mentor has. Unit: n."""
    found = pairs(scope)
    load = _load(scope, found).to_list()
    return Number(max(load, default=0), n=len(load), beside=split(found))


def _eligible(roster: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    role = scope.config["eligible_role"]
    if role is None:
        return roster
    has_role = (pl.col("kind") == "role") & (pl.col("group") == code(role))
    in_the_window = (pl.col("since") < scope.until) & (pl.col("until") > scope.since)  # as for the roster itself
    chosen = scope.memberships.filter(has_role, in_the_window).select(mentee="person")
    return roster.join(chosen, on="mentee", how="semi")


def _load(scope: Scope, found: pl.DataFrame) -> pl.Series:
    """Return how many mentees each mentor has: who is declared to be one, or held a session in the last days."""
    lately = scope.as_of - timedelta(days=scope.config["inferred_days"])
    held_lately = held(scope.acts, scope).filter(pl.col("start") >= lately)
    mentors = pl.concat([each.select("mentor") for each in (declared_now(scope), held_lately)]).unique()
    mentees = found.group_by("mentor").agg(mentees=pl.len())
    return mentors.join(mentees, on="mentor", how="left")["mentees"].fill_null(0).cast(pl.Int64)
