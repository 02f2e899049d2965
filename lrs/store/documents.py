"""Documents of one store: state, agent profiles and activity profiles in one collection (xAPI Communication 2.2).

A change is computed from the document as it was read, and written only if the document still is what was read: a
revision of its own for each write tells that in the same operation. So writers anywhere can't lose one another's
changes, and there is no state in between that a client that leaves could leave behind.

Changes of one document that wait within a process are made one after the other and written at once: a document that a
whole class writes to is not slower than the disk.
"""

import asyncio
import hashlib
import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import orjson
from pymongo import ASCENDING
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from lrs import clock
from lrs.store.driver_errors import driver_errors
from lrs.xapi.documents import Content, Context, DocumentName
from lrs.xapi.preconditions import etag

Record: TypeAlias = dict[str, Any]
T = TypeVar("T")

WITHIN_S = 8  # how long a read or a change may take, also one that others keep overtaking; then the answer is 503
MOST_BYTES = 15_000_000  # of a document with its name: MongoDB's own limit is 16 MiB
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it is stored; `updated` is the time of its last change, in milliseconds, and always advances."""

    content: Content
    etag: str
    updated: datetime
    revision: UUID


Decide: TypeAlias = Callable[[StoredDocument | None], Content | None]
"""What a document, None if there is none, becomes: its new content, or None for no document. May raise to refuse."""


class Documents:
    """The collection `documents` of one store."""

    def __init__(self, database: AsyncDatabase[Record]) -> None:
        self._collection = database["documents"]
        self._lines: dict[bytes, list[_Waiting]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def create_indexes(self) -> None:
        for_lists = [("context", ASCENDING), ("registration", ASCENDING), ("updated", ASCENDING)]
        await self._collection.create_index(for_lists)

    async def get(self, name: DocumentName) -> StoredDocument | None:
        """Return the document, None if there is none. Raises: Unavailable."""
        with driver_errors(WITHIN_S):
            return await self._read(_key(name))

    async def change(self, name: DocumentName, decide: Decide) -> None:
        """Make of the document what `decide` says, as if nobody else wrote to it meanwhile; durable on return.

        `decide` is asked again whenever somebody else was faster. A client that leaves doesn't cancel the change.
        Raises: what `decide` raises, with nothing changed; Unavailable.
        """
        key, waiting = _key(name), _Waiting(decide)
        if key in self._lines:
            self._lines[key].append(waiting)
        else:
            self._lines[key] = [waiting]
            self._start(self._serve(key, name))
        await asyncio.shield(waiting.done)

    async def ids(self, context: Context, since: datetime | None) -> list[tuple[str, datetime]]:
        """Return the ids in the context and when each changed last, those changed after `since`, sorted by id.

        A context without registration takes in those with any; an id in several stands there once, with the latest.
        Raises: Unavailable. Source: xAPI Communication 2.3 (Multiple Document GET).
        """
        query = _all_of(context)
        if since is not None:
            query["updated"] = {"$gt": since}
        latest: dict[str, datetime] = {}
        with driver_errors(WITHIN_S):
            async for found in self._collection.find(query, {"id": 1, "updated": 1}):
                latest[found["id"]] = max(found["updated"], latest.get(found["id"], found["updated"]))
        return sorted(latest.items())

    async def delete_all(self, context: Context) -> None:
        """Delete every document of the context. Raises: Unavailable. Source: Communication 2.3."""
        await asyncio.shield(self._start(self._delete_all(context)))

    async def drain(self) -> None:
        """Wait until every change under way has ended."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, change: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run it as a task of its own, which goes on when the client leaves."""
        task = asyncio.create_task(change)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _serve(self, key: bytes, name: DocumentName) -> None:
        """Make the changes of one document until none waits."""
        while batch := self._lines[key]:
            self._lines[key] = []
            try:
                failures = await self._make(key, name, batch)
            except Exception as error:
                # Who waits behind them has waited long enough for a database that does not answer.
                batch += self._lines[key]
                self._lines[key] = []
                failures = [error] * len(batch)
            for waiting, failure in zip(batch, failures, strict=True):
                waiting.settle(failure)
        del self._lines[key]

    async def _make(self, key: bytes, name: DocumentName, batch: list["_Waiting"]) -> list[Exception | None]:
        """Make the changes with one write; return why each was refused, None for those that were made."""
        with driver_errors(WITHIN_S):
            while True:
                found = await self._read(key)
                changed, failures = _decided(found, batch)
                if await self._write(key, name, found, changed):
                    return failures
                await asyncio.sleep(random.uniform(0.0, 0.02))  # another process was faster

    async def _write(
        self, key: bytes, name: DocumentName, found: StoredDocument | None, changed: StoredDocument | None
    ) -> bool:
        """Write the document if it still is as it was found; False, with nothing changed, if it is not."""
        if changed is found:
            return True
        if found is None:
            assert changed is not None
            try:
                await self._collection.insert_one(_record(key, name, changed))
            except DuplicateKeyError:
                return False
            return True
        as_found = {"_id": key, "revision": found.revision}
        if changed is None:
            return (await self._collection.delete_one(as_found)).deleted_count == 1
        return (await self._collection.replace_one(as_found, _record(key, name, changed))).matched_count == 1

    async def _delete_all(self, context: Context) -> None:
        with driver_errors(WITHIN_S):
            await self._collection.delete_many(_all_of(context))

    async def _read(self, key: bytes) -> StoredDocument | None:
        found = await self._collection.find_one({"_id": key})
        if found is None:
            return None
        content = Content(found["content"], found["content_type"])
        return StoredDocument(content, found["etag"], found["updated"], found["revision"])


@dataclass(frozen=True, slots=True)
class _Waiting:
    decide: Decide
    done: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def settle(self, failure: Exception | None) -> None:
        if self.done.done():
            return
        if failure is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(failure)
            self.done.exception()  # a client that left never asks: no warning for it


def _decided(
    found: StoredDocument | None, batch: list[_Waiting]
) -> tuple[StoredDocument | None, list[Exception | None]]:
    """Return what the document becomes by one change after the other, and why each was refused or None."""
    current = found
    failures: list[Exception | None] = []
    for waiting in batch:
        try:
            current = _changed(current, waiting.decide(current))
            failures.append(None)
        except Exception as error:
            failures.append(error)
    return current, failures


def _changed(current: StoredDocument | None, content: Content | None) -> StoredDocument | None:
    if content is None:
        return None
    present = clock.now()
    updated = present if current is None else max(present, current.updated + TICK)
    return StoredDocument(content, etag(content.data), updated, clock.new_id())


def _key(name: DocumentName) -> bytes:
    """Return the document's `_id`: of one length for names of any length, and fit to be hashed for sharding."""
    return _digest(_context_key(name.context).hex(), name.context.registration, name.id)


def _context_key(context: Context) -> bytes:
    return _digest(context.resource, context.activity, context.agent)


def _digest(*parts: str | None) -> bytes:
    return hashlib.sha256(orjson.dumps(parts)).digest()


def _all_of(context: Context) -> Record:
    query: Record = {"context": _context_key(context)}
    return query if context.registration is None else {**query, "registration": context.registration}


def _record(key: bytes, name: DocumentName, document: StoredDocument) -> Record:
    return {
        "_id": key,
        "context": _context_key(name.context),
        "resource": str(name.context.resource),
        "activity": name.context.activity,
        "agent": name.context.agent,
        "registration": name.context.registration,
        "id": name.id,
        "content": document.content.data,
        "content_type": document.content.content_type,
        "etag": document.etag,
        "updated": document.updated,
        "revision": document.revision,
    }
