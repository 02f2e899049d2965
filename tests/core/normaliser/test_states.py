"""What deletions and un-acts do to the acts before them, whatever order they arrive in."""

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from lrs.store.stores import Stores
from tests.reference.acts import FORUM_REPLY
from tests.reference.samples import (
    DISCUSSION,
    activity,
    minute,
    person,
    reply,
    statement,
    thread,
    uuid,
    void,
)
from tests.reference.statements import Statement
from tests.telling import Telling

STREAMS = "http://activitystrea.ms/"
LIKE, UNLIKE, DELETE = f"{STREAMS}like", f"{STREAMS}unlike", f"{STREAMS}delete"
FOLLOW, STOP = f"{STREAMS}follow", f"{STREAMS}stop-following"


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


def on_post(number: int, who: str, verb: str, at: float, item: str = "p:B") -> Statement:
    return statement(number, who, verb, activity(item, FORUM_REPLY), at)


def on_person(number: int, who: str, verb: str, at: float, whom: str) -> Statement:
    return statement(number, who, verb, {"objectType": "Agent", "mbox": f"mailto:{whom}@example.org"}, at)


async def states(telling: Telling) -> dict[int, tuple[str, int | None]]:
    """State, and the number of the statement that brought it about, by the number of the statement."""
    found = (await telling.interactions()).values()
    return {number(each["statement_id"]): (each["state"], number(each["state_by"])) for each in found}


def number(statement_id: UUID | None) -> Any:
    return None if statement_id is None else int(str(statement_id)[-12:])


TOLD = [
    thread(1, "a", 0, "t:A"),
    {**reply(2, "b", 10, "p:B", "t:A"), "result": {"response": "Here"}},
    on_post(3, "c", LIKE, 20),
    on_post(4, "d", LIKE, 30),
    on_post(5, "c", UNLIKE, 40),
]


@pytest.mark.slow
async def test_an_un_act_ends_the_earlier_act_of_the_same_actor_in_any_order(telling: Telling) -> None:
    for order in list(permutations(TOLD[1:]))[::5]:
        for batches in ([list(order)], [[each] for each in order]):
            await telling.forget()
            await telling.tell([[TOLD[0]], *batches])
            assert {key: state for key, state in (await states(telling)).items() if key > 2} == {
                3: ("undone", 5),
                4: ("live", None),
                5: ("live", None),
            }


async def test_an_act_ends_when_it_was_taken_back_and_may_be_done_again(telling: Telling) -> None:
    await telling.tell([[*TOLD, on_post(6, "c", LIKE, 60)]])

    found = {number(each["statement_id"]): each for each in (await telling.interactions()).values()}
    assert (found[3]["state_t"], found[6]["state"]) == (minute(40), "live")


async def test_a_voided_un_act_never_happened(telling: Telling) -> None:
    await telling.tell([TOLD, [void(9, 5)]])

    assert (await states(telling))[3] == ("live", None)


async def test_following_ends_with_stopping_to_follow_the_same_person(telling: Telling) -> None:
    told = [on_person(1, "a", FOLLOW, 0, "b"), on_person(2, "a", FOLLOW, 1, "c"), on_person(3, "a", STOP, 30, "b")]
    for batches in ([told], [[each] for each in told[::-1]]):
        await telling.forget()
        await telling.tell(batches)
        assert await states(telling) == {1: ("undone", 3), 2: ("live", None), 3: ("live", None)}


async def test_who_leaves_a_group_leaves_it_whichever_members_are_listed(telling: Telling) -> None:
    group: dict[str, Any] = {"objectType": "Group", "mbox": "mailto:g@example.org"}
    of = {"member": [{"mbox": f"mailto:{name}@example.org"} for name in "bc"]}
    told = [
        statement(1, "a", f"{STREAMS}join", {**group, **of}, 0),
        statement(2, "a", f"{STREAMS}join", {**group, "mbox": "mailto:h@example.org", **of}, 0),
        statement(3, "a", f"{STREAMS}leave", group, 30),
    ]
    for batches in ([told], [[each] for each in told[::-1]]):
        await telling.forget()
        await telling.tell(batches)
        found = (await telling.interactions()).values()
        ended = sorted((number(each["statement_id"]), each["state"]) for each in found)
        assert ended == [*[(1, "undone")] * 2, *[(2, "live")] * 2, (3, "live")]


@pytest.mark.slow
async def test_a_deletion_leaves_the_post_in_its_place_and_takes_text_and_reactions_in_any_order(
    telling: Telling,
) -> None:
    told = [*TOLD[:4], on_post(6, "a", DELETE, 50), reply(7, "e", 55, "p:E", "p:B")]
    for order in list(permutations(told[1:]))[::19]:
        await telling.forget()
        await telling.tell([[told[0]], *([each] for each in order)])
        assert await states(telling) == {
            1: ("live", None),
            2: ("deleted", 6),
            3: ("deleted", 6),
            4: ("deleted", 6),
            6: ("live", None),
            7: ("live", None),
        }
        found = {number(each["statement_id"]): each for each in (await telling.interactions()).values()}
        assert "text_len" not in found[2]["value"]
        assert (found[7]["target"], found[7]["depth"], found[2]["state_t"]) == (person("b"), 2, minute(50))


async def test_a_voided_deletion_gives_text_and_reactions_back(telling: Telling) -> None:
    await telling.tell([[*TOLD[:4], on_post(6, "a", DELETE, 50)], [void(9, 6)]])

    assert set((await states(telling)).values()) == {("live", None)}
    found = {number(each["statement_id"]): each for each in (await telling.interactions()).values()}
    assert found[2]["value"]["text_len"] == 4


async def test_what_is_made_after_the_deletion_is_not_deleted_by_it(telling: Telling) -> None:
    await telling.tell([[on_post(6, "a", DELETE, 5), TOLD[0], TOLD[1]]])

    assert (await states(telling))[2] == ("live", None)


async def test_a_deleted_repetition_stays_a_repetition(telling: Telling) -> None:
    again = {**TOLD[1], "id": uuid(8), "timestamp": minute(12).isoformat()}
    await telling.tell([[TOLD[0], TOLD[1], again, on_post(6, "a", DELETE, 50)]])

    assert (await states(telling))[2] == ("deleted", 6)
    assert (await states(telling))[8] == ("superseded", 2)


async def test_the_first_of_several_deletions_counts(telling: Telling) -> None:
    deletions = [on_post(6, "a", DELETE, 50), on_post(5, "c", DELETE, 50), on_post(7, "d", DELETE, 49)]
    for batches in ([[*TOLD[:2], *deletions]], [[each] for each in [*deletions, *TOLD[:2]]]):
        await telling.forget()
        await telling.tell(batches)
        assert (await states(telling))[2] == ("deleted", 7)


async def test_a_thread_that_was_deleted_is_still_a_thread(telling: Telling) -> None:
    gone = statement(3, "a", DELETE, activity("t:A", DISCUSSION), 50)
    await telling.tell([[TOLD[0], TOLD[1], gone]])

    found = {number(each["statement_id"]): each for each in (await telling.interactions()).values()}
    assert (found[1]["state"], found[1]["is_root"], found[2]["root_id"]) == ("deleted", True, "t:A")
    period = {"since": minute(0).isoformat(), "until": minute(60).isoformat()}
    assert (await telling.answer("posts", guarded=False, **period)).rows[0].value == 2
