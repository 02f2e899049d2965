"""The databases: a control database `lrs`, and one database `lrs_<store>` for each store."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from lrs.errors import NotFound
from lrs.store.changes import Changes
from lrs.store.credentials import Credentials
from lrs.store.databases import CONTROL, PREFIX
from lrs.store.driver_errors import driver_errors
from lrs.store.failures import Failures
from lrs.store.interactions import Interactions
from lrs.store.positions import Positions
from lrs.store.statements import Statements
from lrs.store.views import Views
from lrs.store.writers import Writer

Document: TypeAlias = dict[str, Any]

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Store:
    """One tenant's data: everything of it lies in one database, so a forgotten filter can't show another's."""

    name: str
    timezone: str
    database: AsyncDatabase[Document]
    statements: Statements
    interactions: Interactions
    changes: Changes
    positions: Positions
    views: Views
    failures: Failures


class Stores:
    """All stores of one MongoDB. A store that was opened once stays open as long as the process."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self.client = client
        self.control = client[CONTROL]
        self.credentials = Credentials(self.control["credentials"])
        self._writer = Writer(client)
        self._open: dict[str, Store] = {}

    async def create(self, name: str, *, timezone: str) -> None:
        """Create a store, or change its time zone, and make its indexes. Raises: Unavailable."""
        with driver_errors():
            await self.control["stores"].update_one({"_id": name}, {"$set": {"timezone": timezone}}, upsert=True)
            store = await self.open(name)
            await store.statements.create_indexes()
            await store.interactions.create_indexes()

    async def names(self) -> list[str]:
        """Return the names of all stores, sorted."""
        with driver_errors():
            return sorted([document["_id"] async for document in self.control["stores"].find({}, {"_id": 1})])

    async def open(self, name: str) -> Store:
        """Return the store with this name. Raises: NotFound, Unavailable."""
        if name not in self._open:
            with driver_errors():
                record = await self.control["stores"].find_one({"_id": name})
            if record is None:
                raise NotFound("there is no such store", where="store", why=f"{name!r} was never created")
            self._open.setdefault(name, self._store(name, record["timezone"]))
        return self._open[name]

    async def drain(self) -> None:
        """Wait until every write under way has ended."""
        for store in self._open.values():
            await store.statements.drain()
        await self._writer.leave()

    def _store(self, name: str, timezone: str) -> Store:
        database = self.client[PREFIX + name]
        return Store(
            name=name,
            timezone=timezone,
            database=database,
            statements=Statements(database, self._writer),
            interactions=Interactions(database),
            changes=Changes(database),
            positions=Positions(database),
            views=Views(database),
            failures=Failures(database),
        )
