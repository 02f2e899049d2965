"""Rows of statements brought together: by what they are grouped by, and by person.

Everything is kept as numbers, so that a group and a person in it take some fifty bytes, however long their names are.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import polars as pl

from lrs.core.analytics.resolved import Directory
from lrs.core.querying.filters import refused
from lrs.errors import BadRequest
from lrs.plugin import code
from lrs.store.statement_groups import NAMED

Document: TypeAlias = dict[str, Any]

MOST_GROUPS = 10_000  # rows of an answer
MOST_KEPT = 1_000_000  # pairs of a group and a person in memory
PENDING = 200_000  # rows that wait to be brought together

BUCKET, PERSON = "bucket", "person"
CAME, GONE, ABOUT = "came", "gone", "about"
"""Of rows that are dated: the weeks in which statements were stored and voided, and whether they are about a course."""

_CODE, _TIME = pl.Int64(), pl.Datetime("ms")


class Labels:
    """The values of one axis, as numbers in the order in which they were met."""

    def __init__(self) -> None:
        self._codes: dict[Any, int] = {}

    def coded(self, values: Sequence[Any]) -> list[int | None]:
        """Return the numbers of values; None stays None."""
        codes = self._codes
        return [None if value is None else codes.setdefault(value, len(codes)) for value in values]

    def sorted(self) -> tuple[list[Any], pl.Series]:
        """Return the values in their order, and the place of each number in it."""
        values = sorted(self._codes)
        places = {self._codes[value]: place for place, value in enumerate(values)}
        return values, pl.Series([places[number] for number in range(len(places))], dtype=_CODE)


class Tally:
    """What the rows of a grouping come to.

    `axes` are what rows are told apart by: verb, activity, type, one partition, and `bucket`. Statements of who opted
    out are left out. Of a partition by memberships, a statement belongs to the groups its actor was in at its time,
    and to the group null where there is none. `most` groups, where it is told, are few enough for an answer. `dated`
    tells that the rows are (see `Grouping`).
    """

    def __init__(
        self,
        axes: Sequence[str],
        told: Sequence[str],
        who: Directory,
        partition: str | None,
        *,
        most: int | None = None,
        dated: bool = False,
    ) -> None:
        self._labels = {axis: Labels() for axis in axes}
        self._told, self._who, self._partition, self._most, self._dated = told, who, partition, most, dated
        self._kept = pl.DataFrame(schema=self._schema())
        self._waiting: list[pl.DataFrame] = []
        self.n = self.identified = 0  # statements, and those by an identified person
        self._memberships = self._members() if partition is not None else None

    def add(self, rows: Sequence[Document], gone: Mapping[UUID, datetime]) -> None:
        """Take a batch of rows in, and when what voids them was stored. Raises: BadRequest for too many groups."""
        if not rows:
            return
        frame = self._of_persons(self._table(rows, gone))
        self.n += int(frame["n"].sum())
        self.identified += int(frame.filter(pl.col(PERSON).is_not_null())["n"].sum())
        self._waiting.append(self._together(self._in_groups(frame)))
        if sum(map(len, self._waiting)) > PENDING:
            self._bring_together()

    def kept(self) -> tuple[pl.DataFrame, Mapping[str, Sequence[Any]]]:
        """Return the groups by person, with places for values, and the values of each axis in order.

        Columns: the axes, `person`, `n`, and of each measure that is told `<measure>_n` and `<measure>_sum`; of what is
        dated, also `came` and `gone` (weeks by their beginning in UTC), and `about` (null but for courses).
        """
        self._bring_together()
        values, frame = dict[str, Sequence[Any]](), self._kept
        for axis, labels in self._labels.items():
            values[axis], places = labels.sorted()
            frame = frame.with_columns(places.gather(frame[axis]).alias(axis))
        return frame, values

    def _table(self, rows: Sequence[Document], gone: Mapping[UUID, datetime]) -> pl.DataFrame:
        ids = [row["_id"] for row in rows]
        data: dict[str, Any] = {
            axis: labels.coded([_label(axis, each.get(axis)) for each in ids])
            for axis, labels in self._labels.items()
            if axis in _OF_ROWS
        }
        if self._dated:
            data[CAME] = [each["came"] for each in ids]
            data[GONE] = [gone.get(each["voided_by"]) if "voided_by" in each else None for each in ids]
            data[ABOUT] = [each.get("about") for each in ids]
        data["actor"] = [None if (who := each.get("who")) is None else code(who) for each in ids]
        data |= {name: [row[name] for row in rows] for name in self._sums()}
        types = {**self._schema(), "actor": _CODE, "t": _TIME}
        if self._memberships is not None:
            data["t"] = [each["t"] for each in ids]
        return pl.DataFrame(data, schema={name: types[name] for name in data})

    def _of_persons(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Put persons in the place of agents, and leave out who opted out."""
        somebody = self._who.resolved(frame.filter(pl.col("actor").is_not_null()), ["actor"])
        return pl.concat([somebody, frame.filter(pl.col("actor").is_null())]).rename({"actor": PERSON})

    def _in_groups(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Put each statement into the groups of the partition its actor was in at its time, or into none."""
        if self._memberships is None:
            return frame
        numbered, partition = frame.with_row_index("row"), str(self._partition)
        inside = (
            numbered.join(self._memberships, on=PERSON)
            .filter(pl.col("since") <= pl.col("t"), pl.col("t") < pl.col("until"))
            .unique(["row", partition])  # whoever is in a group twice counts once
            .select(*numbered.columns, partition)
        )
        outside = numbered.join(inside, on="row", how="anti").with_columns(pl.lit(None, _CODE).alias(partition))
        return pl.concat([inside, outside])

    def _members(self) -> pl.DataFrame | None:
        """Return who belongs to which group of the partition, in this tally's numbers; None where none are needed."""
        if self._partition == "course":
            return None
        partition, of_kind = str(self._partition), self._who.memberships.filter(pl.col("kind") == self._partition)
        coded = self._labels[partition].coded([self._who.groups[group] for group in of_kind["group"]])
        times = [pl.col(name).dt.replace_time_zone(None) for name in ("since", "until")]
        return of_kind.select(PERSON, *times, pl.Series(partition, coded, _CODE))

    def _together(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.group_by(*self._places(), PERSON).agg(pl.col(*self._sums()).sum())

    def _bring_together(self) -> None:
        if self._waiting:
            columns = list(self._schema())
            frames = [each.select(columns) for each in (self._kept, *self._waiting)]
            self._kept, self._waiting = self._together(pl.concat(frames)), []
        if len(self._kept) > MOST_KEPT:
            raise too_many_groups("people in groups", MOST_KEPT)
        if self._most is not None and self._labels and self._kept.select(*self._labels).n_unique() > self._most:
            raise too_many_groups("groups", self._most)

    def _sums(self) -> list[str]:
        return ["n", *(f"{measure}_{part}" for measure in self._told for part in ("n", "sum"))]

    def _places(self) -> dict[str, pl.DataType]:
        """Return the columns of what rows are told apart by, but for who acted."""
        dates: dict[str, pl.DataType] = {CAME: _TIME, GONE: _TIME, ABOUT: pl.Boolean()} if self._dated else {}
        return {**dict.fromkeys(self._labels, _CODE), **dates}

    def _schema(self) -> dict[str, pl.DataType]:
        """Return the columns of what is kept, in their order."""
        places: dict[str, pl.DataType] = {**self._places(), PERSON: _CODE}
        return places | {name: pl.Float64() if name.endswith("_sum") else _CODE for name in self._sums()}


def too_many_groups(what: str, most: int) -> BadRequest:
    """Return the error for an answer that would be too long."""
    accepted = "fewer or wider things in group_by, a filter, or a shorter window"
    return refused("group_by", f"there are more than {most:,} {what}", accepted)


_OF_ROWS = ("verb", "activity", "type", "course", BUCKET)


def _label(axis: str, value: Any) -> Any:
    if axis == "course":
        return str(value).removeprefix(NAMED)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
