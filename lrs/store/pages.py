"""Pages of statements, in the order of (stored, id) and from a position: never by counting what is passed over.

One index serves lists without a filter, one every filter: it begins with the keys of a statement and ends in the order
of the list, so that a page is read where it begins and no further. Of several keys the index can follow one; the
database tries them side by side and goes on with the one that gets there first. It is told the index, so it does that
for each query: a plan that was good for another verb or agent is never repeated. Nor is one kept that was good for the
beginning of a page: the trial ends at TRIED statements, so no more are asked for at once.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import bson
import orjson
from pymongo import ASCENDING, DESCENDING
from pymongo.asynchronous.collection import AsyncCollection

from lrs.clock import EPOCH
from lrs.errors import Unavailable
from lrs.store.driver_errors import driver_errors
from lrs.xapi.values import parse_timestamp

Document: TypeAlias = dict[str, Any]
Position: TypeAlias = tuple[datetime, UUID]  # `stored` and id of a statement

BY_TIME = ("stored", "_id")
BY_KEY = ("keys", "stored", "_id")
TRIED = 101  # MongoDB's own choice (internalQueryPlanEvaluationMaxResults)
READ_S = 30  # how long a page may take; it may have to look at many statements
PAGE_BYTES = 16_000_000  # a page ends early here and gives `more` (MongoDB's own answers end at 16 MB too)


@dataclass(frozen=True, slots=True)
class Page:
    """Statements of one answer as stored bytes, and where the next page begins (None when there is none)."""

    statements: list[bytes]
    latest: datetime | None  # `stored` of the one that was stored last
    next_position: Position | None


@dataclass(frozen=True, slots=True)
class Within:
    """Which statements are listed: `since` is exclusive and `until` inclusive, as xAPI Communication 2.1.3 has them;
    nothing with `stored` at or above `bound`, and what lies beyond `after`, the last statement already given.
    """

    since: datetime | None = None
    until: datetime | None = None
    bound: datetime | None = None
    after: Position | None = None

    def ranges(self, *, ascending: bool) -> Iterator[Document]:
        """Yield, in the order of the list, what of an index has to be read: one range each."""
        limits = {"$gt": self.since, "$lte": self.until, "$lt": self.bound}
        stored = [{"stored": {operator: limit}} for operator, limit in limits.items() if limit is not None]
        if self.after is None:
            # Marks in the places of statements that aren't there yet have no such time (see `references`).
            yield {"$and": stored or [{"stored": {"$gte": EPOCH}}]}
            return
        beyond = "$gt" if ascending else "$lt"
        moment, statement_id = self.after
        # Statements of one list share their moment: first the rest of them.
        yield {"$and": [*stored, {"stored": moment, "_id": {beyond: statement_id}}]}
        yield {"$and": [*stored, {"stored": {beyond: moment}}]}


async def find(
    statements: AsyncCollection[Document], keys: Sequence[str], within: Within, *, ascending: bool, limit: int
) -> Page:
    """Return a page of the unvoided statements that carry all the keys, by (stored, id). Raises: Unavailable."""
    found: list[bytes] = []
    try:
        # No `within_s`: the driver would wait as long for a server that is away.
        async with asyncio.timeout(READ_S):
            with driver_errors():
                async with aclosing(_read(statements, keys, within, ascending=ascending, limit=limit + 1)) as reading:
                    async for batch in reading:
                        found += batch
                        if sum(map(len, found)) > PAGE_BYTES:
                            break
    except TimeoutError as error:
        raise Unavailable("the database is too slow", why=f"no answer in {READ_S} s") from error
    return _page(found, ascending=ascending, limit=limit)


async def _read(
    statements: AsyncCollection[Document], keys: Sequence[str], within: Within, *, ascending: bool, limit: int
) -> AsyncGenerator[list[bytes], None]:
    """Yield statements, some at a time, up to the limit; with several keys no more at once than they are tried for."""
    while limit > 0:
        left = min(limit, TRIED) if len(keys) > 1 else limit
        limit -= left
        for query in within.ranges(ascending=ascending):
            if left > 0:
                asked = command(keys, query, ascending=ascending, limit=left)
                # The driver's types don't know that this cursor gives bytes, a batch of documents at a time.
                async for batch in cast("AsyncIterator[bytes]", statements.find_raw_batches(**asked)):
                    if raws := [document["raw"] for document in bson.decode_all(batch)]:
                        left, last = left - len(raws), raws[-1]
                        yield raws
        if left > 0:
            return
        within = replace(within, after=_position(last))


def command(keys: Sequence[str], query: Document, *, ascending: bool, limit: int) -> Document:
    """Return what `find` is asked for one range: only bytes, which hold all else, along the index for it."""
    direction = ASCENDING if ascending else DESCENDING
    return {
        "filter": {**({"keys": {"$all": list(keys)}} if keys else {}), "voided_by": None, **query},
        "projection": {"_id": 0, "raw": 1},
        "sort": [(field, direction) for field in BY_TIME],
        "hint": [(field, ASCENDING) for field in (BY_KEY if keys else BY_TIME)],
        "limit": limit,
        "batch_size": limit + 1,  # beyond the limit, so that the answer that holds all also ends the cursor
        "max_time_ms": READ_S * 1000,
    }


def _page(found: list[bytes], *, ascending: bool, limit: int) -> Page:
    """Return a page of as many as are allowed; what was found beyond it means a next page."""
    size, shown = 0, list[bytes]()
    for raw in found[:limit]:
        size += len(raw)
        if shown and size > PAGE_BYTES:
            break
        shown.append(raw)
    if not shown:
        return Page(shown, None, None)
    last = _position(shown[-1])
    latest = last if ascending else _position(shown[0])
    return Page(shown, latest[0], last if len(shown) < len(found) else None)


def _position(raw: bytes) -> Position:
    statement = orjson.loads(raw)
    return parse_timestamp(statement["stored"]), UUID(statement["id"])
