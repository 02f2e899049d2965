"""What the guard does not protect from. It is written down in the README; here it is shown, so that nobody forgets.

One partition is asked at a time, and each is guarded for itself. Who knows from elsewhere how the groups of two
partitions lie in each other can take one from the other. And the whole store is live and exact.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest

from lrs.store.stores import Stores
from tests.privacy.attacker import Guarded, Question
from tests.privacy.organisation import member, person
from tests.reference.samples import DAY, MONDAY, reply, thread
from tests.reference.statements import Statement
from tests.telling import spread

WEEK_ONE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}
LARGE = "hijklmnopq"  # everybody else


def talk() -> list[Statement]:
    """Everybody starts a thread and answers others; f says more than anybody. What a and g do is the same."""
    told = [
        thread(100 + n, name, 10 if name in "ag" else 20 + n, f"t:{name}") for n, name in enumerate("abcdefg" + LARGE)
    ]
    for n, name in enumerate("abcdefg" + LARGE):
        of_all = [f"t:{LARGE[(0 if name in 'ag' else n + m) % len(LARGE)]}" for m in range(3)]
        at = DAY + (0 if name in "ag" else n)
        told += [
            reply(200 + 10 * n + m, name, at + 60 * m, f"p:{name}{m}", to) for m, to in enumerate(dict.fromkeys(of_all))
        ]
    return told + [reply(900 + n, "f", 3 * DAY + 60 * n, f"f:{n}", f"t:{LARGE[n]}") for n in range(7)]


async def asked(stores: Stores, groups: Mapping[str, Mapping[str, str]]) -> AsyncIterator[Guarded]:
    """A store with these groups, by partition: the people of each group."""
    async with Guarded.to_a_new_store(stores) as telling:
        names = sorted({name for kind in groups.values() for people in kind.values() for name in people})
        await telling.introduce(
            [
                person(
                    name,
                    *(member(kind, group) for kind in groups for group in groups[kind] if name in groups[kind][group]),
                )
                for name in names
            ]
        )
        await telling.tell([talk()])
        yield telling


async def posts(telling: Guarded, partition: str | None, **window: str) -> dict[str | None, float | None]:
    answer = await telling.asked("discussion.posts", partition, {**WEEK_ONE, **window})
    return {group: row["value"] for (group, _), row in answer.rows.items()}


def own_posts(name: str) -> int:
    return sum(f"mailto:{name}@" in each["actor"]["mbox"] for each in talk())


async def test_who_knows_that_a_team_is_a_department_and_one_more_knows_what_that_one_did(stores: Stores) -> None:
    nested = {"department": {"D": "abcde", "E": "fg" + LARGE}, "team": {"T": "abcdef", "U": LARGE}}
    async for telling in asked(stores, nested):
        team, department = (await posts(telling, "team"))["T"], (await posts(telling, "department"))["D"]

        assert team is not None
        assert department is not None
        assert team - department == own_posts("f")


@pytest.mark.slow
async def test_who_does_not_know_it_can_not_tell_it_from_other_groups_with_the_same_numbers(stores: Stores) -> None:
    seen: list[dict[Question, object]] = []
    departments = {"D": "abcde", "E": "fg" + LARGE}
    for team in ("abcdef", "gbcdef"):
        async for telling in asked(stores, {"department": departments, "team": {"T": team, "U": LARGE}}):
            answers = await telling.everything([None, "department", "team"], [WEEK_ONE])
            seen.append({question: answer.rows for question, answer in answers.items()})

    assert seen[0] == seen[1]


async def test_what_is_withheld_with_another_is_found_where_a_group_of_another_kind_has_its_people(
    stores: Stores,
) -> None:
    groups = {"department": {"B": "abcdef", "D": LARGE, "Small": "g"}, "team": {"B too": "abcdef", "U": LARGE}}
    async for telling in asked(stores, groups):
        everything, departments = await posts(telling, None), await posts(telling, "department")
        assert departments == {"B": None, "D": departments["D"], "Small": None}

        same = (await posts(telling, "team"))["B too"]
        assert everything[None] is not None
        assert departments["D"] is not None
        assert same is not None
        assert everything[None] - departments["D"] - same == own_posts("g")


async def test_people_of_no_group_are_what_the_groups_leave_of_the_whole(stores: Stores) -> None:
    async for telling in asked(stores, {"department": {"D": "abcdef", "E": LARGE}}):
        everything, departments = await posts(telling, None), await posts(telling, "department")

        assert everything[None] is not None
        left = everything[None] - sum(value or 0 for value in departments.values())
        assert left == own_posts("g")


async def test_windows_of_the_whole_store_tell_when_each_act_was_and_which_are_of_one_person_but_no_group(
    stores: Stores,
) -> None:
    async for telling in asked(stores, {"department": {"D": "abcdef", "E": "g" + LARGE}}):
        told = sorted(each["timestamp"] for each in talk())
        moment = told[-1].replace("Z", "+00:00")

        async def whole(metric: str, until: str) -> float:
            row = (await telling.asked(metric, None, {**WEEK_ONE, "until": until})).rows[None, None]
            return float(row["value"])

        after = (MONDAY.fromisoformat(moment) + timedelta(milliseconds=1)).isoformat()
        assert await whole("discussion.posts", after) - await whole("discussion.posts", moment) == 1
        assert await whole("discussion.participants", after) == await whole("discussion.participants", moment)
        assert await posts(telling, "department", until=moment) == await posts(telling, "department")
