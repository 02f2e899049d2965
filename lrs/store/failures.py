"""Statements that a reader of the feed could not read, with the reason, so that an admin can see and retry them."""

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias
from uuid import UUID

from pymongo import ASCENDING, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from lrs import clock
from lrs.errors import LRSError
from lrs.store.driver_errors import driver_errors
from lrs.store.leases import LeaseLost

Document: TypeAlias = dict[str, Any]


def is_of_contents(error: Exception) -> bool:
    """Tell whether something failed for what it was about, and not for the database or the lease: it would again."""
    return not isinstance(error, PyMongoError | LRSError | LeaseLost)


class Failures:
    """The collection `failures` of one store: {_id: <reader>:<statement>, reader, statement, reason, t}."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["failures"]

    async def create_indexes(self) -> None:
        await self._collection.create_index([("reader", ASCENDING), ("_id", ASCENDING)])

    async def record(self, reader: str, reasons: Mapping[UUID, str], session: AsyncClientSession) -> None:
        """Note for each statement why the reader failed on it; once, however often it is delivered."""
        writes = [
            UpdateOne(
                {"_id": f"{reader}:{key}"},
                {
                    "$set": {"reader": reader, "statement": key, "reason": reason},
                    "$setOnInsert": {"t": clock.now()},
                },
                upsert=True,
            )
            for key, reason in reasons.items()
        ]
        if writes:
            await self._collection.bulk_write(writes, session=session)

    async def forget(self, reader: str, statements: Collection[UUID], session: AsyncClientSession) -> None:
        """Take statements off the list, which are read once more in the session's transaction."""
        keys = [f"{reader}:{key}" for key in statements]
        await self._collection.delete_many({"_id": {"$in": keys}}, session=session)

    async def rename(self, reader: str, to: str, session: AsyncClientSession) -> None:
        """Put what one reader failed on in the place of what another did, in the session's transaction."""
        await self._collection.delete_many({"reader": to}, session=session)
        failed = [each async for each in self._collection.find({"reader": reader}, session=session)]
        if failed:
            moved = [{**each, "_id": f"{to}:{each['statement']}", "reader": to} for each in failed]
            await self._collection.insert_many(moved, session=session)
            await self._collection.delete_many({"reader": reader}, session=session)

    async def forget_all(self, reader: str) -> None:
        """Take all of a reader off the list."""
        await self._collection.delete_many({"reader": reader})

    async def listed(self, reader: str, limit: int, after: str | None = None) -> list[Document]:
        """Return what a reader failed on, by id: {id, statement, reason, t}. `after` is the last id seen.

        Raises: Unavailable.
        """
        query: Document = {"reader": reader} if after is None else {"reader": reader, "_id": {"$gt": after}}
        with driver_errors():
            found = self._collection.find(query).sort("_id", ASCENDING).limit(limit)
            return [{"id": each.pop("_id"), **each} async for each in found]

    async def count(self, reader: str | None = None) -> int:
        """Return how many statements could not be read, by one reader or by any. Raises: Unavailable."""
        with driver_errors():
            return await self._collection.count_documents({} if reader is None else {"reader": reader})
