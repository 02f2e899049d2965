"""Back-pressure: how much of the requests under way one process holds in memory.

A database that is slow makes requests wait, and each of them holds what it sent. Beyond a limit new ones are sent away
with 503 and Retry-After, so that those that wait are served and the process never grows without end.

Read and ready to be written, statements take ten to twenty-five times as many bytes as they were sent in. So only some
of the long bodies are worked on at a time, and the others wait for their turn as the bytes they are.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from lrs.errors import Unavailable

LEAST_BYTES = 32_000_000  # of bodies
REQUEST_BYTES = 16_000  # what a request with a small body takes all the same, ready to be written
WORKED_ON_BYTES = 4_000_000  # of longer bodies at a time; a longer one alone
TURN_S = 5  # how long a longer body waits for its turn


class Share:
    """What one request holds."""

    def __init__(self, backlog: "Backlog") -> None:
        self._backlog = backlog
        self.size = 0
        self.is_read = False

    def expect(self, size: int) -> None:
        """Raise Unavailable when a body of `size` bytes will find no room; nothing is held for it yet."""
        self._backlog.require(max(size, REQUEST_BYTES))

    def add(self, size: int) -> None:
        """Hold more. Raises: Unavailable when all requests together hold too much."""
        self._backlog.require(size)
        self.size += size
        self._backlog.held += size

    def read(self) -> None:
        """Count what a request takes beside its body, once that is read: until then it may just be slow."""
        self.add(max(REQUEST_BYTES - self.size, 0))
        self.is_read = True

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Work on the body inside the block: at once on a short one, on a longer one in its turn.

        Raises: Unavailable when that doesn't come within TURN_S.
        """
        if self.size <= REQUEST_BYTES:
            yield
            return
        await self._backlog.begin(self.size)
        try:
            yield
        finally:
            self._backlog.end(self.size)


class Backlog:
    """What all requests of a process hold; a body may have `most_of_one` bytes."""

    def __init__(self, most_of_one: int) -> None:
        self.most = max(LEAST_BYTES, 2 * most_of_one)  # twice: a form holds its content once more (see `alternate`)
        self.held = 0
        self._worked_on = 0
        self._line = asyncio.Lock()  # held by who is next: nobody overtakes a body that needs much room
        self._ended = asyncio.Event()

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Give the share of one request, which ends with the block."""
        share = Share(self)
        try:
            yield share
        finally:
            self.held -= share.size

    def require(self, size: int) -> None:
        """Raise Unavailable unless there is room for `size` bytes more."""
        if self.held + size > self.most:
            raise _full(f"{self.held} bytes of requests wait to be written")

    async def begin(self, size: int) -> None:
        """Wait for the turn of a body. Raises: Unavailable after TURN_S."""
        try:
            async with asyncio.timeout(TURN_S), self._line:
                while self._worked_on and self._worked_on + size > WORKED_ON_BYTES:
                    self._ended.clear()
                    await self._ended.wait()
                self._worked_on += size
        except TimeoutError as error:
            raise _full(f"{self._worked_on} bytes before it were not written within {TURN_S} s") from error

    def end(self, size: int) -> None:
        """End the work on a body."""
        self._worked_on -= size
        self._ended.set()


def _full(why: str) -> Unavailable:
    return Unavailable("the store can't keep up", why=why, accepted="the same request again in a moment")
