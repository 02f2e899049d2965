"""Requests that were refused: the newest 16 MB of them, so that an admin can see why nothing arrives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from bson import ObjectId
from pymongo import DESCENDING, WriteConcern
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from lrs.store.driver_errors import driver_errors
from lrs.store.group_commit import GroupCommit

Document: TypeAlias = dict[str, Any]
Position: TypeAlias = tuple[datetime, str]
"""`time` and `id` of a refusal: its place in the list."""

NAME = "refusals"
SIZE_BYTES = 16_000_000
READ_S = 8
EXISTS = 48


class Refusals:
    """The capped collection `refusals` of one database, made when the first one is written."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        # One member of a replica set is enough: a refusal that is lost can be had again.
        self._collection = database.get_collection(NAME, write_concern=WriteConcern(w=1, j=False))
        self._group_commit = GroupCommit(self._write)
        self._is_there = False

    async def add(self, refusal: Document) -> None:
        """Write a refusal; those of many requests share one insert. Raises: Unavailable."""
        await self._group_commit.insert({"_id": ObjectId(), **refusal})

    async def find(
        self,
        filters: Mapping[str, Any],
        *,
        since: datetime | None,
        until: datetime | None,
        after: Position | None,
        limit: int,
    ) -> list[Document]:
        """Return up to `limit` refusals with the values of `filters`, the newest first, each with its `id`.

        `since` is inclusive and `until` exclusive; `after` is the place of the last one already given.
        Raises: Unavailable.
        """
        clauses: list[Mapping[str, Any]] = [filters]
        if since is not None:
            clauses.append({"time": {"$gte": since}})
        if until is not None:
            clauses.append({"time": {"$lt": until}})
        if after is not None:
            time, identifier = after
            clauses.append({"$or": [{"time": {"$lt": time}}, {"time": time, "_id": {"$lt": ObjectId(identifier)}}]})
        with driver_errors(READ_S):
            found = self._collection.find({"$and": clauses}).sort([("time", DESCENDING), ("_id", DESCENDING)])
            return [{"id": str(each.pop("_id")), **each} async for each in found.limit(limit)]

    async def _write(self, refusals: Sequence[Document]) -> set[int]:
        if not self._is_there:
            await self._create()
        await self._collection.insert_many(refusals, ordered=False)
        return set()

    async def _create(self) -> None:
        try:
            await self._database.create_collection(NAME, check_exists=False, capped=True, size=SIZE_BYTES)
        except OperationFailure as error:
            if error.code != EXISTS:
                raise
        self._is_there = True
