"""Statements in, numbers out: the story of `story.py`, whose numbers are worked out there and here by hand."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

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
from plugins.mentoring import plugin
from tests.plugins.mentoring.story import people, story
from tests.reference.samples import DAY, MONDAY, WEEK, reply, void
from tests.telling import MUCH_LATER

END = MONDAY + timedelta(weeks=5)
WEEK_S, DAY_S, HOUR_S = 60 * WEEK, 60 * DAY, 3600


@dataclass(frozen=True)
class Told:
    """A store that was told the story, and what it answers."""

    telling: Telling
    analytics: Analytics

    async def ask(self, metric: str, **asked: str) -> MetricAnswer:
        window = {"since": MONDAY.isoformat(), "until": END.isoformat(), **asked}
        _, answer = await self.analytics.metric(self.telling.store, f"mentoring.{metric}", list(window.items()))
        return answer

    async def row(self, metric: str, **asked: str) -> Row:
        (found,) = (await self.ask(metric, **asked)).rows
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
        yield Told(telling, Analytics({"mentoring": plugin}, min_group=5))


def gini(values: list[int]) -> float:
    """The mean difference of two of the values, by twice their mean."""
    return sum(abs(one - other) for one in values for other in values) / (2 * len(values) * sum(values))


# 11 pairs: 8 declared, 3 inferred (8, 9 and m0 with x). Sessions: 9 pairs on 5 Mondays, pair 9 on 3 and once the other
# way round, m0 and x on 5 Wednesdays: 45 + 3 + 1 + 5. Gaps: 10 pairs with 4, pair 9 with 2.
VALUES = {
    "active_pairs": 11,
    "sessions": 54,
    "duration": 54 * HOUR_S,
    "cadence": WEEK_S,
    "cadence_mad": 0,
    "stalled_pairs": 1,  # pair 9 met 20 days 15 hours before the end, and usually every 7
    "completion": 0.9,
    "mentee_coverage": 11 / 21,
    "load_gini": gini([0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),  # m0 has x too; n9 mentored once, and is no pair's mentor
    "max_mentees": 2,
    "reciprocity": 1 / 11,
    "cross_department_share": 5 / 11,
    "feedback_loop_closed": 0.6,
}


def test_every_metric_has_a_value_by_hand() -> None:
    assert VALUES.keys() == {metric.id for metric in plugin.metrics}


@pytest.mark.parametrize(("metric", "value"), VALUES.items())
async def test_the_story_has_its_numbers(metric: str, value: float, told: Told) -> None:
    found = await told.row(metric)

    assert found.reason is None
    assert found.value == pytest.approx(value)


async def test_rows_count_people_and_acts_of_sessions_and_feedback_only(told: Told) -> None:
    found = await told.row("sessions")

    # 48 meetings told twice, 5 of x, 1 of the mentee as mentor, 10 reviews; by ten mentors and n9
    assert (found.n_people, found.n_acts) == (11, 2 * 48 + 5 + 1 + 10)


async def test_every_state_says_how_many_pairs_are_declared(told: Told) -> None:
    found = {metric: await told.row(metric) for metric in ("active_pairs", "cadence", "load_gini", "stalled_pairs")}

    split = {metric: {name: each.value for name, each in row.beside.items()} for metric, row in found.items()}
    assert split.pop("stalled_pairs") == {"declared": 0, "inferred": 1}
    assert all(each == {"declared": 8, "inferred": 3} for each in split.values())


async def test_what_is_covered_is_told_with_it(told: Told) -> None:
    answer = await told.ask("duration")

    assert answer.coverage == {"targets_resolved": 1, "duration_told": 1}
    assert answer.rows[0].beside["duration_told"].value == 1


async def test_states_by_week_are_those_at_each_weeks_end(told: Told) -> None:
    active = [row.value for row in (await told.ask("active_pairs", bucket="week")).rows]
    stalled = [row.value for row in (await told.ask("stalled_pairs", bucket="week")).rows]

    # Two are inferred as soon as they have three acts in two weeks: pairs 8 and 9 from the second week on (two
    # meetings told twice), x from the third.
    assert active == [8, 10, 11, 11, 11]
    assert stalled == [0, 0, 0, 0, 1]


async def test_sessions_by_week_add_up(told: Told) -> None:
    assert [row.value for row in (await told.ask("sessions", bucket="week")).rows] == [11, 11, 12, 10, 10]


async def test_after_the_last_act_there_is_a_state_but_nothing_to_count(told: Told) -> None:
    window = {"since": END.isoformat(), "until": (END + timedelta(weeks=1)).isoformat()}

    found = {metric: await told.row(metric, **window) for metric in VALUES}

    assert {metric: row.reason for metric, row in found.items() if row.value is None} == {
        "completion": "no_data",
        "feedback_loop_closed": "no_data",
    }
    assert (found["sessions"].value, found["duration"].value) == (0, 0)


async def test_the_mentors_department_has_the_sessions_whoever_tells_them(told: Told) -> None:
    window = {"until": (MONDAY + timedelta(weeks=2)).isoformat(), "group_by": "department"}

    found = {row.group: (row.value, row.n_people) for row in (await told.ask("sessions", **window)).rows}

    assert found == {"Sales": (22, 10)}


async def test_the_one_session_of_a_department_is_withheld(told: Told) -> None:
    rows = (await told.ask("sessions", group_by="department")).rows

    assert {row.group: (row.value, row.reason) for row in rows} == {
        "Sales": (None, "complementary"),
        "Service": (None, "too_few_people"),
    }


async def test_no_answer_says_who_mentors_whom(told: Told) -> None:
    names = {each["id"] for each in people()}
    answers = [
        (await told.ask(metric.id, **asked)).as_dict()
        for metric in plugin.metrics
        for asked in ({}, {"bucket": "week"}, {"group_by": "department"})
    ]

    words = set(json.dumps(answers).replace('"', " ").replace("mailto:", " ").replace("@", " ").split())
    assert not names & words


async def test_four_mentors_are_withheld(stores: Stores) -> None:
    mentors = {f"mailto:m{number}@example.org" for number in range(4)}
    few = [each for each in story() if each["actor"]["mbox"] in mentors]
    async with Telling.to_a_new_store(stores) as telling:
        async with Derivation.of(telling.store, telling.client, [plugin]) as derivation:
            await derivation.take(await telling.post(few), MUCH_LATER)
            await derivation.apply()
        found = await Told(telling, Analytics({"mentoring": plugin}, min_group=5)).row("sessions")

    assert (found.value, found.reason, found.n_people) == (None, "too_few_people", None)


@pytest.mark.slow
def test_any_order_repetition_and_void_give_the_same(mongodb_url: str) -> None:
    told = [each for each in story() if int(each["id"][-12:]) < 200 or int(each["id"][-12:]) > 8999]

    kit.check(plugin, [*told, reply(9200, "n0", DAY * 3, "p:1", "plan:0"), void(9201, 100)], mongodb_url=mongodb_url)
