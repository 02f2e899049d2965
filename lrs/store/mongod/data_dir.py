"""The folder of a private mongod: its files, secrets, kept port, and the lock that says whose it is.

data/
├── mongo/        the database's own files
├── mongod.log    of the present run; `.1` to `.3` of those before
├── keyfile       what members of the replica set know each other by
├── password      of the user `lrs`
├── port          a replica set knows its member by address, so the port stays
├── lock          held by the running `lrs serve`; holds its process id
└── server.json   written by `lrs serve`: processes and address
"""

import fcntl
import os
import random
import secrets
import shutil
import socket
from contextlib import suppress
from pathlib import Path

from lrs.errors import StartupError

LEAST_FREE = 300 * 1024**2
"""Bytes that must be free: the journal alone takes 100 MB at a time."""

_PORTS = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections, so that none of those takes a kept one."""

_OLD_LOGS = 3


class DataDirectory:
    """LRS_DATA_DIR. Nothing is touched before `open`."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.database = self.path / "mongo"
        self.log = self.path / "mongod.log"
        self.key_file = self.path / "keyfile"
        self._lock: int | None = None

    def open(self) -> None:
        """Create the folder if need be, take its lock and write the secrets.

        Raises: StartupError when it can't be written, is full, or belongs to a running server.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._take_lock()
            self.database.mkdir(mode=0o700, exist_ok=True)
            self.require_space()
            self._keep_secret("keyfile", secrets.token_hex(64))
            self._keep_secret("password", secrets.token_urlsafe(24))
        except OSError as error:
            why = f"{error.filename or self.path}: {error.strerror}"
            accepted = "a folder this user may write, on a local disk"
            raise StartupError("the data can't be kept", where="LRS_DATA_DIR", why=why, accepted=accepted) from error

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def require_space(self, least: int = LEAST_FREE) -> None:
        """Raises: StartupError when the disk has fewer than `least` bytes free."""
        free = shutil.disk_usage(self.path).free
        if free < least:
            why = f"{free // 1024**2} MB are free in {self.path}"
            raise StartupError(
                "the disk is full", where="LRS_DATA_DIR", why=why, accepted=f"at least {least // 1024**2} MB free"
            )

    def password(self) -> str:
        """The password of the user `lrs`."""
        return self._read("password")

    def port(self) -> int | None:
        """The kept port, None before the first start."""
        text = self._read("port")
        return int(text) if text.isdecimal() else None

    def keep_free_port(self) -> int:
        """The kept port if no other program listens there, else a new one, which is kept from now on."""
        kept = self.port()
        if kept is not None and _is_free(kept):
            return kept
        port = next(port for port in random.sample(_PORTS, 200) if port != kept and _is_free(port))
        replace(self.path / "port", str(port))
        return port

    def holder(self) -> int | None:
        """The process id in mongod's own lock file. A killed mongod leaves it there: ask whether it still runs."""
        with suppress(OSError, ValueError):
            return int((self.database / "mongod.lock").read_text().strip())
        return None

    def rotate_log(self) -> None:
        """Begin a new log, keep the last three."""
        for number in range(_OLD_LOGS, 0, -1):
            older = self.log if number == 1 else self.log.with_name(f"mongod.log.{number - 1}")
            if older.exists():
                older.replace(self.log.with_name(f"mongod.log.{number}"))
        os.close(os.open(self.log, os.O_WRONLY | os.O_CREAT, 0o600))

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.pread(lock, 20, 0).decode(errors="replace").strip()
            os.close(lock)
            raise StartupError(
                "the data directory belongs to a running server",
                where="LRS_DATA_DIR",
                why=f"process {owner or 'unknown'} holds {self.path}",
                accepted="another LRS_DATA_DIR, or stop that process first",
            ) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        self._lock = lock

    def _keep_secret(self, name: str, fresh: str) -> None:
        if not self._read(name):
            replace(self.path / name, fresh)

    def _read(self, name: str) -> str:
        with suppress(FileNotFoundError):
            return (self.path / name).read_text().strip()
        return ""


def replace(path: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
