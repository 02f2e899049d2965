"""Statements in, numbers out: the hand cascade, told to a store twelve times over as clients tell it.

In each copy, in minutes: A shares a post at 0 into the club, B and C pass that on at 10 and 20, D and E pass on B's at
30 and 40. E looks at A's post at 60, A likes B's at 70, and C recommends a book to D at 90. A0 takes its like back at
80, and a stranger looks at D0's post at 50.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from lrs import kit
from lrs.core.analytics import Analytics
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.releaser import Releaser
from lrs.core.analytics.tables import ViewTables
from lrs.core.people.directory import Directory
from lrs.core.people.identities import Identities
from lrs.kit.derivation import Derivation
from lrs.kit.telling import Telling
from lrs.store.stores import Stores
from plugins.sharing import plugin
from tests.reference.samples import MONDAY, WEEK, void
from tests.reference.sharing_samples import (
    DELETE,
    LIKE,
    RETWEETED,
    UNLIKE,
    UNSHARE,
    agent,
    commented,
    did,
    passed_on,
    recommended,
    shared,
    viewed,
)
from tests.reference.statements import Statement
from tests.telling import MUCH_LATER

CLUB = "https://commons.example.org/club"
COPIES, MINUTE = 12, 60
MANY, NOBODY, FEW = 0, 1, 2  # the weeks


def hand_cascade(copy: int, week: int = MANY) -> list[Statement]:
    """The hand cascade with five people of its own."""
    a, b, c, d, e = (f"{name}{copy}" for name in "abcde")
    n, at, it = 1000 * week + 20 * copy, week * WEEK + copy, f"{week}-{copy}"
    return [
        shared(n + 1, a, at, f"n:A{it}", into=CLUB),
        passed_on(n + 2, b, at + 10, f"n:B{it}", f"n:A{it}"),
        passed_on(n + 3, c, at + 20, f"n:C{it}", f"n:A{it}"),
        passed_on(n + 4, d, at + 30, f"n:D{it}", f"n:B{it}", RETWEETED),
        passed_on(n + 5, e, at + 40, f"n:E{it}", f"n:B{it}"),
        viewed(n + 6, e, at + 60, f"n:A{it}"),
        did(n + 7, a, at + 70, LIKE, f"n:B{it}"),
        recommended(n + 8, c, at + 90, f"book:{it}", d),
    ]


def story() -> list[Statement]:
    told = [each for copy in range(COPIES) for each in hand_cascade(copy)]
    told += [did(900, "a0", 80, UNLIKE, "n:B0-0"), viewed(901, "stranger", 50, "n:D0-0")]
    return [*told, shared(1000 * FEW + 1, "a0", FEW * WEEK, "n:few")]


def people() -> list[dict[str, Any]]:
    """A and B are in Sales, the first six Es in Works; twelve more have never shared. They and A0 are in the club."""
    groups: dict[str, list[dict[str, str]]] = {f"{name}{n}": [] for name in "abcdez" for n in range(COPIES)}
    for n in range(COPIES):
        for name in (f"a{n}", f"b{n}"):
            groups[name].append({"kind": "department", "group": "Sales"})
        groups[f"z{n}"].append({"kind": "community", "group": CLUB})
    for n in range(6):
        groups[f"e{n}"].append({"kind": "department", "group": "Works"})
    groups["a0"].append({"kind": "community", "group": CLUB})
    return [{"id": name, "identifiers": [agent(name)], "groups": each} for name, each in groups.items()]


@dataclass(frozen=True)
class Told:
    """A store that was told the story, and what it answers."""

    telling: Telling
    analytics: Analytics

    async def ask(self, metric: str, week: int = MANY, **asked: str) -> MetricAnswer:
        since, until = (MONDAY + timedelta(weeks=each) for each in (week, week + 1))
        window = {"since": since.isoformat(), "until": until.isoformat(), **asked}
        _, answer = await self.analytics.metric(self.telling.store, f"sharing.{metric}", list(window.items()))
        return answer

    async def row(self, metric: str, week: int = MANY, **asked: str) -> Row:
        (found,) = (await self.ask(metric, week, **asked)).rows
        return found


@pytest.fixture(scope="module")
async def told(stores: Stores) -> AsyncIterator[Told]:
    async with Telling.to_a_new_store(stores) as telling:
        await Directory(stores).put(telling.store, "a test", {"people": people()})
        async with Derivation.of(telling.store, telling.client, [plugin]) as derivation:
            await derivation.take(await telling.post(story()), MUCH_LATER)
            await derivation.apply()
            releaser = Releaser(plugin, telling.store, "a test", derivation.session, Identities(), ViewTables())
            await releaser.start()
            while await releaser.step():
                pass
        yield Told(telling, Analytics({"sharing": plugin}, min_group=5))


VALUES = {
    "shares": 72,
    "sharers": 60,
    "sharer_rate": 60 / 72,
    "reach": 13,  # every E, and the stranger
    "cascade_size": 3,  # as many of five as recommendations alone
    "cascade_depth": 1,
    "cascade_breadth": 1.5,
    "structural_virality": 1.8,
    "amplification": (48 + 11) / 72,
    "half_life": 20 * MINUTE,  # of A's 12 times 20, of B's 11 times 30 and once 20, of D0's 20
    "cross_group_share": 6 / 30,  # the posts of six As, of all by A, B and six Es
}
COUNTS = {"shares", "sharers", "reach"}


def test_every_metric_has_a_value_by_hand() -> None:
    assert VALUES.keys() == {metric.id for metric in plugin.metrics}


@pytest.mark.parametrize(("metric", "value"), VALUES.items())
async def test_the_story_has_its_numbers(metric: str, value: float, told: Told) -> None:
    found = await told.row(metric)

    assert found.reason is None
    assert found.value == pytest.approx(value)
    assert (found.n_people, found.n_acts) == (60, 72), "of shares only"


async def test_further_numbers_stand_beside(told: Told) -> None:
    beside = {
        metric: {name: each.value for name, each in (await told.row(metric)).beside.items()}
        for metric in ("shares", "reach", "cascade_size")
    }

    assert beside == {
        "shares": {"reposts": 48, "recommendations": 12},
        "reach": {"possible_audience": 26},
        "cascade_size": {"median": 3, "max": 5},
    }


async def test_what_is_covered_is_told_with_it(told: Told) -> None:
    assert (await told.ask("shares")).coverage == {"parents_seen": 1, "recommended_to_known": 1}


@pytest.mark.parametrize("metric", VALUES)
async def test_a_week_without_shares_is_zero_for_a_count_and_null_for_all_else(metric: str, told: Told) -> None:
    found = await told.row(metric, NOBODY)

    assert (found.value, found.reason) == ((0, None) if metric in COUNTS else (None, "no_data"))
    assert (found.n_people, found.n_acts) == (0, 0)


@pytest.mark.parametrize("metric", VALUES)
async def test_a_single_sharer_is_withheld_whatever_is_asked(metric: str, told: Told) -> None:
    found = await told.row(metric, FEW)

    assert (found.value, found.reason, found.n_people) == (None, "too_few_people", None)


async def test_a_departments_shares_are_those_of_its_people_and_reach_anybody(told: Told) -> None:
    by_department = {
        metric: {row.group: row.value for row in (await told.ask(metric, group_by="department")).rows}
        for metric in ("shares", "reach", "cascade_size", "half_life")
    }

    assert by_department == {
        "shares": {"Sales": 24, "Works": 6},
        "reach": {"Sales": 12, "Works": 0},
        "cascade_size": {"Sales": 5, "Works": None},
        "half_life": {"Sales": 20 * MINUTE, "Works": None},
    }


async def test_a_cascade_is_of_the_week_in_which_it_starts_and_of_no_other(told: Told) -> None:
    rows = (await told.ask("cascade_size", until=(MONDAY + timedelta(weeks=2)).isoformat(), bucket="week")).rows

    assert [row.value for row in rows] == [3, None]


@pytest.mark.slow
def test_any_order_repetition_and_void_give_the_same(mongodb_url: str) -> None:
    told = [*hand_cascade(0), *hand_cascade(1)]
    told += [
        passed_on(901, "x", 2000, "n:X", "n:Y"),  # a loop of two, and what was never seen
        passed_on(902, "y", 2001, "n:Y", "n:X"),
        passed_on(903, "z", 2002, "n:Z", "n:nowhere"),
        commented(904, "x", 2003, "n:comment", "n:A0-0"),
        did(905, "a0", 2004, UNSHARE, "n:A0-0"),
        did(906, "b1", 2005, DELETE, "n:B0-1"),
        viewed(907, "x", 2006, "n:picture", below="n:A0-1"),
        void(908, 2),
    ]

    kit.check(plugin, told, mongodb_url=mongodb_url)
