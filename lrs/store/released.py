"""The released table: what is shown of groups, cell by cell of partition, group and week, with the acts behind it.

A cell's acts are kept as they were when it was released, packed and compressed, so that a number over several weeks
can be computed again. A mark says that something has changed on a day; its weeks are due to be released again.
"""

import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeAlias

import bson
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, DeleteOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]
Fields: TypeAlias = list[Any]
"""The fields of an act, in an order that its reader knows."""

Key: TypeAlias = tuple[datetime, str]
"""A week's beginning and a group."""

STORE = "store"
"""The partition whose one group, "", is everybody: what the acts of a group are seen beside."""

PART = 50_000  # acts in one document: some 3 MB, and at most 16 with long ids
LEVEL = 1  # of compression: four fifths of what the best one saves, in a fifth of its time

_CODEC: CodecOptions[Document] = CodecOptions(
    tz_aware=True, tzinfo=UTC, uuid_representation=UuidRepresentation.STANDARD
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a week: how many people, targets and acts, and which of the week's acts these are."""

    partition: str
    group: str
    n_people: int
    n_targets: int
    n_acts: int
    acts: Sequence[int] = field(default=(), repr=False)  # positions among the acts that are released with it


@dataclass(frozen=True, slots=True)
class Mark:
    """That something has changed on a day (UTC), so and so often."""

    plugin: str
    day: datetime
    times: int


class Released:
    """The collections `released` and `released_marks` of one store.

    A plugin's table has a number: a new one is built beside the one that is served.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._cells = database["released"]
        self._marks = database["released_marks"]

    async def create_indexes(self) -> None:
        paths = ("plugin", "table", "partition", "week", "group", "part")
        await self._cells.create_index([(path, ASCENDING) for path in paths])
        await self._marks.create_index([("plugin", ASCENDING), ("day", ASCENDING)], unique=True)

    async def mark(self, plugin: str, moments: Collection[datetime], session: AsyncClientSession) -> None:
        """Note that acts of a plugin's view with these times have changed, in the transaction that changes them."""
        days = {moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) for moment in moments}
        writes = [
            UpdateOne({"plugin": plugin, "day": day}, {"$inc": {"times": 1}}, upsert=True) for day in sorted(days)
        ]
        if writes:
            await self._marks.bulk_write(writes, session=session)

    async def marks(self, plugin: str) -> list[Mark]:
        """Return the marks of a plugin by day. Raises: Unavailable."""
        with driver_errors():
            found = self._marks.find({"plugin": plugin}).sort("day", ASCENDING)
            return [Mark(plugin, each["day"], each["times"]) async for each in found]

    async def take_marks(self, marks: Collection[Mark], session: AsyncClientSession) -> None:
        """Take marks away, but not where something has changed once more since they were read."""
        if marks:
            taken = [DeleteOne({"plugin": each.plugin, "day": each.day, "times": each.times}) for each in marks]
            await self._marks.bulk_write(taken, ordered=False, session=session)

    async def replace_week(
        self, plugin: str, table: int, week: datetime, cells: Sequence[Document], session: AsyncClientSession
    ) -> None:
        """Put cells (of `pack`) in the place of all cells of a week."""
        of_week = {"plugin": plugin, "table": table, "week": week}
        await self._cells.delete_many(of_week, session=session)
        if cells:
            await self._cells.insert_many([{**of_week, **cell} for cell in cells], ordered=False, session=session)

    async def drop(self, plugin: str, table: int) -> None:
        """Delete a table."""
        await self._cells.delete_many({"plugin": plugin, "table": table})

    async def tallies(
        self, plugin: str, table: int, partition: str, since: datetime, until: datetime
    ) -> dict[Key, Cell]:
        """Return the cells of weeks that begin in [since, until), without their acts. Raises: Unavailable."""
        query = {**_table(plugin, table, partition, since, until), "part": 0}
        with driver_errors():
            found = self._cells.find(query, {"acts": 0, "_id": 0})
            return {(each["week"], each["group"]): _cell(each) async for each in found}

    async def acts(
        self, plugin: str, table: int, partition: str, since: datetime, until: datetime, group: str | None = None
    ) -> dict[Key, bytes]:
        """Return the packed acts of the same cells, or of one group's. Raises: Unavailable."""
        query = _table(plugin, table, partition, since, until) | ({} if group is None else {"group": group})
        fields = {"week": 1, "group": 1, "acts": 1, "_id": 0}
        order = [("week", ASCENDING), ("group", ASCENDING), ("part", ASCENDING)]
        with driver_errors():
            parts = await self._cells.find(query, fields).sort(order).to_list()
        keyed = groupby(parts, key=lambda part: (part["week"], part["group"]))
        return {key: b"".join(zlib.decompress(part["acts"]) for part in of_cell) for key, of_cell in keyed}


def pack(acts: Sequence[Fields], cells: Sequence[Cell]) -> list[Document]:
    """Return the documents of a week's cells; `acts` are those that all of them point into, each encoded once."""
    encoded = [bson.encode({"": act}, codec_options=_CODEC) for act in acts]
    return [document for cell in cells for document in _documents(cell, encoded)]


def unpack(packed: bytes) -> list[Fields]:
    """Return packed acts as they were."""
    return [document[""] for document in bson.decode_all(packed, _CODEC)]


def _documents(cell: Cell, encoded: Sequence[bytes]) -> Iterator[Document]:
    counts = {"n_people": cell.n_people, "n_targets": cell.n_targets, "n_acts": cell.n_acts}
    named = {"partition": cell.partition, "group": cell.group}
    for part, begin in enumerate(range(0, len(cell.acts), PART)):
        packed = b"".join(encoded[position] for position in cell.acts[begin : begin + PART])
        yield {**named, "part": part, **counts, "acts": zlib.compress(packed, LEVEL)}


def _table(plugin: str, table: int, partition: str, since: datetime, until: datetime) -> Document:
    return {"plugin": plugin, "table": table, "partition": partition, "week": {"$gte": since, "$lt": until}}


def _cell(found: Document) -> Cell:
    names = ("partition", "group", "n_people", "n_targets", "n_acts")
    return Cell(*(found[name] for name in names))
