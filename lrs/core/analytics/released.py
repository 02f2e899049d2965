"""A week's cells: which acts belong to which group of which partition, and what the guard decides by.

Acts are of persons (see `resolved`). An act belongs to its course, and to the groups its actor was in at its time.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from lrs.core.analytics.guard import Tally
from lrs.core.analytics.resolved import Directory
from lrs.plugin import Column, Plugin
from lrs.plugin.frames import persons, schema
from lrs.store.released import Cell, Note, ShownWeek, pack

Document: TypeAlias = dict[str, Any]

MEMBERSHIPS = ("department", "team", "community", "role")
PARTITIONS = ("course", *MEMBERSHIPS)

PART = 50_000  # acts in one document: some megabytes, and never near the 16 it may have
FEW = 100  # people of a cell of whom it is kept who they are: the guard asks only where they are fewer than its k

_COUNTED = pl.col("contributes")
_TARGETED = _COUNTED & (pl.col("target") != pl.col("actor"))


@dataclass(frozen=True, slots=True)
class ReleasedWeek:
    """One week's acts of persons, and the cells that point into them.

    `kept` acts at the end are of cells only. `late` tells that other acts have come or gone since the first release.
    """

    acts: pl.DataFrame
    cells: Sequence[Cell]
    kept: int = 0
    late: bool = False

    @property
    def everybody(self) -> pl.DataFrame:
        """Everybody's acts."""
        return self.acts.head(len(self.acts) - self.kept)


def released_week(acts: pl.DataFrame, plugin: Plugin, who: Directory, courses: Mapping[int, str]) -> ReleasedWeek:
    """Return a week's acts of a view as acts of persons, with their cells."""
    known = who.resolved(acts, persons(plugin.columns))
    return ReleasedWeek(known, cells(known, who, courses))


def packed_table(table: pl.DataFrame) -> bytes:
    """Return a table as it is stored."""
    file = io.BytesIO()
    table.write_ipc(file, compression="zstd")
    return file.getvalue()


def packed(week: ReleasedWeek) -> list[Document]:
    """Return the documents of a week."""
    parts = [packed_table(week.acts[begin : begin + PART]) for begin in range(0, len(week.acts), PART)]
    ahead = week.everybody.filter(pl.col("subject_t") > pl.col("t"))["subject_t"].sort()
    last = None if ahead.is_empty() else ahead[-1]
    return pack(parts, week.cells, Note(kept=week.kept, late=week.late, ahead=last))


def unpacked_week(shown: ShownWeek, columns: Mapping[str, Column]) -> ReleasedWeek:
    """Return a week as it was released."""
    return ReleasedWeek(unpacked(shown.acts, columns), shown.cells, shown.note.kept, shown.note.late)


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
        Cell(kind, names[group], len(people), len(targets), count, positions, _few(people), _few(targets))
        for kind, group, people, targets, count, positions in counted.group_by("kind", "group")
        .agg(
            pl.col("actor").filter(_COUNTED).unique().alias("people"),
            pl.col("target").filter(_TARGETED).drop_nulls().unique().alias("targets"),
            _COUNTED.sum().alias("count"),
            pl.col("position").sort(),
        )
        .rows()
    ]


_CELL = ("kind", "group", "position")


def tallied(cell: Cell) -> Tally:
    """Return what the guard decides by."""
    people, targets = frozenset(cell.people), frozenset(cell.targets)
    return Tally(cell.n_people, cell.n_targets, cell.n_acts, people, targets, cell.withheld)


def _few(codes: Sequence[int]) -> Sequence[int]:
    return tuple(sorted(codes)) if len(codes) < FEW else ()
