"""Statements of one store: written once, read by id and by keys in the order of (stored, id)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import pymongo
from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import BulkWriteError, DuplicateKeyError

from lrs.errors import Unavailable
from lrs.store import faults, references
from lrs.store.driver_errors import DUPLICATE_KEY, driver_errors
from lrs.store.group_commit import GroupCommit
from lrs.store.writers import Writer
from lrs.xapi.columns import Columns

Document: TypeAlias = dict[str, Any]

WRITE_S = 8  # how long a write with what follows it, or a read by id, may take; then the answer is 503
READ_S = 30  # and a page, which may have to look at many statements
PAGE_BYTES = 16_000_000  # a page ends early here and gives `more` (MongoDB's own answers end at 16 MB too)


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A complete statement, ready to be written: its id, bytes, fingerprint and what is indexed of it."""

    id: UUID
    raw: bytes
    stored: datetime
    fingerprint: bytes
    columns: Columns
    defines: bool = True  # whether what it says of activities and agents counts beyond it
    redacted: tuple[str, ...] = ()  # the paths that rules of redaction dropped

    def document(self) -> Document:
        indexed = {name: value for name, value in asdict(self.columns).items() if value is not None}
        for reference in ("ref", "voids"):
            if reference in indexed:
                indexed[reference] = UUID(indexed[reference])
        return {
            "_id": self.id,
            "raw": self.raw,
            "stored": self.stored,
            "fingerprint": self.fingerprint,
            **indexed,
            "keys": list(self.columns.keys),
            **({} if self.defines else {"defines": False}),
            **({"redacted": list(self.redacted)} if self.redacted else {}),
        }


@dataclass(frozen=True, slots=True)
class Page:
    """Statements of one answer as stored bytes, and where the next page begins (None when there is none)."""

    statements: list[bytes]
    latest: datetime | None  # `stored` of the one that was stored last
    next_position: tuple[datetime, UUID] | None


class Statements:
    """The collection `statements` of one store."""

    def __init__(self, database: AsyncDatabase[Document], writer: Writer) -> None:
        self._collection = database["statements"]
        self._writer = writer
        self._group_commit = GroupCommit(self._write)
        self._lists: set[asyncio.Task[bool]] = set()

    async def create_indexes(self) -> None:
        await self._collection.create_index([("stored", ASCENDING), ("_id", ASCENDING)])
        await self._collection.create_index([("keys", ASCENDING), ("stored", ASCENDING), ("_id", ASCENDING)])
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

    async def insert_one(self, statement: NewStatement) -> bool:
        """Store one statement durably; False when its id is taken. Raises: Unavailable."""
        return await self._group_commit.insert(statement.document())

    async def insert_all(self, statements: Sequence[NewStatement]) -> bool:
        """Store all or none, in one transaction; False, with nothing stored, when an id was taken meanwhile.

        The write is a task of its own: a client that leaves doesn't cancel it. Raises: Unavailable.
        """
        writing = asyncio.create_task(self._insert_all([item.document() for item in statements]))
        self._lists.add(writing)
        writing.add_done_callback(self._lists.discard)
        return await asyncio.shield(writing)

    async def fingerprints(self, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """Return the fingerprints of those of the ids that are stored."""
        with driver_errors(WRITE_S):
            found = self._collection.find({"_id": {"$in": list(ids)}}, {"fingerprint": 1})
            return {document["_id"]: document["fingerprint"] async for document in found}

    async def stored(self, ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, datetime]]:
        """Return fingerprint and `stored` of those of the ids that are stored."""
        with driver_errors(WRITE_S):
            found = self._collection.find({"_id": {"$in": list(ids)}}, {"fingerprint": 1, "stored": 1})
            return {document["_id"]: (document["fingerprint"], document["stored"]) async for document in found}

    async def get(self, statement_id: UUID, *, voided: bool, keys: Sequence[str] = ()) -> tuple[bytes, datetime] | None:
        """Return the bytes and `stored` of the statement with this id if its being voided is as asked.

        With `keys` only if it carries them all.
        """
        query: Document = {"_id": statement_id, **({"keys": {"$all": list(keys)}} if keys else {})}
        with driver_errors(WRITE_S):
            found = await self._collection.find_one(query, {"raw": 1, "stored": 1, "voided_by": 1})
        if found is None or ("voided_by" in found) is not voided:
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
        after: tuple[datetime, UUID] | None = None,
        before_bound: datetime | None = None,
    ) -> Page:
        """Return a page of the unvoided statements that carry all the keys, by (stored, id).

        `since` is exclusive and `until` inclusive, as xAPI Communication 2.1.3 has them; `after` is the position of the
        last statement already given; nothing with `stored` at or above `before_bound` is shown.
        """
        query = _filter(keys, since, until, before_bound, ascending=ascending, after=after)
        direction = ASCENDING if ascending else DESCENDING
        cursor = self._collection.find(query, {"raw": 1, "stored": 1})
        cursor = cursor.sort([("stored", direction), ("_id", direction)]).limit(limit + 1).max_time_ms(READ_S * 1000)
        try:
            # No `within_s`: the driver would wait as long for a server that is away.
            async with asyncio.timeout(READ_S):
                with driver_errors():
                    return await _page(cursor, limit)
        except TimeoutError as error:
            raise Unavailable("the database is too slow", why=f"no answer in {READ_S} s") from error

    async def settle(self, ids: Sequence[UUID]) -> None:
        """Do once more what follows the writing of these statements (see `references`)."""
        with driver_errors(WRITE_S):
            found = self._collection.find({"_id": {"$in": list(ids)}}, {"ref": 1, "voids": 1, "keys": 1})
            await references.settle(self._collection, [document async for document in found])

    async def drain(self) -> None:
        """Wait until every write under way has ended."""
        await self._group_commit.drain()
        if self._lists:
            await asyncio.wait(self._lists)

    async def _write(self, documents: Sequence[Document]) -> set[int]:
        taken: set[int] = set()
        with pymongo.timeout(WRITE_S):
            async with self._writer.session(_least(documents)) as session:
                await faults.reached(faults.BEFORE_WRITE)
                try:
                    await self._collection.insert_many(documents, ordered=False, session=session)
                except BulkWriteError as error:
                    taken = _taken(error)
            await faults.reached(faults.AFTER_WRITE)
            written = [document for position, document in enumerate(documents) if position not in taken]
            await references.settle(self._collection, written)
        return taken

    async def _insert_all(self, documents: list[Document]) -> bool:
        async def insert(session: AsyncClientSession) -> None:
            await self._collection.insert_many(documents, session=session)
            await faults.reached(faults.BEFORE_WRITE)

        with driver_errors(WRITE_S):
            try:
                async with self._writer.session(_least(documents)) as session:
                    await session.with_transaction(insert)
            except BulkWriteError as error:
                _taken(error)
                return False
            except DuplicateKeyError:
                return False
            await faults.reached(faults.AFTER_WRITE)
            await references.settle(self._collection, documents)
        return True


