"""The worker as a whole: what it catches up with, and what a second one is good for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from lrs.core.normaliser.rules import INTERACTIONS
from lrs.core.runner import reader_name
from lrs.store.connection import Client
from lrs.store.positions import NORMALISER
from lrs.store.stores import Stores
from lrs.worker import Worker
from lrs.xapi import Json
from tests.living import Living, new_store

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


async def forget_the_oplog(lrs: Living) -> None:
    """Set the time in the normaliser's token (the eight digits after 82) back to 2020, long before the oplog begins."""
    token = (await lrs.store.positions.get(NORMALISER)).token
    assert token is not None
    old = {"_data": "82" + f"{int(datetime(2020, 1, 1, tzinfo=UTC).timestamp()):08X}" + token["_data"][10:]}
    await lrs.store.database["positions"].update_one({"_id": NORMALISER}, {"$set": {"token": old}})


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
    await forget_the_oplog(lrs)

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


DAMAGED = "https://forum.example.org/threads/damaged"


def on_damaged(number: int) -> Json:
    """A reply to a thread of which the database holds a record that can't be read."""
    return {
        "id": str(UUID(int=number)),
        "actor": {"mbox": "mailto:unlucky@example.org"},
        "verb": {"id": "http://id.tincanapi.com/verb/replied"},
        "object": {
            "id": f"https://forum.example.org/posts/{number}",
            "definition": {"type": "http://id.tincanapi.com/activitytype/forum-reply"},
        },
        "context": {"contextActivities": {"parent": [{"id": DAMAGED}]}},
    }


async def test_what_cannot_be_derived_of_a_statement_is_listed_and_tried_again_and_the_others_are_derived(
    lrs: Living, client: Client
) -> None:
    await lrs.store.database["items_0"].insert_one({"_id": DAMAGED, "d": "?"})
    async with working(client):
        await lrs.post(threads(0, 6))
        assert await counted(lrs) == 6
        await lrs.post([*threads(6, 8), on_damaged(1), *threads(8, 10)])
        assert await counted(lrs) == 10
        failed = await lrs.store.failures.listed(NORMALISER, 10)
    assert [(each["statement"].int, each["reason"].partition(":")[0]) for each in failed] == [(1, "KeyError")]

    await forget_the_oplog(lrs)
    await lrs.post([*threads(10, 11), on_damaged(2), *threads(11, 14)])
    async with working(client):
        assert await counted(lrs) == 14
        failed = await lrs.store.failures.listed(NORMALISER, 10)
        assert [each["statement"].int for each in failed] == [1, 2]

        await lrs.store.database["items_0"].delete_one({"_id": DAMAGED})
        await lrs.store.positions.ask(NORMALISER, {"retry_asked": True})
        async with asyncio.timeout(20):
            while await lrs.store.failures.count(NORMALISER):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
    replies = lrs.store.database["interactions_0"].count_documents({"k": "reply"})
    assert await replies == 2


async def test_settings_of_one_store_that_are_no_longer_allowed_stop_no_other_store(
    lrs: Living, stores: Stores, client: Client
) -> None:
    async with new_store(stores) as other:
        settings = other.database["plugin_settings"]
        slow = '{"item_keys": [{"pattern": "(a+)+$", "replacement": "x"}]}'
        await settings.update_one({"_id": INTERACTIONS}, {"$set": {"config": slow}}, upsert=True)
        async with working(client):
            await lrs.post(threads(0, 6))
            assert await counted(lrs) == 6
            assert (await other.positions.get(NORMALISER)).data_until is None

            await settings.delete_one({"_id": INTERACTIONS})
            async with asyncio.timeout(20):
                while (await other.positions.get(NORMALISER)).data_until is None:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.05)


async def test_a_worker_that_came_upon_a_fault_of_ours_goes_on_when_it_is_gone(lrs: Living, client: Client) -> None:
    async with working(client):
        await lrs.post(threads(0, 6))
        assert await counted(lrs) == 6
        positions, key = lrs.store.database["positions"], reader_name("sharing")
        await positions.update_one({"_id": key}, {"$set": {"rebuilt": "damaged"}})
    async with working(client):
        await asyncio.sleep(1)
        await positions.update_one({"_id": key}, {"$unset": {"rebuilt": ""}})
        await lrs.post(threads(6, 8))
        assert await counted(lrs) == 8
