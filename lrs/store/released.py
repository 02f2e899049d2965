"""The released table: what is shown of groups, cell by cell of partition, group and week, with the acts behind it.

A week's acts are kept as they were when it was released, packed and compressed, so that a number over several weeks
can be computed again; a cell says which of them are its own. A mark says that something has changed on a day: its
weeks are due to be released again.
"""

import struct
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, TypeAlias

import bson
from bson import ObjectId
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
"""The partition whose one group, "", is everybody, and holds the acts that all cells point into."""

PART = 20_000  # acts in one document: a megabyte or two, and never near the 16 it may have
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
    positions: Sequence[int] = field(default=(), repr=False)


@dataclass(slots=True)
class Pack:
    """The acts of one week, any of which can be had without the others."""

    parts: list[Document]
    _raw: bytes = b""
    _ends: Sequence[int] = ()

    def all(self) -> list[Fields]:
        """Return all acts, by time."""
        return _decoded(b"".join(zlib.decompress(part["acts"]) for part in self.parts))

    def some(self, positions: Sequence[int]) -> list[Fields]:
        """Return the acts at positions."""
        if not self._ends:
            self._raw = b"".join(zlib.decompress(part["acts"]) for part in self.parts)
            self._ends = [0, *accumulate(size for part in self.parts for size in _numbers(part["sizes"]))]
        return _decoded(b"".join(self._raw[self._ends[each] : self._ends[each + 1]] for each in positions))


@dataclass(frozen=True, slots=True)
class Shown:
    """What was released of some weeks: the cells of a partition, which acts they have, and the acts by week."""

    cells: Mapping[Key, Cell]
    positions: Mapping[Key, Sequence[int]]
    packs: Mapping[datetime, Pack]


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
        self._client = database.client
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

    async def marks(self, plugin: str, before: datetime | None = None) -> list[Mark]:
        """Return the marks of a plugin by day, or only those that were made before a time (to the second).

        Raises: Unavailable.
        """
        query: Document = {"plugin": plugin}
        if before is not None:
            query["_id"] = {"$lt": ObjectId.from_datetime(before)}
        with driver_errors():
            found = self._marks.find(query).sort("day", ASCENDING)
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

    async def keep_only(self, plugin: str, tables: Collection[int]) -> None:
        """Delete all other tables of a plugin."""
        await self._cells.delete_many({"plugin": plugin, "table": {"$nin": list(tables)}})

    async def read(
        self, plugin: str, table: int, partition: str, since: datetime, until: datetime, group: str | None = None
    ) -> Shown:
        """Return what was released of weeks that begin in [since, until): all of it as of one moment.

        Every cell is told; which acts it has, of one group or of all when `group` is None. Raises: Unavailable.
        """
        weeks = {"plugin": plugin, "table": table, "week": {"$gte": since, "$lt": until}}
        cells = {**weeks, "partition": partition}
        asked = cells if group is None else {**cells, "group": group}
        with driver_errors():
            # A week may be replaced between two reads, and positions mean nothing in other acts.
            async with self._client.start_session(snapshot=True) as session:
                return Shown(
                    cells=await self._told(cells, session),
                    positions=await self._positions(asked, session),
                    packs=await self._packs({**weeks, "partition": STORE}, session),
                )

    async def _told(self, query: Document, session: AsyncClientSession) -> dict[Key, Cell]:
        found = self._cells.find(query, {"positions": 0, "_id": 0}, session=session)
        return {(each["week"], each["group"]): _cell(each) async for each in found}

    async def _positions(self, query: Document, session: AsyncClientSession) -> dict[Key, Sequence[int]]:
        found = self._cells.find(query, {"week": 1, "group": 1, "positions": 1, "_id": 0}, session=session)
        return {(each["week"], each["group"]): _numbers(each["positions"]) async for each in found}

    async def _packs(self, query: Document, session: AsyncClientSession) -> dict[datetime, Pack]:
        packs: dict[datetime, Pack] = {}
        found = self._cells.find(query, {"_id": 0}, session=session)
        async for part in found.sort([("week", ASCENDING), ("part", ASCENDING)]):
            packs.setdefault(part["week"], Pack([])).parts.append(part)
        return packs


def pack(acts: Sequence[Fields], cells: Sequence[Cell]) -> list[Document]:
    """Return the documents of a week: its acts, by time, and the cells that point into them."""
    parts = [acts[begin : begin + PART] for begin in range(0, len(acts), PART)]
    packed = [_part(number, each) for number, each in enumerate(parts)]
    return packed + [_document(cell) for cell in cells]


def _part(number: int, acts: Sequence[Fields]) -> Document:
    encoded = [bson.encode({"": act}, codec_options=_CODEC) for act in acts]
    sizes = _bytes([len(each) for each in encoded])
    compressed = zlib.compress(b"".join(encoded), LEVEL)
    return {"partition": STORE, "group": "", "part": number, "acts": compressed, "sizes": sizes}


def _document(cell: Cell) -> Document:
    counts = {"n_people": cell.n_people, "n_targets": cell.n_targets, "n_acts": cell.n_acts}
    return {"partition": cell.partition, "group": cell.group, "part": 0, **counts, "positions": _bytes(cell.positions)}


def _cell(found: Document) -> Cell:
    names = ("partition", "group", "n_people", "n_targets", "n_acts")
    return Cell(*(found[name] for name in names))


def _decoded(encoded: bytes) -> list[Fields]:
    return [document[""] for document in bson.decode_all(encoded, _CODEC)]


def _bytes(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _numbers(packed: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)
