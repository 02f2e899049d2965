"""Counting the ties of groups."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TypeAlias

import polars as pl

from lrs.core.network.flows import ARC
from lrs.core.network.suppression import INSIDE, OUTSIDE
from lrs.plugin.frames import CODE

BRIDGED = 3  # other groups that a broker has ties to

Counts: TypeAlias = Counter[str]
"""`ties`, `actors` and `targets` of them, those `returned`, `internal`, `external`, `between_members`; `brokers`."""


def counts_of(
    pairs: pl.DataFrame, everybody: pl.DataFrame, rosters: Mapping[int | None, pl.Series]
) -> Mapping[int, Counts]:
    """Return what is counted of each group's pairs (see `Matrix.pairs`), 0 where there is nothing.

    `everybody` has the arcs of all people, in which a tie's reverse is looked for.
    """
    arc = ("source", *ARC)
    ties, inside, outside = pairs.unique(arc), pairs.filter(INSIDE), pairs.filter(OUTSIDE)
    reverse = everybody.rename({"actor": "target", "target": "actor"})
    tables = {
        "ties": ties,
        "returned": ties.join(reverse, on=ARC, how="semi"),
        "internal": inside,
        "external": outside.join(inside, on=arc, how="anti").unique(arc),
        "between_members": _between_members(inside, rosters),
        "brokers": outside.group_by("source", "actor").agg(n=pl.col("sink").n_unique()).filter(pl.col("n") >= BRIDGED),
    }
    counts: dict[int, Counts] = defaultdict(Counter)
    for group, actors, targets in ties.group_by("source").agg(pl.col(ARC).n_unique()).rows():
        counts[group].update(actors=actors, targets=targets)
    for name, table in tables.items():
        for group, n in table.group_by("source").len().rows():
            counts[group][name] = n
    return counts


def counts_of_all(pairs: pl.DataFrame) -> Counts:
    """Return how many ties of all groups together stay inside one (`internal`), and how many don't (`external`)."""
    inside = pairs.filter(INSIDE).select(ARC).unique()
    outside = pairs.filter(OUTSIDE).select(ARC).unique().join(inside, on=ARC, how="anti")
    return Counter(internal=len(inside), external=len(outside))


def _between_members(inside: pl.DataFrame, rosters: Mapping[int | None, pl.Series]) -> pl.DataFrame:
    tables = [pl.DataFrame({"source": group, "person": people}) for group, people in rosters.items()]
    members = pl.concat([pl.DataFrame(schema={"source": CODE, "person": CODE}), *tables])
    for end in ARC:
        inside = inside.join(members, left_on=("source", end), right_on=("source", "person"), how="semi")
    return inside
