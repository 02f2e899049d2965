"""Positions: how far the normaliser, the catalogue and each plugin have come, saved with what they derived.

The lease's owner stands in each position, so a worker that lost its lease can't commit (its update matches nothing).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.read_concern import ReadConcern

from lrs.store.driver_errors import driver_errors
from lrs.store.leases import LeaseLost

Document: TypeAlias = dict[str, Any]

NORMALISER = "normaliser"
REBUILD = "normaliser:rebuild"
"""The normaliser that derives all interactions anew, beside the one whose are served."""

CATALOGUE = "catalogue"
HEARTBEAT = timedelta(milliseconds=500)  # how often the position of an idle reader is moved


@dataclass(frozen=True, slots=True)
class Position:
    """How far one reader has come.

    `seq` is the number of the last change written (normaliser) or applied (plugin); `data_until` the time up to which
    everything stored has been seen. A reader of the feed has its resume `token` and, while it catches up, how far its
    `scan` has come. `generation` is that of the interactions or the view that it writes and that is served, `version`
    that of the rules or the plugin which derive them.

    The normaliser counts the statements it has `read`; one that is rebuilt is `ready` when it may take the other's
    place. A plugin has the generation of interactions that is its `source`, the settings it `applied`, the `form` in
    which its view is written, the view that is being `rebuilt` (generation, seq, and these), and the `failure` that
    stopped it. `rebuild_asked` and
    `retry_asked` are requests from outside. A released table has the number that is served as its `generation`, as its
    `seq` how often something was released into it, and as its `basis` what it rests on: the `view`'s generation, the
    version of the `identity`, the `timezone`, and `until` when weeks are released.
    """

    seq: int = 0
    data_until: datetime | None = None
    token: Document | None = None
    scan: Document | None = None
    generation: int = 0
    version: int | str | None = None
    source: int = 0
    applied: Document | None = None
    form: int = 1
    read: int = 0
    ready: bool = False
    rebuilt: Document | None = None
    failure: Document | None = None
    basis: Document | None = None
    rebuild_asked: bool = False
    retry_asked: bool = False


class Positions:
    """The collection `positions` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collection = database["positions"]
        # What a position says is there: a snapshot that is read afterwards may be a moment behind what others see.
        self._settled = self._collection.with_options(read_concern=ReadConcern("majority"))

    async def get(self, reader: str) -> Position:
        """Return the reader's position, the beginning if it has none. Raises: Unavailable."""
        return (await self.all_of([reader]))[0]

    async def all_of(self, readers: Sequence[str]) -> list[Position]:
        """Return the positions of readers as of one moment, in their order. Raises: Unavailable."""
        with driver_errors():
            query = {"_id": {"$in": list(readers)}}
            found = {each["_id"]: each for each in await self._settled.find(query).to_list()}
        return [_position(found.get(reader, {})) for reader in readers]

    async def ask(self, reader: str, changed: Document, session: AsyncClientSession | None = None) -> None:
        """Set fields that its owner looks at, from outside: a request, not a move. In a transaction, if given one."""
        if session is not None:  # whoever began it answers for what fails, and may try it again
            await self._collection.update_one({"_id": reader}, {"$set": changed}, upsert=True, session=session)
            return
        with driver_errors():
            await self._collection.update_one({"_id": reader}, {"$set": changed}, upsert=True)

    async def begin(self, reader: str, owner: str, position: Document) -> None:
        """Let a reader begin at a position, whatever it had before."""
        await self._collection.replace_one({"_id": reader}, {**position, "owner": owner}, upsert=True)

    async def put_in_place(self, reader: str, of: str, owner: str, session: AsyncClientSession) -> Position | None:
        """Give one reader the position of another, whose own ends; None when that has none that is ready."""
        found = await self._collection.find_one_and_delete({"_id": reader, "ready": True}, session=session)
        if found is None:
            return None
        position = {**found, "_id": of, "owner": owner, "ready": False}
        await self._collection.replace_one({"_id": of}, position, upsert=True, session=session)
        return _position(position)

    async def names(self) -> list[str]:
        """Return the names of all readers that have a position. Raises: Unavailable."""
        with driver_errors():
            return sorted([each["_id"] async for each in self._collection.find({}, {"_id": 1})])

    async def take_over(self, readers: list[str], owner: str) -> None:
        """Make the owner of the lease the only one who can move these positions."""
        for reader in readers:
            await self._collection.update_one({"_id": reader}, {"$set": {"owner": owner}}, upsert=True)

    async def move(self, reader: str, owner: str, changed: Document, session: AsyncClientSession | None = None) -> None:
        """Set fields of a position, as part of a transaction if a session is given. Raises: LeaseLost."""
        moved = await self._collection.update_one({"_id": reader, "owner": owner}, {"$set": changed}, session=session)
        if not moved.matched_count:
            raise LeaseLost(reader)


def _position(found: Document) -> Position:
    return Position(**{name: found[name] for name in Position.__slots__ if name in found})
