"""The metrics of discussion against values worked out by hand.

The hand thread, in minutes: A starts at 0; B answers A at 10, C answers A at 30, A answers B at 40, D answers C at 100,
A answers A's own start at 110; E starts a thread at 5 that nobody answers. Arcs B-A, C-A, A-B, D-C; latencies 10, 30,
30, 70; two of four arcs are returned; one of two threads is unanswered.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from lrs.plugin import Act, Number, Scope
from lrs.store.stores import Stores
from plugins.discussion import plugin
from tests.core.analytics.samples import DAY, MONDAY, act
from tests.reference.samples import DOUBT, WEEK, reply, thread
from tests.reference.statements import Statement
from tests.telling import Telling, spread

CONFIG = {"grace_hours": 72, "questions_only": True}


def hand_thread(copy: int, week: int, *, alone: bool = True) -> list[Statement]:
    """The hand thread with five people of its own, or four without E."""
    a, b, c, d, e = (f"{name}{copy}" for name in "abcde")
    n, at, it = 1000 * week + 10 * copy, week * WEEK, f"{week}-{copy}"
    told = [
        thread(n + 1, a, at, f"t:A{it}"),
        reply(n + 2, b, at + 10, f"p:B{it}", f"t:A{it}"),
        reply(n + 3, c, at + 30, f"p:C{it}", f"t:A{it}"),
        reply(n + 4, a, at + 40, f"p:A2{it}", f"p:B{it}"),
        reply(n + 5, d, at + 100, f"p:D{it}", f"p:C{it}"),
        reply(n + 6, a, at + 110, f"p:A3{it}", f"t:A{it}"),
    ]
    return [*told, thread(n + 7, e, at + 5, f"t:E{it}", DOUBT)] if alone else told


MANY, FEW_PEOPLE, FEW_VALUES, NOBODY = 0, 1, 2, 3  # the weeks


@pytest.fixture(scope="module")
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    """Five hand threads in one week, one of four people in the next, a whole one in the third."""
    async with Telling.to_a_new_store(stores) as made:
        await made.tell([[each for copy in range(5) for each in hand_thread(copy, MANY)]])
        await made.tell([hand_thread(0, FEW_PEOPLE, alone=False), hand_thread(0, FEW_VALUES)])
        yield made


async def row(telling: Telling, metric: str, week: int, **asked: Any) -> Any:
    window: dict[str, Any] = {"since": spread(MONDAY, 7 * week), "until": spread(MONDAY, 7 * week + 7)}
    (found,) = (await telling.answer(metric, **window, **asked)).rows
    return found


GOLDEN = {
    "threads": 2,
    "posts": 7,
    "replies": 5,
    "participants": 5,
    "median_response_time": 30 * 60,
    "unanswered_rate": 0.5,
    "reply_reciprocity": 0.5,
}
COUNTS = ("threads", "posts", "replies", "participants")


def test_every_metric_has_a_value_by_hand() -> None:
    assert GOLDEN.keys() == {metric.id for metric in plugin.metrics}


@pytest.mark.parametrize(("metric", "value"), GOLDEN.items())
async def test_the_hand_thread_has_its_values_by_hand(metric: str, value: float, telling: Telling) -> None:
    assert (await row(telling, metric, FEW_VALUES, guarded=False)).value == value


@pytest.mark.parametrize(("metric", "value"), GOLDEN.items())
async def test_five_hand_threads_are_enough_to_be_shown(metric: str, value: float, telling: Telling) -> None:
    found = await row(telling, metric, MANY)

    assert found.value == (5 * value if metric in COUNTS else value)
    assert (found.reason, found.suppressed, found.n_people, found.n_acts) == (None, False, 25, 35)


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


@pytest.mark.parametrize("metric", [metric for metric in GOLDEN if metric not in COUNTS])
async def test_one_hand_thread_has_too_few_values_for_a_median_and_a_rate(metric: str, telling: Telling) -> None:
    found = await row(telling, metric, FEW_VALUES)

    assert (found.value, found.reason, found.suppressed) == (None, "too_few_values", True)
    assert (found.n_people, found.n_acts) == (5, 7)


async def test_the_rate_of_questions_stands_beside_and_is_withheld_by_the_same_minimum(telling: Telling) -> None:
    beside = (await row(telling, "unanswered_rate", MANY)).beside["questions_only"]
    assert (beside.value, beside.reason) == (None, "too_few_values")
    beside = (await row(telling, "unanswered_rate", MANY, guarded=False)).beside["questions_only"]
    assert (beside.value, beside.reason) == (1, None)


def compute(metric: str, acts: list[Act], following: list[Act] | None = None, **told: Any) -> Number:
    chosen = plugin.metric(metric)
    assert chosen is not None
    as_of = MONDAY + told.pop("as_of", 7 * DAY)
    return chosen.compute(Scope(MONDAY, MONDAY + 7 * DAY, as_of, acts, following or [], {**CONFIG, **told}))


def start(actor: str, after: timedelta = timedelta(), subject: str = "t", question: bool = False) -> Act:
    return act(actor, after, subject=subject, opens=True, detail={"question": question, "latency_s": None})


def answer(actor: str, target: str | None, latency: float | None = None, subject: str = "t") -> Act:
    parties = {} if target is None else {"parent": target}
    detail = {"question": False, "latency_s": latency}
    return act(actor, DAY, target=target, parties=parties, subject=subject, detail=detail)


def test_a_reply_that_the_senders_clock_puts_before_its_parent_has_no_latency() -> None:
    replies = [answer("b", "a", -1.0), answer("c", "a", 0.0), answer("d", "a", 60.0), answer("e", None)]

    assert compute("median_response_time", replies) == Number(30.0, n=2)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    replies = [answer("b", "a", each) for each in (600.0, 1800.0, 1800.0, 4200.0)]

    assert compute("median_response_time", replies) == Number(1800.0, n=4)
    assert compute("median_response_time", replies[:2]) == Number(1200.0, n=2)


def test_a_thread_exactly_as_old_as_the_grace_time_is_not_older() -> None:
    assert compute("unanswered_rate", [start("a")], as_of=3 * DAY).value is None
    assert compute("unanswered_rate", [start("a")], as_of=3 * DAY + timedelta(milliseconds=1)).value == 1
    assert compute("unanswered_rate", [start("a")], as_of=timedelta(hours=2), grace_hours=1).value == 1


def test_only_a_post_by_another_answers_a_thread() -> None:
    roots = [start("a", subject="t"), start("b", subject="u")]
    following = [*roots, answer("a", None, subject="t"), answer("a", "b", subject="u")]

    assert compute("unanswered_rate", roots, following, questions_only=False) == Number(0.5, n=2)


def test_who_answers_oneself_has_no_latency_and_makes_no_arc() -> None:
    replies = [answer("a", "a", 60.0), answer("b", "a", 600.0), answer("a", "b", 600.0)]

    assert compute("median_response_time", replies) == Number(600.0, n=2)
    assert compute("reply_reciprocity", replies) == Number(1, n=2)


def test_questions_are_told_apart() -> None:
    roots = [start("a", subject="t"), start("b", subject="u", question=True)]

    rate = compute("unanswered_rate", roots, [answer("c", "b", subject="u")])

    assert (rate.value, rate.n) == (0.5, 2)
    assert rate.beside == {"questions_only": Number(0, n=1)}


def test_arcs_count_once_however_many_replies_make_them() -> None:
    replies = [answer("b", "a"), answer("b", "a"), answer("a", "b"), answer("c", "a"), answer("c", None)]

    assert compute("reply_reciprocity", replies) == Number(2 / 3, n=3)


def test_who_only_answers_takes_part_and_who_starts_replies_to_nobody() -> None:
    acts = [start("a"), answer("b", "a"), answer("b", "a")]

    values = [compute(metric, acts).value for metric in COUNTS]

    assert values == [1, 3, 2, 2]
