"""The worker as a whole: what it catches up with, and what a second one is good for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from lrs.store.connection import Client
from lrs.store.positions import NORMALISER
from lrs.worker import Worker
from lrs.xapi import Json
from tests.living import Living

PERIOD = {"since": "2026-03-01", "until": "2026-04-01"}


@asynccontextmanager
async def working(client: Client) -> AsyncIterator[None]:
    task = asyncio.create_task(Worker(client).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def threads(first: int, last: int) -> list[Json]:
    """Threads started by people of their own, one a minute."""
    return [
        {
            "actor": {"mbox": f"mailto:person-{number}@example.org"},
            "verb": {"id": "http://activitystrea.ms/create"},
            "object": {
                "id": f"https://forum.example.org/threads/{number}",
                "definition": {"type": "http://id.tincanapi.com/activitytype/discussion"},
            },
            "timestamp": f"2026-03-02T10:{number:02}:00Z",
        }
        for number in range(first, last)
    ]


async def counted(lrs: Living) -> float | None:
    await lrs.derived()
    (row,) = (await lrs.metric("discussion.threads", **PERIOD))["rows"]
    value: float | None = row["value"]
    return value


async def test_what_was_stored_before_any_worker_ran_is_derived(lrs: Living, client: Client) -> None:
    await lrs.post(threads(0, 10))

    async with working(client):
        assert await counted(lrs) == 10


async def test_what_was_stored_while_no_worker_ran_is_derived(lrs: Living, client: Client) -> None:
    async with working(client):
        await lrs.post(threads(0, 6))
        assert await counted(lrs) == 6
    await lrs.post(threads(6, 10))

    async with working(client):
        assert await counted(lrs) == 10


async def test_a_position_that_the_oplog_no_longer_knows_is_caught_up_by_scanning(lrs: Living, client: Client) -> None:
    async with working(client):
        await lrs.post(threads(0, 6))
        assert await counted(lrs) == 6
    await lrs.post(threads(6, 10))
    token = (await lrs.store.positions.get(NORMALISER)).token
    assert token is not None
    # The time in the token (the eight digits after 82) is set back to 2020, long before the oplog begins.
    old = {"_data": "82" + f"{int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()):08X}" + token["_data"][10:]}
    await lrs.store.database["positions"].update_one({"_id": NORMALISER}, {"$set": {"token": old}})

    async with working(client):
        assert await counted(lrs) == 10


async def test_a_second_worker_waits_and_takes_over(lrs: Living, client: Client) -> None:
    async with working(client):
        await lrs.post(threads(0, 6))
        second = asyncio.create_task(Worker(client).run())
        assert await counted(lrs) == 6
        changes = await lrs.store.changes(0).after(0, 100)
        assert len(changes) == 6  # the two together did each thing once
    await lrs.post(threads(6, 10))

    assert await counted(lrs) == 10
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
