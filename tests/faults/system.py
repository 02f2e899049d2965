"""A real `lrs serve`, started as its users start it, and killed as they never should."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Literal, TypeAlias

import httpx

from lrs.cli import state
from lrs.store.mongod.process import command_line
from tests.connection import KEY, SECRET

Victim: TypeAlias = Literal["server", "worker", "mongod", "all"]

VICTIMS: tuple[Victim, ...] = ("server", "worker", "mongod", "all")
PATIENCE_S = 60  # for a start or a stop that hangs; what may take how long is for the tests to say


class System:
    """The processes of one data directory. Only what this object started, or its supervisor did, is ever ended."""

    def __init__(
        self, directory: Path, fault_socket: Path | None, workers: int = 1, options: Sequence[str] = ()
    ) -> None:
        self.directory = directory
        self.workers = workers
        self._options = options
        self.log = directory / "serve.log"
        self.url = ""
        self._data = directory / "data"
        self._fault_socket = fault_socket
        self._supervisor: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._seen: set[int] = set()

    @property
    def environment(self) -> dict[str, str]:
        """The environment of `lrs serve`, and of commands beside it."""
        variables = {name: value for name, value in os.environ.items() if not name.startswith("LRS_")}
        # An installed package has its bytecode; a start must not wait for the compiler.
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        variables |= {"PYTHONPYCACHEPREFIX": str(self.directory / "bytecode"), "LRS_DATA_DIR": str(self._data)}
        variables |= {"LRS_PORT": "0", "LRS_API_KEY": KEY, "LRS_API_SECRET": SECRET, "LRS_WORKERS": str(self.workers)}
        return variables

    @property
    def data_dir(self) -> Path:
        """LRS_DATA_DIR."""
        return self._data

    async def start(self) -> None:
        """Start `lrs serve` and wait until it says where it answers."""
        faults = {} if self._fault_socket is None else {"LRS_FAULT_SOCKET": str(self._fault_socket)}
        with self.log.open("ab") as log:
            self._supervisor = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "lrs", "serve", *self._options),
                env=self.environment | faults,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._seen.add(self._supervisor.pid)
        assert self._supervisor.stdout is not None
        async with asyncio.timeout(PATIENCE_S):
            while not (line := (await self._supervisor.stdout.readline()).decode()).startswith("Ready: "):
                assert line, f"`lrs serve` has ended: {self.log.read_text()[-2000:]}"
        self.url = line.split()[1].rstrip("/")
        self._reading = asyncio.create_task(_drain(self._supervisor.stdout))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    def pids(self, victim: Victim) -> list[int]:
        """The process ids of a victim, as far as they are known to run; the supervisor first, or it starts others."""
        told = state.read(self._data)
        assert told is not None
        pids = told[1]
        assert self._supervisor is not None
        assert pids["supervisor"] == self._supervisor.pid
        named = {"server": ["http"], "worker": ["worker"], "mongod": ["mongod"]}
        found: list[int] = []
        for name in named.get(victim, ["supervisor", "http", "worker", "mongod"]):
            told_pids = pids[name]
            found += told_pids if isinstance(told_pids, list) else [] if told_pids is None else [told_pids]
        self._seen.update(found)
        return found

    async def settled(self) -> None:
        """Wait until every process runs, and is on record: a process that was killed is, until it is replaced."""
        expected = len(VICTIMS) - 1 + self.workers
        while not (len(pids := self.pids("all")) == expected and all(map(command_line, pids))):  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    def kill(self, pids: Iterable[int]) -> None:
        """SIGKILL to processes of this system, all at once."""
        for pid in pids:
            self.signal(pid, signal.SIGKILL)

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Send a signal to a process of this system."""
        assert pid in self._seen
        os.kill(pid, number)

    async def ended(self) -> int:
        """Wait until the supervisor has ended, and return its exit status."""
        assert self._supervisor is not None
        return await asyncio.wait_for(self._supervisor.wait(), PATIENCE_S)

    async def start_again(self) -> None:
        """Start after the supervisor has ended, with all the others."""
        await self._reap()
        await self.start()

    async def stop(self) -> None:
        """Ask for a clean stop; whatever is left of the system after it is killed."""
        with suppress(AssertionError):  # nothing is on record of a supervisor that never came so far
            self.pids("all")
        if self._supervisor is not None and self._supervisor.returncode is None:
            self._supervisor.terminate()
            try:
                await asyncio.wait_for(self._supervisor.wait(), PATIENCE_S)
            except TimeoutError:
                self._supervisor.kill()
        for pid in self._seen:
            if self._is_ours(pid):
                os.kill(pid, signal.SIGKILL)
        await self._reap()

    def _is_ours(self, pid: int) -> bool:
        """Whether the process is still the one that was seen, and not another program under its number."""
        words = command_line(pid)
        return words[1:4] in (["-m", "lrs", "serve"], ["-m", "lrs", "http"], ["-m", "lrs", "worker"]) or any(
            word.startswith(str(self._data)) for word in words
        )

    async def _reap(self) -> None:
        if self._supervisor is not None:
            await self._supervisor.wait()
        if self._reading is not None:
            await self._reading


@asynccontextmanager
async def running(
    directory: Path, fault_socket: Path | None = None, workers: int = 1, options: Sequence[str] = ()
) -> AsyncIterator[System]:
    """A system that has started, with options of `lrs serve`, and is gone at the end whatever happened."""
    system = System(directory, fault_socket, workers, options)
    try:
        await system.start()
        yield system
    finally:
        await system.stop()


@contextmanager
def paused(system: System, pid: int) -> Iterator[None]:
    """A process of the system stands still inside the block."""
    system.signal(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        system.signal(pid, signal.SIGCONT)


def crowding() -> float:
    """How many times as many processes want to run as there are cores, at least 1: the machine may be shared.

    A limit of time holds for a machine of one's own; where others take the cores, all lasts longer by about as much.
    """
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def connect(system: System) -> httpx.AsyncClient:
    """A client with the credential of the system; its address changes, so each request names it."""
    headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
    return httpx.AsyncClient(auth=(KEY, SECRET), headers=headers, timeout=20, trust_env=False)


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(4096):
        pass
