"""Statements that the normaliser could not read, with the reason, so that an admin can see them."""

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


class Failures:
    """The collection `failures` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["failures"]

    async def record(self, reader: str, reasons: Mapping[UUID, str], session: AsyncClientSession) -> None:
        """Note for each statement why the reader failed on it; once, however often it is delivered."""
        writes = [
            UpdateOne({"_id": f"{reader}:{key}"}, {"$set": {"statement": key, "reason": reason}}, upsert=True)
            for key, reason in reasons.items()
        ]
        if writes:
            await self._collection.bulk_write(writes, session=session)

    async def count(self) -> int:
        """Return how many statements could not be read."""
        with driver_errors():
            return await self._collection.count_documents({})
