"""A load generator that costs little itself: HTTP/1.1 on kept connections, written by hand."""

import asyncio
import base64
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

KEY, SECRET = "bench", "bench"

_TOKEN = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
_HEADERS = (
    f"Host: 127.0.0.1\r\nAuthorization: Basic {_TOKEN}\r\nX-Experience-API-Version: 1.0.3\r\n"
    "Content-Type: application/json\r\n"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, and the status that answers it; `statements` is how many are stored or read by it."""

    method: str
    path: str
    body: bytes = b""
    status: int = 200
    statements: int = 1

    def encoded(self) -> bytes:
        head = f"{self.method} {self.path} HTTP/1.1\r\n{_HEADERS}Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body


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


class Connection:
    """One client on one connection."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def request(self, asked: Asked) -> bytes:
        """Return the body of the answer, whose status must be the expected one."""
        self._writer.write(asked.encoded())
        answer = await self._reader.readuntil(b"\r\n\r\n")
        begin = answer.lower().index(b"content-length:") + len(b"content-length:")
        content = await self._reader.readexactly(int(answer[begin : answer.index(b"\r", begin)]))
        status = int(answer[9:12])
        assert status == asked.status, (status, asked, content[:500])
        return content


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
            content = await connection.request(asked)
            latencies.append(time.perf_counter() - begin)
            answers.append((asked, content))

    begin = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    elapsed = time.perf_counter() - begin
    await asyncio.gather(*(connection.close() for connection in connections))
    if seen is not None:  # afterwards: what it costs is not the server's
        for asked, content in answers:
            seen(asked, content)
    return Measured(latencies, elapsed, sum(asked.statements for asked, _ in answers))
