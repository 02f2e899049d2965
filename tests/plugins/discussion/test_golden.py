"""Statements in, numbers out: the hand thread, told to a store as clients tell it.

Of each hand thread (see `samples`) B is the instructor, F opens thread A after 35 minutes, G opens B's post by its id
alone and thread E, A opens thread A in the end, and H belongs here and does nothing.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from lrs.store.stores import Stores
from plugins.discussion import plugin
from tests.reference.acts import FORUM_REPLY
from tests.reference.samples import (
    DISCUSS,
    DISCUSSION,
    DOUBT,
    EDX,
    FORUM,
    MONDAY,
    REPLIED,
    WEEK,
    activity,
    person,
    reply,
    statement,
    thread,
)
from tests.reference.statements import Statement
from tests.telling import Telling, spread

VIEWED = "http://id.tincanapi.com/verb/viewed"
COURSE = "https://lms.example.org/course/1"
MANY, FEW_PEOPLE, FEW_VALUES, NOBODY, MOODLE = 0, 1, 2, 3, 4  # the weeks
COPIES = range(5)


def view(number: int, who: str, at: float, of: str, type: str) -> Statement:
    return statement(number, who, VIEWED, activity(of, type), at)


def hand_thread(copy: int, week: int, *, alone: bool = True) -> list[Statement]:
    """The hand thread with people of its own, or without E."""
    a, b, c, d, e, f, g = (f"{name}{copy}" for name in "abcdefg")
    n, at, it = 1000 * week + 20 * copy, week * WEEK, f"{week}-{copy}"
    posts = [
        thread(n + 1, a, at, f"t:A{it}", course=COURSE),
        reply(n + 2, b, at + 10, f"p:B{it}", f"t:A{it}", course=COURSE),
        reply(n + 3, c, at + 30, f"p:C{it}", f"t:A{it}", course=COURSE),
        reply(n + 4, a, at + 40, f"p:A2{it}", f"p:B{it}", course=COURSE),
        reply(n + 5, d, at + 100, f"p:D{it}", f"p:C{it}", course=COURSE),
        reply(n + 6, a, at + 110, f"p:A3{it}", f"t:A{it}", course=COURSE),
        *([thread(n + 7, e, at + 5, f"t:E{it}", DOUBT, course=COURSE)] if alone else []),
    ]
    for post in posts:
        post["context"]["contextActivities"]["grouping"].append(activity(f"f:{copy}", FORUM))
    views = [
        view(n + 8, f, at + 35, f"t:A{it}", DISCUSSION),
        view(n + 9, g, at + 50, f"p:B{it}", FORUM_REPLY),
        view(n + 10, g, at + 51, f"t:E{it}", DOUBT),
        view(n + 11, a, at + 200, f"t:A{it}", DISCUSSION),
    ]
    return [*posts, *views]


def moodle_and_edx() -> list[Statement]:
    """A thread of Moodle that is answered, and one of Open edX that is opened under its other path."""
    n, at, hex_id = 1000 * MOODLE, MOODLE * WEEK, "0123456789abcdef01234567"
    parent = [activity(f"{DISCUSS}1", DISCUSSION)]
    return [
        thread(n + 1, "a0", at, f"{DISCUSS}1"),
        statement(n + 2, "b0", REPLIED, activity(f"{DISCUSS}1#p2", FORUM_REPLY), at + 10, parent=parent),
        thread(n + 3, "c0", at + 1, f"{EDX}/threads/{hex_id}"),
        view(n + 4, "d0", at + 30, f"{EDX}/comments/{hex_id}", DISCUSSION),
        view(n + 5, "e0", at + 31, f"{DISCUSS}1", DISCUSSION),
    ]


def people() -> list[dict[str, Any]]:
    return [
        {
            "id": f"{name}{copy}",
            "identifiers": [{"mbox": person(f"{name}{copy}").removeprefix("mbox:")}],
            "groups": [{"kind": "course", "group": COURSE, **({"role": "instructor"} if name == "b" else {})}],
        }
        for copy in COPIES
        for name in "abcdefgh"
    ]


@pytest.fixture(scope="module")
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        await made.introduce(people())
        await made.tell([[each for copy in COPIES for each in hand_thread(copy, MANY)]])
        await made.tell([hand_thread(0, FEW_PEOPLE, alone=False), hand_thread(0, FEW_VALUES), moodle_and_edx()])
        yield made


async def row(telling: Telling, metric: str, week: int, **asked: Any) -> Any:
    window: dict[str, Any] = {"since": spread(MONDAY, 7 * week), "until": spread(MONDAY, 7 * week + 7)}
    (found,) = (await telling.answer(metric, **window, **asked)).rows
    return found


COUNTS = {"threads": 10, "posts": 35, "replies": 25, "participants": 25}
GOLDEN = {
    **COUNTS,
    "liveliness": 35 / (5 * 7),
    "median_response_time": 30 * 60,
    "p90_response_time": 70 * 60,  # of five times 10, 30, 30 and 70 minutes
    "time_to_first_response": 10 * 60,
    "unanswered_rate": 0.5,
    "reply_reciprocity": 0.5,
    "depth": 1,
    "breadth": 2,
    "interactivity": 5 * 3 / 6 / 2,
    "participation_equality": 1 - 29 / 56,
    "top10_share": 4 * 3 / 35,
    "instructor_share": 0.2,
    "lurker_ratio": 2 / 7,
    "listening_breadth": (3 / 35 + 2 / 35 + 3 / 32) / 3,
}
OF_ROSTER = ("participation_equality", "top10_share")
NEED_MORE = [metric for metric in GOLDEN if metric not in {*COUNTS, "liveliness", *OF_ROSTER}]


def test_every_metric_has_a_value_by_hand() -> None:
    assert GOLDEN.keys() == {metric.id for metric in plugin.metrics}


@pytest.mark.parametrize(("metric", "value"), GOLDEN.items())
async def test_five_hand_threads_are_enough_to_be_shown(metric: str, value: float, telling: Telling) -> None:
    found = await row(telling, metric, MANY)

    assert found.value == pytest.approx(value)
    assert (found.reason, found.suppressed, found.n_people, found.n_acts) == (None, False, 25, 35)


@pytest.mark.parametrize(("metric", "value"), GOLDEN.items())
async def test_a_course_that_is_the_whole_store_has_the_same_values(
    metric: str, value: float, telling: Telling
) -> None:
    found = await row(telling, metric, MANY, group_by="course")

    if metric in ("lurker_ratio", "listening_breadth"):  # the views name no course
        assert found.value == (0 if metric == "lurker_ratio" else None)
    else:
        assert found.value == pytest.approx(value)
    assert (found.group, found.n_people, found.n_acts) == (COURSE, 25, 35)


@pytest.mark.parametrize("metric", GOLDEN)
async def test_nothing_is_zero_for_a_count_and_null_with_its_reason_for_all_else(metric: str, telling: Telling) -> None:
    found = await row(telling, metric, NOBODY)

    assert (found.value, found.reason) == ((0, None) if metric in COUNTS else (None, "no_data"))
    assert (found.suppressed, found.n_people, found.n_acts) == (False, 0, 0)


@pytest.mark.parametrize("metric", GOLDEN)
async def test_four_people_are_withheld_whatever_is_asked(metric: str, telling: Telling) -> None:
    found = await row(telling, metric, FEW_PEOPLE)

    assert (found.value, found.reason, found.suppressed) == (None, "too_few_people", True)
    assert (found.n_people, found.n_acts) == (None, None)


@pytest.mark.parametrize("metric", NEED_MORE)
async def test_one_hand_thread_has_too_few_values_for_a_median_and_a_rate(metric: str, telling: Telling) -> None:
    found = await row(telling, metric, FEW_VALUES)

    assert (found.value, found.reason, found.suppressed) == (None, "too_few_values", True)
    assert (found.n_people, found.n_acts) == (5, 7)


async def test_what_needs_no_minimum_or_has_a_roster_is_shown_for_one_hand_thread(telling: Telling) -> None:
    found = [(await row(telling, metric, FEW_VALUES)).value for metric in ("liveliness", *OF_ROSTER)]

    assert found == [1, pytest.approx(1 - _gini([0] * 35 + [1, 1, 1, 1, 3])), pytest.approx(6 / 7)]


async def test_the_rate_of_questions_stands_beside_and_is_withheld_by_the_same_minimum(telling: Telling) -> None:
    beside = (await row(telling, "unanswered_rate", MANY)).beside["questions_only"]
    assert (beside.value, beside.reason) == (None, "too_few_values")
    beside = (await row(telling, "unanswered_rate", MANY, guarded=False)).beside["questions_only"]
    assert (beside.value, beside.reason) == (1, None)


@pytest.mark.parametrize(("metric", "greatest"), [("depth", 2), ("breadth", 3)])
async def test_the_median_and_the_greatest_stand_beside_the_mean(metric: str, greatest: int, telling: Telling) -> None:
    beside = (await row(telling, metric, MANY)).beside

    assert {name: each.value for name, each in beside.items()} == {"median": GOLDEN[metric], "max": greatest}


@pytest.mark.parametrize("metric", ["depth", "breadth", "liveliness"])
async def test_what_moodle_and_open_edx_do_not_tell_is_unknown(metric: str, telling: Telling) -> None:
    found = await row(telling, metric, MOODLE, guarded=False)

    assert (found.value, found.reason, found.suppressed) == (None, "source_cannot_tell", False)


async def test_views_of_moodle_and_open_edx_are_of_their_threads(telling: Telling) -> None:
    readers = await row(telling, "lurker_ratio", MOODLE, guarded=False)
    listening = await row(telling, "listening_breadth", MOODLE, guarded=False)

    assert readers.value == 2 / 5
    assert listening.value == pytest.approx((1 / 3 + 2 / 3) / 2)


@pytest.mark.parametrize("metric", [*OF_ROSTER, "lurker_ratio"])
async def test_without_people_there_is_no_roster(metric: str, stores: Stores) -> None:
    async with Telling.to_a_new_store(stores) as telling:
        await telling.tell([[each for copy in COPIES for each in hand_thread(copy, MANY)]])

        found = await row(telling, metric, MANY)

    assert (found.value, found.reason, found.suppressed) == (None, "no_roster", False)


def _gini(values: list[int]) -> float:
    n, ordered = len(values), sorted(values)
    return sum((2 * rank - n - 1) * value for rank, value in enumerate(ordered, 1)) / (n * sum(values))
