"""SIGTERM under load: requests under way are answered, what was acknowledged is kept, and nothing is stored by half."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from lrs.store.mongod.process import command_line
from tests.api.samples import identified
from tests.faults import clients
from tests.faults import system as systems
from tests.faults.clients import AWAY, OK, Client, Sent
from tests.faults.system import System

SINGLES, LISTS = 28, 4  # clients
LISTED = 50
LOADED_S = 1.0
UNDER_WAY_S = 0.3  # until every client waits for an answer
DRAINING_S = 0.5  # for which it is seen to wait
STOPS_S = 30


@dataclass
class Load:
    """Clients on kept connections, each of which posts until the system takes no more."""

    system: System
    sent: list[Sent] = field(default_factory=list)
    under_way: set[int] = field(default_factory=set)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for number in range(SINGLES + LISTS):
                tasks.create_task(self._post_on(number, 1 if number < SINGLES else LISTED))

    async def _post_on(self, number: int, length: int) -> None:
        async with Client(self.system) as client:
            status: int | None = OK
            while status == OK:
                self.under_way.add(number)
                sent = await client.post([identified() for _ in range(length)])
                self.under_way.discard(number)
                self.sent.append(sent)
                status = sent.status


async def refuses(system: System) -> None:
    """Wait until nobody is let in any more."""
    port = int(system.url.rpartition(":")[2])
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            return
        writer.close()
        await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """A system that each test stops, and starts again."""
    async with systems.running(tmp_path_factory.mktemp("system")) as running:
        yield running


@asynccontextmanager
async def loaded(system: System) -> AsyncIterator[Load]:
    """A load for some time, and until the system takes no more of it."""
    load = Load(system)
    running = asyncio.create_task(load.run())
    try:
        await asyncio.sleep(LOADED_S)
        yield load
        await running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def require_gone(system: System, pids: Sequence[int]) -> None:
    """Wait for the end of a system that has been asked to stop; it leaves nothing behind."""
    assert await system.ended() == 0
    assert not [pid for pid in pids if command_line(pid)]


async def require_kept(system: System, load: Load) -> None:
    """Start again, and look what is there of the load."""
    await system.start_again()
    clients.require_kept(load.sent, await clients.stored(system))


@pytest.mark.faults
@pytest.mark.slow
async def test_a_stop_under_load_loses_nothing_and_halves_nothing(system: System) -> None:
    pids = system.pids("all")
    async with loaded(system) as load:
        asked = time.monotonic()
        system.signal(pids[0], signal.SIGTERM)
    await require_gone(system, pids)
    took_s = time.monotonic() - asked
    await require_kept(system, load)

    statuses = [each.status for each in load.sent]
    print(f"\n{len(load.sent)} requests, stopped in {took_s:.1f} s")
    assert took_s < STOPS_S
    assert statuses.count(OK) > SINGLES + LISTS
    assert set(statuses) <= {OK, AWAY, None}


@pytest.mark.faults
@pytest.mark.slow
async def test_a_stop_waits_for_the_answers_to_requests_that_are_under_way(system: System) -> None:
    pids, (mongod,) = system.pids("all"), system.pids("mongod")
    async with loaded(system) as load:
        with systems.paused(system, mongod):
            await asyncio.sleep(UNDER_WAY_S)
            answered, asked = len(load.sent), time.monotonic()
            assert len(load.under_way) == SINGLES + LISTS
            system.signal(pids[0], signal.SIGTERM)
            await refuses(system)
            await asyncio.sleep(DRAINING_S)
            assert len(load.sent) == answered
    await require_gone(system, pids)
    await require_kept(system, load)

    assert all(each.status == OK for each in load.sent if each.began < asked)
    assert all(each.status is None for each in load.sent if each.began > asked)
