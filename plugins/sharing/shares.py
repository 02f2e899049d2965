"""Shares: how many there are and who makes them; and how acts are picked out of a table of them."""

import polars as pl

from lrs.plugin import Number, Scope, code, ratio

SHARE, REPOST, RECOMMEND = code("share"), code("repost"), code("recommend")
VIEW, REACTION = code("view"), code("react")
RESPONSES = (code("comment"), code("reply"))

_KIND = pl.col("kind")


def shares(scope: Scope) -> Number:
    """Count shares, reposts and recommendations in the window; how many are which beside. Unit: n."""
    found = shared(scope)
    beside = {"reposts": _count(found, REPOST), "recommendations": _count(found, RECOMMEND)}
    return Number(len(found), n=None, beside=beside)


def sharers(scope: Scope) -> Number:
    """Count the distinct people who shared in the window. Unit: people."""
    return Number(shared(scope)["actor"].n_unique(), n=None)


def sharer_rate(scope: Scope) -> Number:
    """Return the share of the roster that shared in the window, where anybody did. Range 0-1."""
    if scope.roster is None or scope.roster.is_empty():
        return Number(None, why="no_roster")
    found = shared(scope)
    if found.is_empty():
        return Number(None)
    sharing = scope.roster.is_in(found["actor"].unique().implode())
    return ratio(int(sharing.sum()), len(scope.roster))


def shared(scope: Scope) -> pl.DataFrame:
    """Return the row's shares, of all kinds, in the window."""
    return within(scope.acts.filter("contributes"), scope)


def within(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return those of the acts that are in the window and stand."""
    return standing(acts, scope).filter(pl.col("t") >= scope.since)


def standing(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return those of the acts that had happened before `as_of`, and that nobody had taken back by then."""
    ended = pl.col("ended")
    return acts.filter(pl.col("t") < scope.as_of, ended.is_null() | (ended > scope.as_of))


def of_kind(acts: pl.DataFrame, *kinds: int) -> pl.DataFrame:
    """Return those of the acts that are of one of the kinds."""
    return acts.filter(_KIND.is_in(kinds))


def on_object(acts: pl.DataFrame) -> pl.DataFrame:
    """Return who did something when with which `thing`, where that is the acts' object."""
    return acts.select("t", "actor", thing="object").drop_nulls("thing")


def on_parent(acts: pl.DataFrame) -> pl.DataFrame:
    """Return the same where the thing is what the acts' object hangs below."""
    return acts.select("t", "actor", thing="parent").drop_nulls("thing")


def on_either(acts: pl.DataFrame) -> pl.DataFrame:
    """Return both, each act once for each thing."""
    others = acts.filter(pl.col("parent").ne_missing(pl.col("object")))
    return pl.concat([on_object(acts), on_parent(others)])


def _count(acts: pl.DataFrame, kind: int) -> Number:
    return Number(len(of_kind(acts, kind)), n=None)
