"""How long the database may take over one question of an analyst."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pymongo.errors import ExecutionTimeout

from lrs.errors import Unavailable
from lrs.store.driver_errors import driver_errors


@asynccontextmanager
async def at_most(seconds: float, *, accepted: str) -> AsyncIterator[None]:
    """Give up after some seconds, and say what would be `accepted`. Raises: Unavailable.

    The database has the same limit for its own work (`max_time_ms`); this one also ends the wait for one that hangs.
    """
    try:
        async with asyncio.timeout(seconds):
            with driver_errors():
                try:
                    yield
                except ExecutionTimeout as error:
                    raise TimeoutError from error
    except TimeoutError as error:
        why = f"the database has no answer after {seconds:g} s"
        raise Unavailable("the question takes too long", why=why, accepted=accepted) from error
