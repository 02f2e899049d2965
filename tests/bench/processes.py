"""The processes that are measured, and what they cost: CPU and memory as Linux counts them."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lrs.cli import state
from lrs.store.mongod import running_url
from tests.bench.load import KEY, SECRET

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """One of the two: where it listens, and its HTTP process."""

    name: str
    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Running:
    """The LRS without its worker, the bare app, and the mongod that both use."""

    lrs: Server
    bare: Server
    mongod: int
    mongodb_url: str


def cpu_s(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def megabytes(pid: int) -> tuple[float, float]:
    """Return the memory of a process, now and at its greatest."""
    told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    now, most = (int(told[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, most


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Running]:
    """Start `lrs serve --no-worker` with its mongod, and the bare app beside it; stop both."""
    chosen = {"LRS_DATA_DIR": str(folder), "LRS_PORT": "0", "LRS_API_KEY": KEY, "LRS_API_SECRET": SECRET}
    async with _process(["-m", "lrs", "serve", "--no-worker"], chosen, until=b"Ready"):
        told, url = state.read(folder), running_url(folder)
        assert told is not None
        assert url is not None
        address, pids = told
        http, mongod = pids["http"], pids["mongod"]
        assert isinstance(http, list)
        assert isinstance(mongod, int)
        lrs = Server("LRS", int(address.rpartition(":")[2]), http[0])
        port = _free_port()
        async with _process(["-m", "tests.bench.bare", url, str(port)], {}) as bare:
            await _listens(port)
            yield Running(lrs, Server("bare app", port, bare.pid), mongod, url)


@asynccontextmanager
async def worker(mongodb_url: str) -> AsyncIterator[int]:
    """Run `lrs worker`, and stop it; gives its process id."""
    async with _process(["-m", "lrs", "worker"], {"LRS_MONGODB_URL": mongodb_url}) as process:
        yield process.pid


@asynccontextmanager
async def _process(
    arguments: Sequence[str], chosen: Mapping[str, str], until: bytes | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
    pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env={**variables, **chosen}, stdout=null if until is None else pipe, stderr=null
    )
    try:
        while until is not None:
            assert process.stdout is not None
            line = await process.stdout.readline()
            assert line, f"{arguments} has ended"
            if line.startswith(until):
                break
        yield process
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
