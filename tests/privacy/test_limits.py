"""What the guard does not protect from. It is written down in the README; here it is shown, so that nobody forgets.

One partition is asked at a time, and each is guarded for itself. Who knows from elsewhere how the groups of two
partitions lie in each other can take one from the other. And the whole store is live and exact.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest

from lrs.store.stores import Stores
from tests.privacy.attacker import Guarded
from tests.privacy.organisation import Membership, member, person
from tests.reference.samples import DAY, MONDAY, reply, thread
from tests.reference.statements import Statement
from tests.telling import spread

WEEK_ONE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}
LARGE = "hijklmnopq"  # everybody else


def talk() -> list[Statement]:
    """Everybody starts a thread and answers three others; f answers more. What a and g do is the same."""
    told = []
    for n, name in enumerate("abcdefg" + LARGE):
        like = 0 if name in "ag" else n
        told.append(thread(100 + n, name, 10 + like, f"t:{name}"))
        for m in range(3):
            to = f"t:{LARGE[(like + m) % len(LARGE)]}"
            told.append(reply(200 + 10 * n + m, name, DAY + like + 60 * m, f"p:{name}{m}", to))
    return told + [reply(900 + n, "f", 3 * DAY + 60 * n, f"f:{n}", f"t:{LARGE[n]}") for n in range(7)]


@asynccontextmanager
async def told(stores: Stores, groups: Mapping[str, Mapping[str, str]]) -> AsyncIterator[Guarded]:
    """A store with these groups: by partition and name, the people of each."""
    belonging: dict[str, list[Membership]] = defaultdict(list)
    for kind, of_kind in groups.items():
        for group, people in of_kind.items():
            for name in people:
                belonging[name].append(member(kind, group))
    known = [person(name, *memberships) for name, memberships in belonging.items()]
    async with Guarded.told(stores, known, talk()) as telling:
        yield telling


async def number(
    telling: Guarded, metric: str, partition: str | None, group: str | None, **window: str
) -> float | None:
    """The only number of a group, or of the whole store."""
    answer = await telling.asked(metric, partition, {**WEEK_ONE, **window})
    value: float | None = answer.rows[group, None]["value"]
    return value


async def posts(telling: Guarded, partition: str | None = None, group: str | None = None) -> float:
    """The posts of a group that is shown, or of the whole store."""
    found = await number(telling, "discussion.posts", partition, group)
    assert found is not None
    return found


def own_posts(name: str) -> int:
    return sum(f"mailto:{name}@" in each["actor"]["mbox"] for each in talk())


async def test_who_knows_that_a_team_is_a_department_and_one_more_knows_what_that_one_did(stores: Stores) -> None:
    nested = {"department": {"D": "abcde", "E": "fg" + LARGE}, "team": {"T": "abcdef", "U": LARGE}}
    async with told(stores, nested) as telling:
        assert await posts(telling, "team", "T") - await posts(telling, "department", "D") == own_posts("f")


@pytest.mark.slow
async def test_who_does_not_know_it_can_not_tell_it_from_other_groups_with_the_same_numbers(stores: Stores) -> None:
    seen = []
    for team in ("abcdef", "gbcdef"):
        groups = {"department": {"D": "abcde", "E": "fg" + LARGE}, "team": {"T": team, "U": LARGE}}
        async with told(stores, groups) as telling:
            answers = await telling.everything([None, "department", "team"], [WEEK_ONE])
            seen.append({question: answer.rows for question, answer in answers.items()})

    assert seen[0] == seen[1]


async def test_what_is_withheld_with_another_is_found_where_a_group_of_another_kind_has_its_people(
    stores: Stores,
) -> None:
    groups = {"department": {"B": "abcdef", "D": LARGE, "Small": "g"}, "team": {"B too": "abcdef", "U": LARGE}}
    async with told(stores, groups) as telling:
        assert await number(telling, "discussion.posts", "department", "B") is None
        withheld = await posts(telling) - await posts(telling, "department", "D")
        assert withheld - await posts(telling, "team", "B too") == own_posts("g")


async def test_people_of_no_group_are_what_the_groups_leave_of_the_whole(stores: Stores) -> None:
    async with told(stores, {"department": {"D": "abcdef", "E": LARGE}}) as telling:
        shown = await posts(telling, "department", "D") + await posts(telling, "department", "E")
        assert await posts(telling) - shown == own_posts("g")


async def test_windows_of_the_whole_store_tell_when_each_act_was_and_which_are_of_one_person_but_no_group(
    stores: Stores,
) -> None:
    before = max(datetime.fromisoformat(each["timestamp"]) for each in talk())
    until, after = before.isoformat(), (before + timedelta(milliseconds=1)).isoformat()
    async with told(stores, {"department": {"D": "abcdef", "E": "g" + LARGE}}) as telling:
        for metric, more in (("discussion.posts", 1), ("discussion.participants", 0)):
            with_it, without = [await number(telling, metric, None, None, until=each) for each in (after, until)]
            assert with_it is not None
            assert without is not None
            assert with_it - without == more
        of_group = [await number(telling, "discussion.posts", "department", "D", until=each) for each in (after, until)]
        assert of_group[0] == of_group[1]
