"""A client that posts a sample in its order, and repeats each request until it is acknowledged."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx
import orjson

from lrs import clock
from lrs.xapi import Json
from tests.faults.system import System

PAUSE_S = 0.05  # between a request that failed and its repetition

# What is posted together: sizes of requests that are sent at once, in turn.
PATTERN = ((1, 1, 1), (20,), (1,), (50,), (1, 1, 1, 1, 1), (20, 1, 1))


@dataclass(frozen=True)
class Acknowledgement:
    """When the attempt that succeeded began (on the monotonic clock, in s), and when it was answered (UTC)."""

    began: float
    answered: datetime


@dataclass
class Sender:
    """Sends groups of requests, one group for each that it was allowed, and all at once in the end."""

    system: System
    http: httpx.AsyncClient
    statements: Sequence[Json]
    acknowledged: set[str] = field(default_factory=set)
    repeated: int = 0
    last: Acknowledgement | None = None

    def __post_init__(self) -> None:
        self._allowed = asyncio.Semaphore(0)
        self._freely = False
        self._answered = asyncio.Condition()

    async def run(self) -> None:
        """Post everything. Raises: AssertionError for an answer that repeating does not mend."""
        for group in _groups(self.statements):
            if not self._freely:
                await self._allowed.acquire()
            await asyncio.gather(*(self._post(statements) for statements in group))

    def allow(self) -> None:
        """Let one more group go."""
        self._allowed.release()

    def allow_all(self) -> None:
        """Let all that is left go."""
        self._freely = True
        self._allowed.release()

    async def acknowledgement(self, since: float) -> Acknowledgement:
        """Wait for the answer to an attempt that began after `since`."""
        async with self._answered:
            await self._answered.wait_for(lambda: self.last is not None and self.last.began > since)
            assert self.last is not None
            return self.last

    async def _post(self, statements: Sequence[Json]) -> None:
        """A list, or a single statement as an object."""
        content = orjson.dumps(statements if len(statements) > 1 else statements[0])
        ids = [statement["id"] for statement in statements]
        while True:
            began = time.monotonic()
            if await self._attempt(content, ids):
                break
            self.repeated += 1
            await asyncio.sleep(PAUSE_S)
        async with self._answered:
            self.acknowledged.update(ids)
            self.last = Acknowledgement(began, clock.now())
            self._answered.notify_all()

    async def _attempt(self, content: bytes, ids: list[str]) -> bool:
        try:
            answer = await self.http.post(f"{self.system.url}/xapi/statements", content=content)
        except httpx.TransportError:
            return False
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return False
        assert answer.status_code == httpx.codes.OK, answer.text
        assert answer.json() == ids
        return True


def _groups(statements: Sequence[Json]) -> Iterator[list[Sequence[Json]]]:
    """Cut the statements by PATTERN, again and again."""
    position, turn = 0, 0
    while position < len(statements):
        group = []
        for size in PATTERN[turn % len(PATTERN)]:
            group.append(statements[position : position + size])
            position += size
        yield [request for request in group if request]
        turn += 1
