"""Group commit: single statements of requests that arrive together share one unordered insert.

One driver call costs far more than one more document in it, so whatever waits when a write ends goes into the next
one. There is no waiting time: a lone statement is written at once. The flush is a task of its own, so a client that
leaves never cancels a driver call (a cancelled insert may be stored all the same).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pymongo.errors import ConnectionFailure, PyMongoError

from lrs.errors import Unavailable
from lrs.store.driver_errors import unavailable

Document: TypeAlias = dict[str, Any]
Write: TypeAlias = Callable[[Sequence[Document]], Awaitable[set[int]]]
"""Write what can be written of a batch and return the positions of the documents whose `_id` was taken."""

BATCH = 500  # documents in one insert: beyond it a document costs no less (tests/bench)
WAITING = 10_000  # documents waiting when new ones are sent away: about 40 MB at 4 kB each


@dataclass(slots=True)
class _Waiting:
    document: Document
    inserted: asyncio.Future[bool]


class GroupCommit:
    """The one writer of single documents within a process."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._queue: list[_Waiting] = []
        self._flusher: asyncio.Task[None] | None = None

    async def insert(self, document: Document) -> bool:
        """Insert one document; True when it is durable, False when its `_id` is taken.

        Raises: Unavailable when the database is away or too many documents wait already.
        """
        if len(self._queue) >= WAITING:
            raise Unavailable("the store can't keep up", why=f"{WAITING} statements wait to be written")
        waiting = _Waiting(document, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_all())
        return await asyncio.shield(waiting.inserted)

    async def drain(self) -> None:
        """Wait until nothing is being written."""
        if self._flusher is not None:
            await asyncio.wait([self._flusher])

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
