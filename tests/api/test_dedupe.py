"""With `dedupe`, a statement without id that is sent again within the window is the one that is there."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from lrs.core import dedupe
from lrs.core.credentials import Access
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import ANSWERED, count, identified, read, refused, statement
from tests.living import Living

WINDOW_S = 600


def timed(**changes: Any) -> Json:
    """A statement without an id at a time of its own."""
    return statement(timestamp="2026-11-22T09:30:00Z", context={"registration": str(uuid4())}, **changes)


@pytest.fixture
async def moodle(admit: Admit) -> Living:
    """The application asked with a credential that dedupes."""
    return await admit("all", dedupe_s=WINDOW_S)


async def sent(lrs: Living, body: Json | list[Json]) -> list[str]:
    """Return the ids of statements that are taken."""
    answer = await lrs.post(body)
    assert answer.status_code == 200, answer.text
    ids: list[str] = answer.json()
    return ids


async def test_a_retry_is_answered_with_the_ids_of_what_is_there(moodle: Living) -> None:
    one, several = timed(), [timed(), timed(), timed()]
    first = await sent(moodle, one), await sent(moodle, several)
    stored = await read(moodle, first[0][0])

    again = await sent(moodle, one), await sent(moodle, several)

    assert again == first
    assert len({*first[0], *first[1]}) == 4
    assert await count(moodle) == 4
    assert await read(moodle, first[0][0]) == stored


async def test_of_a_retried_list_with_news_the_news_are_stored(moodle: Living) -> None:
    old, new = [timed() for _ in range(3)], [timed() for _ in range(3)]
    first = await sent(moodle, old)

    ids = await sent(moodle, [new[0], old[2], new[1], old[0], identified(), old[1], new[2]])

    assert [ids[5], ids[3], ids[1]] == [first[1], first[0], first[2]]
    assert await count(moodle) == 7


async def test_a_list_sent_again_one_by_one_is_the_same(moodle: Living) -> None:
    several = [timed() for _ in range(4)]
    first = await sent(moodle, several)

    assert [(await sent(moodle, each))[0] for each in several] == first
    assert await count(moodle) == 4


async def test_equal_statements_of_one_request_are_different_acts_and_a_retry_finds_each(moodle: Living) -> None:
    act = timed()
    first = await sent(moodle, [act, timed(), act])

    again = await sent(moodle, [act, act])

    assert first[0] != first[2]
    assert again == [first[0], first[2]]
    assert await count(moodle) == 3


@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
async def test_retries_at_once_through_several_processes_are_stored_once(
    moodle: Living, twin: Living, as_list: bool
) -> None:
    twin.http.auth = httpx.BasicAuth(moodle.key, moodle.secret)
    for _ in range(5):
        before = await count(moodle)
        body: Any = [timed(), timed()] if as_list else timed()

        answers = await asyncio.gather(*(each.post(body) for each in (moodle, twin) * 8))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert await count(moodle) == before + (2 if as_list else 1)


async def test_a_client_that_left_before_the_answer_finds_its_statements(moodle: Living) -> None:
    several = [timed() for _ in range(20)]
    leaving = asyncio.create_task(moodle.post(several))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)

    ids = await sent(moodle, several)

    assert len(set(ids)) == 20
    assert await count(moodle) == 20


async def test_when_the_window_is_over_the_statement_is_a_new_one(admit: Admit, twin: Living) -> None:
    soon = await admit("all", dedupe_s=1)
    twin.http.auth = httpx.BasicAuth(soon.key, soon.secret)
    act = timed()
    ids: list[str] = []
    for _ in range(3):
        answers = await asyncio.gather(*(each.post(act) for each in (soon, twin) * 3))
        told = {answer.text for answer in answers}
        assert len(told) == 1
        ids += answers[0].json()
        await asyncio.sleep(1.1)

    assert len(set(ids)) == 3
    assert await count(soon) == 3


async def test_what_was_sent_again_in_many_windows_is_found(moodle: Living, stores: Stores) -> None:
    credential = await stores.credentials.get(moodle.key)
    assert credential is not None
    access, act = Access(credential, moodle.store, {}), timed()
    earlier = set()
    for _ in range(20):
        (expired,) = await sent(moodle, act)
        earlier.add(expired)
        long_ago = {"$set": {"stored": datetime(2020, 1, 1, tzinfo=UTC)}}
        await moodle.store.database["statements"].update_one({"_id": UUID(expired)}, long_ago)

    (free,) = await dedupe.ids(access, [act])

    assert len(earlier) == 20
    assert str(free) not in earlier
    assert await sent(moodle, act) == [str(free)]
    assert await sent(moodle, act) == [str(free)]


DIFFERENT: dict[str, tuple[Json, Json]] = {
    "another act": (timed(), timed()),
    "another time": (statement(timestamp="2026-11-22T09:30:00Z"), statement(timestamp="2026-11-22T09:30:01Z")),
    "another verb": (statement(timestamp="2026-11-22T09:30:00Z"), timed(verb={"id": ANSWERED})),
    "a time and none": (statement(timestamp="2026-11-22T09:30:00Z"), statement()),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT)
async def test_what_is_not_the_same_is_stored(moodle: Living, one: Json, other: Json) -> None:
    await sent(moodle, one)
    await sent(moodle, other)

    assert await count(moodle) == 2


async def test_without_a_timestamp_equal_content_within_the_window_is_the_same(moodle: Living) -> None:
    act = statement()

    assert await sent(moodle, act) == await sent(moodle, act)
    assert await count(moodle) == 1


async def test_another_credential_or_one_without_dedupe_stores_it_again(
    moodle: Living, lrs: Living, admit: Admit
) -> None:
    other, act = await admit("all", dedupe_s=WINDOW_S), timed()
    for each in (moodle, other, lrs, lrs):
        await sent(each, act)

    assert await count(lrs) == 4


async def test_an_id_that_somebody_else_has_taken_is_passed_over(moodle: Living, lrs: Living) -> None:
    act = timed()
    (id_,) = await sent(moodle, act)
    await lrs.store.database["statements"].delete_many({})
    await lrs.post({**act, "id": id_, "verb": {"id": ANSWERED}})

    (other,) = await sent(moodle, act)

    assert other != id_
    assert await sent(moodle, act) == [other]


async def test_an_id_of_the_clients_own_still_decides(moodle: Living) -> None:
    act = identified(timestamp="2026-11-22T09:30:00Z")
    await sent(moodle, act)

    assert await sent(moodle, act) == [act["id"]]
    refused(await moodle.post({**act, "verb": {"id": ANSWERED}}), 409)
    other = {**act, "id": str(uuid4())}
    assert await sent(moodle, other) == [other["id"]]
    assert await count(moodle) == 2
