"""Groups of people in the place of agents: departments, teams, communities and roles, by membership at the time."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lrs.core.analytics.guard import Reason
from lrs.store.stores import Stores
from tests.reference.samples import DAY, MONDAY, WEEK, reply, thread
from tests.reference.statements import Statement
from tests.telling import Telling, spread

NAMES = "abcdefghijkl"
FIRST = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}
BOTH = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 14)}


def person(name: str, *groups: tuple[str, str], also: str = "", **more: Any) -> dict[str, Any]:
    """A person with the account of that name, and those of other names."""
    told = [{"kind": kind, "group": group} for kind, group in groups]
    accounts = [{"mbox": f"mailto:{each}@example.org"} for each in name + also]
    return {"id": name, "identifiers": accounts, "groups": told, **more}


def talk(week: int) -> list[Statement]:
    """A thread by `a`, and an answer to it by each of the others."""
    begin, number = week * WEEK, 100 * week
    replies = [
        reply(number + n, who, begin + n, f"p:{week}{who}", f"t:{week}") for n, who in enumerate(NAMES[1:], start=1)
    ]
    return [thread(number + 50, "a", begin, f"t:{week}"), *replies]


@pytest.fixture(scope="module")
async def shared(stores: Stores) -> AsyncIterator[Telling]:
    """Two weeks in which twelve people talk."""
    async with Telling.to_a_new_store(stores) as made:
        await made.tell([talk(0), talk(1)])
        yield made


@pytest.fixture
async def telling(shared: Telling) -> AsyncIterator[Telling]:
    yield shared
    await shared.store.database["people"].delete_many({})


async def rows(telling: Telling, metric: str, kind: str | None, **asked: Any) -> list[tuple[Any, ...]]:
    told = {**FIRST, "guarded": False, **({} if kind is None else {"group_by": kind}), **asked}
    return [(row.group, row.value, row.reason) for row in (await telling.answer(metric, **told)).rows]


@pytest.mark.parametrize("kind", ["department", "team", "community", "role"])
async def test_an_act_belongs_to_its_actors_groups_of_the_kind(telling: Telling, kind: str) -> None:
    members = {"a": "North", "b": "North", "c": "South"}
    await telling.introduce([person(name, (kind, group)) for name, group in members.items()])

    assert await rows(telling, "posts", kind) == [("North", 2, None), ("South", 1, None)]
    assert await rows(telling, "threads", kind) == [("North", 1, None), ("South", 0, None)]
    assert await rows(telling, "posts", kind, group="South") == [("South", 1, None)]
    assert await rows(telling, "posts", kind, group="West") == [("West", 0, None)]


async def test_without_any_membership_of_the_kind_there_is_no_roster(telling: Telling) -> None:
    await telling.introduce([person("a", ("team", "A"))])

    assert await rows(telling, "posts", "department") == [(None, None, Reason.NO_ROSTER)]
    assert await rows(telling, "posts", "department", group="North") == [(None, None, Reason.NO_ROSTER)]


async def test_where_no_member_did_anything_there_is_no_data(telling: Telling) -> None:
    await telling.introduce([person("z", ("department", "North"))])

    assert await rows(telling, "posts", "department") == [(None, None, Reason.NO_DATA)]


async def test_somebody_in_several_groups_counts_in_each_and_once_in_the_store(telling: Telling) -> None:
    await telling.introduce([person("a", ("team", "A"), ("team", "B")), person("b", ("team", "A"))])

    assert await rows(telling, "participants", "team") == [("A", 2, None), ("B", 1, None)]
    assert await rows(telling, "participants", None) == [(None, 12, None)]


async def test_who_moves_takes_no_past_along(telling: Telling) -> None:
    moved = [
        {"kind": "department", "group": "North", "to": "2026-03-09"},
        {"kind": "department", "group": "South", "from": "2026-03-09"},
    ]
    await telling.introduce([{**person("b"), "groups": moved}])

    found = (await telling.answer("posts", guarded=False, group_by="department", bucket="week", **BOTH)).rows

    assert [(row.group, row.value) for row in found] == [("North", 1), ("North", 0), ("South", 0), ("South", 1)]


async def test_two_accounts_of_one_person_are_one_and_their_talk_is_with_oneself(telling: Telling) -> None:
    await telling.introduce([person("a", ("team", "A"), also="bc")])

    assert await rows(telling, "participants", None) == [(None, 10, None)]
    assert await rows(telling, "participants", "team") == [("A", 1, None)]
    assert await rows(telling, "median_response_time", "team") == [("A", None, Reason.NO_DATA)]
    (row,) = (await telling.answer("reply_reciprocity", guarded=False, **FIRST)).rows
    assert row.n_acts == 12
    assert await rows(telling, "median_response_time", None) == [(None, 7 * 60, None)]  # of the minutes 3 to 11


async def test_who_opted_out_is_left_out_and_nobody_answers_them(telling: Telling) -> None:
    await telling.introduce([person("a", ("team", "A"), opt_out=True), person("b", ("team", "A"))])

    assert await rows(telling, "posts", None) == [(None, 11, None)]
    assert await rows(telling, "posts", "team") == [("A", 1, None)]
    assert await rows(telling, "median_response_time", None) == [(None, None, Reason.NO_DATA)]
    assert await rows(telling, "reply_reciprocity", None) == [(None, None, Reason.NO_DATA)]


async def test_what_was_done_before_leaving_stays(telling: Telling) -> None:
    await telling.introduce([person("a", ("team", "A"), active=False)])

    assert await rows(telling, "posts", "team") == [("A", 1, None)]


async def test_a_department_of_four_is_withheld_and_the_next_smallest_with_it(telling: Telling) -> None:
    groups = dict(zip(NAMES, ["North"] * 4 + ["South"] * 5 + ["West"] * 3, strict=True))
    await telling.introduce([person(name, ("department", group)) for name, group in groups.items()])
    few = Reason.TOO_FEW_PEOPLE
    assert await rows(telling, "posts", "department", guarded=True) == [
        ("North", None, few),
        ("South", None, few),  # five people, but all of their acts are aimed at one
        ("West", None, few),
    ]

    groups = dict(zip(NAMES, ["North"] * 7 + ["West"] * 5, strict=True))
    await telling.introduce([person(name, ("team", group)) for name, group in groups.items()])
    assert [row[2] for row in await rows(telling, "posts", "team", guarded=True)] == [few, few]


async def test_a_group_is_shown_where_enough_people_talk_with_enough_others(stores: Stores) -> None:
    async with Telling.to_a_new_store(stores) as made:
        starts = [thread(n, who, n, f"t:{who}") for n, who in enumerate(NAMES)]
        answers = [reply(100 + n, who, DAY + n, f"p:{who}", f"t:{NAMES[n - 1]}") for n, who in enumerate(NAMES)]
        await made.tell([starts + answers])
        groups = dict(zip(NAMES, ["North"] * 7 + ["West"] * 5, strict=True))
        await made.introduce([person(name, ("department", group)) for name, group in groups.items()])

        assert await rows(made, "posts", "department", guarded=True) == [("North", 14, None), ("West", 10, None)]

        groups |= {"l": "East"}
        await made.introduce([person(name, ("department", group)) for name, group in groups.items()])
        assert [(group, reason) for group, _, reason in await rows(made, "posts", "department", guarded=True)] == [
            ("East", Reason.TOO_FEW_PEOPLE),
            ("North", None),
            ("West", Reason.TOO_FEW_PEOPLE),
        ]
