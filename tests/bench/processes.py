"""The processes that are measured: the LRS as `lrs serve` starts it, a worker of its own, and the bare app."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lrs.store.mongod import running_url
from tests.faults import system as systems


@dataclass(frozen=True, slots=True)
class Server:
    """One that answers: where it listens, and its HTTP process."""

    name: str
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Running:
    """The LRS without its worker, and its mongod."""

    lrs: Server
    mongod: int
    mongodb_url: str


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """Start `lrs serve --no-worker` with its mongod, and stop both."""
    async with systems.running(folder, options=["--no-worker"]) as system:
        (http,), (mongod,), url = system.pids("server"), system.pids("mongod"), running_url(system.data_dir)
        assert url is not None
        yield Running(Server("LRS", system.port, http), mongod, url)


@asynccontextmanager
async def bare_app(mongodb_url: str) -> AsyncIterator[Server]:
    """Start the bare app on the same mongod, and stop it."""
    port = _free_port()
    async with _process(["-m", "tests.bench.bare", mongodb_url, str(port)], {}) as bare:
        await _listens(port)
        yield Server("bare app", port, bare)


@asynccontextmanager
async def worker(mongodb_url: str) -> AsyncIterator[int]:
    """Run `lrs worker`, and stop it; gives its process id."""
    async with _process(["-m", "lrs", "worker"], {"LRS_MONGODB_URL": mongodb_url}) as pid:
        yield pid


@asynccontextmanager
async def _process(arguments: Sequence[str], chosen: Mapping[str, str]) -> AsyncIterator[int]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
    null = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**variables, **chosen}, stdout=null, stderr=null
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
