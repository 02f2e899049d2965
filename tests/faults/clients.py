"""Clients of a system in trouble, who note what they sent and what they were told, and what is left of it.

Written by hand, for there are hundreds of them in one process and their times are measured.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import httpx
import orjson

from lrs.xapi import Json
from tests.faults import system as systems
from tests.faults.system import System

OK, AWAY = httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE
BEGINNING = 20  # bytes of a body that a slow client sends

_TOKEN = b64encode(f"{systems.KEY}:{systems.SECRET}".encode()).decode()
_HEAD = (
    f"POST /xapi/statements HTTP/1.1\r\nHost: lrs\r\nAuthorization: Basic {_TOKEN}\r\n"
    "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\nContent-Length: "
)


@dataclass(frozen=True)
class Sent:
    """A request, when it began (on the monotonic clock, in s), how long it took, and its answer if there was one."""

    ids: Sequence[str]
    began: float
    took_s: float
    status: int | None
    headers: Mapping[str, str]
    content: bytes


class Client:
    """A client on one connection, which it keeps as long as the server does."""

    def __init__(self, system: System) -> None:
        self._port = int(system.url.rpartition(":")[2])
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

    async def post(self, statements: Sequence[Json], *, goes_on: asyncio.Event | None = None) -> Sent:
        """Post one statement as an object, or several as a list; with `goes_on` some bytes of it, the rest after that.

        An answer must come within systems.PATIENCE_S.
        """
        ids, began = [each["id"] for each in statements], time.monotonic()
        content = orjson.dumps(statements if len(statements) > 1 else statements[0])
        try:
            async with asyncio.timeout(systems.PATIENCE_S):
                status, headers, answer = await self._exchange(content, goes_on)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.close()
            return Sent(ids, began, time.monotonic() - began, None, {}, b"")
        return Sent(ids, began, time.monotonic() - began, status, headers, answer)

    async def _exchange(self, content: bytes, goes_on: asyncio.Event | None) -> tuple[int, Mapping[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        first = len(content) if goes_on is None else BEGINNING
        writer.write(f"{_HEAD}{len(content)}\r\n\r\n".encode() + content[:first])
        if goes_on is not None:
            await goes_on.wait()
            writer.write(content[first:])
        return await self._answer(reader)

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, Mapping[str, str], bytes]:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        content = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1]), headers, content


async def stored(system: System) -> set[str]:
    """The ids of all statements, each of which is there once."""
    found: list[str] = []
    path = "/xapi/statements?limit=500"
    async with systems.connect(system) as http:
        while path:
            answer = await http.get(f"{system.url}{path}")
            answer.raise_for_status()
            page = answer.json()
            found += [each["id"] for each in page["statements"]]
            path = page["more"]
    assert len(found) == len(set(found))
    return set(found)


def require_kept(sent: Iterable[Sent], there: set[str]) -> None:
    """Check that what was acknowledged is there, and that nothing is there by half."""
    for each in sent:
        if each.status == OK:
            assert there.issuperset(each.ids)
        else:
            assert there.issuperset(each.ids) or there.isdisjoint(each.ids)
