"""Statements of one store: written once, read by id and by keys in the order of (stored, id)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson
import pymongo
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, CollectionInvalid, DuplicateKeyError, OperationFailure

from lrs.store import faults, pages, references
from lrs.store.driver_errors import driver_errors, taken
from lrs.store.group_commit import GroupCommit
from lrs.store.pages import Page, Position
from lrs.store.writers import Writer
from lrs.xapi.columns import Columns
from lrs.xapi.fingerprint import fingerprint

Document: TypeAlias = dict[str, Any]

# Statements repeat themselves: so they take two thirds of what MongoDB's own choice leaves of them (tests/bench).
_COMPRESSED = {"wiredTiger": {"configString": "block_compressor=zstd"}}

WRITE_S = 8  # how long a write with what follows it, or a read by id, may take; then the answer is 503


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A complete statement, ready to be written: its id, bytes and what is indexed of it."""

    id: UUID
    raw: bytes
    stored: datetime
    columns: Columns
    timestamp_given: bool = True  # by its sender
    defines: bool = True  # whether what it says of activities and agents counts beyond it
    redacted: tuple[str, ...] = ()  # the paths that rules of redaction dropped

    @property
    def fingerprint(self) -> bytes:
        """What it has in common with the same statement sent again."""
        return _fingerprint(self.raw, timestamp_given=self.timestamp_given)

    def document(self) -> Document:
        document: Document = {"_id": self.id, "raw": self.raw, "stored": self.stored}
        document |= {name: value for name, value in self.columns._asdict().items() if value is not None}
        for reference in ("ref", "voids"):
            if reference in document:
                document[reference] = UUID(document[reference])
        if not self.timestamp_given:
            document["timestamp_given"] = False
        if not self.defines:
            document["defines"] = False
        if self.redacted:
            document["redacted"] = self.redacted
        return document


