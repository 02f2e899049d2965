"""A store of its own that is told statements as a client tells them, in an order and in batches of one's choice."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from uuid import uuid4

import orjson

from lrs.core import statements
from lrs.core.analytics.tables import whole_view
from lrs.core.attachments import Sent
from lrs.core.credentials import Access, Doorkeeper
from lrs.core.runner import reader_name
from lrs.plugin import Plugin
from lrs.store.connection import Client
from lrs.store.databases import PREFIX
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from lrs.xapi.versions import Version

SCOPES = frozenset(("all", "analytics/identify", "admin"))


@dataclass(frozen=True)
class Telling:
    """One store, with an access to it that may do everything."""

    access: Access
    client: Client

    @classmethod
    @asynccontextmanager
    async def to_a_new_store(cls, stores: Stores) -> AsyncIterator[Self]:
        """Create a store in UTC; it is dropped in the end."""
        name, key = f"t{uuid4().hex}", f"key-{uuid4()}"
        await stores.create(name, timezone="UTC")
        await stores.credentials.put(key, "secret", name="a test", store=name, scopes=SCOPES)
        try:
            yield cls(await Doorkeeper(stores, "http://lrs.example.org").admit(key, "secret"), stores.client)
        finally:
            await stores.credentials.delete(key)
            await stores.control["stores"].delete_one({"_id": name})
            await stores.client.drop_database(PREFIX + name)

    @property
    def store(self) -> Store:
        return self.access.store

    async def forget(self) -> None:
        """Empty the store; its indexes stay."""
        database = self.store.database
        for name in await database.list_collection_names():
            await database[name].delete_many({})

    async def post(self, batch: Sequence[Json], version: Version = Version.V1) -> list[str]:
        """Store statements as a client does; return their ids. Raises: as `core.statements.post`."""
        return await statements.post(self.access, Sent(orjson.dumps(list(batch))), version)

    async def view(self, plugin: Plugin) -> dict[str, dict[str, Any]]:
        """Return the acts of the view of a plugin that is served, as rows of its table, by their ids."""
        position = await self.store.positions.get(reader_name(plugin.name))
        acts = await whole_view(self.store, plugin, position)
        return {row["id"]: row for row in acts.iter_rows(named=True)}
