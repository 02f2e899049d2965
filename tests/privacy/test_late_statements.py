"""Whoever asks for statements in groups again and again sees nothing of what one person sent late, or had voided.

Three departments of twelve, seven and two people write for a week. It is closed when the attacker asks first; what
comes then was stored in later weeks, which are closed too when he asks again.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from lrs import clock
from lrs.core.querying.aggregate import aggregate
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.samples import identified, voiding
from tests.privacy.aggregates import Answer, Asked, after, asked
from tests.privacy.organisation import member, person
from tests.reference.samples import MONDAY
from tests.telling import spread

DEPARTMENTS = {"North": "abcdefghijkl", "South": "mnopqrs", "West": "tu"}
PEOPLE = {name: department for department, names in DEPARTMENTS.items() for name in names}
WEEK_ONE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}
TABLES = ("verb", "type", "activity", "department", "verb,department", "activity,verb")
VERBS = ("read", "wrote")


def told(name: str, verb: str = "read", thing: str = "book", day: float = 1) -> Json:
    """What somebody did on a day of the first week."""
    return identified(
        actor={"mbox": f"mailto:{name}@example.org"},
        verb={"id": f"http://example.org/verbs/{verb}"},
        object={"id": f"http://example.org/{thing}", "definition": {"type": f"http://example.org/types/{thing}"}},
        timestamp=spread(MONDAY, day),
    )


@pytest.fixture
async def told_in_time() -> list[Json]:
    return [told(name, verb) for name in PEOPLE for verb in VERBS]


@pytest.fixture
async def asking(stores: Stores, told_in_time: list[Json]) -> AsyncIterator[Asked]:
    people = [person(name, member("department", department)) for name, department in PEOPLE.items()]
    async with asked(stores, people, told_in_time) as made:
        yield made


async def seen(asking: Asked) -> list[Answer]:
    """All that is answered about the first week."""
    tables = [await asking.answer(**WEEK_ONE, **more) for more in ({}, {"verb": told("a")["verb"]["id"]})]
    return [*tables, *[await asking.answer(**WEEK_ONE, group_by=axes) for axes in TABLES]]


def by(statements: Sequence[Json], name: str, verb: str) -> str:
    """The id of what somebody did."""
    (found,) = (
        each["id"]
        for each in statements
        if each["actor"]["mbox"] == f"mailto:{name}@example.org" and each["verb"]["id"].endswith(f"/{verb}")
    )
    return str(found)


async def test_what_fewer_than_k_people_send_late_is_not_seen(asking: Asked) -> None:
    before = await seen(asking)

    steps: list[tuple[list[Json], float]] = [
        ([told("a", day=2)], 1.5),
        ([told("a", day=2 + n / 100) for n in range(30)], 2.5),
        ([told("b", "liked", "picture")], 2.6),
        ([told(name, day=3) for name in "cd"], 5.5),
        ([told("d", day=3)], 9.5),
    ]
    for statements, weeks in steps:
        await asking.tell(statements, after(weeks))
        assert await seen(asking) == before


async def test_what_k_people_send_late_takes_effect_together(asking: Asked) -> None:
    assert await asking.total(**WEEK_ONE) == 42

    await asking.tell([told(name, day=2) for name in "abcd"], after(1.5))
    assert await asking.total(**WEEK_ONE) == 42
    await asking.tell([told("e", day=2)], after(3.5))

    assert await asking.total(**WEEK_ONE) == 47
    assert await asking.counts("department", **WEEK_ONE) == {"North": 29, "South": None, "West": None}
    assert await asking.counts("verb", **WEEK_ONE) == {"read": 26, "wrote": 21}


async def test_of_what_takes_effect_together_each_group_sees_only_what_k_people_did_in_it(asking: Asked) -> None:
    await asking.tell([told(name, day=2) for name in "abcmno"], after(1.5))
    await asking.tell([told(name, "wrote", day=2) for name in "abcdefgmn"], after(2.5))

    assert await asking.total(**WEEK_ONE) == 42 + 6 + 9
    # Three of North read and seven wrote late, and what others did would be what is left.
    assert await asking.counts("department", **WEEK_ONE) == {"North": 24, "South": None, "West": None}
    assert await asking.counts("verb", **WEEK_ONE) == {"read": 27, "wrote": 30}


async def test_what_is_stored_in_a_week_that_has_not_ended_is_not_looked_at(asking: Asked) -> None:
    before = await seen(asking)

    await asking.tell([told(name, day=2) for name in PEOPLE], clock.now())

    assert await seen(asking) == before


async def test_history_that_is_imported_is_there_when_the_week_of_the_import_has_ended(stores: Stores) -> None:
    async with asked(stores) as asking:
        await asking.tell([told(name, verb) for name in PEOPLE for verb in VERBS], after(20.5))

        assert await asking.total(**WEEK_ONE) == 42
        assert await asking.counts("verb", **WEEK_ONE) == {"read": 21, "wrote": 21}


async def test_a_void_is_not_seen_before_those_of_k_people_s_statements(
    asking: Asked, told_in_time: list[Json]
) -> None:
    before = await seen(asking)

    for week, name in enumerate("abcd", 2):
        await asking.tell([voiding(by(told_in_time, name, "read"))], after(week))
        assert await seen(asking) == before
    await asking.tell([voiding(by(told_in_time, "e", "read"))], after(9))

    assert await asking.total(**WEEK_ONE) == 37
    assert await asking.counts("verb", **WEEK_ONE) == {"read": 16, "wrote": 21}
    assert await asking.counts("department", **WEEK_ONE) == {"North": 19, "South": None, "West": None}


async def test_what_is_voided_in_its_week_was_never_there(asking: Asked) -> None:
    gone = told("a", day=3)
    await asking.tell([gone], after(0.5))
    await asking.tell([voiding(gone["id"], timestamp=spread(MONDAY, 8))], after(0.6))

    assert await asking.total(**WEEK_ONE) == 42


async def test_what_came_late_and_was_voided_before_it_took_effect_was_never_there(asking: Asked) -> None:
    late = [told(name, day=3) for name in "abcd"]
    await asking.tell(late, after(1.5))
    await asking.tell([voiding(each["id"]) for each in late], after(2.5))
    await asking.tell([told("e", day=3)], after(3.5))

    assert await asking.total(**WEEK_ONE) == 42


async def test_voids_leave_no_group_of_fewer_than_k_people(asking: Asked, told_in_time: list[Json]) -> None:
    """Nineteen of twenty-one did not read after all: two would be left, and what they did."""
    read = [voiding(by(told_in_time, name, "read")) for name in [*PEOPLE][:19]]
    await asking.tell(read, after(2.5))

    assert await asking.total(**WEEK_ONE) == 23
    assert await asking.counts("verb", **WEEK_ONE) == {"read": 21, "wrote": 21}


async def test_all_that_a_group_did_can_be_voided(asking: Asked, told_in_time: list[Json]) -> None:
    await asking.tell([voiding(by(told_in_time, name, "read")) for name in PEOPLE], after(2.5))

    assert await asking.counts("verb", **WEEK_ONE) == {"wrote": 21}


async def test_what_was_withheld_stays_withheld_however_many_come_late(stores: Stores) -> None:
    few = [told(name, verb) for verb, names in (("read", "abc"), ("wrote", "defghijk")) for name in names]
    async with asked(stores, (), few) as asking:
        await asking.tell([told(name) for name in "mnopqrstuv"], after(1.5))

        assert (await asking.counts("verb", **WEEK_ONE))["read"] is None


async def test_whoever_may_read_statements_sees_everything_at_once(asking: Asked, told_in_time: list[Json]) -> None:
    await asking.tell([told("a", day=2)], after(1.5))
    await asking.tell([voiding(by(told_in_time, "b", "read"))], after(1.6))

    assert await live(asking, **WEEK_ONE) == 42


async def live(asking: Asked, **asked: Any) -> int:
    found = (await aggregate(asking.store, asked, asking.identities, None)).as_dict()
    count: int = found["rows"][0]["count"]
    return count
