"""A database that hangs under load: memory is bounded, nobody waits for ever, and nothing is lost or stored by half."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from lrs.api.backlog import LEAST_BYTES, REQUEST_BYTES, TURN_S, WORKED_ON_BYTES
from lrs.store.statements import WRITE_S
from lrs.xapi import Json
from tests.api.samples import identified
from tests.faults import clients
from tests.faults import system as systems
from tests.faults.clients import AWAY, OK, Client, Sent
from tests.faults.system import System
from tests.proc import memory

LISTED = 70  # statements of 1.4 kB: lists of 100 kB
LISTS = 480  # half as many again as there is room for
MOST_SINGLES = LISTED * 1400 // REQUEST_BYTES + 5  # that find room where a list doesn't
SLOW = 200  # clients
PROBES = 10
# What is sent is held as it is; ready to be written, it takes ten to twenty-five times as much. (90 MB were measured,
# 380 MB when all of it was made ready at once, and without a limit as much as anybody sends.)
MOST_GROWTH = LEAST_BYTES + 25 * WORKED_ON_BYTES
PROMPT_S = 0.5
RESUMED_S = 3.0


def statements(number: int) -> list[Json]:
    """Statements of the usual size."""
    return [identified(result={"response": "a" * 1200}) for _ in range(number)]


async def post(system: System, sent: Sequence[Json], goes_on: asyncio.Event | None = None) -> Sent:
    """Post on a connection of its own."""
    async with Client(system) as client:
        return await client.post(sent, goes_on=goes_on)


@asynccontextmanager
async def slow_clients(system: System) -> AsyncIterator[list[asyncio.Task[Sent]]]:
    """Clients that have sent the beginning of a statement, and send the rest after the block."""
    goes_on = asyncio.Event()
    posting = [asyncio.create_task(post(system, statements(1), goes_on)) for _ in range(SLOW)]
    try:
        yield posting
    finally:
        goes_on.set()
        await asyncio.gather(*posting)


async def fill(system: System, lists: Sequence[Sequence[Json]]) -> list[asyncio.Task[Sent]]:
    """Send lists, and then singles until one of them finds no room; return them all, most of which wait."""
    posting = [asyncio.create_task(post(system, each)) for each in lists]
    await asyncio.wait(posting, return_when=asyncio.FIRST_COMPLETED)
    for _ in range(MOST_SINGLES):
        posting.append(asyncio.create_task(post(system, statements(1))))
        await asyncio.wait(posting[-1:], timeout=PROMPT_S / 5)
        if posting[-1].done():
            break
    return posting


async def resumed(system: System) -> list[Sent]:
    """Post until that succeeds."""
    sent = [await post(system, statements(1))]
    while sent[-1].status != OK:
        await asyncio.sleep(0.1)
        sent.append(await post(system, statements(1)))
    return sent


def require_refused_for_now(sent: Sent) -> None:
    """Check that it was told to come again."""
    assert sent.status == AWAY, (sent.status, sent.content)
    assert int(sent.headers["retry-after"]) >= 1


@dataclass(frozen=True)
class Episode:
    """What was sent while the database hung, and what was used meanwhile: memory in bytes, times in s."""

    first: Sent
    slow: list[Sent]
    waited: list[Sent]
    probes: list[Sent]
    after: list[Sent]
    growth: int
    resumed_s: float


async def endure(system: System) -> Episode:
    """Have the database hang under load until everybody is answered, and then go on."""
    (server,), (mongod,) = system.pids("server"), system.pids("mongod")
    lists = [statements(LISTED) for _ in range(LISTS)]
    async with slow_clients(system) as slow:
        first = await post(system, statements(LISTED))
        assert first.status == OK
        before = memory(server, "VmRSS")
        with systems.paused(system, mongod):
            filling = await fill(system, lists)
            probes = [await post(system, statements(1)) for _ in range(PROBES)]
            waited = await asyncio.gather(*filling)
        began = time.monotonic()
        after = await resumed(system)
        resumed_s = time.monotonic() - began
    assert system.pids("server") == [server]
    growth = memory(server, "VmHWM") - before
    return Episode(first, [each.result() for each in slow], waited, probes, after, growth, resumed_s)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")
async def test_a_database_that_hangs_takes_neither_memory_nor_anybodys_time(tmp_path: Path) -> None:
    async with systems.running(tmp_path) as system:
        seen = await endure(system)
        there = await clients.stored(system)

    crowding = systems.crowding()
    prompt_s, longest_s = median(each.took_s for each in seen.probes), max(each.took_s for each in seen.waited)
    print(f"\n{seen.growth / 1e6:.0f} MB; refused in {prompt_s:.2f} s, at last {longest_s:.1f} s")
    clients.require_kept([seen.first, *seen.waited, *seen.probes, *seen.after, *seen.slow], there)
    assert [each.status for each in seen.slow] == [OK] * SLOW
    for each in [*seen.probes, *seen.waited]:
        require_refused_for_now(each)
    assert seen.growth < MOST_GROWTH
    assert prompt_s < PROMPT_S * crowding
    assert longest_s < (WRITE_S + TURN_S) * crowding
    assert seen.resumed_s < RESUMED_S * crowding
