"""The released table: what is shown of groups, cell by cell of partition, group and week, with the acts behind it.

A week's acts are kept as they were when it was released, packed by who knows what they are, so that a number over
several weeks can be computed again; a cell says which of them are its own. Acts at the end may be of cells only: of
those that stayed as they were when others changed. With the weeks stands who belonged where, as numbers of groups are
computed. A mark says that something has changed on a day: its weeks are due to be released again.
"""

import struct
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bson import ObjectId
from pymongo import ASCENDING, DeleteOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[datetime, str]
"""A week's beginning and a group."""

_BY_PART = [("week", ASCENDING), ("part", ASCENDING)]

STORE = "store"
"""The partition whose one group, "", is everybody, and holds the acts that all cells point into."""

MEMBERS = "members"
"""The partition whose one cell holds who belonged where."""

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a week: how many people, targets and acts, and which of the week's acts these are.

    `people` and `targets` are the codes of who they are, where they are few; `withheld` says that it was withheld when
    it was released.
    """

    partition: str
    group: str
    n_people: int
    n_targets: int
    n_acts: int
    positions: Sequence[int] = field(default=(), repr=False)
    people: Sequence[int] = field(default=(), repr=False)
    targets: Sequence[int] = field(default=(), repr=False)
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What was released of some weeks: the cells of a partition, and the acts by week, in parts.

    `kept` is how many acts at the end of a week's are of cells only.
    """

    cells: Mapping[Key, Cell]
    acts: Mapping[datetime, Sequence[bytes]]
    kept: Mapping[datetime, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Note:
    """What is noted of a week's acts: how many at the end are of cells only; whether others have come or gone since
    the first release; and, where acts came before their subjects were opened, when the last of these subjects was.
    """

    kept: int = 0
    late: bool = False
    ahead: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownWeek:
    """All that was released of one week: the cells of all partitions, and the acts, in parts."""

    cells: Sequence[Cell]
    acts: Sequence[bytes]
    note: Note


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
        ahead = [(path, ASCENDING) for path in ("plugin", "table", "ahead")]
        await self._cells.create_index(ahead, partialFilterExpression={"ahead": {"$exists": True}})
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
        self, plugin: str, table: int, partition: str, cells: Collection[datetime], acts: Collection[datetime]
    ) -> Shown:
        """Return what was released of weeks, by when they begin: cells of some and acts of some, as of one moment.

        Raises: Unavailable.
        """
        of_table: Document = {"plugin": plugin, "table": table}
        with driver_errors():
            # A week may be replaced between two reads, and positions mean nothing in other acts.
            async with self._client.start_session(snapshot=True) as session:
                asked = {**of_table, "partition": partition, "week": {"$in": sorted(cells)}}
                found = [each async for each in self._cells.find(asked, {"_id": 0}, session=session)]
                asked = {**of_table, "partition": STORE, "week": {"$in": sorted(acts)}}
                parts = self._cells.find(asked, {"_id": 0}, session=session).sort(_BY_PART)
                told = [each async for each in parts]
        shown: dict[datetime, list[bytes]] = {}
        for each in told:
            shown.setdefault(each["week"], []).append(each["acts"])
        return Shown(
            cells={(each["week"], each["group"]): _cell(each) for each in found},
            acts=shown,
            kept={each["week"]: each["kept"] for each in told if "kept" in each},
        )

    async def week(self, plugin: str, table: int, week: datetime) -> ShownWeek:
        """Return what was released of the week that begins then, to who alone may change it. Raises: Unavailable."""
        with driver_errors():
            asked = {"plugin": plugin, "table": table, "week": week}
            found = [each async for each in self._cells.find(asked, {"_id": 0}).sort(_BY_PART)]
        parts = [each for each in found if each["partition"] == STORE]
        noted = [{name: part[name] for name in Note.__slots__ if name in part} for part in parts[:1]]
        return ShownWeek(
            cells=[_cell(each) for each in found if each["partition"] != STORE],
            acts=[each["acts"] for each in parts],
            note=Note(**noted[0]) if noted else Note(),
        )

    async def ahead(self, plugin: str, table: int) -> dict[datetime, datetime]:
        """Return the weeks, by when they begin, with acts on subjects that were opened later, and when the last of
        these was. Raises: Unavailable.
        """
        with driver_errors():
            found = self._cells.find(
                {"plugin": plugin, "table": table, "ahead": {"$exists": True}}, {"week": 1, "ahead": 1}
            )
            return {each["week"]: each["ahead"] async for each in found}

    async def put_members(self, plugin: str, table: int, members: bytes, session: AsyncClientSession) -> None:
        """Put who belonged where in the place of what was there, as packed by who knows what it is."""
        place = {"plugin": plugin, "table": table, "partition": MEMBERS, "week": ALWAYS, "group": "", "part": 0}
        await self._cells.replace_one(place, {**place, "members": members}, upsert=True, session=session)

    async def members(self, plugin: str, table: int) -> bytes | None:
        """Return who belonged where, None where that was never put. Raises: Unavailable."""
        with driver_errors():
            found = await self._cells.find_one({"plugin": plugin, "table": table, "partition": MEMBERS})
        return None if found is None else found["members"]

    async def weeks(self, plugin: str, table: int, before: datetime) -> list[datetime]:
        """Return when the weeks begin that were released with anything in them, before a time. Raises: Unavailable."""
        with driver_errors():
            query = {"plugin": plugin, "table": table, "partition": STORE, "week": {"$lt": before}}
            return sorted(await self._cells.distinct("week", query))


def pack(acts: Sequence[bytes], cells: Sequence[Cell], note: Note = Note()) -> list[Document]:
    """Return the documents of a week: its acts, in parts, and the cells that point into them."""
    more = {name: value for name, value in asdict(note).items() if value}
    packed: list[Document] = [
        {"partition": STORE, "group": "", "part": number, "acts": part, **more} for number, part in enumerate(acts)
    ]
    return packed + [_document(cell) for cell in cells]


def _document(cell: Cell) -> Document:
    counts = {"n_people": cell.n_people, "n_targets": cell.n_targets, "n_acts": cell.n_acts}
    few = {name: _packed("q", codes) for name, codes in (("people", cell.people), ("targets", cell.targets)) if codes}
    own = {**counts, **few, **({"withheld": True} if cell.withheld else {})}
    positions = _packed("I", cell.positions)
    return {"partition": cell.partition, "group": cell.group, "part": 0, **own, "positions": positions}


def _cell(found: Document) -> Cell:
    n_people, n_targets, n_acts = (found[name] for name in ("n_people", "n_targets", "n_acts"))
    return Cell(
        partition=found["partition"],
        group=found["group"],
        n_people=n_people,
        n_targets=n_targets,
        n_acts=n_acts,
        positions=_unpacked("I", found["positions"]),
        people=tuple(_unpacked("q", found.get("people", b""))),
        targets=tuple(_unpacked("q", found.get("targets", b""))),
        withheld=found.get("withheld", False),
    )


def _packed(form: str, numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}{form}", *numbers)


def _unpacked(form: str, packed: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(packed) // struct.calcsize(form)}{form}", packed))
