"""Requests a second of the Statement Resource, worker off and on: `python -m tests.bench.bench_statements`.

A real `lrs serve` in a folder of its own; server, mongod and this load share the machine, so compare rows of one run.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import orjson

from lrs.cli import state
from lrs.cli.sample import generate
from lrs.xapi import Json
from tests.bench.load import Connection, run

KEY, SECRET = "bench", "bench"
SINGLE, LISTED, READ = 3000, 20_000, 600


async def measure(*, worker: bool) -> None:
    """Start a server, print a table row by row, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = {"LRS_DATA_DIR": folder, "LRS_PORT": "0", "LRS_API_KEY": KEY, "LRS_API_SECRET": SECRET}
        options = [] if worker else ["--no-worker"]
        command = [sys.executable, "-m", "lrs", "serve", *options]
        pipe = asyncio.subprocess.PIPE
        server = await asyncio.create_subprocess_exec(*command, env={**os.environ, **chosen}, stdout=pipe)
        try:
            assert server.stdout is not None
            while not (line := await server.stdout.readline()).startswith(b"Ready"):
                assert line, "the server ended"
            told = state.read(Path(folder))
            assert told is not None
            await _rows(int(told[0].rpartition(":")[2]), worker=worker)
        finally:
            server.terminate()
            await server.wait()


async def _rows(port: int, *, worker: bool) -> None:
    statements = iter(generate(people=500, statements=3 * SINGLE + 2 * LISTED, seed=1).statements)
    for clients in (1, 8, 32):
        await _row(port, f"POST one, {clients} clients", clients, _posts(statements, SINGLE, 1), 1, worker=worker)
    for size in (50, 500):
        requests = _posts(statements, LISTED, size)
        await _row(port, f"POST {size}", 1, requests, size, worker=worker)
    reads = iter([("GET", "/xapi/statements?limit=100", b"")] * READ)
    await _row(port, "GET 100", 8, reads, 1, worker=worker)


async def _row(
    port: int, name: str, clients: int, requests: Iterator[tuple[str, str, bytes]], size: int, *, worker: bool
) -> None:
    connections = [Connection(port, KEY, SECRET) for _ in range(clients)]
    for connection in connections:
        await connection.open()
    measured = await run(connections, requests)
    rate = len(measured.latencies_s) * size / measured.elapsed_s
    p50, p99 = measured.percentile_ms(0.5), measured.percentile_ms(0.99)
    on = "on" if worker else "off"
    print(f"worker {on:<3}  {name:<22} {rate:9.0f} /s   p50 {p50:7.1f} ms   p99 {p99:7.1f} ms", flush=True)
    for connection in connections:
        await connection.close()


def _posts(statements: Iterator[Json], count: int, size: int) -> Iterator[tuple[str, str, bytes]]:
    bodies = [
        orjson.dumps(list(islice(statements, size)) if size > 1 else next(statements)) for _ in range(count // size)
    ]
    return iter([("POST", "/xapi/statements", body) for body in bodies])


def main() -> None:
    """Measure with the worker off, then on."""
    for worker in (False, True):
        asyncio.run(measure(worker=worker))


if __name__ == "__main__":
    main()
