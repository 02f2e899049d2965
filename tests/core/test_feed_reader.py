"""Readers of the feed: what they catch up with when they start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from lrs import clock
from lrs.core import feed_reader
from lrs.core.normaliser import reader as normalising
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import load_rules
from lrs.core.normaliser.told import Told
from lrs.store import feed
from lrs.store.connection import Client
from lrs.store.statements import NewStatement
from lrs.xapi.columns import columns
from tests.living import Living
from tests.reference.samples import HAND_THREAD, uuid, void


@asynccontextmanager
async def reading(lrs: Living, client: Client) -> AsyncIterator[StoreReader]:
    """A reader that has started, and has no feed."""
    async with client.start_session() as session:
        reader = StoreReader(lrs.store, load_rules(), "a test", session)
        await reader.start()
        yield reader


async def read_everything(lrs: Living, client: Client) -> StoreReader:
    """A reader that starts and catches up without a feed of its own, as beside readers that have one."""
    async with reading(lrs, client) as reader:
        await reader.catch_up(None)
    return reader


async def is_settled(client: Client, moment: datetime) -> None:
    """Wait until all writers have promised to store nothing before a moment."""
    async with asyncio.timeout(20):
        while not await feed.settled(client) > moment:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def test_a_reader_that_starts_again_before_it_heard_anything_reads_nothing_twice(
    lrs: Living, client: Client
) -> None:
    await lrs.post(HAND_THREAD[:4])
    first = await read_everything(lrs, client)
    assert (first.position.seq, first.position.token) == (4, None)

    await lrs.post(HAND_THREAD[4:])
    again = await read_everything(lrs, client)

    assert again.position.seq == 7
    assert await lrs.store.database["interactions_0"].count_documents({}) == 7


async def test_what_is_settled_is_read_before_the_feed_is_opened_and_the_rest_afterwards(
    lrs: Living, client: Client
) -> None:
    await lrs.post(HAND_THREAD[:4])
    await is_settled(client, clock.now())

    async with reading(lrs, client) as reader, feed.open_feed(client, None) as opened:
        async with lrs.store.statements.storing():  # somebody may still store something before what follows
            await lrs.post(HAND_THREAD[4:])
            await reader.read_settled()
            assert (reader.position.seq, reader.position.token) == (4, None)
        token = await opened.begin()
        await reader.catch_up(token)

    assert (reader.position.seq, reader.position.token, reader.position.scan) == (7, token, None)


async def test_reading_what_is_settled_goes_on_where_a_killed_worker_left_it(
    lrs: Living, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_reader, "SCANNED", 2)
    await lrs.post(HAND_THREAD[:3])
    await is_settled(client, clock.now())
    async with reading(lrs, client) as killed:
        await killed.read_settled()
        left = killed.position
    assert (left.read, left.seq) == (3, 3)

    await lrs.post(HAND_THREAD[3:])
    await is_settled(client, clock.now())
    async with reading(lrs, client) as reader:
        assert reader.position.scan == left.scan
        await reader.read_settled()

    assert (reader.position.read, reader.position.seq) == (7, 7)


async def test_large_statements_are_scanned_a_few_at_a_time_to_the_last_one(
    lrs: Living, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "BYTES_AT_ONCE", 1000)
    await lrs.post(HAND_THREAD)
    read: list[int] = []

    async with reading(lrs, client) as reader:
        save = reader.save

        async def saving(prepared: list[Told], moved: dict[str, Any]) -> None:
            read.append(len(prepared))
            await save(prepared, moved)

        monkeypatch.setattr(reader, "save", saving)
        await reader.catch_up(None)

    assert reader.position.seq == 7
    assert max(read) < 4


async def test_statements_that_tell_much_are_read_in_several_transactions_scanned_or_heard(
    lrs: Living, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(normalising, "MOST_ACTS", 1)
    await lrs.post(HAND_THREAD[:3])

    async with reading(lrs, client) as reader:
        await reader.catch_up(None)
        assert (reader.position.read, reader.position.seq, reader.position.scan) == (3, 3, None)
        await lrs.post(HAND_THREAD[3:])
        await reader.take(await feed.stored(lrs.store.database, [UUID(each["id"]) for each in HAND_THREAD[3:]]), {})

    assert (reader.position.read, reader.position.seq) == (7, 7)
    assert await lrs.store.database["interactions_0"].count_documents({}) == 7


async def test_who_was_voided_before_it_came_counts_for_nothing_though_its_server_was_killed_before_it_saw_that(
    lrs: Living, client: Client
) -> None:
    voided = next(each for each in HAND_THREAD if each["id"] == uuid(6))
    await lrs.post(void(9, 6))
    await lrs.post(HAND_THREAD[:5])
    await is_settled(client, clock.now())

    async with reading(lrs, client) as reader:
        await reader.read_settled()
        left = NewStatement(UUID(uuid(6)), orjson.dumps(voided), clock.now(), columns(voided))
        await lrs.store.database["statements"].replace_one({"_id": left.id}, left.document(), upsert=True)
        await reader.catch_up(None)

    assert reader.position.read == 7
    assert await lrs.store.database["interactions_0"].count_documents({}) == 5