class Statements:
    """The collection `statements` of one store."""

    def __init__(self, database: AsyncDatabase[Document], writer: Writer) -> None:
        self._collection = database["statements"]
        self._writer = writer
        self._group_commit = GroupCommit(self._write)
        self._writing: set[asyncio.Task[bool]] = set()

    async def create(self) -> None:
        """Create the collection, compressed, and its indexes; what is there already stays as it is."""
        with suppress(CollectionInvalid):  # it is there
            try:
                await self._collection.database.create_collection(self._collection.name, storageEngine=_COMPRESSED)
            except OperationFailure:  # another storage engine, which compresses in a way of its own or not at all
                await self._collection.database.create_collection(self._collection.name)
        for index in (pages.BY_TIME, pages.BY_KEY):
            await self._collection.create_index([(field, ASCENDING) for field in index])
        await self._collection.create_index([("ref", ASCENDING)], sparse=True)

    def storing(self) -> AbstractAsyncContextManager[datetime]:
        """Give the `stored` of a write, which ends with the block (see `promise`). Raises: Unavailable."""
        return self._writer.storing()

    async def through(self) -> datetime:
        """Return the time before which everything is visible that ever will be. Source: xAPI Communication 2.1.3."""
        return await self._writer.through()

    async def reached(self, moment: datetime) -> datetime:
        """Return the same once it lies above `moment`: everything acknowledged by then is. Waits 1 s at the most."""
        return await self._writer.reached(moment)

    async def insert(self, statements: Sequence[NewStatement]) -> bool:
        """Store all or none durably; False, with nothing stored, when an id is taken. Raises: Unavailable."""
        if len(statements) == 1:
            return await self.insert_one(statements[0])
        return await self.insert_all(statements)

    async def insert_one(self, statement: NewStatement) -> bool:
        """Store one statement durably; False when its id is taken. Raises: Unavailable."""
        document = statement.document()
        return await self._group_commit.insert(document) or await self._alone(self._insert_awaited([document]))

    async def insert_all(self, statements: Sequence[NewStatement]) -> bool:
        """Store all or none, in one transaction; False, with nothing stored, when an id was taken meanwhile.

        Raises: Unavailable.
        """
        documents = [item.document() for item in statements]
        return await self._alone(self._insert_list(documents)) or await self._alone(self._insert_awaited(documents))

    async def fingerprints(self, ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, datetime]]:
        """Return fingerprint and `stored` of those of the ids that are stored.

        Fingerprints are not kept: hardly any statement is ever sent again, and its bytes tell the same.
        """
        fields = {"raw": 1, "stored": 1, "timestamp_given": 1}
        with driver_errors(WRITE_S):
            found = self._collection.find({"_id": {"$in": list(ids)}, "raw": {"$exists": True}}, fields)
            return {each["_id"]: (_fingerprint_of(each), each["stored"]) async for each in found}

    async def get(self, statement_id: UUID, *, voided: bool, keys: Sequence[str] = ()) -> tuple[bytes, datetime] | None:
        """Return the bytes and `stored` of the statement with this id if its being voided is as asked.

        With `keys` only if it carries them all.
        """
        query: Document = {"_id": statement_id, **({"keys": {"$all": list(keys)}} if keys else {})}
        with driver_errors(WRITE_S):
            found = await self._collection.find_one(query, {"raw": 1, "stored": 1, "voided_by": 1})
        if found is None or "raw" not in found or ("voided_by" in found) is not voided:
            return None
        return found["raw"], found["stored"]

    async def find(
        self,
        keys: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        ascending: bool = False,
        limit: int,
        after: Position | None = None,
        before_bound: datetime | None = None,
    ) -> Page:
        """Return a page of the unvoided statements that carry all the keys, by (stored, id).

        `since` is exclusive and `until` inclusive, as xAPI Communication 2.1.3 has them; `after` is the position of the
        last statement already given; nothing with `stored` at or above `before_bound` is shown.
        """
        return await pages.find(
            self._collection,
            keys,
            pages.Within(since, until, before_bound, after),
            ascending=ascending,
            limit=limit,
        )

    async def settle(self, ids: Sequence[UUID], referring: Sequence[UUID]) -> None:
        """Do once more what follows the writing of these statements (see `references`); `referring` are those of them
        that refer to others.
        """
        with driver_errors(WRITE_S):
            if referring:
                await references.follow(self._collection, await self._written(referring))
            pointing = self._collection.find({"ref": {"$in": list(ids)}}, {"_id": 0, "ref": 1})
            if pointed := list({each["ref"] async for each in pointing}):
                await references.answer(self._collection, await self._written(pointed))

    async def _written(self, ids: Sequence[UUID]) -> list[Document]:
        written = {"_id": {"$in": list(ids)}, "raw": {"$exists": True}}
        return await self._collection.find(written, {"ref": 1, "voids": 1, "keys": 1}).to_list()

    async def drain(self) -> None:
        """Wait until every write under way has ended."""
        await self._group_commit.drain()
        if self._writing:
            await asyncio.wait(self._writing)

    async def _alone(self, write: Coroutine[Any, Any, bool]) -> bool:
        """Write in a task of its own: a client that leaves doesn't cancel it."""
        writing = asyncio.create_task(write)
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        return await asyncio.shield(writing)

    async def _write(self, documents: Sequence[Document]) -> set[int]:
        """Write what can be written; return the positions of the others, whose `_id` is taken."""
        failed: set[int] = set()
        with pymongo.timeout(WRITE_S):
            async with self._writer.session(_least(documents)) as session:
                await faults.reached(faults.BEFORE_WRITE)
                try:
                    await self._collection.insert_many(documents, ordered=False, session=session)
                except BulkWriteError as error:
                    failed = taken(error)
            await faults.reached(faults.AFTER_WRITE)
            written = (document for position, document in enumerate(documents) if position not in failed)
            await references.follow(self._collection, written)
        return failed

    async def _insert_list(self, documents: list[Document]) -> bool:
        async def insert(session: AsyncClientSession) -> None:
            await self._collection.insert_many(documents, session=session)
            await faults.reached(faults.BEFORE_WRITE)

        with driver_errors(WRITE_S):
            return await self._in_transaction(documents, insert)

    async def _insert_awaited(self, documents: list[Document]) -> bool:
        """Put statements in the places of marks that wait for them; False when it was no mark that was there."""
        marks = {"_id": {"$in": [document["_id"] for document in documents]}, **references.MARK}

        async def replace(session: AsyncClientSession) -> None:
            await self._collection.delete_many(marks, session=session)
            await self._collection.insert_many(documents, session=session)

        with driver_errors(WRITE_S):
            if await self._collection.find_one(marks, {"_id": 1}) is None:
                return False
            replaced = await self._in_transaction(documents, replace)
            if replaced:
                await references.answer(self._collection, documents)
            return replaced

    async def _in_transaction(
        self, documents: list[Document], write: Callable[[AsyncClientSession], Awaitable[None]]
    ) -> bool:
        """Write all documents, and follow their references; False, with nothing written, when an `_id` is taken."""
        try:
            async with self._writer.session(_least(documents)) as session:
                await session.with_transaction(write)
        except BulkWriteError as error:
            taken(error)
            return False
        except DuplicateKeyError:
            return False
        await faults.reached(faults.AFTER_WRITE)
        await references.follow(self._collection, documents)
        return True


def _least(documents: Sequence[Document]) -> datetime:
    least: datetime = min(document["stored"] for document in documents)
    return least


def _fingerprint_of(document: Document) -> bytes:
    return _fingerprint(document["raw"], timestamp_given=document.get("timestamp_given", True))


def _fingerprint(raw: bytes, *, timestamp_given: bool) -> bytes:
    return fingerprint(orjson.loads(raw), timestamp_given=timestamp_given)
