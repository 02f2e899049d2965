"""A running mongod: started here, or found running after its server was killed."""

import asyncio
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from lrs.store.mongod.data_dir import DataDirectory

REPLICA_SET = "lrs"

_GIGABYTE = 1024**3
_POLL_SECONDS = 0.1


class Process:
    """One mongod. `child` is None for one that another process started: it can't be waited for, only watched."""

    def __init__(self, pid: int, database: Path, child: asyncio.subprocess.Process | None = None) -> None:
        self.pid = pid
        self._database = database
        self._child = child

    def is_alive(self) -> bool:
        if self._child is not None:
            return self._child.returncode is None
        return str(self._database) in command_line(self.pid)

    def is_ours(self, directory: DataDirectory, port: int) -> bool:
        """Whether it runs with our options: someone may have started a mongod on these files by hand."""
        return {str(directory.key_file), str(port)} <= set(command_line(self.pid))

    async def wait(self) -> int:
        """Wait for its end. Returns: the exit status, negative for a signal, 0 when it can't be known."""
        if self._child is not None:
            return await self._child.wait()
        while self.is_alive():  # noqa: ASYNC110 - the end of a process that is not ours gives no event
            await asyncio.sleep(_POLL_SECONDS)
        return 0

    async def stop(self, seconds: float) -> None:
        """Ask it to write its checkpoint and end; kill it after `seconds`, which loses nothing journalled."""
        for number, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, 10.0)):
            if not self.is_alive():
                return
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), patience)


async def spawn(binary: Path, directory: DataDirectory, port: int) -> Process:
    """Start mongod in a session of its own, so that Ctrl-C in a terminal reaches only the server, which stops it last.

    It is no child that dies with its parent: a database must not end under writes, and is adopted at the next start.
    """
    directory.rotate_log()
    with directory.log.open("ab") as log:
        child = await asyncio.create_subprocess_exec(
            str(binary),
            *_options(directory, port),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Process(child.pid, directory.database, child)


def running(directory: DataDirectory) -> Process | None:
    """The mongod that still runs on this directory, None when none does.

    A lock file may be stale and its process id given to another program, so the command line has to name the directory.
    """
    pid = directory.holder()
    if pid is None or str(directory.database) not in command_line(pid):
        return None
    return Process(pid, directory.database)


def command_line(pid: int) -> list[str]:
    """The arguments of a running process; empty for one that ended, a zombie too."""
    if os.path.isdir("/proc/self"):
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        return []
    listing = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return listing.stdout.split()


def _options(directory: DataDirectory, port: int) -> list[str]:
    options = {
        "dbpath": str(directory.database),
        "logpath": str(directory.log),
        "bind_ip": "127.0.0.1",
        "port": str(port),
        "replSet": REPLICA_SET,
        "keyFile": str(directory.key_file),
        "oplogSize": "2048",
        "wiredTigerCacheSizeGB": f"{_cache_gigabytes():.2f}",
    }
    flags = ["--logappend", "--nounixsocket", "--quiet", "--setParameter", "transactionLifetimeLimitSeconds=10"]
    return [part for name, value in options.items() for part in (f"--{name}", value)] + flags


def _cache_gigabytes() -> float:
    """A quarter of the memory this process may use, at most 2 GB, at least mongod's own minimum of 0.25."""
    return min(max(_memory() / 4 / _GIGABYTE, 0.25), 2.0)


def _memory() -> int:
    """Bytes of memory: the machine's, or what the container is limited to."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for limit in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            memory = min(memory, int(Path(limit).read_text()))
    return memory
