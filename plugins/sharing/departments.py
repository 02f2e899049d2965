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
    made = _with_departments(shared(scope).select("id", "t", "actor", "object"), memberships)
    seen = _with_departments(views(scope), memberships)
    across = made.join(_latest(seen), left_on="object", right_on="thing").filter(
        pl.col("viewed") >= pl.col("t"),
        pl.col("viewer") != pl.col("actor"),
        pl.col("theirs").list.set_intersection("departments").list.len() == 0,
    )
    return ratio(across["id"].n_unique(), len(made))


def _with_departments(acts: pl.DataFrame, memberships: pl.DataFrame) -> pl.DataFrame:
    """Return the acts of people who had a department at that time, with a list of all they had."""
    acts = acts.with_row_index("row")
    spans = memberships.select("group", "since", "until", actor="person")
    then = acts.join(spans, on="actor").filter(pl.col("t") >= pl.col("since"), pl.col("t") < pl.col("until"))
    departments = then.group_by("row").agg(departments=pl.col("group").unique().sort())
    return acts.join(departments, on="row")


def _latest(seen: pl.DataFrame) -> pl.DataFrame:
    """Return the last views of each thing from each list of departments: two, for one may be the sharer's own."""
    by_viewer = seen.group_by("thing", "departments", "actor").agg(viewed=pl.col("t").max())
    last = by_viewer.sort("viewed").group_by("thing", "departments").tail(2)
    return last.select("thing", "viewed", viewer="actor", theirs="departments")
