"""A private MongoDB for one machine: a mongod as a replica set of one, in LRS_DATA_DIR.

binary       which program, and does it run here
data_dir     files, secrets, kept port, lock
process      a running mongod, started or found
replica_set  initiate, user, address
exits        why it ended
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pymongo.errors import PyMongoError

from lrs.errors import StartupError
from lrs.settings import Settings
from lrs.store.mongod import binary, exits, process, replica_set
from lrs.store.mongod.data_dir import DataDirectory

_START_SECONDS = 120
"""Recovery after a kill replays the journal: seconds, on a slow disk more."""

_STOP_SECONDS = 30
_PORT_ATTEMPTS = 3


class EmbeddedMongod:
    """The private mongod of LRS_DATA_DIR. `start` as often as needed, `stop` once."""

    def __init__(self, settings: Settings) -> None:
        self._chosen = settings.mongod
        self._directory = DataDirectory(settings.data_dir)
        self._process: process.Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the running mongod."""
        return self._process.pid if self._process is not None and self._process.is_alive() else None

    def expected_url(self) -> str | None:
        """Take the directory and return the URL that mongod had in it last, None in a new one.

        `start` gives the same one unless another program has taken the port. Raises: StartupError as `start`.
        """
        self._directory.open()
        port = self._directory.port()
        return None if port is None else replica_set.url(self._directory.password(), port)

    async def start(self) -> str:
        """Run mongod, or adopt the one a killed server left running, and wait until it takes writes.

        Returns: its `mongodb://` URL, password included; the same as before unless another program took the port.
        Raises: StartupError with what to do about it.
        """
        self._directory.open()
        try:
            port = await self._adopt() or await self._spawn()
            await replica_set.ensure(self._directory.password(), port)
        except PyMongoError as error:
            raise await self._explained(error) from error
        return replica_set.url(self._directory.password(), port)

    async def wait(self) -> int:
        """Wait until mongod ends. Returns: its exit status, negative for a signal, 0 for one that was adopted."""
        return await self._process.wait() if self._process is not None else 0

    async def stop(self) -> None:
        """End mongod (at most 30 s, then by force) and give the directory back."""
        if self._process is not None:
            await self._process.stop(_STOP_SECONDS)
        self._process = None
        self._directory.close()

    async def _adopt(self) -> int | None:
        """The port of the mongod that still runs here, None when none does."""
        found = self._process if self.pid is not None else process.running(self._directory)
        if found is None:
            return None
        port = self._directory.port()
        if port is None or not found.is_ours(self._directory, port):
            why = f"mongod, process {found.pid}, runs on {self._directory.database} and was not started by this system"
            raise StartupError("the data directory belongs to a running mongod", where="LRS_DATA_DIR", why=why)
        self._process = found
        return port if await self._listens(port) else None

    async def _spawn(self) -> int:
        """Start a new mongod on the kept port, or on a new one if another program was faster. Returns: the port."""
        program = await binary.find(self._chosen)
        for _ in range(_PORT_ATTEMPTS):
            port = self._directory.keep_free_port()
            self._process = await process.spawn(program, self._directory, port)
            if await self._listens(port):
                return port
            status = await self._process.wait()
            if status != exits.PORT_TAKEN:
                break
        raise exits.explain(status, self._directory.log)

    async def _listens(self, port: int) -> bool:
        """Wait until mongod takes connections. False when it ended instead."""
        limit = asyncio.get_running_loop().time() + _START_SECONDS
        while self.pid is not None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return True
            if asyncio.get_running_loop().time() > limit:
                why = f"process {self.pid} doesn't listen on port {port} after {_START_SECONDS} s"
                raise StartupError("the private MongoDB is not ready", where="LRS_DATA_DIR", why=why)
        return False

    async def _explained(self, error: PyMongoError) -> StartupError:
        """A mongod that ended while it was being set up says more in its log than the driver can."""
        if self._process is not None and not self._process.is_alive():
            return exits.explain(await self._process.wait(), self._directory.log)
        why = f"{str(error)[:300]}, see {self._directory.log}"
        return StartupError("the private MongoDB can't be set up", where="LRS_DATA_DIR", why=why)


def running_url(data_dir: Path) -> str | None:
    """The URL of the mongod that runs on `data_dir` now, None when none does: for commands beside a server."""
    directory = DataDirectory(data_dir)
    port = directory.port()
    if port is None or process.running(directory) is None:
        return None
    return replica_set.url(directory.password(), port)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The URL of the database for one command: LRS_MONGODB_URL, a running server's, else a mongod of its own.

    Raises: StartupError as `EmbeddedMongod.start`.
    """
    url = settings.mongodb_url or running_url(settings.data_dir)
    if url is not None:
        yield url
        return
    mongod = EmbeddedMongod(settings)
    try:
        yield await mongod.start()
    finally:
        await mongod.stop()
