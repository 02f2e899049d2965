"""A load generator that costs little itself: HTTP/1.1 on kept connections, written by hand."""

import asyncio
import base64
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Seconds of each request, in the order they ended, and how long all took together."""

    latencies_s: Sequence[float]
    elapsed_s: float

    def percentile_ms(self, share: float) -> float:
        ordered = sorted(self.latencies_s)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


class Connection:
    """One client on one connection."""

    def __init__(self, port: int, key: str, secret: str) -> None:
        self._port = port
        token = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers = (
            f"Host: 127.0.0.1\r\nAuthorization: Basic {token}\r\nX-Experience-API-Version: 1.0.3\r\n"
            "Content-Type: application/json\r\n"
        )

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Return the body of the answer, which must be a 200."""
        head = f"{method} {path} HTTP/1.1\r\n{self._headers}Content-Length: {len(body)}\r\n\r\n"
        self._writer.write(head.encode() + body)
        answer = await self._reader.readuntil(b"\r\n\r\n")
        lines = answer.lower().split(b"\r\n")
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        content = await self._reader.readexactly(length)
        assert lines[0].startswith(b"http/1.1 200"), (lines[0], content[:500])
        return content


async def run(connections: Sequence[Connection], requests: Iterator[tuple[str, str, bytes]]) -> Measured:
    """Send the requests, each connection the next one as soon as its last is answered."""
    latencies: list[float] = []

    async def work(connection: Connection) -> None:
        for method, path, body in requests:
            begin = time.perf_counter()
            await connection.request(method, path, body)
            latencies.append(time.perf_counter() - begin)

    begin = time.perf_counter()
    await asyncio.gather(*(work(connection) for connection in connections))
    return Measured(latencies, time.perf_counter() - begin)
