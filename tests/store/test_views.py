"""Views as they are kept: acts under the numbers of their changes, and what is gone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lrs.store.connection import Client
from lrs.store.stores import Store
from lrs.store.views import BATCH, decoded

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
Document = dict[str, Any]


@pytest.fixture(autouse=True)
async def view(store: Store) -> None:
    await store.views.create("p", 0)


def act(name: str, after: timedelta, seq: int = 1, **told: Any) -> Document:
    return {"_id": name, "t": MONDAY + after, "seq": seq, "actor": 7, **told}


async def apply(client: Client, store: Store, *acts: Document, **gone: int) -> None:
    async with client.start_session() as session, await session.start_transaction():
        await store.views.apply("p", 0, acts, gone, session)


def names(batches: list[bytes]) -> set[str]:
    return {each["_id"] for batch in batches for each in decoded(batch)}


async def between(store: Store, since: timedelta, until: timedelta) -> set[str]:
    return names(await store.views.between("p", 0, MONDAY + since, MONDAY + until))


async def test_acts_are_found_by_their_time(store: Store, client: Client) -> None:
    await apply(client, store, act("a", timedelta()), act("b", DAY), act("c", 2 * DAY))

    assert await between(store, timedelta(), 2 * DAY) == {"a", "b"}
    assert await store.views.between("p", 1, MONDAY, MONDAY + DAY) == []
    assert await store.views.first_from("p", 0, MONDAY + DAY / 2) == MONDAY + DAY
    assert await store.views.first_from("p", 0, MONDAY + 3 * DAY) is None


async def test_what_is_gone_is_found_only_among_the_changes(store: Store, client: Client) -> None:
    await apply(client, store, act("a", timedelta()), act("b", DAY, seq=2))
    await apply(client, store, a=3, nobody=4)

    assert await between(store, timedelta(), 2 * DAY) == {"b"}
    assert await store.views.first_from("p", 0, MONDAY) == MONDAY + DAY
    assert names(await store.views.changed("p", 0, 1)) == {"a", "b"}
    (batch,) = await store.views.changed("p", 0, 2)
    (gone,) = decoded(batch)
    assert (gone["_id"], gone["seq"], gone["gone"], "actor" in gone) == ("a", 3, True, False)
    assert await store.views.changed("p", 0, 3) == []


async def test_what_comes_back_is_there_again(store: Store, client: Client) -> None:
    await apply(client, store, act("a", timedelta()))
    await apply(client, store, a=2)
    await apply(client, store, act("a", timedelta(), seq=3))

    assert await between(store, timedelta(), DAY) == {"a"}


async def test_acts_before_their_subjects_are_found_by_when_these_were_opened(store: Store, client: Client) -> None:
    opened: Document = {"early": True, "subject_t": MONDAY + DAY}
    await apply(
        client,
        store,
        act("before", -DAY, **opened),
        act("within", DAY / 2, **opened),
        act("in order", 2 * DAY, subject_t=MONDAY + DAY),
        act("elsewhere", -DAY, early=True, subject_t=MONDAY + 3 * DAY),
        act("gone", -DAY, **opened),
    )
    await apply(client, store, gone=2)

    assert names(await store.views.early("p", 0, MONDAY, MONDAY + 2 * DAY)) == {"before", "within"}


async def test_many_acts_come_in_batches(store: Store, client: Client) -> None:
    await apply(client, store, *(act(str(n), n * timedelta(seconds=1)) for n in range(BATCH + 1)))

    batches = await store.views.between("p", 0, MONDAY, MONDAY + DAY)

    assert [len(decoded(batch)) for batch in batches] == [BATCH, 1]


async def test_the_plugins_that_have_a_view_are_told_by_name(store: Store) -> None:
    await store.views.create("once_there", 3)

    assert await store.views.plugins() == {"p", "once_there"}

    await store.views.drop("once_there", 3)
    assert await store.views.plugins() == {"p"}
