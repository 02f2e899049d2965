"""Two statements that need each other, written at the same moment by two processes: neither may miss the other."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from lrs.store.connection import connect
from lrs.store.statements import NewStatement, Statements
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from tests.store.samples import new, reference, statement, voiding

INTERLEAVINGS = 1000
AT_A_TIME = 5


@pytest.fixture
async def writers(mongodb_url: str, store: Store) -> AsyncIterator[list[Statements]]:
    """The statements of one store as two processes see them: no group commit puts their writes in a row."""
    async with AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(connect(mongodb_url)) for _ in range(2)]
        opened = [Stores(client) for client in clients]
        for stores in opened:
            await stores.begin()
            stack.push_async_callback(stores.drain)
        yield [(await stores.open(store.name)).statements for stores in opened]


async def write(writer: Statements, statement: NewStatement, barrier: asyncio.Barrier, chance: random.Random) -> None:
    """Write alone or as one of a list, at the moment the others do or up to 3 ms later."""
    as_list, late = chance.random() < 0.2, chance.choice([0, 0, chance.random() * 0.003])
    await barrier.wait()
    await asyncio.sleep(late)
    if as_list:
        assert await writer.insert_all([statement, new(statement_of(uuid4().hex))])
    else:
        assert await writer.insert_one(statement)


def statement_of(name: str) -> Json:
    return statement(object={"id": f"http://example.org/{name}"})


async def interleave(writers: list[Statements], seed: int, make: Callable[[], list[NewStatement]], rounds: int) -> None:
    chance = random.Random(seed)
    for _ in range(rounds):
        together = make()
        chance.shuffle(together)
        barrier = asyncio.Barrier(len(together))
        async with asyncio.TaskGroup() as tasks:
            for position, each in enumerate(together):
                tasks.create_task(write(writers[position % 2], each, barrier, chance))


async def documents(store: Store) -> dict[object, Json]:
    return {document["_id"]: document async for document in store.database["statements"].find({})}


@pytest.mark.slow
@pytest.mark.clause("Data 2.3.2")
@pytest.mark.clause("Communication 2.1.3")
async def test_a_target_and_what_voids_or_names_it_find_each_other_in_a_thousand_interleavings(
    writers: list[Statements], store: Store
) -> None:
    pairs: list[tuple[NewStatement, NewStatement]] = []

    def make() -> list[NewStatement]:
        target = new(statement_of(uuid4().hex))
        referring = new((voiding if len(pairs) % 2 else reference)(str(target.id)))
        pairs.append((target, referring))
        return [target, referring]

    rounds = INTERLEAVINGS // AT_A_TIME
    await asyncio.gather(*(interleave(writers, seed, make, rounds) for seed in range(AT_A_TIME)))

    stored = await documents(store)
    voids = {target.id: referring.id for target, referring in pairs if referring.columns.voids}
    assert len(pairs) == INTERLEAVINGS
    assert {key: each["voided_by"] for key, each in stored.items() if "voided_by" in each} == voids
    lacking = [
        target for target, referring in pairs if not set(target.columns.keys) <= set(stored[referring.id]["keys"])
    ]
    assert lacking == []


@pytest.mark.clause("Communication 2.1.3")
async def test_a_chain_written_at_once_carries_the_keys_of_its_end(writers: list[Statements], store: Store) -> None:
    chains: list[list[NewStatement]] = []

    def make() -> list[NewStatement]:
        chain = [new(statement_of(uuid4().hex))]
        for _ in range(3):
            chain.append(new(reference(str(chain[-1].id))))
        chains.append(list(chain))
        return chain

    await asyncio.gather(*(interleave(writers, seed, make, 20) for seed in range(AT_A_TIME)))

    stored = await documents(store)
    for end, *referring in chains:
        for each in referring:
            assert set(end.columns.keys) <= set(stored[each.id]["keys"])


@pytest.mark.clause("Data 2.3.2")
async def test_the_answer_to_either_of_two_at_once_means_the_target_is_voided(
    writers: list[Statements], store: Store
) -> None:
    for _ in range(50):
        target = new(statement_of("seen"))
        void = new(voiding(str(target.id)))

        await asyncio.gather(writers[0].insert_one(target), writers[1].insert_one(void))

        assert await writers[0].get(target.id, voided=True) is not None
