"""`lrs serve`: the private mongod, the HTTP processes and the worker, started in order, kept running, stopped in order.

    listening socket -> mongod -> HTTP processes and worker -> /healthz answers       and back on SIGTERM

A killed child is started again; a killed supervisor leaves mongod running, to be adopted by the next one, and takes
the other children with it. The HTTP processes, LRS_WORKERS of them, accept from one and the same listening socket.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx
import structlog
from pydantic import SecretStr

from lrs.cli import state
from lrs.cli.child import Child, ChildFailed
from lrs.cli.listener import listen
from lrs.cli.parent import die_with_parent
from lrs.errors import StartupError
from lrs.settings import Settings
from lrs.store import connection
from lrs.store.mongod import EmbeddedMongod

__all__ = ["Addresses", "Children", "die_with_parent", "environment", "run"]

log = structlog.get_logger()

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_READY_SECONDS = 120.0
_DRAIN_SECONDS = 30.0
_LONGEST_PAUSE = 5.0
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}


@dataclass(frozen=True)
class Children:
    """What is run. `{fd}` in the HTTP command stands for the number of the inherited listening socket."""

    http: tuple[str, ...] = (sys.executable, "-m", "lrs", "http", "--fd", "{fd}")
    worker: tuple[str, ...] = (sys.executable, "-m", "lrs", "worker")


@dataclass(frozen=True)
class Addresses:
    """Where the running system is found: `url` from this machine, without a trailing slash."""

    host: str
    port: int
    url: str
    mongodb_url: str


async def run(
    settings: Settings,
    *,
    worker: bool,
    ready: Callable[[Addresses], Awaitable[None]] | None = None,
    children: Children | None = None,
) -> int:
    """Serve until SIGTERM, SIGINT or SIGHUP; `ready` is called once the HTTP process answers.

    Returns: the exit status, 0 after a signal, 1 when a child refused to start (it has said why).
    Raises: StartupError about the database, the data directory, the address or the port.
    """
    supervisor = _Supervisor(settings, children or Children(), worker)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, stop.set)
    stopped = asyncio.create_task(stop.wait())
    serving = asyncio.create_task(supervisor.serve(ready))
    try:
        await asyncio.wait({serving, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return _outcome(serving)
    finally:
        stopped.cancel()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        await supervisor.stop()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


class _Supervisor:
    """The running processes. `serve` never ends by itself; `stop` after it was cancelled."""

    def __init__(self, settings: Settings, children: Children, worker: bool) -> None:
        self._settings = settings
        self._children = children
        self._mongod = None if settings.mongodb_url else EmbeddedMongod(settings)
        self._mongodb_url = settings.mongodb_url or ""
        self._socket: socket.socket | None = None
        self._http: list[Child] = []
        self._worker = Child("worker", children.worker) if worker else None
        self._url = ""

    async def serve(self, ready: Callable[[Addresses], Awaitable[None]] | None) -> None:
        """Start everything in order and keep it running. Raises: StartupError, ChildFailed, or a group of them."""
        self._socket = await listen(self._settings.host, self._settings.port)
        command = [part.format(fd=self._socket.fileno()) for part in self._children.http]
        self._http = [Child("http", command, [self._socket.fileno()]) for _ in range(self._settings.workers)]
        expected = self._mongod.expected_url() if self._mongod is not None else None
        async with asyncio.TaskGroup() as tasks:
            if expected is not None:
                # Each process takes a second to start, mongod too: none waits for another that it can wait for later.
                self._mongodb_url = expected
                self._keep_children(tasks)
            addresses = await self._open_database(self._socket.getsockname()[1])
            if expected is None:
                self._keep_children(tasks)
            elif self._mongodb_url != expected:
                self._terminate_children()
            if self._mongod is not None:
                tasks.create_task(self._keep_mongod(self._mongod))
            await _answers(addresses.url)
            print(f"Ready: {addresses.url}/ (xAPI endpoint: {addresses.url}/xapi)", flush=True)
            if ready is not None:
                await ready(addresses)

    async def stop(self) -> None:
        """Let the children drain (at most 30 s), then stop mongod."""
        if self._socket is not None:
            self._socket.close()
        children = [*self._http, *filter(None, [self._worker])]
        await asyncio.gather(*(child.stop(_DRAIN_SECONDS) for child in children))
        if self._mongod is not None:
            await self._mongod.stop()
        state.clear(self._settings.data_dir, os.getpid())

    async def _open_database(self, port: int) -> Addresses:
        if self._mongod is not None:
            self._mongodb_url = await self._mongod.start()
        else:
            client = connection.connect(self._mongodb_url)
            try:
                await connection.verify(client)
            finally:
                await client.close()
        host = _EVERYWHERE.get(self._settings.host, self._settings.host)
        self._url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
        self._record()
        return Addresses(self._settings.host, port, self._url, self._mongodb_url)

    async def _keep_mongod(self, mongod: EmbeddedMongod) -> None:
        while True:
            status = await mongod.wait()
            log.warning("mongod ended and is started again", status=status)
            url = await _restarted(mongod)
            self._record()
            if url != self._mongodb_url:
                self._mongodb_url = url
                self._terminate_children()

    def _keep_children(self, tasks: asyncio.TaskGroup) -> None:
        for child in [*self._http, *filter(None, [self._worker])]:
            tasks.create_task(child.keep(self._environment, self._record))

    def _terminate_children(self) -> None:
        """Have them start again, with the database's new address."""
        for child in [*self._http, *filter(None, [self._worker])]:
            child.terminate()

    def _environment(self) -> Mapping[str, str]:
        assert self._socket is not None
        settings = {
            "mongodb_url": self._mongodb_url,
            "data_dir": self._settings.data_dir.absolute(),
            "port": self._socket.getsockname()[1],
        }
        return environment(self._settings, settings)

    def _record(self) -> None:
        pids: state.Pids = {
            "supervisor": os.getpid(),
            "http": [child.pid for child in self._http if child.pid is not None],
            "worker": self._worker.pid if self._worker is not None else None,
            "mongod": self._mongod.pid if self._mongod is not None else None,
        }
        state.write(self._settings.data_dir, self._url, pids)


def environment(settings: Settings, changed: Mapping[str, object]) -> dict[str, str]:
    """The environment of a child that is to read the same settings, but for the `changed` fields."""
    variables = dict(os.environ)
    for field, value in (dict(settings) | dict(changed)).items():
        name = f"LRS_{field.upper()}"
        variables.pop(name, None)
        if value is not None:
            variables[name] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return variables


async def _answers(url: str) -> None:
    """Wait until /healthz answers 200; meanwhile the connection waits in the queue of the listening socket."""
    limit = time.monotonic() + _READY_SECONDS
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while time.monotonic() < limit:
            try:
                if (await client.get(f"{url}/healthz")).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.05)
    raise StartupError(
        "the HTTP process does not answer", where=f"{url}/healthz", why=f"{_READY_SECONDS:.0f} s went by"
    )


async def _restarted(mongod: EmbeddedMongod) -> str:
    """Start it until that succeeds: a full disk may be freed, and until then the HTTP processes answer 503."""
    pause = 0.5
    while True:
        try:
            return await mongod.start()
        except StartupError as error:
            log.error("mongod can't be started", reason=str(error), pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)


def _outcome(serving: asyncio.Task[None]) -> int:
    """The exit status. Raises: what ended the serving, if it wasn't a child that refused to start."""
    error = serving.exception() if serving.done() else None
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ChildFailed):
        return error.status
    if error is not None:
        raise error
    return 0
