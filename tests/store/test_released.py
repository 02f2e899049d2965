"""The released table as it is kept: a week's acts once, and cells that point into them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lrs.store.connection import Client
from lrs.store.released import PART, Cell, Mark, Shown, pack
from lrs.store.stores import Store

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
ACTS: list[list[Any]] = [
    ["1", MONDAY, "ann", None, {}, {"deep": [1.5, True, None], "id": UUID(int=7)}],
    ["2", MONDAY + timedelta(milliseconds=1), "ben", "ann", {"a.b": "$x"}, {}],
    ["3", MONDAY, "cem", "\x00", {}, {}],
]


async def write(
    client: Client, store: Store, week: datetime, acts: list[list[Any]], *cells: Cell, table: int = 1
) -> None:
    async with client.start_session() as session, await session.start_transaction():
        await store.released.replace_week("p", table, week, pack(acts, cells), session)


async def read(store: Store, **asked: str) -> Shown:
    return await store.released.read("p", 1, "team", MONDAY, MONDAY + WEEK, **asked)


async def test_acts_come_back_as_they_were_all_or_some(store: Store, client: Client) -> None:
    await write(client, store, MONDAY, ACTS, Cell("team", "A", 2, 1, 2, [0, 2]), Cell("team", "B", 1, 1, 1, [1]))

    shown = await read(store)

    acts = shown.packs[MONDAY]
    assert acts.all() == ACTS
    assert acts.some(shown.positions[MONDAY, "A"]) == [ACTS[0], ACTS[2]]
    assert acts.some(shown.positions[MONDAY, "B"]) == [ACTS[1]]
    of_one = await read(store, group="B")
    assert (of_one.positions, of_one.cells) == ({(MONDAY, "B"): (1,)}, shown.cells)


async def test_more_acts_than_a_document_may_have_are_kept_in_several(store: Store, client: Client) -> None:
    acts = [[str(number), MONDAY] for number in range(PART + 2)]
    await write(client, store, MONDAY, acts)

    pack_of_week = (await read(store)).packs[MONDAY]

    assert len(pack_of_week.parts) == 2
    assert pack_of_week.some([0, PART - 1, PART, PART + 1]) == [acts[n] for n in (0, PART - 1, PART, PART + 1)]
    assert len(pack_of_week.all()) == PART + 2


async def test_tallies_are_of_the_asked_weeks_partition_and_table(store: Store, client: Client) -> None:
    cell, other = Cell("team", "A", 2, 1, 2, [0]), Cell("role", "A", 1, 0, 1, [0])
    await write(client, store, MONDAY, ACTS, cell, other)
    await write(client, store, MONDAY + WEEK, ACTS, cell)
    await write(client, store, MONDAY, ACTS, other, table=2)

    assert (await read(store)).cells == {(MONDAY, "A"): Cell("team", "A", 2, 1, 2)}


async def test_a_week_that_is_replaced_keeps_nothing_of_before(store: Store, client: Client) -> None:
    await write(client, store, MONDAY, ACTS, Cell("team", "A", 2, 1, 2, [0]))
    await write(client, store, MONDAY, ACTS[:1], Cell("team", "B", 1, 0, 1, [0]))

    shown = await read(store)
    assert [group for _, group in shown.cells] == ["B"]
    assert len(shown.packs[MONDAY].all()) == 1

    await write(client, store, MONDAY, [], table=2)
    await store.released.keep_only("p", [2])
    assert await read(store) == Shown({}, {}, {})


async def test_marks_are_days_and_one_that_was_made_again_is_not_taken(store: Store, client: Client) -> None:
    moments = [MONDAY, MONDAY + timedelta(hours=23), MONDAY + timedelta(days=1)]
    async with client.start_session() as session:
        async with await session.start_transaction():
            await store.released.mark("p", moments, session)
            await store.released.mark("q", moments, session)
        read = await store.released.marks("p")
        async with await session.start_transaction():
            await store.released.mark("p", moments[:1], session)
        async with await session.start_transaction():
            await store.released.take_marks(read, session)

    assert read == [Mark("p", MONDAY, 1), Mark("p", MONDAY + timedelta(days=1), 1)]
    assert await store.released.marks("p") == [Mark("p", MONDAY, 2)]
    assert len(await store.released.marks("q")) == 2
