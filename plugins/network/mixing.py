"""Mixing: whether ties stay within departments or cross from one to another."""

import polars as pl

from lrs.plugin import Metric, Number, Scope
from plugins.network.arcs import ARC, standing

LEAST_PEOPLE = 5
"""How many must be on either side of the ties inside, and of those outside: the index tells how many there are."""


def ei_index(scope: Scope) -> Number:
    """Return (external - internal) ÷ (external + internal) ties of people with a department. Range -1 to 1.

    Beside: what it would be if everybody chose at random. Nobody has a department: no_roster.
    Source: Krackhardt & Stern 1988.
    """
    departments = scope.memberships.filter(pl.col("kind") == "department")
    if departments.is_empty():
        return Number(None, why="no_roster")
    mixed = _mixed(standing(scope.acts, scope), departments)
    inside, outside = mixed.filter("inside"), mixed.filter(~pl.col("inside"))
    n = len(mixed) if _has_enough(inside) and _has_enough(outside) else 0
    value = (len(outside) - len(inside)) / len(mixed) if len(mixed) else None
    return Number(value, n=n, beside={"expected": Number(_expected(scope, departments), n=n)})


def _mixed(acts: pl.DataFrame, departments: pl.DataFrame) -> pl.DataFrame:
    """Return the arcs between people who had departments at the time, and whether one was the same: `inside`."""
    then = pl.col("t").is_between(pl.col("since"), pl.col("until"), closed="left")
    told = departments.select("person", "group", "since", "until")
    one = acts.select("id", "t", *ARC).join(told, left_on="actor", right_on="person").filter(then)
    both = one.select("id", "t", *ARC, own="group").join(told, left_on="target", right_on="person").filter(then)
    return both.group_by(ARC).agg(inside=(pl.col("own") == pl.col("group")).any())


def _has_enough(mixed: pl.DataFrame) -> bool:
    return mixed.is_empty() or all(mixed[name].n_unique() >= LEAST_PEOPLE for name in ARC)


def _expected(scope: Scope, departments: pl.DataFrame) -> float | None:
    """Return the index under random mixing: 1 - 2p, p being the chance that another one drawn is of one's department.

    It is the mean over the people of the row: who belongs here, or has acted where nobody knows. Closed form:
    (size - 1) ÷ (people - 1) for each. Source: UCINET, E-I index.
    """
    in_window = (pl.col("since") < scope.until) & (pl.col("until") > scope.since)
    members = departments.filter(in_window).select("person", "group").unique()
    people = members["person"].n_unique()
    here = standing(scope.acts, scope)["actor"].unique() if scope.roster is None else scope.roster
    sizes = members.with_columns(size=pl.len().over("group")).filter(pl.col("person").is_in(here.implode()))
    if people < 2 or sizes.is_empty():
        return None
    return float(1 - 2 * ((sizes["size"] - 1) / (people - 1)).sum() / len(sizes))


METRICS = (
    Metric(
        id="ei_index",
        title="E-I index of departments",
        unit="-1 to 1",
        range=(-1, 1),
        direction="neutral",
        definition=(
            "ties to people of other departments minus ties within departments, divided by both together; of ties "
            "between people who had departments at that time. Withheld where fewer than five people are on a side of "
            "the ties within, or of those to others"
        ),
        no_data="null: no tie between people who have departments; null (no_roster): nobody has a department",
        source="Krackhardt & Stern 1988",
        limits="It is bounded by the sizes of departments: read it beside the expected value.",
        beside={"expected": "the index if everybody chose at random, by the sizes of departments alone"},
        min_denominator=10,
        compute=ei_index,
    ),
)
