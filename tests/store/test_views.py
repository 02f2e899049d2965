"""Views as they are kept: documents by day, and by the numbers of the changes that wrote them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lrs.store.connection import Client
from lrs.store.stores import Store
from lrs.store.views import decoded

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
Document = dict[str, Any]


@pytest.fixture(autouse=True)
async def view(store: Store) -> None:
    await store.views.create("p", 0)


def of(day: int, seq: int, *ids: str, **told: Any) -> Document:
    return {"day": MONDAY + day * DAY, "seq": seq, "id": list(ids), **told}


async def add(client: Client, store: Store, *documents: Document) -> None:
    async with client.start_session() as session, await session.start_transaction():
        await store.views.add("p", 0, documents, session)


def ids(batches: list[bytes]) -> list[str]:
    return [key for batch in batches for document in decoded(batch) for key in document["id"]]


async def test_documents_are_found_by_day_in_the_order_they_were_written(store: Store, client: Client) -> None:
    await add(client, store, of(1, 2, "c", "d"), of(0, 2, "b"))
    await add(client, store, of(2, 3, "f"), of(0, 3, "e"))
    await add(client, store, of(0, 1, "a"))

    assert ids(await store.views.between("p", 0, MONDAY, MONDAY + 2 * DAY)) == ["a", "b", "e", "c", "d"]
    assert await store.views.between("p", 1, MONDAY, MONDAY + DAY) == []


async def test_documents_are_found_by_the_numbers_after_which_they_were_written(store: Store, client: Client) -> None:
    await add(client, store, of(1, 1, "a"), of(0, 3, "c"), of(2, 2, "b"))

    assert ids(await store.views.changed("p", 0, 0)) == ["a", "b", "c"]
    assert ids(await store.views.changed("p", 0, 2)) == ["c"]
    assert await store.views.changed("p", 0, 3) == []


async def test_the_next_day_of_which_anything_was_written_is_found(store: Store, client: Client) -> None:
    await add(client, store, of(0, 1, "a"), of(3, 1, "b"))

    days = [await store.views.next_day("p", 0, MONDAY + day * DAY) for day in (-5, 0, 1, 4)]

    assert days == [MONDAY, MONDAY, MONDAY + 3 * DAY, None]


async def test_days_with_acts_before_their_subjects_are_found_by_when_these_were_opened(
    store: Store, client: Client
) -> None:
    def early(since: int, until: int) -> Document:
        return {"early": {"from": MONDAY + since * DAY, "until": MONDAY + until * DAY}}

    await add(client, store, of(-9, 1, "a", **early(0, 1)), of(0, 1, "b"), of(-7, 1, "c", **early(2, 4)))

    async def days(since: int, until: int) -> list[datetime]:
        return await store.views.early_days("p", 0, MONDAY + since * DAY, MONDAY + until * DAY)

    assert await days(1, 3) == [MONDAY - 9 * DAY, MONDAY - 7 * DAY]
    assert await days(3, 4) == [MONDAY - 7 * DAY]
    assert await days(5, 9) == await days(-1, 0) == []


async def test_the_plugins_that_have_a_view_are_told_by_name(store: Store) -> None:
    await store.views.create("once_there", 3)

    assert await store.views.plugins() == {"p", "once_there"}

    await store.views.drop("once_there", 3)
    assert await store.views.plugins() == {"p"}
