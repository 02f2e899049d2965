"""A load generator that costs little itself: each client asks for the next thing as soon as the last is answered."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.connection import Connection


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the status that answers it; `statements` is how many are stored or read by it."""

    method: str
    path: str
    body: bytes = b""
    status: int = 200
    statements: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of each request, in the order they ended, how long all took together, and what was stored or read."""

    latencies_s: Sequence[float]
    elapsed_s: float
    statements: int

    @property
    def per_s(self) -> float:
        return self.statements / self.elapsed_s

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


async def run(
    port: int, requests: Iterable[Asked], clients: int, seen: Callable[[Asked, bytes], None] | None = None
) -> Measured:
    """Send the requests, each client the next one as soon as its last is answered; `seen` is shown every answer."""
    connections = [Connection(port) for _ in range(clients)]
    await asyncio.gather(*(connection.open() for connection in connections))
    waiting, latencies, answers = iter(requests), list[float](), list[tuple[Asked, bytes]]()

    async def work(connection: Connection) -> None:
        for asked in waiting:
            begin = time.perf_counter()
            answer = await connection.request(asked.method, asked.path, asked.body)
            latencies.append(time.perf_counter() - begin)
            assert answer.status == asked.status, (answer.status, asked, answer.content[:500])
            answers.append((asked, answer.content))

    begin = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    elapsed = time.perf_counter() - begin
    for connection in connections:
        connection.close()
    if seen is not None:  # afterwards: what it costs is not the server's
        for asked, content in answers:
            seen(asked, content)
    return Measured(latencies, elapsed, sum(asked.statements for asked, _ in answers))
