"""The feed: statements of all stores in the order MongoDB committed them, resumable from a token.

One change stream serves all stores, because every stream reads the whole oplog. This module alone knows the mechanism.
"""

import math
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from pymongo import AsyncMongoClient
from pymongo.asynchronous.change_stream import AsyncChangeStream
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from lrs import clock
from lrs.store.databases import PREFIX
from lrs.store.registry import Registry

Document: TypeAlias = dict[str, Any]

BYTES_AT_ONCE = 16_000_000  # of statements: one may have 8 MB
GATHER_S = 0.1  # how long arrivals are gathered: under a steady load no empty answer ever ends a batch
WAIT_MS = 200  # how long the server holds an empty answer back: the pace of idle heartbeats, not of news

_FIELDS = {"raw": 1, "stored": 1, "ref": 1, "voids": 1, "voided_by": 1, "defines": 1}
_PIPELINE: list[Document] = [
    {
        "$match": {
            "operationType": "insert",
            "ns.coll": "statements",
            "ns.db": {"$regex": f"^{PREFIX}"},
            "fullDocument.raw": {"$exists": True},  # no mark in a statement's place (see `references`)
        }
    },
    {"$project": {"ns": 1, "wallTime": 1, **{f"fullDocument.{name}": 1 for name in ("_id", *_FIELDS)}}},
]
_HISTORY_LOST = {286, 280, 260}  # the oplog has rolled past the token, or the token is of another deployment


class Arrival(NamedTuple):
    """One statement as it was stored."""

    id: UUID
    raw: bytes
    stored: datetime
    voids: UUID | None
    defines: bool = True  # whether what it says of activities and agents counts beyond it
    refers: bool = False  # whether it refers to another statement
    voided: bool = False  # whether it was voided by the time it was read


@dataclass(frozen=True, slots=True)
class News:
    """What the feed gives at once: arrivals by store, the token after them, and the time up to which all was seen."""

    arrivals: dict[str, list[Arrival]]
    token: Document
    seen_until: datetime


class HistoryLost(Exception):
    """The oplog no longer reaches back to the token: catch up by scanning."""


class Feed:
    """An open change stream. Make one with `open_feed`."""

    def __init__(self, stream: AsyncChangeStream[Document]) -> None:
        self._stream = stream

    async def begin(self) -> Document:
        """Return the token of the present. What is committed before this returns may not be given: scan for it."""
        await self._stream.try_next()
        return self._token()

    async def news(self, limit: int) -> News:
        """Wait for news, at most WAIT_MS, and return it.

        That is what comes within GATHER_S, up to `limit` arrivals and BYTES_AT_ONCE. Raises: HistoryLost.
        """
        arrivals: dict[str, list[Arrival]] = {}
        asked = clock.now()
        size, gathered = 0, math.inf
        for _ in range(limit):
            if size > BYTES_AT_ONCE or time.monotonic() > gathered:
                break
            asked = clock.now()
            event = await self._stream.try_next()
            if event is None:  # nothing was committed before we asked that we have not seen
                return News(arrivals, self._token(), asked)
            asked = event["wallTime"]
            if not arrivals:
                gathered = time.monotonic() + GATHER_S
            store = event["ns"]["db"].removeprefix(PREFIX)
            arrivals.setdefault(store, []).append(arrival := _arrival(event["fullDocument"]))
            size += len(arrival.raw)
        return News(arrivals, self._token(), asked)

    def _token(self) -> Document:
        token = self._stream.resume_token
        assert token is not None  # the server sends one with every answer
        return dict(token)


@asynccontextmanager
async def open_feed(client: AsyncMongoClient[Document], token: Document | None) -> AsyncIterator[Feed]:
    """Open the feed after a token, or now. Raises: HistoryLost."""
    try:
        stream = await client.watch(_PIPELINE, start_after=token, max_await_time_ms=WAIT_MS, batch_size=1000)
        async with stream:
            yield Feed(stream)
    except OperationFailure as error:
        if error.code in _HISTORY_LOST:
            raise HistoryLost(str(error)) from error
        raise


async def settled(client: AsyncMongoClient[Document]) -> datetime:
    """Return the time before which nothing will be stored any more. Raises: PyMongoError."""
    return await Registry(client).promised()


async def scan(
    database: AsyncDatabase[Document],
    after: tuple[datetime, UUID] | None,
    limit: int,
    before: datetime | None = None,
) -> tuple[list[Arrival], bool]:
    """Return statements after a position, stored before a time, by (stored, id), and whether these are all of them: up
    to `limit` and BYTES_AT_ONCE. To catch up without the oplog.
    """
    until: Document = {} if before is None else {"$lt": before}
    query: Document = {"stored": {"$gte": clock.EPOCH, **until}}
    if after is not None:
        stored, key = after
        query = {
            "$or": [{"stored": {"$gt": stored}}, {"stored": stored, "_id": {"$gt": key}}],
            "stored": {"$gte": stored, **until},
        }
    arrivals: list[Arrival] = []
    size = 0
    found = database["statements"].find(query, _FIELDS).sort([("stored", 1), ("_id", 1)]).limit(limit)
    async with found.batch_size(limit) as cursor:
        async for document in cursor:
            arrivals.append(_arrival(document))
            size += len(document["raw"])
            if size > BYTES_AT_ONCE:
                return arrivals, False
    return arrivals, len(arrivals) < limit


async def stored(database: AsyncDatabase[Document], ids: Collection[UUID]) -> list[Arrival]:
    """Return the statements with these ids."""
    found = database["statements"].find({"_id": {"$in": list(ids)}, "raw": {"$exists": True}}, _FIELDS)
    return [_arrival(document) async for document in found]


async def latest(database: AsyncDatabase[Document], query: Document, limit: int) -> list[Arrival]:
    """Return the statements stored last that a query finds, the latest first: for a view that may be behind."""
    found = database["statements"].find(query, _FIELDS).sort([("stored", -1), ("_id", -1)]).limit(limit)
    return [_arrival(document) async for document in found]


def _arrival(document: Document) -> Arrival:
    return Arrival(
        document["_id"],
        document["raw"],
        document["stored"],
        document.get("voids"),
        document.get("defines", True),
        document.get("ref") is not None,
        document.get("voided_by") is not None,
    )
