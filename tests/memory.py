"""A folder in memory for the tests' database: each write waits until it is on disk, and nothing outlives the tests.

A run that was killed leaves its folder, and perhaps its mongod: the next run takes both away.
"""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from lrs.store.mongod import process
from lrs.store.mongod.data_dir import DataDirectory

MEMORY = Path("/dev/shm")
ROOM = 8 * 1024**3
"""Bytes that must be free in it: two processes of a whole run take less than half; what mongod caches comes on top."""

_NAME = "lrs-tests-"


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder that is deleted in the end: in memory where there is room, else where temporary files are."""
    _take_away_what_was_left()
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    with TemporaryDirectory(prefix=f"{_NAME}{os.getpid()}-", dir=MEMORY if has_room else None) as folder:
        yield Path(folder)


def _take_away_what_was_left() -> None:
    for left in MEMORY.glob(f"{_NAME}*"):
        if process.command_line(int(left.name.removeprefix(_NAME).partition("-")[0])):
            continue  # its tests run
        mongod = process.running(DataDirectory(left))
        if mongod is not None:
            with suppress(ProcessLookupError):
                os.kill(mongod.pid, signal.SIGKILL)
        shutil.rmtree(left, ignore_errors=True)
