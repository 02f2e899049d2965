"""Views: the acts each plugin keeps, in a collection of its own for each generation of the view.

An act has the number of the change that wrote it last. One that is no act any more leaves its number behind: whoever
keeps a view in memory finds by number what has changed since.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeAlias, cast

import bson
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, InsertOne, ReplaceOne, UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]

BATCH = 2000  # acts that are received at once: the process has others to serve

_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=False)


def decoded(batch: bytes) -> list[Document]:
    """Return the acts of a batch, all times in UTC but without saying so: a time zone would double the cost."""
    return bson.decode_all(batch, _CODEC)


class Views:
    """The collections `view_<plugin>_<generation>` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def create(self, plugin: str, generation: int) -> None:
        """Make the indexes of a view."""
        view = self._view(plugin, generation)
        await view.create_index([("t", ASCENDING)])
        await view.create_index([("seq", ASCENDING)])
        await view.create_index([("subject_t", ASCENDING)], partialFilterExpression={"early": True})

    async def plugins(self) -> set[str]:
        """Return the names of the plugins that have a view here, installed or not. Raises: Unavailable."""
        with driver_errors():
            names = await self._database.list_collection_names(filter={"name": {"$regex": "^view_"}})
        return {name.removeprefix("view_").rpartition("_")[0] for name in names}

    async def drop(self, plugin: str, generation: int) -> None:
        """Delete a view."""
        await self._view(plugin, generation).drop()

    async def apply(
        self,
        plugin: str,
        generation: int,
        acts: Collection[Document],
        gone: Mapping[str, int],
        session: AsyncClientSession,
        new: Collection[str] = (),
    ) -> None:
        """Put each act in the place of the one with its id; of those `gone` the number of the change is kept.

        Acts whose ids are `new` have none to replace.
        """
        writes: list[InsertOne[Document] | ReplaceOne[Document] | UpdateOne] = [
            InsertOne(act) if act["_id"] in new else ReplaceOne({"_id": act["_id"]}, act, upsert=True) for act in acts
        ]
        nobodys: Document = {"$unset": {"actor": "", "early": ""}}
        writes += [
            UpdateOne({"_id": key}, {"$set": {"seq": seq, "gone": True}, **nobodys}) for key, seq in gone.items()
        ]
        if writes:
            await self._view(plugin, generation).bulk_write(writes, ordered=False, session=session)

    async def between(self, plugin: str, generation: int, since: datetime, until: datetime) -> list[bytes]:
        """Return the acts with t in [since, until), in no order and in batches for `decoded`. Raises: Unavailable."""
        return await self._found(plugin, generation, {"t": {"$gte": since, "$lt": until}, "gone": None})

    async def changed(self, plugin: str, generation: int, after: int) -> list[bytes]:
        """Return the acts that changes after this number have written, those gone among them, in batches.

        Raises: Unavailable.
        """
        return await self._found(plugin, generation, {"seq": {"$gt": after}})

    async def early(self, plugin: str, generation: int, since: datetime, until: datetime) -> list[bytes]:
        """Return the acts that a sender's clock puts before their subjects, which were opened in [since, until).

        In batches. Raises: Unavailable.
        """
        opened = {"early": True, "subject_t": {"$gte": since, "$lt": until}}
        return await self._found(plugin, generation, {**opened, "gone": None})

    async def first_from(self, plugin: str, generation: int, since: datetime) -> datetime | None:
        """Return the time of the first act from `since` on. Raises: Unavailable."""
        with driver_errors():
            query = {"t": {"$gte": since}, "gone": None}
            found = self._view(plugin, generation).find(query, {"t": 1}).sort("t", ASCENDING).limit(1)
            return next(iter([each["t"] async for each in found]), None)

    async def _found(self, plugin: str, generation: int, query: Document) -> list[bytes]:
        with driver_errors():
            cursor = self._view(plugin, generation).find_raw_batches(query, batch_size=BATCH)
            return [cast(bytes, batch) async for batch in cursor]  # its type says documents

    def _view(self, plugin: str, generation: int) -> AsyncCollection[Document]:
        return self._database[f"view_{plugin}_{generation}"]
