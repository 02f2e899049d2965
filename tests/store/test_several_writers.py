"""Several writers on one database: nothing below what one of them told appears later, whoever joins, stalls or dies.

What is told is the Consistent-Through (xAPI Communication 2.1.3).
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from lrs import clock
from lrs.errors import Unavailable
from lrs.store import faults, writers
from lrs.store.connection import Client
from lrs.store.statements import Statements
from lrs.store.stores import Store, Stores
from lrs.store.writers import SILENT_S
from tests.faults import hook as hooks
from tests.faults.system import crowding
from tests.store.samples import new, statement

Open: TypeAlias = Callable[[], Awaitable[Statements]]

LATE_S = 0.5  # by which a writer's bound may come late on a machine that is twice as busy as it can be
SOON_S = 2.0  # while all writers are well, what is stored lies below what is told after this

# Stops, or is stopped at the named point, after it was given its `stored`; woken, it says what became of its write.
STALLS = """
import asyncio, os, signal, structlog, sys
from lrs.errors import Unavailable
from lrs.store.connection import connect
from lrs.store.stores import Stores
from tests.store.samples import new, statement

async def stall():
    url, name, stop = sys.argv[1:]
    async with connect(url) as client:
        statements = (await Stores(client).open(name)).statements
        async with statements.storing() as stored:
            print(stored.isoformat(), flush=True)
            if stop:
                os.kill(os.getpid(), signal.SIGSTOP)
            try:
                print(await statements.insert_one(new(statement(), stored)), flush=True)
            except Unavailable as error:
                print("Unavailable", flush=True)
        async with statements.storing() as stored:
            await statements.insert_one(new(statement(), stored))
            print(stored.isoformat(), flush=True)

structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
asyncio.run(stall())
"""


@pytest.fixture
async def join(client: Client, store: Store) -> AsyncIterator[Open]:
    """Opens the store's statements as one more process would."""
    async with AsyncExitStack() as stack:

        async def open_store() -> Statements:
            stores = Stores(client)
            stack.push_async_callback(stores.drain)
            return (await stores.open(store.name)).statements

        yield open_store


async def write(statements: Statements, number: int = 1) -> datetime:
    """Store some statements, a list when there are several; return when."""
    async with statements.storing() as stored:
        batch = [new(statement(), stored) for _ in range(number)]
        await (statements.insert_one(batch[0]) if number == 1 else statements.insert_all(batch))
    return stored


async def told_beyond(statements: Statements, moment: datetime, within_s: float = SOON_S) -> float:
    """Wait until a writer tells a time beyond `moment`; return how long it took, in s."""
    begin = time.monotonic()
    async with asyncio.timeout(within_s * crowding()):
        while await statements.through() <= moment:  # noqa: ASYNC110 - no event tells of another process
            await asyncio.sleep(0.02)
    return time.monotonic() - begin


async def below(store: Store, moment: datetime) -> set[object]:
    found = store.database["statements"].find({"stored": {"$lt": moment}}, {"_id": 1})
    return {document["_id"] async for document in found}


async def test_a_writer_alone_tells_the_present(join: Open) -> None:
    statements = await join()
    for _ in range(20):
        present = clock.now() - timedelta(seconds=LATE_S) * (crowding() - 1)
        assert present <= await statements.through() <= clock.now() + timedelta(milliseconds=1)
        await told_beyond(statements, await write(statements), LATE_S)
        await asyncio.sleep(0.05)


async def test_what_one_stores_is_soon_below_what_every_other_tells(join: Open) -> None:
    together = [await join() for _ in range(3)]
    for statements in together:
        stored = await write(statements)
        await asyncio.gather(*(told_beyond(each, stored) for each in together))


async def test_a_write_under_way_holds_back_what_the_others_tell(join: Open) -> None:
    one, other = await join(), await join()
    await asyncio.gather(write(one), write(other))
    async with one.storing() as stored:
        await asyncio.sleep(1)
        assert await other.through() <= stored
        await one.insert_one(new(statement(), stored))
    await told_beyond(other, stored)


@pytest.mark.parametrize("count", [1, 2, 3])
async def test_nothing_below_what_was_told_appears_later(join: Open, store: Store, count: int) -> None:
    """Writers in disorder, and readers who look again at what they were told to have seen whole."""
    together, ended = [await join() for _ in range(count)], asyncio.Event()

    async def write_on(statements: Statements, number: int) -> None:
        while not ended.is_set():
            async with statements.storing() as stored:
                await asyncio.sleep(0.001 * (number % 4))
                batch = [new(statement(), stored) for _ in range(1 + number % 2)]
                await (statements.insert_all(batch) if number % 2 else statements.insert_one(batch[0]))

    writing = [asyncio.create_task(write_on(together[number % count], number)) for number in range(8)]
    seen: list[tuple[datetime, set[object]]] = []
    for turn in range(60):
        told = await together[turn % count].through()
        seen.append((told, await below(store, told)))
        await asyncio.sleep(0.02)
    ended.set()
    await asyncio.gather(*writing)

    assert [await below(store, told) for told, _ in seen] == [found for _, found in seen]
    for number in range(count):
        told_by_one = [told for told, _ in seen[number::count]]
        assert told_by_one == sorted(told_by_one)
    assert len(seen[-1][1]) > len(seen[0][1])


