"""Flows: from which group to which group acts go, as a table of links between people."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import polars as pl

from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.windows import Window
from lrs.plugin import code
from lrs.plugin.frames import CODE

NOWHERE = 0
"""In the place of a group's code: whoever is aimed at was in no group of the partition at that time."""

ENTRY = ("source", "sink")
"""The columns of an entry of the matrix: from which group, to which."""

ARC = ("actor", "target")

LINKS = pl.Schema(
    {
        "source": CODE,
        "sink": CODE,
        "kind": CODE,
        "passive": pl.Boolean(),
        "actor": CODE,
        "target": CODE,
        "acts": pl.UInt32(),
    }
)
"""One row for each pair of people, kind, and groups that the one acts in and the other is in."""


def standing(acts: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Return those of the acts of a plugin of ties that tie two people and had not ended by then."""
    ended = pl.col("ended")
    return acts.filter(pl.col("target") != pl.col("actor"), pl.col("t") < as_of, ended.is_null() | (ended > as_of))


def asked(kinds: Sequence[str] | None) -> pl.Expr:
    """Return the condition that acts are of some kinds, or of any that is not passive."""
    return pl.col("contributes") if kinds is None else pl.col("kind").is_in([code(kind) for kind in kinds])


def links(groups: ReleasedGroups, weeks: Sequence[Window], partition: str, memberships: pl.DataFrame) -> pl.DataFrame:
    """Return the links that were released of weeks. An act goes from each group its actor was in to each that its
    target was in at that time; within its course, where groups are courses. Withheld cells have none.
    """
    acts = standing(pl.concat([_acts(groups, week) for week in weeks]), weeks[-1].end)
    aimed = _among(acts, memberships, partition) if partition in MEMBERSHIPS else acts.with_columns(sink="source")
    pairs = aimed.group_by(*ENTRY, "kind", *ARC).agg(passive=~pl.col("contributes").any(), acts=pl.len())
    return pairs.select(LINKS.names()).cast(LINKS)


def _acts(groups: ReleasedGroups, week: Window) -> pl.DataFrame:
    """Return the acts of all groups in a week that is not withheld of them, each once for each group it belongs to."""
    cells = [
        (code(group), np.array(cell.positions, dtype=np.uint32))
        for (group, of), cell in groups.cells.items()
        if of == week and (group, of) not in groups.withheld
    ]
    told = groups.everybody.get(week, groups.nothing).select("t", *ARC, "kind", "ended", "contributes")
    if not cells:
        return told.clear().with_columns(source=pl.lit(NOWHERE, CODE))
    positions = np.concatenate([each for _, each in cells])
    sources = np.repeat([group for group, _ in cells], [len(each) for _, each in cells])
    return told[positions].with_columns(source=pl.Series(sources, dtype=CODE))


def _among(acts: pl.DataFrame, memberships: pl.DataFrame, partition: str) -> pl.DataFrame:
    """Return the acts with the groups (`sink`) in which whom they aim at was at that time, once for each."""
    numbered = acts.with_row_index("number")
    groups = memberships.filter(pl.col("kind") == partition).select("person", "since", "until", sink="group")
    is_then = (pl.col("since") <= pl.col("t")) & (pl.col("t") < pl.col("until"))
    sink = pl.when(is_then).then(pl.col("sink")).otherwise(pl.lit(NOWHERE, CODE))
    known = numbered.join(groups, left_on="target", right_on="person", how="left").with_columns(sink=sink)
    if groups["person"].is_unique().all():
        return known
    there = known.filter(pl.col("sink") != NOWHERE).unique(["number", "sink"])  # in a group twice, aimed at once
    nowhere = known.join(there, on="number", how="anti").unique("number")
    return pl.concat([there, nowhere])
