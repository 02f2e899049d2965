"""The Statement Resource beside a bare app on the same mongod: `python -m tests.bench.bench_statements`.

The bare app (`bare`) stores and reads with nothing around it, so a ratio says what all the rest costs. The two take
turns through every row. What is read is compared with the bare app's answer byte for byte, but for `stored` and
`more`; every posted id is read back; one statement in a hundred is invalid and has to be refused by the LRS.

Server, mongod and this load share the machine: compare the figures of one run only.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import uvloop

from lrs import clock
from lrs.store.connection import connect
from lrs.store.databases import PREFIX
from lrs.xapi import Json
from tests.bench.load import Asked, run
from tests.bench.processes import Running, Server, bare_app, running, worker
from tests.bench.report import BARE, OFF, ON, Cell, Results
from tests.bench.workload import PATH, Workload, statement
from tests.proc import cpu_used, memory

FIRST = 100_000  # statements at which all rows are measured; and once more at --statements, if that is more
LOADED = 500  # statements in a list while loading
READS = ("all", "agent", "verb", "activity", "related", "statementId")
MB = 1 << 20
READERS, READ = 8, 400  # clients, and requests of a row and round
POSTS = {
    "POST one, 1 client": (1, 1, 300),
    "POST one, 8 clients": (8, 1, 1500),
    "POST one, 32 clients": (32, 1, 3000),
    "POST 50": (1, 50, 5000),
    "POST 500": (1, 500, 10_000),
}  # clients, statements in a list, statements of a round

_STORED = re.compile(rb'"stored":"[^"]*"')
_MORE = re.compile(rb'"more":"[^"]*"\}$')


class Bench:
    """One run: the two servers, what they were sent, and what was measured."""

    def __init__(self, system: Running, bare: Server, results: Results, rounds: int) -> None:
        self._system, self._bare, self._results, self._rounds = system, bare, results, rounds
        self._workload = Workload()
        self._refused: set[str] = set()

    async def load(self, total: int) -> None:
        """Store valid statements in both, up to `total`."""
        missing = total - self._workload.posted
        for name, server in (("LRS", self._system.lrs), ("bare app", self._bare)):
            self._workload.posted = total - missing
            measured = await run(server.port, self._workload.lists(missing, LOADED), 1)
            print(f"{total} statements are in the {name}, {measured.per_s:.0f} a second", flush=True)

    async def reads(self, size: int, lrs: str = OFF) -> None:
        """Measure the rows that read, and compare every answer with the bare app's."""
        for turn in range(self._rounds):
            for name in READS:
                row = f"GET {name}" if name == "statementId" else f"GET 100 {name}"
                requests = self._workload.reads(name, READ)
                cells, answers = await self._in_turn(requests, requests, READERS, turn)
                for path, right in answers[BARE].items():
                    found = answers[OFF][path]
                    assert found.count(b'"stored"') == right.count(b'"stored"'), f"{path}: not as many statements"
                    assert found == right, f"{path}: other bytes"
                if lrs == OFF:
                    self._results.add(size, row, BARE, cells[BARE])
                self._results.add(size, row, lrs, cells[OFF])

    async def posts(self, size: int, lrs: str = OFF) -> None:
        """Measure the rows that store; the bare app only without the worker, which would read along."""
        for turn in range(self._rounds):
            for row, (clients, listed, count) in POSTS.items():
                requests = self._workload.mixed(count, listed)
                self._refused.update(*(_ids(each) for each in requests if each.status == 400))
                if lrs == OFF:
                    accepted = [replace(each, status=200) for each in requests]  # the bare app knows no rule
                    cells, _ = await self._in_turn(accepted, requests, clients, turn)
                    self._results.add(size, row, BARE, cells[BARE])
                    self._results.add(size, row, OFF, cells[OFF])
                else:
                    self._results.add(size, row, lrs, await self._cell(self._system.lrs, requests, clients))

    async def _in_turn(
        self, bare: Sequence[Asked], lrs: Sequence[Asked], clients: int, turn: int
    ) -> tuple[dict[str, Cell], dict[str, dict[str, bytes]]]:
        """Ask both, the one first and the other first in turn, for who is second meets what the first left behind."""
        servers = [(BARE, self._bare, bare), (OFF, self._system.lrs, lrs)]
        cells: dict[str, Cell] = {}
        answers: dict[str, dict[str, bytes]] = {BARE: {}, OFF: {}}
        for name, server, requests in servers if turn % 2 == 0 else reversed(servers):

            def seen(asked: Asked, content: bytes, name: str = name) -> None:
                answers[name][asked.path] = _comparable(content)

            cells[name] = await self._cell(server, requests, clients, seen)
        return cells, answers

    async def caught_up(self) -> None:
        """Wait until the worker has read everything."""
        async with connect(self._system.mongodb_url) as client:
            positions, since = client[f"{PREFIX}default"]["positions"], clock.now()
            while True:
                found = [each.get("data_until") async for each in positions.find()]
                if len(found) > 2 and all(until is not None and until >= since for until in found):
                    return
                await asyncio.sleep(0.2)

    async def read_back(self) -> None:
        """Read the whole store over `more`, a page in memory at a time, and look for every acknowledged statement."""
        missing = {statement(number)["id"] for number in range(self._workload.posted)} - self._refused
        acknowledged, pages = len(missing), 0
        before = memory(self._system.lrs.pid, "VmRSS")
        path = f"{PATH}?limit=500&ascending=true"
        while path:
            page = await self._page(path)
            found = {each["id"] for each in page["statements"]}
            assert found.isdisjoint(self._refused), "a refused statement is stored"
            missing -= found
            path, pages = page["more"], pages + 1
        assert not missing, f"{len(missing)} acknowledged statements are gone"
        after = memory(self._system.lrs.pid, "VmRSS")
        told = f"{acknowledged}, all there over {pages} pages; {len(self._refused)} refused, none of them there"
        self._results.facts["acknowledged and read back"] = told
        self._results.facts["memory of the server before and after reading all"] = (
            f"{before / MB:.0f} and {after / MB:.0f} MB"
        )

    async def _page(self, path: str) -> Json:
        answers: list[bytes] = []
        await run(self._system.lrs.port, [Asked("GET", path)], 1, lambda _, content: answers.append(content))
        page: Json = orjson.loads(answers[0])
        return page

    async def sizes(self) -> None:
        """Note what a stored statement takes on the disk."""
        async with connect(self._system.mongodb_url) as client:
            await client.admin.command("fsync")
            for name, database in (("LRS", f"{PREFIX}default"), ("bare app", "bare")):
                stats = await client[database].command("collStats", "statements")
                each = {key: stats[key] / stats["count"] for key in ("size", "storageSize", "totalIndexSize")}
                told = "{size:.0f} bytes, {storageSize:.0f} compressed, {totalIndexSize:.0f} in indexes".format(**each)
                self._results.facts[f"a statement in the {name}"] = told

    def memory(self, worker_pid: int | None = None) -> None:
        """Note the memory of every process."""
        system = self._system
        pids = {"LRS": system.lrs.pid, "bare app": self._bare.pid, "mongod": system.mongod, "worker": worker_pid}
        for name, pid in pids.items():
            if pid is not None:
                self._results.memory_mb[name] = memory(pid, "VmRSS") / MB, memory(pid, "VmHWM") / MB

    async def _cell(
        self,
        server: Server,
        requests: Sequence[Asked],
        clients: int,
        seen: Callable[[Asked, bytes], None] | None = None,
    ) -> Cell:
        with cpu_used(server.pid) as server_s, cpu_used(self._system.mongod) as mongod_s:
            measured = await run(server.port, requests, clients, seen)
        return Cell.of(measured, server_s[0], mongod_s[0])


