"""Mixing: whether ties stay within departments or cross from one to another."""

import polars as pl

from lrs.plugin import Metric, Number, Scope
from plugins.network.arcs import ARC, standing

_INSIDE = pl.col("department").is_not_null()


def ei_index(scope: Scope) -> Number:
    """Return (external - internal) ÷ (external + internal) ties of people with a department. Range -1 to 1.

    Beside: what it would be if everybody chose at random. Nobody has a department: no_roster. The index tells, beside
    how many ties there are, how many of them are inside, outside and to people without a department: of each, the
    scope's `min_group` people must be on either side, or it rests on nothing.
    Source: Krackhardt & Stern 1988.
    """
    departments = scope.memberships.filter(pl.col("kind") == "department")
    if departments.is_empty():
        return Number(None, why="no_roster")
    acts = standing(scope.acts, scope)
    mixed = _mixed(acts, departments)
    inside, outside = mixed.filter(_INSIDE), mixed.filter(~_INSIDE)
    others = acts.select(ARC).unique().join(mixed, on=ARC, how="anti")
    k = scope.min_group
    is_safe = all(_is_of_enough(each, k) for each in (inside, outside, others)) and _none_stands_out(inside, k)
    n = len(mixed) if is_safe else 0
    value = (len(outside) - len(inside)) / len(mixed) if len(mixed) else None
    return Number(value, n=n, beside={"expected": Number(_expected(scope, departments), n=n)})


def _mixed(acts: pl.DataFrame, departments: pl.DataFrame) -> pl.DataFrame:
    """Return the arcs between people who had departments at the time, and the `department` if one was the same."""
    then = pl.col("t").is_between(pl.col("since"), pl.col("until"), closed="left")
    told = departments.select("person", "group", "since", "until")
    one = acts.select("id", "t", *ARC).join(told, left_on="actor", right_on="person").filter(then)
    both = one.select("id", "t", *ARC, own="group").join(told, left_on="target", right_on="person").filter(then)
    return both.group_by(ARC).agg(department=pl.col("own").filter(pl.col("own") == pl.col("group")).min())


def _is_of_enough(arcs: pl.DataFrame, k: int) -> bool:
    return arcs.is_empty() or all(arcs[name].n_unique() >= k for name in ARC)


def _none_stands_out(inside: pl.DataFrame, k: int) -> bool:
    """Tell whether what few people do inside a department can't be had by taking all other departments away."""
    people = inside.group_by("department").agg(pl.col(ARC).n_unique())
    few = people.filter(pl.min_horizontal(ARC) < k)
    together = inside.join(few, on="department", how="semi")
    return few.is_empty() or (len(few) > 1 and _is_of_enough(together, k))


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
    others = int(sizes["size"].sum()) - len(sizes)  # in whole numbers: the order of people means nothing
    return 1 - 2 * others / (people - 1) / len(sizes)


METRICS = (
    Metric(
        id="ei_index",
        title="E-I index of departments",
        unit="-1 to 1",
        range=(-1, 1),
        direction="neutral",
        definition=(
            "ties to people of other departments minus ties within departments, divided by both together; of ties "
            "between people who had departments at that time. Withheld where fewer people than min_group "
            "are on a side of the ties within one, of those to others, or of those to people without a department"
        ),
        no_data="null: no tie between people who have departments; null (no_roster): nobody has a department",
        source="Krackhardt & Stern 1988",
        limits="It is bounded by the sizes of departments: read it beside the expected value.",
        beside={"expected": "the index if everybody chose at random, by the sizes of departments alone"},
        min_denominator=10,
        compute=ei_index,
    ),
)
