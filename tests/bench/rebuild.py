"""How long all interactions and views take to be derived anew, and what those who read meanwhile notice of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from lrs.core import statements
from lrs.core.attachments import Sent
from lrs.core.credentials import Access, Doorkeeper
from lrs.store.connection import connect
from lrs.store.positions import NORMALISER
from lrs.store.stores import Stores
from lrs.xapi.versions import Version
from tests.bench import asked, processes
from tests.bench.derived import POLL_S, Derived
from tests.bench.figures import Times
from tests.bench.organisations import Plan, plans
from tests.bench.processes import Running
from tests.bench.reading import Latencies, reading
from tests.bench.weeks import weeks_equal_the_truth
from tests.connection import KEY, SECRET, Connection
from tests.proc import cpu_used, forget_most, memory

EACH = 50_000  # statements of one organisation
LOADED = 500  # statements in a list that is loaded
AT_ONCE = 2  # lists that are being stored
BESIDE = 10  # statements in a list of those that arrive beside
USUAL_S = 30.0  # for which the usual times of reading are taken
PATIENCE_S = 3600.0
LEAST_RATE = 2000  # statements a second: what arrives beside lasts until a rebuild at this rate is done


class Listed(Protocol):
    """What can be loaded."""

    def lists(self, size: int) -> list[bytes]:
        """Return its statements in their order of arrival, as JSON lists of `size`."""


async def load(system: Running, wanted: Sequence[Listed]) -> float:
    """Store statements through the core, and return how many seconds that took; the next is made up meanwhile."""
    begin = time.monotonic()
    async with connect(system.mongodb_url) as client:
        stores = Stores(client)
        access = await Doorkeeper(stores, "http://127.0.0.1").admit(KEY, SECRET)
        async for lists in _made(wanted):
            waiting = iter(lists)
            async with asyncio.TaskGroup() as tasks:
                for _ in range(AT_ONCE):
                    tasks.create_task(_store(access, waiting))
        await stores.drain()
    return time.monotonic() - begin


async def _made(wanted: Sequence[Listed]) -> AsyncIterator[list[bytes]]:
    with ProcessPoolExecutor(1) as other:
        following = other.submit(wanted[0].lists, LOADED)
        for plan in [*wanted[1:], None]:
            lists = await asyncio.wrap_future(following)
            if plan is not None:
                following = other.submit(plan.lists, LOADED)
            yield lists


async def _store(access: Access, waiting: Iterator[bytes]) -> None:
    for body in waiting:
        await statements.post(access, Sent(body), Version.V1)


class Beside:
    """Statements that arrive all the while, at a rate a second; the rest of them at once in the end."""

    def __init__(self, port: int, plan: Plan, rate: float) -> None:
        self._connection, self._rate = Connection(port), rate
        self._waiting = plan.lists(BESIDE)
        self._unhurried = asyncio.Event()
        self.ran_out = False

    async def run(self) -> None:
        begin = time.monotonic()
        for number, body in enumerate(self._waiting):
            if not self._unhurried.is_set():
                wait_s = begin + number * BESIDE / self._rate - time.monotonic()
                await asyncio.sleep(max(wait_s, 0))
            answer = await self._connection.request("POST", "/xapi/statements", body)
            assert answer.status == 200, answer.content[:500]
        self._connection.close()

    def hurry(self) -> None:
        """Let all that is left go."""
        self._unhurried.set()


@asynccontextmanager
async def _arriving(port: int, plan: Plan, rate: float) -> AsyncIterator[Beside]:
    beside = await asyncio.to_thread(Beside, port, plan, rate)
    running = asyncio.create_task(beside.run())
    yield beside
    beside.ran_out = running.done()
    beside.hurry()
    await running


async def _derived_anew(derived: Derived) -> float:
    """Ask for a rebuild, and return how many seconds it takes until its interactions and views are served."""
    begin, before = time.monotonic(), (await derived.normaliser()).generation
    await derived.store.positions.ask(NORMALISER, {"rebuild_asked": True})
    async with asyncio.timeout(PATIENCE_S):
        while True:
            normaliser, plugin = await derived.normaliser(), await derived.plugin()
            if normaliser.generation != before and plugin.source == normaliser.generation and plugin.rebuilt is None:
                return time.monotonic() - begin
            await asyncio.sleep(POLL_S)


async def measure(folder: Path, *, count: int, beside: float) -> dict[str, Any]:
    """Return the figures; `wrong` says what of the derived data is not as it should be."""
    wanted = plans(count, EACH)
    arriving = Plan(len(wanted) + 1, int(beside * (USUAL_S + max(60, count / LEAST_RATE))))
    async with processes.running(folder) as system, Derived.of(system.mongodb_url) as derived:
        loaded_s = await load(system, wanted)
        print(f"{count} statements are stored, {count / loaded_s:.0f} a second", flush=True)
        async with processes.worker(system.mongodb_url) as worker:
            begin = time.monotonic()
            await derived.caught_up(PATIENCE_S)
            first_s = time.monotonic() - begin
            print(f"derived for the first time in {first_s:.0f} s", flush=True)
            told = await _during(system, worker, derived, arriving, beside)
            wrong = await derived.wrong(plan.truth() for plan in [*wanted, arriving])
            weeks = await weeks_equal_the_truth(system.lrs.port, [plan.truth() for plan in [*wanted, arriving]])
            told["asked"] = await asked.measure(system.lrs.port, wanted)
    told["wrong"] += [str(each) for each in wrong[:20]] + weeks
    return {"statements": count, "loaded_a_second": count / loaded_s, "first_s": first_s, **told}


async def _during(system: Running, worker: int, derived: Derived, arriving: Plan, rate: float) -> dict[str, Any]:
    """Rebuild while statements arrive and others read, and compare what was derived before and after."""
    before = await derived.digest(arriving.domain)
    async with _arriving(system.lrs.port, arriving, rate) as beside:
        async with reading(system.lrs.port) as usual:
            await asyncio.sleep(USUAL_S)
        forget_most(worker)
        async with reading(system.lrs.port) as meanwhile:
            with cpu_used(worker) as worker_s, cpu_used(system.mongod) as mongod_s:
                rebuilt_s = await _derived_anew(derived)
        most = memory(worker, "VmHWM")
    await derived.caught_up(PATIENCE_S)
    after = await derived.digest(arriving.domain)
    return {
        "rebuilt_s": rebuilt_s,
        "beside_a_second": rate,
        "beside_ran_out": beside.ran_out,
        "documents": after[0],
        "cpu_s": {"worker": worker_s[0], "mongod": mongod_s[0]},
        "worker_mb": most / 1e6,
        "reads": _compared(usual, meanwhile),
        "wrong": [] if before == after else [f"derived before and after: {before}, {after}"],
    }


def _compared(usual: Latencies, meanwhile: Latencies) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("statements_s", "metrics_s"):
        times = [Times.of(getattr(each, name)) for each in (usual, meanwhile)]
        ratios = {figure: getattr(times[1], figure) / getattr(times[0], figure) for figure in ("median", "p99")}
        found[name] = {"usual": times[0].as_dict(), "meanwhile": times[1].as_dict(), "ratio": ratios}
    return found
