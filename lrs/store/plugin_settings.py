"""The settings of each plugin in one store: its configuration, and whether it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for one plugin. `config` holds only what differs from the defaults of the plugin's schema.

    It may also hold what only an earlier version's schema had.
    """

    config: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True


class PluginSettings:
    """The collection `plugin_settings` of one store: {_id: plugin, config, enabled}.

    The configuration is kept as JSON text, because its keys may be what a document's can't.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["plugin_settings"]

    async def create(self) -> None:
        """Make the collection: in one that isn't there, a transaction's first look pins no moment, so that of two first
        changes at once the second would not be told what the first had changed.
        """
        await self._collection.create_index("_id")

    async def get(self, plugin: str) -> Chosen:
        """Return what was chosen for a plugin. Raises: Unavailable."""
        with driver_errors():
            return await self.read(plugin, None)

    async def all(self) -> dict[str, Chosen]:
        """Return what was chosen for each plugin that anything was chosen for. Raises: Unavailable."""
        with driver_errors():
            return {found["_id"]: _chosen(found) async for found in self._collection.find({})}

    async def read(self, plugin: str, session: AsyncClientSession | None) -> Chosen:
        """Return what was chosen for a plugin, as a transaction sees it."""
        return _chosen(await self._collection.find_one({"_id": plugin}, session=session) or {})

    async def put(self, plugin: str, chosen: Chosen, session: AsyncClientSession | None = None) -> None:
        """Replace what was chosen for a plugin, in a transaction if a session is given."""
        kept = {"config": orjson.dumps(chosen.config).decode(), "enabled": chosen.enabled}
        await self._collection.update_one({"_id": plugin}, {"$set": kept}, upsert=True, session=session)


def _chosen(found: Document) -> Chosen:
    return Chosen(orjson.loads(found.get("config", "{}")), found.get("enabled", True))
