"""How long after its acknowledgement a post is in the view of discussion, while statements come at a steady rate."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from lrs.cli.sample import Sample
from lrs.store.mongod import running_url
from lrs.xapi import Json
from tests import truth
from tests.bench.derived import PLUGIN, Arriving, Derived
from tests.bench.figures import Times
from tests.bench.organisations import Plan
from tests.bench.weeks import weeks_equal_the_reference
from tests.connection import Connection
from tests.faults import system as systems
from tests.proc import cpu_used, memory

LISTED = 50  # statements in a list
CONNECTIONS = 64
MARKED = 10  # of the posts that come singly, one in so many is waited for; of each list one
POLL_S = 0.025
STATUS_EVERY_S = 0.5
PATIENCE_S = 120


@dataclass(frozen=True, slots=True)
class Request:
    """Statements posted together, when that is due after the beginning in s, and an act of them that the view gets."""

    due: float
    body: bytes
    mark: str | None


@dataclass
class Load:
    """Requests sent by the clock, whether or not those before were answered."""

    port: int
    requests: Sequence[Request]
    waiting: dict[str, float] = field(default_factory=dict)  # acts by when they were acknowledged
    behind_s: list[float] = field(default_factory=list)  # how late requests were sent
    answered_s: list[float] = field(default_factory=list)
    elapsed_s: float = 0.0

    async def run(self) -> None:
        free: asyncio.Queue[Connection] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            free.put_nowait(Connection(self.port))
        begin = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for request in self.requests:
                await asyncio.sleep(begin + request.due - time.monotonic())
                connection = await free.get()
                self.behind_s.append(time.monotonic() - begin - request.due)
                tasks.create_task(self._post(request, connection, free))
        self.elapsed_s = time.monotonic() - begin
        while not free.empty():
            free.get_nowait().close()

    async def _post(self, request: Request, connection: Connection, free: asyncio.Queue[Connection]) -> None:
        sent = time.monotonic()
        try:
            answer = await connection.request("POST", "/xapi/statements", request.body)
        except (ConnectionError, asyncio.IncompleteReadError):  # kept for too long without a request: once more
            answer = await connection.request("POST", "/xapi/statements", request.body)
        assert answer.status == 200, answer.content[:500]
        present = time.monotonic()
        self.answered_s.append(present - sent)
        if request.mark is not None:
            self.waiting[request.mark] = present
        free.put_nowait(connection)


def requests(sample: Sample, rate: float, singly: float) -> Iterator[Request]:
    """Yield a sample's statements at a rate a second, a share of them singly and the others in lists between these."""
    marks = _marks(sample.truth.interactions)
    position, owed, singles = 0, 0.0, 0
    while position < len(sample.statements):
        owed += LISTED * singly / (1 - singly) if singly < 1 else LISTED
        size = LISTED if singly < 1 else 1
        for count in (size, *[1] * int(owed)):
            posted = sample.statements[position : position + count]
            if not posted:
                return
            position += len(posted)
            singles += len(posted) == 1
            marked = [marks[each["id"]] for each in posted if each["id"] in marks]
            waited_for = marked[-1] if marked and (count > 1 or singles % MARKED == 0) else None
            yield Request(position / rate, orjson.dumps(posted if count > 1 else posted[0]), waited_for)
        owed %= 1


def _marks(interactions: dict[str, list[Json]]) -> dict[str, str]:
    """Return the acts that the view of discussion gets, by statement."""
    posts = {
        statement: act
        for statement, acts in interactions.items()
        for act in acts
        if act["kind"] in truth.POSTS and act["state"] in truth.COUNTED
    }
    return {statement: f"{statement}:{act['kind']}:0" for statement, act in posts.items()}


async def _watch(load: Load, derived: Derived, loading: asyncio.Task[None]) -> list[float]:
    """Return the lag of every act that is waited for, in s; it is looked for every POLL_S."""
    lags, arriving = list[float](), Arriving(derived)
    limit = time.monotonic() + load.requests[-1].due + PATIENCE_S
    while load.waiting or not loading.done():
        if time.monotonic() > limit:
            raise TimeoutError(f"{len(load.waiting)} posts are not in the view")
        asked = list(load.waiting)
        found = await arriving.among(asked)
        present = time.monotonic()
        lags += [present - load.waiting.pop(each) for each in found]
        await asyncio.sleep(POLL_S)
    await loading
    return lags


async def _ask_status(port: int, loading: asyncio.Task[None]) -> list[float]:
    """Return the lag that the status of the plugin tells, each time it is asked, in s."""
    connection, told = Connection(port), list[float]()
    while not loading.done():
        answer = await connection.request("GET", f"/api/v1/plugins/{PLUGIN}/status")
        assert answer.status == 200, answer.content[:500]
        if (lag_s := orjson.loads(answer.content)["lag_s"]) is not None:
            told.append(lag_s)
        await asyncio.sleep(STATUS_EVERY_S)
    connection.close()
    return told


async def measure(folder: Path, *, rate: float, seconds: float, singly: float) -> dict[str, Any]:
    """Return the figures; `wrong` says what of the derived data is not as it should be."""
    plan = Plan(1, int(rate * seconds))
    sample = await asyncio.to_thread(plan.sample)
    async with systems.running(folder) as system:
        url = running_url(system.data_dir)
        assert url is not None
        async with Derived.of(url) as derived:
            load = Load(system.port, list(requests(sample, rate, singly)))
            pids = {name: system.pids(name)[0] for name in ("server", "worker", "mongod")}
            with (
                cpu_used(pids["server"]) as server_s,
                cpu_used(pids["worker"]) as worker_s,
                cpu_used(pids["mongod"]) as mongod_s,
            ):
                loading = asyncio.create_task(load.run())
                lags, told = await asyncio.gather(_watch(load, derived, loading), _ask_status(system.port, loading))
            await derived.caught_up(PATIENCE_S)
            memory_mb = {name: memory(pid, "VmHWM") / 1e6 for name, pid in pids.items()}
            wrong = await derived.wrong([sample.truth.as_dict()])
            different = await weeks_equal_the_reference(system, sample)
    return {
        "statements": len(sample.statements),
        "a_second": len(sample.statements) / load.elapsed_s,
        "singly": singly,
        "lag_s": Times.of(lags).as_dict(),
        "status_s": Times.of(told).as_dict(),
        "answered_s": Times.of(load.answered_s).as_dict(),
        "sent_late_s": Times.of(load.behind_s).as_dict(),
        "cpu_s": {"server": server_s[0], "worker": worker_s[0], "mongod": mongod_s[0]},
        "memory_mb": memory_mb,
        "wrong": [str(each) for each in wrong[:20]] + different,
    }
