"""The records of writers, in the collection `writers` of the control database (the scheme: see `promise`).

{_id, host, process, sessions, promise: P, until: U, renewed}     one for each writer
{_id: "left", until: U}                                           the greatest U of those that are gone
"""

import asyncio
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeAlias
from uuid import UUID

import structlog
from bson.binary import Binary
from pymongo import AsyncMongoClient
from pymongo.read_concern import ReadConcern

from lrs import clock
from lrs.clock import EPOCH
from lrs.store.databases import CONTROL
from lrs.store.fences import fence
from lrs.store.leases import end_sessions
from lrs.store.mongod.process import command_line

Document: TypeAlias = dict[str, Any]

_LEFT = "left"
_PROCESS = f"{os.getpid()}:{clock.new_id()}"  # a restarted container may get the same process id

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Record:
    """A writer as the others see it. `silent_s` is how long ago it was heard of, by the database's clock."""

    key: str
    host: str
    process: str
    promise: datetime
    until: datetime
    renewed: datetime
    silent_s: float
    ended: bool

    @classmethod
    def of(cls, found: Document) -> Self:
        return cls(
            key=found["_id"],
            host=found["host"],
            process=found["process"],
            promise=found.get("promise", EPOCH),
            until=found.get("until", EPOCH),
            renewed=found["renewed"],
            silent_s=found["silent_ms"] / 1000,
            ended=found.get("ended", False),
        )

    def is_gone(self) -> bool:
        """Whether its process was of this machine and no longer runs."""
        if self.host != socket.gethostname():
            return False
        pid = int(self.process.partition(":")[0])
        reused = pid == os.getpid() and self.process != _PROCESS
        return reused or not command_line(pid)


@dataclass(frozen=True, slots=True)
class Others:
    """All other writers, and the greatest time that one of them, or of those that are gone, may have told."""

    records: list[Record]
    until: datetime


class Registry:
    """The records of all writers of one MongoDB."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        self._writers = client[CONTROL].get_collection("writers", read_concern=ReadConcern("majority"))

    async def exchange(self, key: str, *, promise: datetime, until: datetime, new: bool) -> Others | None:
        """Write this writer's record, and read the others' after that; None when the record was ended meanwhile.

        Raises: PyMongoError.
        """
        told = {"host": socket.gethostname(), "process": _PROCESS, "promise": promise, "until": until}
        changed = {"$set": told, "$currentDate": {"renewed": True}}
        # The session is causally consistent: what is read is no older than what was written, whoever is primary.
        async with self._client.start_session() as session:
            written = await self._writers.update_one(_living(key), changed, upsert=new, session=session)
            if not new and not written.matched_count:
                return None
            silence: Document = {"$set": {"silent_ms": {"$subtract": ["$$NOW", "$renewed"]}}}
            cursor = await self._writers.aggregate([{"$match": {"_id": {"$ne": key}}}, silence], session=session)
            found = [each async for each in cursor]
        records = [Record.of(each) for each in found if each["_id"] != _LEFT]
        return Others(records, max((each.get("until", EPOCH) for each in found), default=EPOCH))

    async def promised(self) -> datetime:
        """Return the time before which all writers have stored what they ever will. Raises: PyMongoError."""
        living = await self._writers.find({"_id": {"$ne": _LEFT}}, {"promise": 1}).to_list()
        left = await self._writers.find_one({"_id": _LEFT}) or {}  # whoever comes next stores nothing below its bound
        promised: list[datetime] = [each.get("promise", EPOCH) for each in living] or [left.get("until", EPOCH)]
        return min(promised)

    async def add_session(self, key: str, session: UUID | Binary) -> bool:
        """Put a session on record before it is used; False when the record was ended. Raises: PyMongoError."""
        added = await self._writers.update_one(_living(key), {"$addToSet": {"sessions": session}})
        return bool(added.matched_count)

    async def end(self, record: Record) -> bool:
        """End a writer for good; False when it was heard of meanwhile, or is gone already. Raises: PyMongoError."""
        # From here on it can neither renew its record nor add a session.
        unheard = {"_id": record.key, "renewed": record.renewed}
        marked = await self._writers.find_one_and_update(unheard, {"$set": {"ended": True}})
        if marked is None:
            return False
        sessions = marked.get("sessions", [])
        await end_sessions(self._client, sessions)
        await asyncio.gather(*(fence(self._client, record.key, session) for session in sessions))
        await self.remove(record.key, record.until)
        log.info("a writer was ended", host=record.host, process=record.process, silent_s=record.silent_s)
        return True

    async def remove(self, key: str, told: datetime) -> None:
        """Take a record away of which nothing is written any more. Raises: PyMongoError."""
        await self._writers.update_one({"_id": _LEFT}, {"$max": {"until": told}}, upsert=True)
        await self._writers.delete_one({"_id": key})


def _living(key: str) -> Document:
    return {"_id": key, "ended": None}
