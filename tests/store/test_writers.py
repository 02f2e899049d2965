"""Writers: a process that died in a transaction blocks nobody for longer than it takes the next one to start."""

import asyncio
import signal
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from lrs import clock
from lrs.store.connection import Client
from lrs.store.stores import Store
from lrs.store.writers import SILENT_S, Writer
from lrs.xapi import Json
from tests.living import Living

DIES_WHILE_WRITING = """
import asyncio, os, signal, sys, uuid
from lrs import clock
from lrs.store.connection import connect
from lrs.store.writers import Writer

async def die():
    url, database, key = sys.argv[1:]
    async with connect(url) as client:
        writer = Writer(client)
        async with writer.session(clock.now()) as session:
            await session.start_transaction()
            await client[database]["statements"].insert_one({"_id": uuid.UUID(key)}, session=session)
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(die())
"""


def statement(key: str) -> Json:
    return {
        "id": key,
        "actor": {"mbox": "mailto:ada@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
        "object": {"id": "http://example.org/page"},
    }


async def die_while_writing(url: str, store: Store, key: str) -> None:
    """Leave a transaction open that has written the statement with this id."""
    told = (url, store.database.name, key)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES_WHILE_WRITING, *told)
    assert await process.wait() == -signal.SIGKILL


@pytest.mark.parametrize("rest", [[], [statement(str(uuid4()))]], ids=["single", "list"])
async def test_a_new_process_writes_what_a_dead_one_was_writing(
    lrs: Living, mongodb_url: str, store: Store, rest: list[Json]
) -> None:
    key = str(uuid4())
    await die_while_writing(mongodb_url, store, key)
    async with asyncio.timeout(5):  # mongod itself would give the transaction up after 10 s
        answer = await lrs.post([statement(key), *rest])
    assert answer.status_code == 200, answer.text
    assert await store.statements.get(UUID(key), voided=False) is not None


async def test_transactions_of_living_writers_go_on(client: Client, store: Store) -> None:
    writer, other, notes = Writer(client), Writer(client), store.database["notes"]
    await writer.begin()
    async with writer.session(clock.now() + timedelta(seconds=1)) as session:
        await session.start_transaction()
        await notes.insert_one({"_id": 1}, session=session)
        await other.begin()
        await session.commit_transaction()
    assert await notes.count_documents({}) == 1
    await other.leave()
    await writer.leave()


async def test_a_writer_elsewhere_is_dead_when_it_was_silent_for_long(client: Client) -> None:
    silent = timedelta(seconds=SILENT_S)
    quiet, recent = await record_elsewhere(client, silent * 2), await record_elsewhere(client, silent / 5)
    writer = Writer(client)
    await writer.begin()
    found = client["lrs"]["writers"].find({"_id": {"$in": [quiet, recent]}})
    assert [each["_id"] async for each in found] == [recent]
    await client["lrs"]["writers"].delete_one({"_id": recent})
    await writer.leave()


async def test_a_writer_that_leaves_is_on_record_no_longer(client: Client) -> None:
    writers: Any = client["lrs"]["writers"]
    before = await writers.count_documents({"host": {"$exists": True}})
    writer = Writer(client)
    await writer.begin()
    assert await writers.count_documents({"host": {"$exists": True}}) == before + 1
    await writer.leave()
    assert await writers.count_documents({"host": {"$exists": True}}) == before


async def record_elsewhere(client: Client, silent_for: timedelta) -> str:
    """The record of a writer on another machine that was heard of so long ago."""
    key = str(uuid4())
    renewed = clock.now() - silent_for
    record: Any = {"_id": key, "host": "elsewhere", "process": "1:1", "renewed": renewed, "sessions": []}
    await client["lrs"]["writers"].insert_one(record)
    return key
