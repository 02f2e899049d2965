"""HTTP/1.1 on one kept connection, by hand: for hundreds of clients in one process, whose times are measured."""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

KEY, SECRET = "key", "secret"  # the credential of every system that the tests start

BEGINNING = 20  # bytes of a body that a slow client sends

_TOKEN = b64encode(f"{KEY}:{SECRET}".encode()).decode()
_HEADERS = (
    f"Host: 127.0.0.1\r\nAuthorization: Basic {_TOKEN}\r\nX-Experience-API-Version: 1.0.3\r\n"
    "Content-Type: application/json\r\n"
)
_LIMIT = 1 << 20  # bytes of an answer that are read ahead


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    head: bytes
    content: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, with names in lower case."""
        lines = self.head.decode().strip().split("\r\n")[1:]
        return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}


class Connection:
    """One client on one connection, which it opens when it first asks, and keeps as long as the server does."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> None:
        """Connect, if it isn't."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=_LIMIT)

    def close(self) -> None:
        """Leave."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def request(self, method: str, path: str, body: bytes = b"", goes_on: asyncio.Event | None = None) -> Answer:
        """Ask; with `goes_on` the first bytes of the body, and the rest after that.

        Raises: ConnectionError or IncompleteReadError when the server leaves; the next request connects again.
        """
        try:
            await self.open()
            assert self._streams is not None
            reader, writer = self._streams
            head = f"{method} {path} HTTP/1.1\r\n{_HEADERS}Content-Length: {len(body)}\r\n\r\n".encode()
            first = len(body) if goes_on is None else BEGINNING
            writer.write(head + body[:first])
            if goes_on is not None:
                await goes_on.wait()
                writer.write(body[first:])
            return await self._answer(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            raise

    async def _answer(self, reader: asyncio.StreamReader) -> Answer:
        head = await reader.readuntil(b"\r\n\r\n")
        names = head.lower()
        begin = names.index(b"content-length:") + len(b"content-length:")
        content = await reader.readexactly(int(head[begin : head.index(b"\r", begin)]))
        if b"\r\nconnection: close\r" in names:
            self.close()
        return Answer(int(head[9:12]), head, content)
