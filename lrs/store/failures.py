"""Statements that the normaliser could not read, with the reason, so that an admin can see them."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs import clock
from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


class Failures:
    """The collection `failures` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["failures"]

    async def record(self, reader: str, reasons: Mapping[UUID, str], session: AsyncClientSession) -> None:
        """Note for each statement why the reader failed on it; once, however often it is delivered."""
        first = {"t": clock.now()}
        writes = [
            UpdateOne(
                {"_id": f"{reader}:{key}"},
                {"$set": {"statement": key, "reason": reason}, "$setOnInsert": first},
                upsert=True,
            )
            for key, reason in reasons.items()
        ]
        if writes:
            await self._collection.bulk_write(writes, session=session)

    async def listed(self, reader: str, limit: int, after: str | None) -> list[Document]:
        """Return up to `limit` failures of a reader by their ids, from behind the id `after` on. Raises: Unavailable.

        Shape: {id, statement, reason, t}; `t` is when the reader failed first, None for what an older version noted.
        """
        with driver_errors():
            found = self._collection.find(_of(reader, after)).sort("_id", 1).limit(limit)
            return [{"id": each.pop("_id"), "t": None, **each} async for each in found]

    async def count(self, reader: str | None = None) -> int:
        """Return how many statements a reader, or any of them, could not read. Raises: Unavailable."""
        with driver_errors():
            return await self._collection.count_documents({} if reader is None else _of(reader, None))


def _of(reader: str, after: str | None) -> Document:
    """Return the query for a reader's failures: their ids are `<reader>:<statement>`, and `;` comes after `:`."""
    begin = {"$gt": f"{reader}:" if after is None else after}
    return {"_id": {**begin, "$lt": f"{reader};"}}