async def test_a_late_starter_stores_nothing_below_what_was_told_before(join: Open) -> None:
    first = await join()
    await write(first)
    for _ in range(4):
        ended, told = asyncio.Event(), [await first.through()]

        async def listen(ended: asyncio.Event = ended, told: list[datetime] = told) -> None:
            while not ended.is_set():
                told.append(await first.through())
                await asyncio.sleep(0.001)

        listening = asyncio.create_task(listen())
        late = await join()
        async with late.storing() as stored:
            assert stored >= max(told)
            await asyncio.sleep(0.3)
            assert stored >= max(told)
            await late.insert_one(new(statement(), stored))
        ended.set()
        await listening
        await told_beyond(first, stored)


async def test_a_writer_that_has_not_looked_for_long_looks_before_it_tells_more(
    join: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "RENEWED_S", 60)
    first = await join()
    await first.through()
    late = await join()
    async with late.storing() as stored:
        await asyncio.sleep(1)
        assert await first.through() <= stored


@pytest.mark.parametrize("gone", [False, True], ids=["at work", "dead"])
async def test_what_a_writer_with_a_fast_clock_may_have_told_is_respected(
    join: Open, client: Client, gone: bool
) -> None:
    until = clock.now() + timedelta(seconds=1)
    renewed = clock.now() - timedelta(seconds=SILENT_S * 2 if gone else 0)
    record: Any = {"_id": str(uuid4()), "host": "elsewhere", "process": "1:1", "renewed": renewed, "sessions": []}
    await client["lrs"]["writers"].insert_one({**record, "promise": until, "until": until})

    stores = Stores(client)
    await stores.begin()
    await stores.drain()
    assert await write(await join()) >= until

    assert await client["lrs"]["writers"].count_documents({"_id": record["_id"]}) == (0 if gone else 1)
    await client["lrs"]["writers"].delete_one({"_id": record["_id"]})


@pytest.fixture
async def stalled(store: Store, mongodb_url: str, at: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process that is stopped in the middle of a write, after it said under which `stored`."""
    pipe, command = asyncio.subprocess.PIPE, (sys.executable, "-c", STALLS, mongodb_url, store.name)
    with tempfile.TemporaryDirectory(prefix="lrs-") as short:
        async with hooks.listening(Path(short) / "faults") as hook:
            itself = "" if at == faults.BEFORE_WRITE else "itself"
            variables = {**os.environ, "LRS_FAULT_SOCKET": f"{short}/faults"}
            process = await asyncio.create_subprocess_exec(*command, itself, stdout=pipe, env=variables)
            if not itself:
                await hook.arm(at, lambda: process.send_signal(signal.SIGSTOP)).sprung
            yield process
            if process.returncode is None:
                process.kill()
            await process.wait()


async def said(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().strip()


@pytest.mark.slow
@pytest.mark.parametrize("at", ["before it looks at its record", faults.BEFORE_WRITE])
async def test_a_process_that_stalls_is_given_up_and_notices_when_it_wakes(
    join: Open, store: Store, stalled: asyncio.subprocess.Process
) -> None:
    statements = await join()
    stored = datetime.fromisoformat(await said(stalled))
    await write(statements)
    assert await statements.through() <= stored

    waited_s = await told_beyond(statements, stored, within_s=SILENT_S + SOON_S)
    told = await statements.through()
    found = await below(store, told)
    print(f"\na stalled process held back what is told for {waited_s:.1f} s")
    stalled.send_signal(signal.SIGCONT)

    assert await said(stalled) == "Unavailable"
    assert datetime.fromisoformat(await said(stalled)) >= told
    assert await stalled.wait() == 0
    assert await below(store, told) == found


@pytest.mark.parametrize("at", [faults.BEFORE_WRITE])
async def test_a_killed_process_holds_nothing_back_for_long(join: Open, stalled: asyncio.subprocess.Process) -> None:
    statements = await join()
    stored = datetime.fromisoformat(await said(stalled))
    await write(statements)
    stalled.kill()
    await stalled.wait()

    await told_beyond(statements, stored)


async def test_a_write_of_unknown_outcome_can_not_come_through_after_more_was_told(join: Open, store: Store) -> None:
    statements, documents = await join(), store.database["statements"]
    writer = statements._writer
    sent: Any = None
    with suppress(AutoReconnect):
        async with statements.storing() as stored, writer.session(stored) as session:
            sent = session
            raise AutoReconnect("the connection broke")

    await told_beyond(statements, stored)

    with pytest.raises(OperationFailure):
        await documents.insert_many([{"_id": 1, "stored": stored}], session=sent)
    assert await write(statements) > stored


async def test_a_write_that_was_refused_keeps_its_writer(join: Open, store: Store) -> None:
    statements, key = await join(), uuid4()
    documents = [new(statement(), statement_id=key) for _ in range(2)]
    async with statements.storing() as stored:
        assert [await statements.insert_one(each) for each in documents] == [True, False]
        assert not await statements.insert_all([new(statement(), stored), documents[0]])
    records = store.database.client["lrs"]["writers"]
    before = await records.distinct("_id")
    await write(statements, 2)

    assert await records.distinct("_id") == before


async def test_what_was_given_its_time_before_the_writer_was_given_up_is_refused(join: Open, store: Store) -> None:
    statements, key = await join(), uuid4()
    async with statements.storing() as stored:
        records = store.database.client["lrs"]["writers"]
        await records.update_many({"host": {"$exists": True}}, {"$set": {"ended": True}})
        other = await join()
        await told_beyond(other, stored)
        await asyncio.sleep(0.5)  # by now the writer has a new record
        with pytest.raises(Unavailable):
            await statements.insert_one(new(statement(), stored, UUID(int=key.int)))
    assert await store.database["statements"].count_documents({"_id": key}) == 0
    assert await write(statements) > stored
