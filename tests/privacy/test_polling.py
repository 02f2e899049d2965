"""Whoever asks before and after sees nothing of what one person did in between, until k people differ.

Departments of twelve, seven and two, and a team of six of the twelve, talk for a week, share and mentor; it has long
been closed and released.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from lrs.core.runner import reader_name
from lrs.store.stores import Stores
from tests.privacy.attacker import METRICS, Answer, Guarded, Question
from tests.privacy.organisation import member, person
from tests.reference.mentoring_samples import mentored
from tests.reference.samples import DAY, MONDAY, WEEK, reply, thread, void
from tests.reference.sharing_samples import shared
from tests.reference.statements import Statement
from tests.telling import spread

DEPARTMENTS = {"North": "abcdefghijkl", "South": "mnopqrs", "West": "tu"}
PEOPLE = {name: department for department, names in DEPARTMENTS.items() for name in names}
TEAM = "abcdef"
PARTITIONS = ("department", "team", "course")
ALONE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}
AROUND = {"since": spread(MONDAY, -7), "until": spread(MONDAY, 14), "bucket": "week"}


def talk() -> list[Statement]:
    """Everybody starts a thread, answers one, shares and mentors."""
    names = list(PEOPLE)
    return [
        told
        for n, name in enumerate(names)
        for told in (
            thread(100 + n, name, n, f"t:{name}", course="c:1"),
            reply(200 + n, name, DAY + n, f"p:{name}", f"t:{names[n - 1]}", course="c:1"),
            reply(300 + n, name, 2 * DAY + n, f"q:{name}", f"t:{names[n - 4]}", course="c:1"),
            shared(400 + n, name, 3 * DAY + n, f"n:{name}", course="c:1"),
            mentored(500 + n, name, names[n - 2], 4 + n / DAY),
        )
    ]


def everybody(**moved: str) -> list[dict[str, Any]]:
    """The people, some of them moved to other departments."""
    return [
        person(
            name,
            member("department", moved.get(name, department)),
            *([member("team", "T")] if name in TEAM else []),
        )
        for name, department in PEOPLE.items()
    ]


pytestmark = pytest.mark.slow


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Guarded]:
    async with Guarded.told(stores, everybody(), talk()) as made:
        yield made


# Whatever differs between two groups' acts differs in one of these: how many, whose, by whom, to whom and when.
TELLING = (
    *("discussion.posts", "discussion.threads", "discussion.replies", "discussion.participants"),
    *("discussion.median_response_time", "discussion.reply_reciprocity"),
    *("sharing.shares", "sharing.reach", "mentoring.sessions", "mentoring.active_pairs"),
)


async def seen(telling: Guarded, metrics: Sequence[str] = METRICS) -> dict[Question, Answer]:
    """All that is answered of groups."""
    return await telling.all_of(metrics, PARTITIONS, [AROUND])


async def differences(before: dict[Question, Answer], telling: Guarded, metrics: Sequence[str]) -> list[Question]:
    """What some metrics answer otherwise than before."""
    return [question for question, answer in (await seen(telling, metrics)).items() if before[question] != answer]


async def posts(telling: Guarded, partition: str | None = "department") -> dict[str | None, float | None]:
    answer = await telling.asked("discussion.posts", partition, ALONE)
    return {group: row["value"] for (group, _), row in answer.rows.items()}


def late(*names: str, week: int = 0) -> list[Statement]:
    """Replies of people that come late, each to the thread of another."""
    return [
        reply(1000 + ord(name) + 500 * week, name, 5 * DAY + ord(name) + week * WEEK, f"late:{name}{week}", to)
        for name, to in ((name, "t:a" if name != "a" else "t:b") for name in names)
    ]


# In each of the two, what came until then is of four people in all.
LATE: dict[str, list[Statement]] = {
    "one late act": late("b"),
    "one late act in a course": [reply(1001, "b", 5 * DAY, "late:c", "t:a", course="c:1")],
    "many late acts of one person": [reply(2000 + n, "b", 5 * DAY + 20 * n, f"many:{n}", "t:a") for n in range(30)],
    "a late thread": [thread(1002, "b", 5 * DAY, "t:late")],
    "an act in a week in which nothing happened": late("b", week=-1),
    "an act of a stranger": late("z"),
    "a late share, and a meeting": [shared(1003, "b", 5 * DAY, "n:late"), mentored(1004, "c", "d", 5.5)],
    "late acts of a group that is withheld": [
        reply(2100 + n, "t", 6 * DAY + 20 * n, f"t:{n}", "t:a") for n in range(9)
    ],
}
GONE: dict[str, list[Statement]] = {
    "one void": [void(1000, 211)],
    "voids of more acts of one person": [void(1000 + n, 11 + 100 * n) for n in (3, 4, 5)],
    "an earlier start of a thread, which two have answered": [thread(1010, "o", 5, "t:l", course="c:1")],
}


@pytest.mark.parametrize("steps", [LATE, GONE], ids=["late", "gone"])
async def test_what_few_people_did_is_not_seen_in_any_group(
    steps: dict[str, list[Statement]], telling: Guarded
) -> None:
    before = await seen(telling)
    assert not any(answer.stale for answer in before.values())

    for step, told in steps.items():
        await telling.also(*told)
        assert await differences(before, telling, TELLING) == [], step
    assert await differences(before, telling, METRICS) == []


async def test_what_is_not_seen_of_a_group_is_in_the_whole_store_at_once(telling: Guarded) -> None:
    await telling.also(*late("b"))

    assert await posts(telling, None) == {None: 3 * len(PEOPLE) + 1}


async def test_when_k_people_differ_the_group_has_all_that_waited_and_others_have_not(telling: Guarded) -> None:
    north = 3 * len(DEPARTMENTS["North"])
    assert await posts(telling) == {"North": north, "South": None, "West": None}
    assert await posts(telling, "team") == {"T": 3 * len(TEAM)}

    for name in "bcgh":
        await telling.also(*late(name))
        assert await posts(telling) == {"North": north, "South": None, "West": None}
    await telling.also(*late("i"))

    assert await posts(telling) == {"North": north + 5, "South": None, "West": None}
    assert await posts(telling, "team") == {"T": 3 * len(TEAM)}  # two of its six


async def test_a_group_that_was_withheld_stays_so_however_many_come_late(telling: Guarded) -> None:
    """The whole store tells that five came: what they found there would be the rest."""
    newcomers = "vwxyz"
    await telling.introduce([person(name, member("department", "West")) for name in newcomers])
    await telling.release()
    before = await posts(telling)

    await telling.also(*late(*newcomers))
    assert await posts(telling) == before == {"North": 36, "South": None, "West": None}

    await telling.introduce(everybody(a="South"))
    await telling.release()
    assert await posts(telling) == before


async def test_a_group_that_was_shown_is_not_withheld_later(telling: Guarded) -> None:
    """What it was is known: what few are left would be the difference."""
    await telling.also(*(void(1000 + number + n, number + n) for n in range(9) for number in (100, 200, 300)))

    assert (await posts(telling))["North"] == 36


def accounts(*names: str) -> dict[str, Any]:
    return {"identifiers": [{"mbox": f"mailto:{name}@example.org"} for name in names]}


# In all it is of four people: of z, of b, and of c and f, who have answered b. In the network, which is of all that
# people do toward each other, it is of d too, who mentored b: there only who does not opt out is not seen.
KNOWN: dict[str, list[dict[str, Any]]] = {
    "one joins whom nobody knew": [person("z", member("department", "North"), member("team", "T"))],
    "one moves": everybody(b="South"),
    "one moves to a group of their own": everybody(b="East"),
    "one has two accounts": [{**each, **accounts("b", "y")} for each in everybody(b="East") if each["id"] == "b"],
    "one opts out": [{**each, **accounts("b", "y"), "opt_out": True} for each in everybody() if each["id"] == "b"],
    "another moves": [each for each in everybody(c="South") if each["id"] == "c"],
}


async def test_what_is_known_otherwise_of_few_people_is_not_seen_in_what_groups_did(stores: Stores) -> None:
    strangers = [reply(900 + n, name, DAY, f"p:{name}", "t:a", course="c:1") for n, name in enumerate("yz")]
    async with Guarded.told(stores, everybody(), [*talk(), *strangers]) as telling:
        before = await seen(telling)

        network = [each for each in METRICS if each.startswith("network.")]
        for step, people in KNOWN.items():
            if step == "one opts out":
                assert await differences(before, telling, network) == []
            await telling.introduce(people)
            await telling.release()
            assert await differences(before, telling, TELLING) == [], step
        assert await differences(before, telling, [each for each in METRICS if each not in network]) == []


async def test_what_is_known_otherwise_of_k_people_is_seen(telling: Guarded) -> None:
    await telling.introduce(everybody(**dict.fromkeys("bcdef", "South")))
    await telling.release()

    assert await posts(telling) == {"North": None, "South": 3 * 12, "West": None}  # North hides West by now


async def test_a_view_that_is_derived_anew_is_released_as_a_whole(telling: Guarded) -> None:
    await telling.also(void(1000, 201))
    assert (await posts(telling))["North"] == 36

    await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})
    await telling.also()

    assert (await posts(telling))["North"] == 35
