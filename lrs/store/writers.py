"""The writers: which processes store lists of statements, and in which sessions.

A killed process leaves its transactions open. Until the server gives them up, which takes it 10 s to a minute, they
block every other write of the same ids, and with it the single statements that share an insert. Each process therefore
records its sessions, and a new one ends those of dead processes before it writes.
"""

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias

from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from lrs import clock
from lrs.store.databases import CONTROL
from lrs.store.leases import end_sessions, session_key
from lrs.store.mongod.process import command_line

Document: TypeAlias = dict[str, Any]

RENEWED_S = 1.0  # how often a writer at work says that it lives
SILENT = timedelta(seconds=10)  # after this a writer on another machine counts as dead; here its process is looked at

_PROCESS = f"{os.getpid()}:{clock.new_id()}"  # a restarted container may get the same process id


class Writer:
    """The record of one client's writing, in the collection `writers` of the control database."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        self._writers = client[CONTROL]["writers"]
        self._key = str(clock.new_id())
        self._sessions: list[AsyncClientSession] = []
        self._free: list[AsyncClientSession] = []
        self._renewed: float | None = None
        self._beginning = asyncio.Lock()

    async def begin(self) -> None:
        """Before the first write: end the sessions of dead writers. Later calls do nothing. Raises: PyMongoError."""
        if self._renewed is None:
            async with self._beginning:
                if self._renewed is None:
                    await self._end_dead()
                    await self._record()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncClientSession]:
        """A session for transactions that is on record, so that it is ended if this process dies in one."""
        new = not self._free
        if new:
            self._sessions.append(self._client.start_session())
        session = self._sessions[-1] if new else self._free.pop()
        try:
            if new or self._renewed is None or time.monotonic() - self._renewed > RENEWED_S:
                await self._record()
            yield session
        finally:
            self._free.append(session)

    async def leave(self) -> None:
        """Give the sessions back and take the record away. Call when nothing is being written any more."""
        with suppress(PyMongoError):  # on the way out; a record that stays is found to be a dead process's
            for session in self._sessions:
                await session.end_session()
            if self._renewed is not None:
                await self._writers.delete_one({"_id": self._key})
        self._sessions, self._free, self._renewed = [], [], None

    async def _record(self) -> None:
        """Say that this writer lives, and in which sessions; all of it, for it may have been taken for dead."""
        lives = {"host": socket.gethostname(), "process": _PROCESS, "renewed": clock.now()}
        # Never taken away, so that of two records under way at once either may come last.
        sessions = {"$each": [session_key(session) for session in self._sessions]}
        changed = {"$set": lives, "$addToSet": {"sessions": sessions}}
        await self._writers.update_one({"_id": self._key}, changed, upsert=True)
        self._renewed = time.monotonic()

    async def _end_dead(self) -> None:
        async for record in self._writers.find({"_id": {"$ne": self._key}}):
            if _is_dead(record):
                await end_sessions(self._client, record["sessions"])
                await self._writers.delete_one({"_id": record["_id"], "renewed": record["renewed"]})


def _is_dead(record: Document) -> bool:
    if record["host"] != socket.gethostname():
        return bool(clock.now() - record["renewed"] > SILENT)
    pid = int(record["process"].partition(":")[0])
    reused = pid == os.getpid() and record["process"] != _PROCESS
    return reused or not command_line(pid)
