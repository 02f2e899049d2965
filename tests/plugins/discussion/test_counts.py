from datetime import timedelta

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Number
from tests.plugins.discussion.samples import DAY, hand_thread, number, reply, start, view

COUNTS = {"threads": 2, "posts": 7, "replies": 5, "participants": 5}
READERS = [view("f", 200, "t:A", "t:A"), view("b", 201, "t:A", "t:A")]


@pytest.mark.parametrize(("metric", "value"), COUNTS.items())
def test_the_hand_thread_counts_as_by_hand_whoever_reads_it(metric: str, value: int) -> None:
    assert number(metric, hand_thread()).value == value
    assert number(metric, [*hand_thread(), *READERS]).value == value


@pytest.mark.parametrize("metric", COUNTS)
def test_nothing_counts_nothing(metric: str) -> None:
    assert number(metric, []).value == 0
    assert number(metric, READERS).value == 0


def test_who_only_answers_takes_part_and_who_starts_replies_to_nobody() -> None:
    first = start("a")
    acts = [first, reply("b", 1, first), reply("b", 20, first)]

    assert [number(metric, acts).value for metric in COUNTS] == [1, 3, 2, 2]


def test_liveliness_is_posts_by_board_and_day() -> None:
    first = start("a", board_id="f:1")
    acts = [first, reply("b", 1, first, board_id="f:1"), start("c", 2, "u", board_id="f:2"), start("d", 3, "v")]

    assert number("liveliness", acts, until=MONDAY + 6 * DAY) == Number(3 / (2 * 6), n=None)
    assert number("liveliness", acts, until=MONDAY + timedelta(hours=12)).value == 3 / (2 * 0.5)


def test_where_no_post_tells_its_board_liveliness_is_unknown() -> None:
    silent = number("liveliness", [start("a", course_id="c:x")])
    nobody = number("liveliness", READERS)

    assert (silent.value, silent.why) == (None, "source_cannot_tell")
    assert (nobody.value, nobody.why) == (None, "no_data")
