"""The command `lrs` as a program of its own."""

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Command:
    """The command `lrs` on the database of the tests."""

    def __init__(self, url: str) -> None:
        self._environment = {**os.environ, "LRS_MONGODB_URL": url, "PYTHONPATH": str(ROOT), "COLUMNS": "500"}

    async def __call__(self, *words: str, status: int = 0) -> str:
        """Run it; return what it printed, which is an error where a status is expected."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lrs", *words),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        printed, errors = await process.communicate()
        assert process.returncode == status, errors.decode()
        return (errors if status else printed).decode()