def _ids(asked: Asked) -> list[str]:
    sent = orjson.loads(asked.body)
    return [each["id"] for each in (sent if isinstance(sent, list) else [sent])]


def _comparable(content: bytes) -> bytes:
    """Return an answer without what each of the two has its own of."""
    return _STORED.sub(b'"stored":""', _MORE.sub(b'"more":""}', content))


async def measure(statements: int, rounds: int, *, on: bool) -> Results:
    """Return what was measured at FIRST statements and at `statements`, with the worker off, then on."""
    results = Results()
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as system, bare_app(system.mongodb_url) as bare:
            bench = Bench(system, bare, results, rounds)
            for size in sorted({min(FIRST, statements), statements}):
                await bench.load(size)
                await bench.sizes()
                await bench.reads(size)
                if on and size == statements:
                    async with worker(system.mongodb_url) as pid:
                        await bench.caught_up()
                        await bench.reads(size, ON)
                        await bench.posts(size, ON)
                        await bench.caught_up()
                        bench.memory(pid)
                await bench.posts(size)
            await bench.read_back()
            bench.memory()
    return results


def main() -> None:
    """Measure, print tables, write JSON."""
    parser = argparse.ArgumentParser(prog="make bench", description="The Statement Resource beside a bare app.")
    parser.add_argument("--statements", type=int, default=FIRST, help="stored before the (last) measuring")
    parser.add_argument("--rounds", type=int, default=5, help="turns through all rows")
    parser.add_argument("--no-worker", action="store_true", help="measure with the worker off only")
    parser.add_argument("--json", type=Path, default=Path("bench.json"), help="where the figures are written")
    chosen = parser.parse_args()
    results = uvloop.run(measure(chosen.statements, chosen.rounds, on=not chosen.no_worker))
    results.show()
    results.write(chosen.json)
    print(f"The same as JSON: {chosen.json.absolute()}")


if __name__ == "__main__":
    main()
