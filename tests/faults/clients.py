"""Clients of a system in trouble, who note what they sent and what they were told, and what is left of it."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import httpx
import orjson

from lrs.xapi import Json
from tests.connection import Connection
from tests.faults import system as systems
from tests.faults.system import System

OK, AWAY = httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE


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
        self._connection = Connection(system.port)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._connection.close()

    async def post(self, statements: Sequence[Json], *, goes_on: asyncio.Event | None = None) -> Sent:
        """Post one statement as an object, or several as a list; with `goes_on` some bytes of it, the rest after that.

        An answer must come within systems.PATIENCE_S.
        """
        ids, began = [each["id"] for each in statements], time.monotonic()
        content = orjson.dumps(statements if len(statements) > 1 else statements[0])
        try:
            async with asyncio.timeout(systems.PATIENCE_S):
                answer = await self._connection.request("POST", "/xapi/statements", content, goes_on)
        except (ConnectionError, asyncio.IncompleteReadError):
            return Sent(ids, began, time.monotonic() - began, None, {}, b"")
        return Sent(ids, began, time.monotonic() - began, answer.status, answer.headers, answer.content)


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
