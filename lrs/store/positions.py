"""Positions: how far the normaliser, the catalogue and each plugin have come, saved with what they derived.

The lease's owner stands in each position, so a worker that lost its lease can't commit (its update matches nothing).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors
from lrs.store.leases import LeaseLost

Document: TypeAlias = dict[str, Any]

NORMALISER = "normaliser"
CATALOGUE = "catalogue"
HEARTBEAT = timedelta(milliseconds=500)  # how often the position of an idle reader is moved


@dataclass(frozen=True, slots=True)
class Position:
    """How far one reader has come.

    `seq` is the number of the last change written (normaliser) or applied (plugin); `data_until` the time up to which
    everything stored has been seen. A reader of the feed has its resume `token` and, while it catches up, how far its
    `scan` has come. A plugin has the `generation` of the view that is served, the `version` of the plugin that
    derived it, the view that is being `rebuilt` (generation, seq, version), and the `failure` that stopped it. A
    released table has the number that is served as its `generation`, and as its `basis` what it rests on: the `view`'s
    generation, the version of the `identity`, the `timezone`, and `until` when weeks are released.
    """

    seq: int = 0
    data_until: datetime | None = None
    token: Document | None = None
    scan: Document | None = None
    generation: int = 0
    version: int | None = None
    rebuilt: Document | None = None
    rebuild_asked: bool = False
    failure: Document | None = None
    basis: Document | None = None


class Positions:
    """The collection `positions` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["positions"]

    async def get(self, reader: str) -> Position:
        """Return the reader's position, the beginning if it has none. Raises: Unavailable."""
        with driver_errors():
            found = await self._collection.find_one({"_id": reader}) or {}
        return Position(**{name: found[name] for name in Position.__slots__ if name in found})

    async def ask(self, reader: str, changed: Document) -> None:
        """Set fields that its owner looks at, from outside: a request, not a move."""
        with driver_errors():
            await self._collection.update_one({"_id": reader}, {"$set": changed}, upsert=True)

    async def take_over(self, readers: list[str], owner: str) -> None:
        """Make the owner of the lease the only one who can move these positions."""
        for reader in readers:
            await self._collection.update_one({"_id": reader}, {"$set": {"owner": owner}}, upsert=True)

    async def move(self, reader: str, owner: str, changed: Document, session: AsyncClientSession | None = None) -> None:
        """Set fields of a position, as part of a transaction if a session is given. Raises: LeaseLost."""
        moved = await self._collection.update_one({"_id": reader, "owner": owner}, {"$set": changed}, session=session)
        if not moved.matched_count:
            raise LeaseLost(reader)
