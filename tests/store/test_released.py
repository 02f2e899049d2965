"""The released table as it is kept: a week's acts once, and cells that point into them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from lrs.store.connection import Client
from lrs.store.released import Cell, Mark, Shown, pack
from lrs.store.stores import Store

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
WEEK = timedelta(days=7)
ACTS = [b"the first part", b"\x00the second"]
CELL = Cell("team", "A", 2, 1, 3, [0, 2, 70_000])


async def write(
    client: Client, store: Store, week: datetime, acts: Sequence[bytes], *cells: Cell, table: int = 1
) -> None:
    async with client.start_session() as session, await session.start_transaction():
        await store.released.replace_week("p", table, week, pack(acts, cells), session)


async def read(store: Store, *weeks: datetime, partition: str = "team") -> Shown:
    asked = weeks or (MONDAY,)
    return await store.released.read("p", 1, partition, cells=asked, acts=asked)


async def test_acts_and_cells_come_back_as_they_were(store: Store, client: Client) -> None:
    other = Cell("team", "B", 1, 0, 0)
    await write(client, store, MONDAY, ACTS, CELL, other)

    shown = await read(store)

    assert shown.acts == {MONDAY: ACTS}
    assert shown.cells == {(MONDAY, "A"): CELL, (MONDAY, "B"): Cell("team", "B", 1, 0, 0, [])}


async def test_parts_come_in_their_order(store: Store, client: Client) -> None:
    parts = [bytes([number]) for number in range(20)]
    await write(client, store, MONDAY, parts)

    assert (await read(store)).acts == {MONDAY: parts}


async def test_cells_are_of_the_asked_weeks_partition_and_table(store: Store, client: Client) -> None:
    other = Cell("role", "A", 1, 0, 1, [0])
    await write(client, store, MONDAY, ACTS, CELL, other)
    await write(client, store, MONDAY + WEEK, ACTS[:1], CELL)
    await write(client, store, MONDAY, ACTS, other, table=2)

    assert (await read(store)).cells == {(MONDAY, "A"): CELL}
    assert (await read(store, partition="role")).cells == {(MONDAY, "A"): other}
    both = await read(store, MONDAY, MONDAY + WEEK)
    assert both.cells.keys() == {(MONDAY, "A"), (MONDAY + WEEK, "A")}
    assert both.acts == {MONDAY: ACTS, MONDAY + WEEK: ACTS[:1]}


async def test_what_is_known_already_is_not_asked_for(store: Store, client: Client) -> None:
    await write(client, store, MONDAY, ACTS, CELL)

    assert await store.released.read("p", 1, "team", cells=[MONDAY], acts=[]) == Shown({(MONDAY, "A"): CELL}, {})
    assert await store.released.read("p", 1, "team", cells=[], acts=[MONDAY]) == Shown({}, {MONDAY: ACTS})


async def test_a_week_that_is_replaced_keeps_nothing_of_before(store: Store, client: Client) -> None:
    other = Cell("team", "B", 1, 0, 1, [0])
    await write(client, store, MONDAY, ACTS, CELL)
    await write(client, store, MONDAY, ACTS[:1], other)

    assert await read(store) == Shown({(MONDAY, "B"): other}, {MONDAY: ACTS[:1]})

    await write(client, store, MONDAY, [], table=2)
    await store.released.keep_only("p", [2])
    assert await read(store) == Shown({}, {})


async def test_weeks_in_which_anything_was_released_are_told_before_a_time(store: Store, client: Client) -> None:
    for number in (3, 1, 0):
        await write(client, store, MONDAY + number * WEEK, ACTS, CELL)
    await write(client, store, MONDAY + 2 * WEEK, [])
    await write(client, store, MONDAY - WEEK, ACTS, table=2)

    assert await store.released.weeks("p", 1, MONDAY + 3 * WEEK) == [MONDAY, MONDAY + WEEK]


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
