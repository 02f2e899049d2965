from datetime import timedelta
from typing import Any

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from plugins.discussion import plugin
from tests.plugins.discussion.samples import DAY, DOUBT, at, hand_thread, number, reply, start, view

FIRST = start("a")
GOLDEN = {
    "median_response_time": Number(30 * 60.0, n=4),  # of 10, 30, 30 and 70 minutes
    "p90_response_time": Number(58 * 60.0, n=4),  # 0.7 of the way from 30 to 70
    "time_to_first_response": Number(10 * 60.0, n=1),
    "unanswered_rate": Number(0.5, n=2, beside={"questions_only": Number(1.0, n=1)}),
    "reply_reciprocity": Number(0.5, n=4),  # B-A, C-A, A-B, D-C
}


@pytest.mark.parametrize(("metric", "golden"), GOLDEN.items())
def test_the_hand_thread_is_answered_as_by_hand_whoever_reads_it(metric: str, golden: Number) -> None:
    for readers in ([], [view("f", 1, "t:E", "t:E"), view("a", 50, "t:A", "t:A")]):
        found = number(metric, [*hand_thread(), *readers])
        assert found.value == pytest.approx(golden.value)
        assert (found.n, found.beside) == (golden.n, golden.beside)


@pytest.mark.parametrize("metric", GOLDEN)
def test_where_nobody_is_answered_there_is_nothing_to_tell(metric: str) -> None:
    for acts in ([], [view("f", 1, "t", "t")]):
        found = number(metric, acts)
        assert (found.value, found.n, found.why) == (None, 0, "no_data")


def test_medians_and_percentiles_need_five_values_and_rates_a_denominator_of_ten() -> None:
    minima = {each.id: (each.min_values, each.min_denominator) for each in plugin.metrics if each.id in GOLDEN}

    assert [minima[metric] for metric in GOLDEN] == [(5, 0), (5, 0), (5, 0), (0, 10), (0, 10)]


def test_a_reply_that_the_senders_clock_puts_before_its_parent_has_no_latency() -> None:
    replies = [reply("b", -1, FIRST), reply("c", 0, FIRST), reply("d", 1, FIRST)]
    unseen = reply("e", 50, FIRST, parent_author=None, parent_t=None)

    assert number("median_response_time", [FIRST, *replies, unseen]) == Number(30.0, n=2)


def test_the_median_of_an_even_number_lies_between_the_two_in_the_middle() -> None:
    replies = [reply(who, minutes, FIRST) for who, minutes in (("b", 10), ("c", 30), ("d", 30), ("e", 70))]

    assert number("median_response_time", replies) == Number(1800.0, n=4)
    assert number("median_response_time", replies[:2]) == Number(1200.0, n=2)


def test_the_first_response_is_the_first_post_by_another_to_whomever_it_is() -> None:
    own = reply("a", 5, FIRST)

    assert number("time_to_first_response", [FIRST, own, reply("b", 20, own), reply("c", 30, FIRST)]).value == 20 * 60


def test_a_thread_that_its_first_response_precedes_has_no_time_to_it() -> None:
    other = start("a", 0, "u")
    early = [reply("b", -5, FIRST)]

    found = number("time_to_first_response", [FIRST, other, reply("c", 30, FIRST), reply("b", 8, other)], early=early)

    assert found == Number(8 * 60.0, n=1)


def test_what_comes_after_the_present_has_not_been_answered_yet() -> None:
    acts = [FIRST, reply("b", 20, FIRST)]

    assert number("time_to_first_response", acts, as_of=at(20)).value is None
    assert number("time_to_first_response", acts, as_of=at(21)).value == 20 * 60


def rate(acts: list[Act], age: timedelta = 7 * DAY, **config: Any) -> float | None:
    return number("unanswered_rate", acts, as_of=MONDAY + age, config=config).value


def test_a_thread_exactly_as_old_as_the_grace_time_is_not_older() -> None:
    assert rate([FIRST], 3 * DAY) is None
    assert rate([FIRST], 3 * DAY + timedelta(milliseconds=1)) == 1
    assert rate([FIRST], timedelta(hours=2), grace_hours=1) == 1


def test_only_a_post_by_another_answers_a_thread() -> None:
    other = start("b", 0, "u")
    posts = [FIRST, other, reply("a", 1, FIRST), reply("a", 2, other), view("c", 3, "t", "t")]

    assert number("unanswered_rate", posts, config={"questions_only": False}) == Number(0.5, n=2)


def test_an_answer_of_another_group_or_from_before_the_start_is_an_answer() -> None:
    assert number("unanswered_rate", [FIRST], others=[reply("b", 9, FIRST)]).value == 0
    assert number("unanswered_rate", [FIRST], early=[reply("b", -9, FIRST)]).value == 0


def test_questions_are_told_apart() -> None:
    question = start("b", 0, "u", object_type=DOUBT)

    found = number("unanswered_rate", [FIRST, question, reply("c", 1, question)])

    assert (found.value, found.n) == (0.5, 2)
    assert found.beside == {"questions_only": Number(0, n=1)}


def test_who_answers_oneself_has_no_latency_and_makes_no_arc() -> None:
    to_a = reply("b", 10, FIRST)
    replies = [reply("a", 1, FIRST), to_a, reply("a", 20, to_a)]

    assert number("median_response_time", replies) == Number(600.0, n=2)
    assert number("reply_reciprocity", replies) == Number(1, n=2)


def test_arcs_count_once_however_many_replies_make_them() -> None:
    to_a = reply("b", 10, FIRST)
    replies = [to_a, reply("b", 20, FIRST), reply("a", 30, to_a), reply("c", 40, FIRST)]
    to_nobody = reply("c", 50, FIRST, target=None, target_status="pending")

    assert number("reply_reciprocity", [*replies, to_nobody]) == Number(2 / 3, n=3)


def test_an_arc_of_a_group_is_returned_by_whoever_returns_it() -> None:
    to_a = reply("b", 10, FIRST)

    assert number("reply_reciprocity", [to_a], others=[reply("a", 20, to_a)]) == Number(1, n=1)
