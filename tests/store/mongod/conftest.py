"""A private MongoDB in a folder of the test, stopped at its end."""

import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from lrs.settings import Settings
from lrs.store.mongod import EmbeddedMongod
from lrs.store.mongod.data_dir import DataDirectory
from lrs.store.mongod.process import running


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Callable[[], EmbeddedMongod]]:
    """Make an EmbeddedMongod on `tmp_path / "data"`; whatever runs there afterwards is ended."""
    made: list[EmbeddedMongod] = []

    def make() -> EmbeddedMongod:
        made.append(EmbeddedMongod(Settings(data_dir=tmp_path / "data")))
        return made[-1]

    yield make
    for mongod in made:
        await mongod.stop()
    left = running(DataDirectory(tmp_path / "data"))
    if left is not None:
        with suppress(ProcessLookupError):
            os.kill(left.pid, signal.SIGKILL)
