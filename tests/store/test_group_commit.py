"""Group commit: what waits together is written together, and nobody's leaving or failing concerns the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient, monitoring
from pymongo.errors import AutoReconnect, BulkWriteError, PyMongoError

from lrs.errors import Unavailable
from lrs.store.group_commit import BATCH, FLUSHES, Document, GroupCommit
from lrs.store.statements import Statements
from lrs.store.stores import Store, Stores
from tests.store.samples import new, statement


class Inserts(monitoring.CommandListener):
    """How many documents each insert into `statements` held."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if event.command_name == "insert" and event.command["insert"] == "statements":
            self.sizes.append(len(event.command["documents"]))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


@pytest.fixture
async def watched(mongodb_url: str, store: Store) -> AsyncIterator[tuple[Statements, Inserts]]:
    """The statements of a store, through a client whose inserts are counted."""
    inserts = Inserts()
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        mongodb_url, tz_aware=True, uuidRepresentation="standard", w="majority", event_listeners=[inserts]
    )
    async with client:
        stores = Stores(client)
        yield (await stores.open(store.name)).statements, inserts
        await stores.drain()


class Disk:
    """Writes batches when the test lets it, and remembers them."""

    def __init__(self) -> None:
        self.batches: list[list[Document]] = []
        self.free = asyncio.Event()
        self.failure: Exception | None = None

    async def write(self, documents: Sequence[Document]) -> set[int]:
        self.batches.append(list(documents))
        await self.free.wait()
        if self.failure is not None:
            raise self.failure
        return {position for position, document in enumerate(documents) if document.get("taken")}


async def waiting(commit: GroupCommit, number: int) -> list[asyncio.Task[bool]]:
    """Inserts under way: the first alone in a write that hangs, the others behind it."""
    tasks = [asyncio.create_task(commit.insert({"_id": position})) for position in range(number)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_a_lone_statement_is_written_at_once(watched: tuple[Statements, Inserts]) -> None:
    statements, inserts = watched

    for _ in range(3):
        assert await statements.insert_one(new(statement()))

    assert inserts.sizes == [1, 1, 1]


async def test_statements_that_arrive_together_share_few_inserts(
    watched: tuple[Statements, Inserts], store: Store
) -> None:
    statements, inserts = watched

    results = await asyncio.gather(*(statements.insert_one(new(statement())) for _ in range(200)))

    assert results == [True] * 200
    assert len(inserts.sizes) <= 3
    assert await store.database["statements"].count_documents({}) == 200


async def test_an_insert_takes_no_more_than_a_batch() -> None:
    disk = Disk()
    disk.free.set()
    commit = GroupCommit(disk.write)

    await asyncio.gather(*(commit.insert({"_id": number}) for number in range(2 * BATCH + 1)))

    assert [len(batch) for batch in disk.batches] == [BATCH, BATCH, 1]
    assert [document["_id"] for batch in disk.batches for document in batch] == list(range(2 * BATCH + 1))


async def test_each_learns_only_whether_its_own_id_was_taken(watched: tuple[Statements, Inserts]) -> None:
    statements, _ = watched
    there = new(statement())
    await statements.insert_one(there)
    twice = uuid4()
    several = [new(statement()), there, new(statement(), statement_id=twice), new(statement(), statement_id=twice)]

    results = await asyncio.gather(*(statements.insert_one(each) for each in several))

    assert results == [True, False, True, False]


async def test_a_document_is_written_although_its_client_leaves(store: Store) -> None:
    leaving = [new(statement()) for _ in range(20)]
    tasks = [asyncio.create_task(store.statements.insert_one(each)) for each in leaving]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    stays = new(statement())
    assert await store.statements.insert_one(stays)
    await store.statements.drain()

    assert all(task.cancelled() for task in tasks)
    assert len(await store.statements.fingerprints([each.id for each in leaving])) == 20


async def test_a_list_is_written_although_its_client_leaves(store: Store) -> None:
    leaving = [new(statement()) for _ in range(20)]
    task = asyncio.create_task(store.statements.insert_all(leaving))
    await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await store.statements.drain()

    assert len(await store.statements.fingerprints([each.id for each in leaving])) == 20


@pytest.mark.parametrize(
    "failure", [AutoReconnect("gone"), BulkWriteError({"writeErrors": [], "writeConcernErrors": []})], ids=type
)
async def test_a_failed_write_fails_its_own_and_the_next_goes_on(failure: PyMongoError) -> None:
    disk = Disk()
    disk.failure = failure
    commit = GroupCommit(disk.write)
    tasks = await waiting(commit, 3)
    disk.free.set()

    answers = await asyncio.gather(*tasks, return_exceptions=True)
    disk.failure = None

    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert await commit.insert({"_id": "later"})


async def test_with_the_database_away_nobody_waits_for_the_writes_of_others_to_fail() -> None:
    disk = Disk()
    disk.failure = AutoReconnect("gone")
    commit = GroupCommit(disk.write)
    tasks = await waiting(commit, 5 * BATCH)
    disk.free.set()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(answer, Unavailable) for answer in answers)
    assert len(disk.batches) == FLUSHES


@pytest.mark.timeout(60)
async def test_a_fault_of_ours_leaves_nobody_waiting() -> None:
    disk = Disk()
    disk.failure = OverflowError("a document that can't be encoded")
    commit = GroupCommit(disk.write)
    tasks = await waiting(commit, BATCH + 1)
    disk.free.set()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert all(isinstance(answer, OverflowError) for answer in answers)


async def test_drain_waits_for_what_is_being_written() -> None:
    disk = Disk()
    commit = GroupCommit(disk.write)
    await commit.drain()
    await waiting(commit, 3)

    draining = asyncio.create_task(commit.drain())
    await asyncio.sleep(0.01)
    assert not draining.done()
    disk.free.set()
    await draining

    assert sum(len(batch) for batch in disk.batches) == 3
