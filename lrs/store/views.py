"""Views: the acts each plugin keeps, in a collection of its own for each generation of the view."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from pymongo import ASCENDING, DeleteOne, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


class Views:
    """The collections `view_<plugin>_<generation>` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def create(self, plugin: str, generation: int) -> None:
        """Make the indexes of a view."""
        await self._view(plugin, generation).create_index([("t", ASCENDING), ("_id", ASCENDING)])
        await self._view(plugin, generation).create_index([("subject", ASCENDING), ("t", ASCENDING)])

    async def plugins(self) -> set[str]:
        """Return the names of the plugins that have a view here, installed or not. Raises: Unavailable."""
        with driver_errors():
            names = await self._database.list_collection_names(filter={"name": {"$regex": "^view_"}})
        return {name.removeprefix("view_").rpartition("_")[0] for name in names}

    async def drop(self, plugin: str, generation: int) -> None:
        """Delete a view."""
        await self._view(plugin, generation).drop()

    async def apply(
        self, plugin: str, generation: int, acts: Mapping[str, Document | None], session: AsyncClientSession
    ) -> None:
        """Put each act in the place of the one with its id, or take that one away where there is None."""
        writes = [
            DeleteOne({"_id": key}) if act is None else ReplaceOne({"_id": key}, act, upsert=True)
            for key, act in acts.items()
        ]
        if writes:
            await self._view(plugin, generation).bulk_write(writes, ordered=False, session=session)

    async def between(self, plugin: str, generation: int, since: datetime, until: datetime) -> list[Document]:
        """Return the acts with t in [since, until), by t and id. Raises: Unavailable."""
        with driver_errors():
            found = self._view(plugin, generation).find({"t": {"$gte": since, "$lt": until}})
            return [document async for document in found.sort([("t", ASCENDING), ("_id", ASCENDING)])]

    async def first_from(self, plugin: str, generation: int, since: datetime) -> datetime | None:
        """Return the time of the first act from `since` on. Raises: Unavailable."""
        with driver_errors():
            found = self._view(plugin, generation).find({"t": {"$gte": since}}, {"t": 1}).sort("t", ASCENDING).limit(1)
            return next(iter([each["t"] async for each in found]), None)

    async def on_subjects(
        self, plugin: str, generation: int, subjects: Collection[str], before: datetime
    ) -> list[Document]:
        """Return the acts on the subjects with t before `before`. Raises: Unavailable."""
        with driver_errors():
            found = self._view(plugin, generation).find({"subject": {"$in": list(subjects)}, "t": {"$lt": before}})
            return [document async for document in found]

    def _view(self, plugin: str, generation: int) -> AsyncCollection[Document]:
        return self._database[f"view_{plugin}_{generation}"]
