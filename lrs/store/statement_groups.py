"""Statements counted in groups, by MongoDB: one row for each agent in each group, streamed while they are read.

Where memberships decide, which may begin at any moment, nothing is grouped: each statement is a row with its time.
Without a filter all statements are looked at one after another. There is no index on their times: it would cost every
write, and save the reading of what an analyst asks for a few times a day.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import bson
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo.asynchronous.cursor import AsyncRawBatchCursor
from pymongo.asynchronous.database import AsyncDatabase

from lrs.clock import EPOCH
from lrs.store.pages import BY_KEY, BY_TIME
from lrs.store.patience import at_most
from lrs.store.shorthand import SHORT, queried

Document: TypeAlias = dict[str, Any]
Expression: TypeAlias = Any
Batches: TypeAlias = AsyncRawBatchCursor[Document]

GROUPS_S = 30  # how long all of it may take
BATCH = 5000  # rows: some hundred kilobytes
NARROWER = "a verb or an activity, a shorter window, or fewer things in group_by"

NAMED = "O:"  # begins the keys of statements (see `columns`) that name an activity, their object's or their context's

TOLD: Mapping[str, str] = {
    "mean_score": "$score_scaled",
    "success_rate": "$success",
    "completion_rate": "$completion",
    "duration": "$duration_s",
}
"""The measures of what only some statements tell, and where."""

_BY: Mapping[str, Expression] = {
    "verb": "$verb",
    "activity": {"$cond": [{"$eq": ["$object_type", "Activity"]}, "$object_id", None]},
    "type": "$activity_type",
}

_CODEC: CodecOptions[Document] = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Which statements are counted, and in which groups.

    The fields of a row are in its `_id`: those of `by`, `course`, `bucket` (its beginning) and `who` (the agent;
    without `by_agent` "" for any; none for a Group or where nobody is identified). Beside it are `n` and, of each
    measure, `<measure>_n` and `<measure>_sum`. Where they are `dated`, what was voided is among them, and the `_id`
    also tells in which week they `came` (its beginning), which statement voided them (`voided_by`), and of a course
    whether they are `about` it itself.
    """

    since: datetime  # of the time that the statement tells, inclusive
    until: datetime  # exclusive
    bound: datetime  # of `stored`, exclusive
    keys: Sequence[str] = ()  # that each of them carries
    by: Sequence[str] = ()  # verb, activity, type
    courses: Collection[str] | None = None  # activity ids: one row for each of these that a statement names
    unit: str | None = None  # day, week, month
    zone: str = "UTC"
    measures: Sequence[str] = ()  # of TOLD
    by_agent: bool = True
    singly: bool = False  # each statement is a row, with its time in `t`
    dated: bool = False

    def pipeline(self) -> list[Document]:
        """Return the stages of the aggregation."""
        stages: list[Document] = [{"$match": self._match()}]
        if self.courses is not None:
            named = {"$in": [NAMED + course for course in self.courses]}
            stages[0]["$match"] = {"$and": [stages[0]["$match"], {"keys": named}]}
            stages += [{"$set": {"course": "$keys"}}, {"$unwind": "$course"}, {"$match": {"course": named}}]
        told: Document = {"n": {"$literal": 1}}
        for measure in self.measures:
            told |= {f"{measure}_n": _is_told(TOLD[measure]), f"{measure}_sum": _number(TOLD[measure])}
        if self.singly:
            return [*stages, {"$project": {"_id": {**self._fields(), "t": "$timestamp"}, **told}}]
        return [*stages, {"$group": {"_id": self._fields(), **{name: {"$sum": each} for name, each in told.items()}}}]

    def hint(self) -> Document | None:
        """Return the way to the statements; None where the database may choose it."""
        if self.keys:
            return dict.fromkeys(BY_KEY, 1)
        return {"$natural": 1} if self.courses is None else None

    def _match(self) -> Document:
        match: Document = {
            # Marks in the places of statements that aren't there yet have no such time (see `references`).
            "stored": {"$gte": EPOCH, "$lt": self.bound},
            "timestamp": {"$gte": self.since, "$lt": self.until},
        }
        if not self.dated:
            match["voided_by"] = None
        return match | {"keys": {"$all": list(self.keys)}} if self.keys else match

    def _fields(self) -> Document:
        fields: Document = {name: _BY[name] for name in self.by}
        if self.courses is not None:
            fields["course"] = "$course"
        if self.unit is not None:
            fields["bucket"] = self._beginning("$timestamp", self.unit)
        if self.dated:
            fields |= {"came": self._beginning("$stored", "week"), "voided_by": "$voided_by"}
            if self.courses is not None:
                fields["about"] = {"$eq": ["$course", {"$concat": [NAMED, {"$ifNull": [_BY["activity"], ""]}]}]}
        agent = {"$cond": ["$by_group", None, "$actor"]}
        fields["who"] = agent if self.by_agent else {"$cond": [{"$gt": [agent, None]}, "", None]}
        return fields

    def _beginning(self, time: str, unit: str) -> Expression:
        return {"$dateTrunc": {"date": time, "unit": unit, "timezone": self.zone, "startOfWeek": "monday"}}


