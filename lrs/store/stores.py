"""The databases: a control database `lrs`, and one database `lrs_<store>` for each store."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from lrs.errors import NotFound
from lrs.store.attachments import Attachments
from lrs.store.audit import Audit
from lrs.store.catalogue import Catalogue
from lrs.store.changes import Changes
from lrs.store.counts import Counts
from lrs.store.credentials import COST, Credentials
from lrs.store.databases import CONTROL, PREFIX
from lrs.store.documents import Documents
from lrs.store.driver_errors import driver_errors
from lrs.store.failures import Failures
from lrs.store.interactions import Interactions, Session
from lrs.store.learned import Learned
from lrs.store.people import People
from lrs.store.plugin_settings import PluginSettings
from lrs.store.positions import Positions
from lrs.store.redaction import Redaction
from lrs.store.refusals import Refusals
from lrs.store.released import Released
from lrs.store.statements import Statements
from lrs.store.views import Views
from lrs.store.writers import Writer

Document: TypeAlias = dict[str, Any]
Outcome = TypeVar("Outcome")

DEFAULT = "default"
WITHIN_S = 8  # for a change of settings


@dataclass(frozen=True, slots=True)
class Store:
    """One tenant's data: everything of it lies in one database, so a forgotten filter can't show another's."""

    name: str
    timezone: str
    database: AsyncDatabase[Document]
    statements: Statements
    attachments: Attachments
    documents: Documents
    catalogue: Catalogue
    positions: Positions
    views: Views
    failures: Failures
    refusals: Refusals
    redaction: Redaction
    plugin_settings: PluginSettings
    people: People
    learned: Learned
    released: Released

    def interactions(self, generation: int) -> Interactions:
        """Return the interactions of a generation: that of the normaliser's position is the one that is served."""
        return Interactions(self.database, generation)

    def counts(self, generation: int) -> Counts:
        """Return the counts of the interactions of a generation."""
        return Counts(self.database, generation)

    def changes(self, generation: int) -> Changes:
        """Return the log of changes to the interactions of a generation."""
        return Changes(self.database, generation)


class Stores:
    """All stores of one MongoDB. A store that was opened once stays open as long as the process."""

    def __init__(self, client: AsyncMongoClient[Document], hash_cost: int = COST) -> None:
        self.client = client
        self.control = client[CONTROL]
        self.credentials = Credentials(self.control["credentials"], hash_cost)
        self.audit = Audit(self.control["audit"])
        self.refusals = Refusals(self.control)  # of requests that belong to no store
        self._writer = Writer(client)
        self._open: dict[str, Store] = {}

    async def create(self, name: str, *, timezone: str) -> None:
        """Create a store, or change its time zone, and make its indexes. Raises: Unavailable."""
        with driver_errors():
            await self.control["stores"].update_one({"_id": name}, {"$set": {"timezone": timezone}}, upsert=True)
            await _create_indexes(await self.open(name))
            await self.audit.create_indexes()

    async def add(self, name: str, *, timezone: str) -> bool:
        """Create a store; False, with nothing changed, when there is one with this name. Raises: Unavailable."""
        with driver_errors():
            await _create_indexes(self._store(name, timezone))  # first: a store that is known has all its indexes
            try:
                await self.control["stores"].insert_one({"_id": name, "timezone": timezone})
            except DuplicateKeyError:
                return False
        return True

    async def all(self) -> list[tuple[str, str]]:
        """Return name and time zone of every store, by name."""
        with driver_errors():
            found = self.control["stores"].find({}).sort("_id", 1)
            return [(document["_id"], document["timezone"]) async for document in found]

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

    async def together(self, write: Callable[[Session], Awaitable[Outcome]]) -> Outcome:
        """Write in one transaction, whole or not at all; `write` may be called again. Raises: Unavailable."""
        with driver_errors(WITHIN_S):
            async with self.client.start_session() as session:
                return await session.with_transaction(write)

    async def begin(self) -> None:
        """Be on record as a writer, so that the first statement needs not wait for it. Raises: Unavailable."""
        await self._writer.begin()

    async def drain(self) -> None:
        """Wait until every write under way has ended."""
        for store in self._open.values():
            await store.statements.drain()
            await store.documents.drain()
        await self._writer.leave()

    def _store(self, name: str, timezone: str) -> Store:
        database = self.client[PREFIX + name]
        return Store(
            name=name,
            timezone=timezone,
            database=database,
            statements=Statements(database, self._writer),
            attachments=Attachments(database),
            documents=Documents(database),
            catalogue=Catalogue(database),
            positions=Positions(database),
            views=Views(database),
            failures=Failures(database),
            refusals=Refusals(database),
            redaction=Redaction(self.control["stores"], name),
            plugin_settings=PluginSettings(database),
            people=People(database),
            learned=Learned(database),
            released=Released(database),
        )


async def _create_indexes(store: Store) -> None:
    await store.statements.create()
    await store.attachments.create_indexes()
    await store.documents.create_indexes()
    await store.interactions(0).create_indexes()
    await store.people.create_indexes()
    await store.released.create_indexes()
    await store.failures.create_indexes()
    await store.plugin_settings.create()
