"""When the start of a thread or cascade was made is known to all that stands in it, whatever arrives first."""

from collections.abc import AsyncIterator
from datetime import datetime
from itertools import permutations

import pytest

from lrs.store.stores import Stores
from tests.reference.acts import ADL, FORUM_REPLY
from tests.reference.samples import COURSE, DISCUSSION, activity, minute, moodle_reply, reply, statement, thread, void
from tests.reference.statements import Statement
from tests.telling import Telling

STREAMS = "http://activitystrea.ms/"
LIKE, SHARE, COMPLETED = f"{STREAMS}like", f"{STREAMS}share", f"{ADL}completed"
VIEWED = "http://id.tincanapi.com/verb/viewed"
ARTICLE = f"{STREAMS}article"


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


async def starts(telling: Telling) -> dict[int, datetime | None]:
    """When the root of each act was made, by the number of its statement."""
    found = (await telling.interactions()).values()
    return {int(str(each["statement_id"])[-12:]): each["root_t"] for each in found}


THREAD = [
    thread(1, "a", 3, "t:A"),
    reply(2, "b", 10, "p:B", "t:A"),
    reply(3, "c", 30, "p:C", "p:B"),
    statement(4, "d", LIKE, activity("p:C", FORUM_REPLY), 40),
    statement(5, "e", VIEWED, activity("t:A", DISCUSSION), 50),
]
EARLIER = thread(6, "f", 1, "t:A")


@pytest.mark.slow
async def test_all_that_stands_in_a_thread_tells_when_it_began_in_any_order(telling: Telling) -> None:
    for order in list(permutations([*THREAD, EARLIER]))[::47]:
        await telling.forget()
        await telling.tell([[each] for each in order])
        # What is only done to a post stands on that post.
        assert await starts(telling) == {**dict.fromkeys((1, 2, 3, 5, 6), minute(1)), 4: minute(30)}


async def test_an_earlier_start_that_arrives_late_and_its_void_change_all_that_stands_in_the_thread(
    telling: Telling,
) -> None:
    await telling.tell([THREAD])
    assert set((await starts(telling)).values()) == {minute(3), minute(30)}
    before = await telling.store.positions.get("normaliser")

    await telling.tell([[EARLIER]])
    assert {key for key, each in (await starts(telling)).items() if each == minute(1)} == {1, 2, 3, 5, 6}
    assert (await telling.store.positions.get("normaliser")).seq == before.seq + 5

    await telling.tell([[void(9, 6)]])
    assert {key for key, each in (await starts(telling)).items() if each == minute(3)} == {1, 2, 3, 5}


async def test_the_time_of_a_start_that_nobody_told_of_is_not_known(telling: Telling) -> None:
    await telling.tell([THREAD[1:], [moodle_reply(8, "b", 60, 1)]])

    assert await starts(telling) == {**dict.fromkeys((2, 3, 5, 8)), 4: minute(30)}


async def test_a_thread_that_is_voided_takes_the_time_with_it(telling: Telling) -> None:
    await telling.tell([THREAD, [void(9, 1)]])

    assert await starts(telling) == {**dict.fromkeys((2, 3, 5)), 4: minute(30)}


async def test_a_reply_that_names_its_thread_beside_its_parent_knows_both(telling: Telling) -> None:
    both = reply(3, "c", 30, "p:C", "p:B")
    both["context"]["contextActivities"]["grouping"] = [activity("t:A", DISCUSSION)]
    for order in permutations([THREAD[0], both, EARLIER]):
        await telling.forget()
        await telling.tell([[each] for each in order])
        assert (await starts(telling))[3] == minute(1)


def shared(number: int, who: str, at: float, item: str, *of: str) -> Statement:
    """Somebody shares an article, or shares on what another shared."""
    return statement(number, who, SHARE, activity(item, ARTICLE), at, parent=[activity(each, ARTICLE) for each in of])


async def test_all_of_a_cascade_tells_when_it_began_in_any_order(telling: Telling) -> None:
    cascade = [shared(1, "a", 5, "s:1"), shared(2, "b", 20, "s:2", "s:1"), shared(3, "c", 40, "s:3", "s:2")]
    for order in permutations(cascade):
        await telling.forget()
        await telling.tell([[each] for each in order])
        assert await starts(telling) == dict.fromkeys((1, 2, 3), minute(5))


async def test_what_is_only_used_has_no_start_to_look_up(telling: Telling) -> None:
    """So that a course somebody tells of late does not change all that was ever done in it."""
    used = statement(1, "a", COMPLETED, activity("c:1", COURSE), 10)

    await telling.tell([[used], [thread(2, "b", 0, "c:1")]])

    assert await starts(telling) == {1: None, 2: minute(0)}
