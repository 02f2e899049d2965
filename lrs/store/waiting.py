"""`asyncio.wait_for` as Python 3.12 has it, on Python 3.11 too: the driver relies on it.

That of 3.11 waits in a task of its own. It loses a cancellation that comes in the moment in which the task ends; and a
second cancellation leaves the task behind, which in the driver takes a lock of the whole client and gives it back
never: the process doesn't reach the database any more, nor does it fail.
"""

import asyncio
import sys
from collections.abc import Awaitable
from typing import TypeVar

import pymongo.lock

Outcome = TypeVar("Outcome")


async def wait_for(awaited: Awaitable[Outcome], timeout: float | None) -> Outcome:
    """Return what is awaited, in the same task. Raises: TimeoutError after `timeout` seconds."""
    async with asyncio.timeout(timeout):
        return await awaited


def mend() -> None:
    """Let the driver, and all others in this process, wait like this. From Python 3.12 on they do."""
    if sys.version_info < (3, 12):
        setattr(asyncio, "wait_for", wait_for)  # noqa: B010  # to mypy it is a function that can't be another
        setattr(pymongo.lock, "wait_for", wait_for)  # noqa: B010  # it keeps a name of its own for it
