"""Departments: whether what is shared gets beyond the sharer's own."""

import polars as pl

from lrs.plugin import Number, Scope, ratio
from plugins.sharing.reach import views
from plugins.sharing.shares import shared


def cross_group_share(scope: Scope) -> Number:
    """Return the share of shares, by people with a department, that somebody of only other ones viewed. Range 0-1.

    Departments are those at the time of the share, and of the view.
    """
    memberships = scope.memberships.filter(pl.col("kind") == "department")
    if memberships.is_empty():
        return Number(None, why="no_roster")
    made = _with_departments(shared(scope), memberships)
    seen = _with_departments(views(made, scope), memberships)
    last = _last_of_others(made.select("departments", thing="object").unique(), seen)
    across = made.join(last, left_on=["object", "departments"], right_on=["thing", "departments"]).filter(
        pl.col("viewed") >= pl.col("t"), pl.col("viewer") != pl.col("actor")
    )
    return ratio(across["id"].n_unique(), len(made))


def _with_departments(acts: pl.DataFrame, memberships: pl.DataFrame) -> pl.DataFrame:
    """Return the acts of people who had a department at that time, with a list of them, in one order."""
    acts = acts.with_row_index("row")
    spans = memberships.sort("group").select("group", "since", "until", actor="person")
    then = acts.select("row", "actor", "t").join(spans, on="actor")
    then = then.filter(pl.col("t") >= pl.col("since"), pl.col("t") < pl.col("until"))
    departments = then.group_by("row").agg(departments="group")
    return acts.join(departments, on="row")


def _last_of_others(sharers: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """Return who last viewed each thing from other departments than its sharers': two people, for one may share it."""
    seen = seen.select("thing", "t", viewer="actor", theirs="departments")
    others = sharers.join(_last_two(seen, "thing", "theirs"), on="thing")
    others = others.filter(pl.col("theirs").list.set_intersection("departments").list.len() == 0)
    return _last_two(others, "thing", "departments").select("thing", "departments", "viewer", viewed="t")


def _last_two(seen: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Return the two people who viewed last, each with the time of their last view."""
    latest = seen.group_by(*by, "viewer").agg(pl.col("t").max())
    return latest.sort("t").group_by(by).tail(2)
