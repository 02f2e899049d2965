"""Who made a thing, where others shared it, and whose the reactions on it are, whatever arrives first."""

from collections.abc import AsyncIterator
from itertools import permutations
from typing import Any

import pytest

from lrs.store.stores import Stores
from tests.reference.acts import FORUM_REPLY
from tests.reference.samples import (
    COMMENTED,
    CREATE,
    DISCUSSION,
    FORUM,
    REPLIED,
    activity,
    minute,
    person,
    statement,
    thread,
    void,
)
from tests.reference.statements import Statement
from tests.telling import Telling

STREAMS = "http://activitystrea.ms/"
LIKE, SHARE = f"{STREAMS}like", f"{STREAMS}share"
NOTE, VIDEO = f"{STREAMS}note", f"{STREAMS}video"
PERIOD = {"since": minute(0).isoformat(), "until": minute(600).isoformat()}


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


async def told(telling: Telling) -> dict[int, dict[str, Any]]:
    """The interactions by the number of their statement."""
    found = (await telling.interactions()).values()
    return {int(str(each["statement_id"])[-12:]): each for each in found}


async def toward(telling: Telling, number: int) -> tuple[str | None, str | None]:
    """Toward whom an act is, and how that was found."""
    found = (await told(telling))[number]
    return found["target"], found["target_via"]


def replied(number: int, who: str, at: float, to: str) -> Statement:
    parents = [activity(to, DISCUSSION)]
    return statement(number, who, REPLIED, activity(f"p:{number}", FORUM_REPLY), at, parent=parents)


SHARED = statement(1, "a", SHARE, activity("t:1", DISCUSSION), 0)
ANSWER = replied(2, "b", 60, "t:1")


@pytest.mark.parametrize("kind", ["share", "send"])
@pytest.mark.parametrize("type_of", [DISCUSSION, f"{STREAMS}question", FORUM, FORUM_REPLY])
async def test_who_passes_a_thread_or_a_place_on_did_not_make_it(telling: Telling, kind: str, type_of: str) -> None:
    await telling.tell([[statement(1, "a", f"{STREAMS}{kind}", activity("t:1", type_of), 0), ANSWER]])

    assert (await told(telling))[2]["target_status"] == "pending"
    assert (await telling.answer("median_response_time", guarded=False, **PERIOD)).rows[0].value is None
    assert (await telling.answer("replies", guarded=False, **PERIOD)).rows[0].value == 1


async def test_a_thread_whose_start_was_voided_is_not_its_sharers(telling: Telling) -> None:
    await telling.tell([[SHARED, ANSWER, thread(3, "o", 1, "t:1")], [void(9, 3)]])

    assert (await told(telling))[2]["target_status"] == "pending"


async def test_who_starts_a_thread_opens_it_although_the_sharers_clock_runs_ahead(telling: Telling) -> None:
    untyped = statement(1, "a", SHARE, activity("t:1"), 0)
    for shares in (SHARED, untyped):
        for order in permutations([shares, ANSWER, thread(3, "o", 1, "t:1")]):
            await telling.forget()
            await telling.tell([[each] for each in order])
            assert await toward(telling, 2) == (person("o"), "parent")
            assert (await telling.answer("threads", guarded=False, **PERIOD)).rows[0].value == 1


async def test_what_was_shared_is_its_makers_and_only_while_no_maker_is_known_the_first_sharers(
    telling: Telling,
) -> None:
    shares = [statement(1, "a", SHARE, activity("v:1", VIDEO), 0), statement(2, "b", SHARE, activity("v:1", VIDEO), 5)]
    made = statement(3, "o", CREATE, activity("v:1", VIDEO), 9)
    liked = statement(4, "c", LIKE, activity("v:1", VIDEO), 20)
    for order in permutations([*shares, made, liked]):
        await telling.forget()
        await telling.tell([[each] for each in order])
        assert await toward(telling, 4) == (person("o"), "object")
    await telling.tell([[void(8, 3)]])
    assert await toward(telling, 4) == (person("a"), "object")
    await telling.tell([[void(9, 1)]])
    assert await toward(telling, 4) == (person("b"), "object")


async def test_who_answers_a_reply_in_a_thread_that_nobody_names_answers_its_author(telling: Telling) -> None:
    below = activity("f:1", FORUM)
    replies = [
        statement(1, "a", REPLIED, activity("p:1", FORUM_REPLY), 0, parent=[below]),
        statement(2, "b", REPLIED, activity("p:2", FORUM_REPLY), 60, parent=[activity("p:1", FORUM_REPLY), below]),
    ]
    for order in permutations(replies):
        await telling.forget()
        await telling.tell([[each] for each in order])
        found = await told(telling)
        assert (found[1]["target_status"], found[1]["depth"]) == ("unresolvable", None)
        assert await toward(telling, 2) == (person("a"), "parent")
        answers = {
            metric: (await telling.answer(metric, guarded=False, **PERIOD)).rows[0].value
            for metric in ("threads", "replies", "median_response_time")
        }
        assert answers == {"threads": 0, "replies": 2, "median_response_time": 3600}


async def test_a_statement_by_an_anonymous_group_is_its_first_members_for_who_answers_it_too(telling: Telling) -> None:
    members = [{"mbox": f"mailto:{name}@example.org"} for name in "ab"]
    made = {**thread(1, "a", 0, "t:1"), "actor": {"objectType": "Group", "member": members}}
    answer = statement(2, "c", REPLIED, {"objectType": "StatementRef", "id": made["id"]}, 60)
    for order in ([made, answer], [answer, made]):
        await telling.forget()
        await telling.tell([[each] for each in order])
        found = await telling.interactions()
        assert found[f"{answer['id']}:reply:0"]["target"] == person("a")


POST = statement(1, "o", CREATE, activity("post:1", NOTE), 0)
REACTION = statement(2, "a", LIKE, activity("like:1", NOTE), 10, parent=[activity("post:1", NOTE)])
DELETION = statement(3, "o", f"{STREAMS}delete", activity("post:1", NOTE), 20)


async def test_a_reaction_with_an_id_of_its_own_is_on_its_parent_and_goes_with_it(telling: Telling) -> None:
    for order in permutations([POST, REACTION, DELETION]):
        await telling.forget()
        await telling.tell([[each] for each in order])
        assert await toward(telling, 2) == (person("o"), "parent")
        assert (await told(telling))[2]["state"] == "deleted"


async def test_a_reaction_on_what_somebody_made_below_a_post_is_on_that_alone(telling: Telling) -> None:
    below = statement(4, "b", COMMENTED, activity("like:1", NOTE), 5, parent=[activity("post:1", NOTE)])
    for order in list(permutations([POST, REACTION, DELETION, below]))[::3]:
        await telling.forget()
        await telling.tell([[each] for each in order])
        assert await toward(telling, 2) == (person("b"), "object")
        assert (await told(telling))[2]["state"] == "live"
    await telling.tell([[void(9, 4)]])
    assert await toward(telling, 2) == (person("o"), "parent")
    assert (await told(telling))[2]["state"] == "deleted"


async def test_a_reaction_on_a_comment_that_nobody_told_of_waits_for_its_author(telling: Telling) -> None:
    liked = statement(2, "a", LIKE, activity("c:1", f"{STREAMS}comment"), 10, parent=[activity("post:1", NOTE)])
    await telling.tell([[POST, liked, DELETION]])

    assert ((await told(telling))[2]["target_status"], (await told(telling))[2]["state"]) == ("pending", "live")