def _least(documents: Sequence[Document]) -> datetime:
    least: datetime = min(document["stored"] for document in documents)
    return least


def _taken(error: BulkWriteError) -> set[int]:
    """Return the positions whose `_id` was taken; raise the error again if it holds any other failure."""
    failures = error.details["writeErrors"]
    if any(failure["code"] != DUPLICATE_KEY for failure in failures) or error.details["writeConcernErrors"]:
        raise error
    return {failure["index"] for failure in failures}


def _filter(
    keys: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    before_bound: datetime | None,
    *,
    ascending: bool,
    after: tuple[datetime, UUID] | None,
) -> Mapping[str, Any]:
    bounds = {"$gt": since, "$lte": until, "$lt": before_bound}
    stored = {operator: bound for operator, bound in bounds.items() if bound is not None}
    clauses: list[Mapping[str, Any]] = [{"voided_by": None}]
    if keys:
        clauses.append({"keys": {"$all": list(keys)}})
    if stored:
        clauses.append({"stored": stored})
    if after is not None:
        beyond = "$gt" if ascending else "$lt"
        clauses.append({"stored": {f"{beyond}e": after[0]}})
        clauses.append({"$or": [{"stored": {beyond: after[0]}}, {"stored": after[0], "_id": {beyond: after[1]}}]})
    return {"$and": clauses}


async def _page(found: AsyncIterator[Document], limit: int) -> Page:
    """Take up to `limit` statements and PAGE_BYTES; one more that is there means a next page."""
    statements: list[bytes] = []
    size = 0
    latest: datetime | None = None
    position: tuple[datetime, UUID] | None = None
    async for document in found:
        if len(statements) == limit or (statements and size + len(document["raw"]) > PAGE_BYTES):
            return Page(statements, latest, position)
        statements.append(document["raw"])
        size += len(document["raw"])
        position = (document["stored"], document["_id"])
        latest = max(latest or position[0], position[0])
    return Page(statements, latest, None)
