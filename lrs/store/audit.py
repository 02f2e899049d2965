"""The audit: who changed what, and who was shown named results. Entries are added and read, never changed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from bson import ObjectId
from pymongo import DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from lrs import clock
from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[datetime, str]
"""Where an entry stands among all of its store: its time and its id."""


class Audit:
    """The collection `audit` of the control database: {t, who, store, what, of, before, after}.

    `who` is a credential's key, or `cli`; `what` the kind of entry, such as `plugin.config`; `of` what it is about.
    `before` and `after` are kept as JSON text, because their keys may be what a document's can't.
    """

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection

    async def create_indexes(self) -> None:
        await self._collection.create_index([("store", 1), ("t", DESCENDING), ("_id", DESCENDING)])

    async def record(
        self,
        who: str,
        store: str,
        what: str,
        of: str,
        *,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        session: AsyncClientSession | None = None,
    ) -> None:
        """Add an entry, in the transaction of a session if one is given; `before` and `after` hold what has changed.

        Raises: Unavailable.
        """
        entry = {"t": clock.now(), "who": who, "store": store, "what": what, "of": of}
        told = {"before": orjson.dumps(dict(before)).decode(), "after": orjson.dumps(dict(after)).decode()}
        if session is not None:  # whoever began the transaction answers for it, and may try it again
            await self._collection.insert_one({**entry, **told}, session=session)
            return
        with driver_errors():
            await self._collection.insert_one({**entry, **told})

    async def latest(
        self, store: str, limit: int, after: Place | None = None, kinds: Collection[str] | None = None
    ) -> list[Document]:
        """Return the newest entries of a store, each with its `id`; those up to the place of one are left out.

        `kinds` are the values of `what` that are wanted; None: all. Raises: Unavailable.
        """
        query: Document = {"store": store} if kinds is None else {"store": store, "what": {"$in": list(kinds)}}
        if after is not None:
            t, identifier = after
            query["$or"] = [{"t": {"$lt": t}}, {"t": t, "_id": {"$lt": ObjectId(identifier)}}]
        with driver_errors():
            found = self._collection.find(query).sort([("t", DESCENDING), ("_id", DESCENDING)]).limit(limit)
            return [_read(entry) async for entry in found]


def _read(entry: Document) -> Document:
    told = {name: orjson.loads(entry[name]) for name in ("before", "after")}
    return {"id": str(entry["_id"]), **{name: value for name, value in entry.items() if name != "_id"}, **told}