class StatementGroups:
    """The collection `statements` of one store, counted, and what is told of the same people in other ways."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def courses(self, generation: int) -> list[str]:
        """Return the activities that interactions of a generation name as courses. Raises: Unavailable."""
        async with at_most(GROUPS_S, accepted=NARROWER):
            stages: list[Document] = [
                {"$match": queried(course_id={"$gt": ""})},
                {"$group": {"_id": f"${SHORT['course_id']}"}},
            ]
            interactions = self._database[f"interactions_{generation}"]
            found = await interactions.aggregate(stages, maxTimeMS=GROUPS_S * 1000, allowDiskUse=True)
            return [each["_id"] async for each in found]

    async def withheld(self, partition: str, since: datetime, until: datetime) -> set[tuple[str, datetime]]:
        """Return the groups, and the weeks by when they begin, that are withheld of any plugin's metrics, in any table.

        Raises: Unavailable.
        """
        async with at_most(GROUPS_S, accepted=NARROWER):
            released, found = self._database["released"], set[tuple[str, datetime]]()
            for plugin in await released.distinct("plugin"):
                for table in await released.distinct("table", {"plugin": plugin}):
                    of_table: Document = {"plugin": plugin, "table": table, "partition": partition}
                    asked = {**of_table, "week": {"$gte": since, "$lt": until}, "withheld": True}
                    cells = released.find(asked, {"_id": 0, "week": 1, "group": 1}, max_time_ms=GROUPS_S * 1000)
                    found |= {(each["group"], each["week"]) async for each in cells}
            return found

    async def any_before(self, bound: datetime) -> bool:
        """Tell whether anything was stored before a time. Raises: Unavailable."""
        async with at_most(GROUPS_S, accepted=NARROWER):
            query, hint = {"stored": {"$gte": EPOCH, "$lt": bound}}, dict.fromkeys(BY_TIME, 1)
            return await self._database["statements"].find_one(query, {"stored": 1}, hint=hint) is not None

    async def stored(self, ids: Collection[UUID]) -> dict[UUID, datetime]:
        """Return when each of some statements was stored. Raises: Unavailable."""
        async with at_most(GROUPS_S, accepted=NARROWER):
            query, fields = {"_id": {"$in": list(ids)}, "stored": {"$gte": EPOCH}}, {"stored": 1}
            found = self._database["statements"].find(query, fields, max_time_ms=GROUPS_S * 1000)
            return {each["_id"]: each["stored"] async for each in found}

    async def batches(self, grouping: Grouping) -> AsyncGenerator[bytes, None]:
        """Yield rows (see `Grouping`), some at a time, for `decoded`. Raises: Unavailable."""
        async with _opened(self._opening(grouping)) as cursor:
            while True:
                async with at_most(GROUPS_S, accepted=NARROWER):
                    batch = await anext(cursor, None)
                if batch is None:
                    return
                yield batch

    async def _opening(self, grouping: Grouping) -> Batches:
        """Open a cursor, no more: what takes its time is asked by its number then, and so can be ended by it."""
        options: Document = {"allowDiskUse": True, "batchSize": BATCH, "maxTimeMS": GROUPS_S * 1000}
        if hint := grouping.hint():
            options["hint"] = hint
        async with at_most(GROUPS_S, accepted=NARROWER):
            return await self._database["statements"].aggregate_raw_batches(grouping.pipeline(), **options)


def decoded(batch: bytes) -> list[Document]:
    """Return the rows of a batch, all times in UTC but without saying so: a time zone would double the cost."""
    return bson.decode_all(batch, _CODEC)


@asynccontextmanager
async def _opened(opening: Coroutine[Any, Any, Batches]) -> AsyncIterator[AsyncIterator[bytes]]:
    """Give a cursor, and end it in the database though this task be cancelled at any moment, even before it is open."""
    known = asyncio.create_task(opening)
    try:
        yield cast("AsyncIterator[bytes]", await asyncio.shield(known))  # its type says documents
    finally:
        await asyncio.shield(asyncio.create_task(_end(known)))


async def _end(known: asyncio.Task[Batches]) -> None:
    await asyncio.wait((known,))
    if known.exception() is None:
        await known.result().close()


def _is_told(path: str) -> Expression:
    return {"$cond": [{"$gt": [path, None]}, 1, 0]}


def _number(path: str) -> Expression:
    """Return the number at a path, 1 and 0 for true and false; 0 where there is none."""
    if path in ("$success", "$completion"):
        return {"$cond": [path, 1, 0]}
    return {"$ifNull": [path, 0]}
