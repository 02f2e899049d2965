"""The audit: who changed what, and who was shown named results. Entries are added and read, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from pymongo import DESCENDING
from pymongo.asynchronous.collection import AsyncCollection

from lrs import clock
from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


class Audit:
    """The collection `audit` of the control database: {t, who, store, what, of, before, after}.

    `who` is a credential's key, or `cli`; `what` the kind of entry, such as `plugin.config`; `of` what it is about.
    """

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection

    async def create_indexes(self) -> None:
        await self._collection.create_index([("store", 1), ("t", DESCENDING)])

    async def record(
        self, who: str, store: str, what: str, of: str, *, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        """Add an entry; `before` and `after` hold what has changed. Raises: Unavailable."""
        entry = {"t": clock.now(), "who": who, "store": store, "what": what, "of": of}
        with driver_errors():
            await self._collection.insert_one({**entry, "before": dict(before), "after": dict(after)})

    async def latest(self, store: str, limit: int, before: datetime | None = None) -> list[Document]:
        """Return the newest entries of a store, those from `before` on left out. Raises: Unavailable."""
        query: Document = {"store": store} if before is None else {"store": store, "t": {"$lt": before}}
        with driver_errors():
            found = self._collection.find(query, {"_id": 0}).sort("t", DESCENDING).limit(limit)
            return [entry async for entry in found]
