"""Flows: from which group to which group acts go, as a table of links between people."""

from collections.abc import Sequence
from datetime import datetime

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
    acts = standing(_acts(groups, weeks), weeks[-1].end)
    aimed = _in_courses(acts) if partition not in MEMBERSHIPS else _among(acts, memberships, partition)
    pairs = aimed.group_by(*ENTRY, "kind", "contributes", *ARC).agg(acts=pl.len())
    return pairs.with_columns(passive=~pl.col("contributes")).select(LINKS.names()).cast(LINKS)


def _acts(groups: ReleasedGroups, weeks: Sequence[Window]) -> pl.DataFrame:
    """Return the acts of all groups in weeks that are not withheld, each once for each group it belongs to."""
    parts = [
        groups.acts(name, weeks).select("t", *ARC, "kind", "ended", "contributes", source=pl.lit(code(name), CODE))
        for name in groups.names(weeks)
    ]
    nothing = groups.nothing.select("t", *ARC, "kind", "ended", "contributes", source=pl.col("course"))
    return pl.concat([nothing, *parts])


def _in_courses(acts: pl.DataFrame) -> pl.DataFrame:
    return acts.with_columns(sink="source")


def _among(acts: pl.DataFrame, memberships: pl.DataFrame, partition: str) -> pl.DataFrame:
    numbered = acts.with_row_index("number")
    groups = memberships.filter(pl.col("kind") == partition).select("person", "since", "until", sink="group")
    known = (
        numbered.join(groups, left_on="target", right_on="person")
        .filter(pl.col("since") <= pl.col("t"), pl.col("t") < pl.col("until"))
        .unique(["number", "sink"])  # whoever is in a group twice counts once
        .drop("since", "until")
    )
    others = numbered.join(known, on="number", how="anti").with_columns(sink=pl.lit(NOWHERE, CODE))
    return pl.concat([known, others.select(known.columns)])
