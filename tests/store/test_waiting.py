"""Calls that are cancelled while the database is away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pymongo.errors import ServerSelectionTimeoutError

from lrs.store.connection import Client, connect
from tests.store.mongod.programs import free_port

SELECTION_S = 0.5


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    """A client of a server that isn't there."""
    milliseconds = int(SELECTION_S * 1000)
    async with connect(f"mongodb://127.0.0.1:{free_port()}/?serverSelectionTimeoutMS={milliseconds}") as client:
        yield client


async def test_calls_that_are_cancelled_twice_keep_no_other_from_the_database(client: Client) -> None:
    calls = [asyncio.create_task(client.admin.command("ping")) for _ in range(5)]
    await asyncio.sleep(SELECTION_S / 5)
    for _ in range(2):
        for call in calls:
            call.cancel()
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(each) for each in outcomes] == [asyncio.CancelledError] * len(calls)
    with pytest.raises(ServerSelectionTimeoutError):
        await asyncio.wait_for(client.admin.command("ping"), SELECTION_S * 10)


async def test_a_cancellation_in_the_moment_in_which_a_wait_ends_is_not_lost(client: Client) -> None:
    answered = asyncio.get_running_loop().create_future()

    async def wait() -> None:
        await asyncio.wait_for(asyncio.shield(answered), 10)

    waiting = asyncio.create_task(wait())
    await asyncio.sleep(0)
    answered.set_result(None)
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
