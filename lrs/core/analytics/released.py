"""A week's cells: which acts belong to which group of which partition, and what the guard decides by.

Acts are of persons (see `resolved`). An act belongs to its course, and to the groups its actor was in at its time.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import polars as pl

from lrs.core.analytics.guard import Tally
from lrs.core.analytics.resolved import Directory
from lrs.plugin import Column, Plugin
from lrs.plugin.frames import persons, schema
from lrs.store.released import Cell, pack

Document: TypeAlias = dict[str, Any]

MEMBERSHIPS = ("department", "team", "community", "role")
PARTITIONS = ("course", *MEMBERSHIPS)

PART = 50_000  # acts in one document: some megabytes, and never near the 16 it may have

_COUNTED = pl.col("contributes")
_TARGETED = _COUNTED & (pl.col("target") != pl.col("actor"))


def packed(acts: pl.DataFrame, plugin: Plugin, who: Directory, courses: Mapping[int, str]) -> list[Document]:
    """Return the documents of one week: its acts, with persons in them, and the cells that point into them."""
    known = who.resolved(acts, persons(plugin.columns))
    parts = [_bytes(known[begin : begin + PART]) for begin in range(0, len(known), PART)]
    return pack(parts, cells(known, who, courses))


def unpacked(parts: Sequence[bytes], columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the acts of a week; what an earlier version of the plugin did not know yet is null."""
    wanted = schema(columns)
    known = [pl.DataFrame(schema=wanted), *(pl.read_ipc(io.BytesIO(part)) for part in parts)]
    return pl.concat(known, how="diagonal").select(wanted.keys())


def cells(acts: pl.DataFrame, who: Directory, courses: Mapping[int, str]) -> list[Cell]:
    """Return the cells of one week's acts of persons, in every partition."""
    numbered = acts.select("t", "actor", "target", "course", "contributes").with_row_index("position")
    own = numbered.filter(pl.col("course").is_not_null()).with_columns(pl.lit("course").alias("kind"), group="course")
    groups = who.memberships.filter(pl.col("kind").is_in(MEMBERSHIPS))
    theirs = (
        numbered.join(groups, left_on="actor", right_on="person")
        .filter(pl.col("since") <= pl.col("t"), pl.col("t") < pl.col("until"))
        .unique(["position", "kind", "group"])  # whoever is in a group twice counts once
    )
    names = {**who.groups, **courses}
    counted = pl.concat([own.select(each := (*_CELL, "actor", "target", "contributes")), theirs.select(each)])
    return [
        Cell(kind, names[group], people, targets, count, positions)
        for kind, group, people, targets, count, positions in counted.group_by("kind", "group")
        .agg(
            pl.col("actor").filter(_COUNTED).n_unique().alias("people"),
            pl.col("target").filter(_TARGETED).drop_nulls().n_unique().alias("targets"),
            _COUNTED.sum().alias("count"),
            pl.col("position").sort(),
        )
        .rows()
    ]


_CELL = ("kind", "group", "position")


def tallied(cell: Cell) -> Tally:
    """Return what the guard decides by."""
    return Tally(cell.n_people, cell.n_targets, cell.n_acts)


def _bytes(acts: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    acts.write_ipc(file, compression="zstd")
    return file.getvalue()
