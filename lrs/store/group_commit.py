"""Group commit: single statements of requests that arrive together share one unordered insert.

One driver call costs far more than one more document in it, so whatever waits when a write ends goes into the next
one. There is no waiting time: a lone statement is written at once, and a few inserts are under way together, so that
this process works on some requests while the database works on others. A flush is a task of its own, so a client that
leaves never cancels a driver call (a cancelled insert may be stored all the same).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pymongo.errors import ConnectionFailure, PyMongoError

from lrs.store.driver_errors import unavailable

Document: TypeAlias = dict[str, Any]
Write: TypeAlias = Callable[[Sequence[Document]], Awaitable[set[int]]]
"""Write what can be written of a batch and return the positions of the documents whose `_id` was taken."""

BATCH = 500  # documents in one insert: beyond it a document costs no less (tests/bench)
FLUSHES = 2  # inserts under way together: with more of them, fewer documents share one (tests/bench)


@dataclass(slots=True)
class _Waiting:
    document: Document
    inserted: asyncio.Future[bool]


class GroupCommit:
    """What writes single documents within a process."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._queue: list[_Waiting] = []
        self._flushers: set[asyncio.Task[None]] = set()

    async def insert(self, document: Document) -> bool:
        """Insert one document; True when it is durable, False when its `_id` is taken.

        Raises: Unavailable when the database is away. How many wait is for the caller to limit.
        """
        waiting = _Waiting(document, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if len(self._flushers) < FLUSHES:
            flusher = asyncio.create_task(self._flush_all())
            self._flushers.add(flusher)
            flusher.add_done_callback(self._flushers.discard)
        return await asyncio.shield(waiting.inserted)

    async def drain(self) -> None:
        """Wait until nothing is being written."""
        if self._flushers:
            await asyncio.wait(self._flushers)

    async def _flush_all(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
            try:
                taken = await self._write([waiting.document for waiting in batch])
            except ConnectionFailure as error:  # what waits would wait as long again, for the same answer
                batch, self._queue = batch + self._queue, []
                _settle(batch, unavailable(error))
            except Exception as error:  # whatever it is, nobody may wait for ever, and the next batch is written
                _settle(batch, unavailable(error) if isinstance(error, PyMongoError) else error)
            else:
                for position, waiting in enumerate(batch):
                    if not waiting.inserted.done():
                        waiting.inserted.set_result(position not in taken)


def _settle(batch: list[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.inserted.done():
            waiting.inserted.set_exception(error)
            waiting.inserted.exception()  # a client that left never asks: no warning for it
