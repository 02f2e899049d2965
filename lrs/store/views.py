"""Views: the acts each plugin keeps, in a collection of its own for each generation of the view.

A document holds the acts of one `day` that the changes up to the number `seq` have made, `early` among them when the
subjects of those were opened that come before them. Nothing is ever replaced: an act stands as the last document with
its id has it. So whoever keeps a view in memory finds by number what has changed since.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

import bson
from bson.codec_options import CodecOptions
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]

_CODEC: CodecOptions[Document] = CodecOptions(tz_aware=False)


def decoded(batch: bytes) -> Iterable[Document]:
    """Yield the documents of a batch; one after another, so that others have their turn in between."""
    return bson.decode_iter(batch, _CODEC)


class Views:
    """The collections `view_<plugin>_<generation>` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def create(self, plugin: str, generation: int) -> None:
        """Make the indexes of a view."""
        view = self._view(plugin, generation)
        await view.create_index([("day", ASCENDING), ("seq", ASCENDING)])
        await view.create_index([("seq", ASCENDING)])
        await view.create_index([("early.from", ASCENDING)], sparse=True)

    async def plugins(self) -> set[str]:
        """Return the names of the plugins that have a view here, installed or not. Raises: Unavailable."""
        with driver_errors():
            names = await self._database.list_collection_names(filter={"name": {"$regex": "^view_"}})
        return {name.removeprefix("view_").rpartition("_")[0] for name in names}

    async def drop(self, plugin: str, generation: int) -> None:
        """Delete a view."""
        await self._view(plugin, generation).drop()

    async def add(
        self, plugin: str, generation: int, documents: Sequence[Document], session: AsyncClientSession
    ) -> None:
        """Add documents, in the session's transaction."""
        if documents:
            await self._view(plugin, generation).insert_many(documents, session=session)

    async def between(self, plugin: str, generation: int, since: datetime, until: datetime) -> list[bytes]:
        """Return the documents of the days in [since, until), those of a day in the order they were written.

        They come in batches for `decoded`. Raises: Unavailable.
        """
        return await self._found(plugin, generation, {"day": {"$gte": since, "$lt": until}}, ["day", "seq"])

    async def changed(self, plugin: str, generation: int, after: int) -> list[bytes]:
        """Return the documents that changes after this number have written, in order and in batches.

        Raises: Unavailable.
        """
        return await self._found(plugin, generation, {"seq": {"$gt": after}}, ["seq"])

    async def early_days(self, plugin: str, generation: int, since: datetime, until: datetime) -> list[datetime]:
        """Return the days on which acts may come before their subjects, which were opened in [since, until).

        Raises: Unavailable.
        """
        with driver_errors():
            opened = {"early.from": {"$lt": until}, "early.until": {"$gte": since}}
            return sorted(await self._view(plugin, generation).distinct("day", opened))

    async def next_day(self, plugin: str, generation: int, since: datetime) -> datetime | None:
        """Return the first day from `since` on of which anything was written. Raises: Unavailable."""
        with driver_errors():
            query = {"day": {"$gte": since}}
            found = await self._view(plugin, generation).find_one(query, {"day": 1}, sort=[("day", ASCENDING)])
            return None if found is None else found["day"]

    async def _found(self, plugin: str, generation: int, query: Document, order: Sequence[str]) -> list[bytes]:
        with driver_errors():
            cursor = self._view(plugin, generation).find_raw_batches(query)
            found = cursor.sort([(name, ASCENDING) for name in order])
            return [cast(bytes, batch) async for batch in found]  # its type says documents

    def _view(self, plugin: str, generation: int) -> AsyncCollection[Document]:
        return self._database[f"view_{plugin}_{generation}"]
