"""Batches of statements become interactions: through the store, as the worker drives it."""

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import orjson
import pytest

from lrs.core import interactions
from lrs.kit.derivation import Derivation
from lrs.store.feed import Arrival
from lrs.store.statements import NewStatement
from lrs.store.stores import Stores
from lrs.xapi.columns import columns
from tests.reference.samples import (
    COMMENTED,
    CREATE,
    DISCUSSION,
    REPLIED,
    STREAMS_COMMENT,
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

NOTE = "http://activitystrea.ms/note"


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


async def by_number(telling: Telling) -> dict[int, dict[str, Any]]:
    """The interactions by the number of their statement."""
    return {int(str(each["statement_id"])[-12:]): each for each in (await telling.interactions()).values()}


async def places(telling: Telling) -> dict[int, tuple[Any, Any, Any, Any]]:
    """Where each interaction stands, and who is answered."""
    found = await by_number(telling)
    return {key: (each["root_id"], each["on_thread"], each["depth"], each["target"]) for key, each in found.items()}


def alone(told: Sequence[Statement]) -> list[list[Statement]]:
    return [[each] for each in told]


CHAIN = [thread(1, "a", 0, "t:A"), reply(2, "b", 10, "p:B", "t:A"), reply(3, "c", 30, "p:C", "p:B")]
CHAIN_STANDS = {
    1: ("t:A", True, 0, None),
    2: ("t:A", True, 1, person("a")),
    3: ("t:A", True, 2, person("b")),
}


@pytest.mark.parametrize("batches", [[CHAIN], [CHAIN[::-1]], alone(CHAIN), alone(CHAIN[::-1]), alone(CHAIN) * 2])
async def test_a_chain_stands_the_same_whatever_way_it_arrives(
    batches: list[list[Statement]], telling: Telling
) -> None:
    await telling.tell(batches)

    assert await places(telling) == CHAIN_STANDS


async def test_a_statement_delivered_again_changes_nothing_and_logs_nothing(telling: Telling) -> None:
    await telling.tell([CHAIN])
    before = await telling.store.positions.get("normaliser")

    await telling.tell([CHAIN, CHAIN[::-1]])

    assert (await telling.store.positions.get("normaliser")).seq == before.seq == 3


async def test_an_earlier_create_that_arrives_late_makes_another_the_author(telling: Telling) -> None:
    await telling.tell([CHAIN, [reply(4, "d", 5, "p:B", "t:A")]])

    found = await by_number(telling)
    assert (found[3]["target"], found[3]["parent_author"], found[3]["parent_t"]) == (
        person("d"),
        person("d"),
        minute(5),
    )


async def test_of_two_creates_at_one_moment_the_smaller_statement_id_is_the_author(telling: Telling) -> None:
    twins = [reply(5, "x", 10, "p:B", "t:A"), reply(4, "y", 10, "p:B", "t:A")]
    for batches in (
        [[CHAIN[0], *twins, CHAIN[2]]],
        alone([CHAIN[2], *twins, CHAIN[0]]),
        alone(twins[::-1] + CHAIN[::2]),
    ):
        await telling.forget()
        await telling.tell(batches)
        assert (await by_number(telling))[3]["target"] == person("y")


async def test_a_void_gives_the_item_to_its_next_author_and_then_to_nobody(telling: Telling) -> None:
    await telling.tell([[*CHAIN, reply(4, "d", 15, "p:B", "t:A")], [void(8, 2)]])
    assert (await by_number(telling))[3]["target"] == person("d")

    await telling.tell([[void(9, 4)]])

    lost = (await by_number(telling))[3]
    assert (lost["target"], lost["target_status"], lost["parent_author"]) == (None, "pending", None)
    assert (lost["root_id"], lost["on_thread"], lost["depth"]) == ("p:B", True, None)


async def test_two_creates_of_an_item_voided_at_once_leave_the_third(telling: Telling) -> None:
    later = [reply(4, "d", 15, "p:B", "t:A"), reply(5, "e", 40, "p:B", "t:A")]

    await telling.tell([[*CHAIN, *later], [void(8, 2), void(9, 4)]])

    assert (await by_number(telling))[3]["target"] == person("e")


async def test_a_voided_statement_that_arrives_after_its_void_leaves_no_trace(telling: Telling) -> None:
    await telling.tell([[CHAIN[0], void(9, 2)], [CHAIN[2]], [CHAIN[1]], [CHAIN[1]]])

    assert sorted(await by_number(telling)) == [1, 3]
    assert (await by_number(telling))[3]["target_status"] == "pending"


async def test_a_void_read_together_with_a_statement_that_was_not_voided_yet_leaves_no_trace(telling: Telling) -> None:
    """As a scan may find them, a moment after the void was stored and before its target was marked."""
    sent = [CHAIN[0], void(9, 1)]
    found = [Arrival(UUID(each["id"]), orjson.dumps(each), minute(0), None) for each in sent]
    batch = [found[0], found[1]._replace(voids=found[0].id)]

    async with Derivation.of(telling.store, telling.client, []) as derivation:
        await derivation.reader.take(batch, {"scan": {"anew": True}})
        await derivation.reader.written()

    assert await by_number(telling) == {}


async def test_a_void_lets_what_it_covered_count_again(telling: Telling) -> None:
    again = [{**CHAIN[1], "id": uuid(n), "timestamp": minute(at).isoformat()} for n, at in ((4, 16), (5, 21.9))]
    await telling.tell([[*CHAIN, *again]])
    assert {key: each["state"] for key, each in (await by_number(telling)).items() if key in (2, 4, 5)} == {
        2: "live",
        4: "superseded",
        5: "live",
    }

    await telling.tell([[void(9, 2)]])

    found = await by_number(telling)
    assert (found[4]["state"], found[5]["state"], found[5]["state_by"]) == ("live", "superseded", UUID(uuid(4)))


async def test_a_thread_below_a_feed_post_stays_a_root_when_the_post_arrives(telling: Telling) -> None:
    note = statement(2, "b", CREATE, activity("n:1", NOTE), 0)
    below = statement(1, "a", CREATE, activity("t:A", DISCUSSION), 5, parent=[activity("n:1", NOTE)])

    await telling.tell([[below], [note]])

    found = (await by_number(telling))[1]
    assert (found["is_root"], found["root_id"], found["on_thread"]) == (True, "t:A", True)


async def test_a_thread_stays_a_root_when_the_statement_it_refers_to_arrives(telling: Telling) -> None:
    referring = thread(1, "a", 5, "t:A")
    referring["context"]["statement"] = {"objectType": "StatementRef", "id": uuid(2)}

    await telling.tell([[referring], [statement(2, "b", CREATE, activity("n:1", NOTE), 0)]])

    found = (await by_number(telling))[1]
    assert (found["is_root"], found["target"]) == (True, person("b"))


async def test_a_comment_on_a_feed_post_is_on_no_thread(telling: Telling) -> None:
    note = statement(1, "a", CREATE, activity("n:1", NOTE), 0)
    comment = statement(2, "b", COMMENTED, activity("c:1", STREAMS_COMMENT), 1, parent=[activity("n:1", NOTE)])

    await telling.tell([[comment], [note]])

    assert (await places(telling))[2] == ("n:1", False, 1, person("a"))


async def test_a_reply_to_a_statement_finds_its_actor_until_it_is_voided(telling: Telling) -> None:
    to_statement = statement(4, "d", REPLIED, {"objectType": "StatementRef", "id": uuid(1)}, 20)

    await telling.tell([[to_statement], CHAIN])
    assert (await by_number(telling))[4]["target"] == person("a")

    await telling.tell([[void(9, 1)]])
    assert (await by_number(telling))[4]["target_status"] == "pending"


async def test_an_unreadable_statement_is_listed_and_the_others_go_on(telling: Telling) -> None:
    broken = UUID(uuid(7))
    unreadable = NewStatement(broken, b'{"verb": 1}', minute(0), columns(CHAIN[0]))
    await telling.store.statements.insert_one(unreadable)
    ids = await telling.post(CHAIN)

    async with Derivation.of(telling.store, telling.client, []) as derivation:
        await derivation.take([ids[0], str(broken), *ids[1:]])
        await derivation.take([str(broken)])

    assert await places(telling) == CHAIN_STANDS
    assert (await interactions.report(telling.store))["failed_statements"] == 1


async def test_parents_in_a_loop_come_to_an_end(telling: Telling) -> None:
    loop = [reply(1, "a", 1, "p:A", "p:C"), reply(2, "b", 2, "p:B", "p:A"), reply(3, "c", 3, "p:C", "p:B")]
    for batches in ([loop], alone(loop), alone(loop[::-1])):
        await telling.forget()
        await telling.tell(batches)
        assert {each["depth"] for each in (await by_number(telling)).values()} == {None}


async def test_a_loop_that_closes_late_below_a_thread_comes_to_an_end(telling: Telling) -> None:
    await telling.tell([CHAIN, [reply(4, "d", 1, "p:B", "p:C")], [reply(5, "e", 50, "p:E", "p:C")]])

    assert (await by_number(telling))[5]["depth"] is None
    assert (await by_number(telling))[5]["target"] == person("c")


DEEP = [thread(1, "a", 0, "p:1"), *(reply(n, f"u{n % 7}", n, f"p:{n}", f"p:{n - 1}") for n in range(2, 1001))]


@pytest.mark.slow
@pytest.mark.parametrize("size", [1000, 125])
async def test_a_chain_of_a_thousand_that_arrives_from_its_end_is_placed_whole(size: int, telling: Telling) -> None:
    backwards = DEEP[::-1]

    await telling.tell([backwards[begin : begin + size] for begin in range(0, len(backwards), size)])

    found = await places(telling)
    assert [found[n][:3] for n in range(1, 1001)] == [("p:1", True, n - 1) for n in range(1, 1001)]


@pytest.mark.slow
async def test_an_item_made_five_thousand_times_has_one_author_and_one_thread(telling: Telling) -> None:
    creates = [thread(n, f"u{n}", 5000 - n, "t:A") for n in range(1, 5001)]

    await telling.tell([creates[begin : begin + 500] for begin in range(0, 5000, 500)])

    roots = [key for key, each in (await by_number(telling)).items() if each["is_root"]]
    assert roots == [5000]
