import pytest

from lrs.plugin import Number
from tests.plugins.discussion.samples import hand_thread, number, reply, start, view

EIGHT = list("abcdefgh")
FIRST = start("a")
READERS = [view("f", 35, "t:A", "t:A"), view("g", 200, "t:A", "t:A"), view("b", 200, "t:E", "t:E")]


def test_two_of_seven_who_opened_or_posted_only_read() -> None:
    assert number("lurker_ratio", [*hand_thread(), *READERS], roster=EIGHT) == Number(2 / 7, n=7)


def test_guests_are_no_readers_of_a_group() -> None:
    assert number("lurker_ratio", [*hand_thread(), *READERS], roster=["f", "g", "h"]) == Number(1, n=2)


def test_a_view_of_anything_else_is_no_reading() -> None:
    assert number("lurker_ratio", [FIRST, view("b", 5, "a wiki page")], roster=EIGHT) == Number(0, n=1)


def test_where_nobody_belongs_there_is_no_roster_and_where_nothing_is_opened_or_posted_no_data() -> None:
    assert number("lurker_ratio", [*hand_thread(), *READERS]).why == "no_roster"
    assert number("lurker_ratio", [], roster=[]).why == "no_roster"
    silent = number("lurker_ratio", [], roster=EIGHT)
    assert (silent.value, silent.n, silent.why) == (None, 0, "no_data")


def test_listening_is_the_mean_share_of_others_posts_that_viewers_opened() -> None:
    shares = [3 / 7, 6 / 7, 1 / 6]  # of seven posts F had three to open and G six; B, of the others' six, opened E's

    found = number("listening_breadth", [*hand_thread(), *READERS])

    assert found.value == pytest.approx(sum(shares) / 3)
    assert found.n == 3


def test_a_viewer_of_old_threads_alone_has_opened_none_of_the_posts() -> None:
    acts = [FIRST, view("b", 5, "t", "t"), view("c", 5, "old", "old")]

    assert number("listening_breadth", acts) == Number(0.5, n=2)


def test_who_has_no_others_to_listen_to_is_left_out() -> None:
    own = [FIRST, reply("a", 5, FIRST), view("a", 9, "t", "t")]

    assert number("listening_breadth", own) == Number(None, n=0)
    assert number("listening_breadth", [*own, view("b", 9, "t", "t")]) == Number(1, n=1)


def test_only_posts_of_the_group_can_be_opened_in_it() -> None:
    theirs = reply("x", 3, FIRST)

    assert number("listening_breadth", [FIRST, view("b", 9, "t", "t")], others=[theirs]) == Number(1, n=1)


def test_nobody_who_opens_anything_leaves_nothing_to_tell() -> None:
    assert number("listening_breadth", hand_thread()) == Number(None, n=0)
