"""Two HTTP processes under load, one of them killed or stopped: nothing acknowledged is lost, and the promise holds."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from lrs.store.connection import connect as mongodb
from lrs.store.mongod import running_url
from lrs.store.writers import SILENT_S
from lrs.xapi import Json
from tests.api.samples import identified
from tests.connection import KEY, SECRET
from tests.faults import system as systems
from tests.faults.system import System
from tests.follower import Follower

CLIENTS = 6
ROUNDS = 3
# Until the Consistent-Through has passed the moment at which a process was lost.
KILLED_S, STOPPED_S = 3.0, SILENT_S + 3.0
WRITERS = {"host": {"$exists": True}, "ended": None}
TAKES_S = 2.0  # after this a client asks again: a stopped process answers nothing


@dataclass
class Load:
    """Clients that repeat each request until it is acknowledged, each request on a connection of its own."""

    system: System
    acknowledged: set[str] = field(default_factory=set)
    ended: bool = False

    async def run(self) -> None:
        async with connect() as http, asyncio.TaskGroup() as tasks:
            for number in range(CLIENTS):
                tasks.create_task(self._post_on(http, number))

    async def _post_on(self, http: httpx.AsyncClient, number: int) -> None:
        while not self.ended:
            statements = [identified() for _ in range(1 if number % 2 else 10)]
            while not await self._post(http, statements):  # noqa: ASYNC110 - a pause before it is sent again
                await asyncio.sleep(0.05)
            self.acknowledged.update(each["id"] for each in statements)

    async def _post(self, http: httpx.AsyncClient, statements: list[Json]) -> bool:
        body = statements if len(statements) > 1 else statements[0]
        try:
            answer = await http.post(f"{self.system.url}/xapi/statements", json=body)
        except httpx.TransportError:
            return False
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return False
        assert answer.status_code == httpx.codes.OK, answer.text
        return True


def connect() -> httpx.AsyncClient:
    headers = {"X-Experience-API-Version": "1.0.3", "Connection": "close"}
    return httpx.AsyncClient(auth=(KEY, SECRET), headers=headers, timeout=TAKES_S, trust_env=False)


@dataclass
class Reading:
    """A client that reads what is new up to the promise, all the while."""

    system: System
    follower: Follower = field(default_factory=Follower)

    async def run(self) -> None:
        async with connect() as http:
            while True:
                await self.follower.look(http, self.system.url)
                await asyncio.sleep(0.02)

    async def beyond(self, moment: datetime) -> float:
        """Wait until it was told a time beyond `moment`; return how long ago that was."""
        while datetime.fromisoformat(self.follower.through) <= moment:  # noqa: ASYNC110 - another process's promise
            await asyncio.sleep(0.02)
        return round((datetime.now(UTC) - moment).total_seconds(), 1)


@asynccontextmanager
async def watched(system: System) -> AsyncIterator[tuple[Load, Reading]]:
    load, reading = Load(system), Reading(system)
    following = asyncio.create_task(reading.run())
    posting = asyncio.create_task(load.run())
    yield load, reading
    load.ended = True
    await posting
    await reading.beyond(datetime.now(UTC))
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def everything(system: System) -> list[str]:
    async with connect() as http:
        ids, path = [], "/xapi/statements?limit=500"
        while path:
            page = (await http.get(f"{system.url}{path}")).json()
            ids += [each["id"] for each in page["statements"]]
            path = page["more"]
    return ids


async def both_write(system: System) -> None:
    """Wait until both processes are on record as writers, and a moment longer."""
    url = running_url(system.data_dir)
    assert url is not None
    await system.settled()
    expected = {str(pid) for pid in system.pids("server")}
    found: set[str] = set()
    async with mongodb(url) as client:
        while found != expected:
            await asyncio.sleep(0.05)
            found = {each["process"].partition(":")[0] async for each in client["lrs"]["writers"].find(WRITERS)}
    await asyncio.sleep(0.5)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_is_lost_or_missed_when_one_of_two_processes_is_killed_or_stopped(tmp_path: Path) -> None:
    killed_s: list[float] = []
    stopped_s: list[float] = []
    async with systems.running(tmp_path, workers=2) as system:
        async with watched(system) as (load, reading):
            for turn in range(ROUNDS):
                await both_write(system)
                victim = system.pids("server")[turn % 2]
                system.kill([victim])
                killed_s.append(await reading.beyond(datetime.now(UTC)))
                await both_write(system)
                victim = system.pids("server")[turn % 2]
                system.signal(victim, signal.SIGSTOP)
                stopped_s.append(await reading.beyond(datetime.now(UTC)))
                system.signal(victim, signal.SIGCONT)
        stored = await everything(system)
    print(f"\n{len(stored)} statements; s until the promise went on: killed {killed_s}, stopped {stopped_s}")
    assert len(stored) == len(set(stored))
    assert load.acknowledged <= set(stored)
    assert reading.follower.seen == set(stored)
    crowding = systems.crowding()
    assert max(killed_s) < KILLED_S * crowding
    assert max(stopped_s) < STOPPED_S * crowding
