"""The reference's metrics of discussion beyond the counts, against values worked out by hand."""

from typing import Any

import pytest

from .asking import raw, rows
from .samples import (
    DAY,
    DISCUSSION,
    DOUBT,
    FORUM,
    HAND_THREAD,
    MOODLE_HAND_THREAD,
    OLD_MOODLE_HAND_THREAD,
    WEEK,
    activity,
    edx_reply,
    edx_thread,
    known,
    minute,
    reply,
    statement,
    thread,
    view,
    void,
)
from .statements import Statement

HEX = "64abcdfee68f35002fd013c6"
WRITERS = [known(name) for name in "abcde"]
READERS = [known(name) for name in "xyz"]


def why(statements: list[Statement], metric: str, **asked: Any) -> str | None:
    """The reason why the whole store has no value, unguarded unless asked otherwise."""
    (row,) = rows(statements, metric, **({"guarded": False} | asked))
    assert row.value is None
    return row.reason


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        # Latencies of 10, 30, 30 and 70 minutes.
        ("p90_response_time", 58 * 60),
        ("time_to_first_response", 10 * 60),
        # A's thread: B, C and A on the first level, A and D on the second; E's is alone.
        ("depth", 1),
        ("breadth", 2),
        # (6 - 1)(4 - 1) ÷ 6, and 0.
        ("interactivity", 1.25),
        # Three posts by A, one each by the others.
        ("participation_equality", 1 - 8 / 35),
        ("top10_share", 3 / 7),
    ],
)
def test_the_hand_thread_has_its_values_by_hand(metric: str, value: float) -> None:
    assert raw(HAND_THREAD, metric, people=WRITERS) == pytest.approx(value)


def test_silent_people_make_participation_less_equal() -> None:
    assert raw(HAND_THREAD, "participation_equality", people=WRITERS + READERS) == pytest.approx(1 - 29 / 56)


def test_the_most_active_tenth_is_rounded_up_and_guests_are_in_neither_part() -> None:
    eleven = [known(name) for name in "abcdefghijk"]
    assert raw(HAND_THREAD, "top10_share", people=eleven) == pytest.approx(4 / 7)
    assert raw(HAND_THREAD, "top10_share", people=[known("b"), known("c"), known("x")]) == 0.5


def test_median_and_greatest_stand_beside_depth_and_breadth() -> None:
    (depth,), (breadth,) = (rows(HAND_THREAD, metric, guarded=False) for metric in ("depth", "breadth"))
    assert {name: each.value for name, each in depth.beside.items()} == {"median": 1, "max": 2}
    assert {name: each.value for name, each in breadth.beside.items()} == {"median": 2, "max": 3}


def test_threads_are_as_deep_as_they_were_at_as_of() -> None:
    assert raw(HAND_THREAD, "depth", as_of=minute(40)) == 0.5
    assert raw(HAND_THREAD, "depth", as_of=minute(41)) == 1
    assert raw(HAND_THREAD, "depth", until=minute(40)) == 0.5


def test_one_post_of_unknown_depth_is_enough_to_know_nothing() -> None:
    for told in (MOODLE_HAND_THREAD, OLD_MOODLE_HAND_THREAD, [edx_thread(1, "a", 0, HEX), edx_reply(2, "b", 1, HEX)]):
        assert why(told, "depth") == why(told, "breadth") == "source_cannot_tell"
    # Before anyone answers the depth is known.
    assert raw(MOODLE_HAND_THREAD, "depth", as_of=minute(10)) == 0
    # What D answered is gone: if D doesn't name the thread, the post is of none; else nobody knows how deep it is.
    assert raw([*HAND_THREAD, void(9, 3)], "depth") == 1
    naming = statement(5, "d", "http://id.tincanapi.com/verb/replied", activity("p:D"), 100, parent=[activity("p:C")])
    naming["context"]["contextActivities"]["grouping"] = [activity("t:A", DISCUSSION)]
    assert why([each for each in HAND_THREAD if each["id"] != naming["id"]] + [naming, void(9, 3)], "depth") == (
        "source_cannot_tell"
    )


def test_a_reply_without_a_parent_of_its_own_answers_the_thread() -> None:
    alone = statement(2, "b", "http://id.tincanapi.com/verb/replied", activity("p:B"), 1)
    alone["context"]["contextActivities"]["grouping"] = [activity("t:A", DISCUSSION)]
    assert raw([thread(1, "a", 0, "t:A"), alone], "depth") == 1


def test_a_first_response_before_its_root_has_no_time() -> None:
    told = [thread(1, "a", 0, "t:A"), reply(2, "b", -5, "p:B", "t:A"), reply(3, "c", 9, "p:C", "t:A")]
    assert why(told, "time_to_first_response") == "no_data"
    assert raw(told[::2], "time_to_first_response", as_of=minute(10)) == 9 * 60
    assert why(told[::2], "time_to_first_response", as_of=minute(9)) == "no_data"


def test_unanswered_questions_stand_beside_all_threads() -> None:
    told = [thread(1, "a", 0, "t:A"), thread(2, "b", 1, "t:B", DOUBT), reply(3, "c", 2, "p:C", "t:A")]
    (row,) = rows(told, "unanswered_rate", guarded=False)
    assert (row.value, row.beside["questions_only"].value) == (0.5, 1)
    assert rows(told[::2], "unanswered_rate", guarded=False)[0].beside["questions_only"].reason == "no_data"


def test_lurkers_are_of_the_roster_and_wrote_nothing() -> None:
    opened = [
        view(20, "x", 50, "t:A", DISCUSSION),
        view(21, "y", 50, "p:B"),
        view(22, "b", 60, "t:A", DISCUSSION),
        view(23, "guest", 60, "t:A", DISCUSSION),
        view(24, "z", 60, "http://example.org/page"),
    ]
    told = HAND_THREAD + opened
    # Readers are X and Y; A to E wrote. Z opened a page that is neither thread nor post.
    assert raw(told, "lurker_ratio", people=WRITERS + READERS) == pytest.approx(2 / 7)
    assert raw(told, "posts") == 7
    assert why(told, "lurker_ratio") == why(told, "participation_equality") == why(told, "top10_share") == "no_roster"
    assert why(HAND_THREAD, "lurker_ratio", people=READERS) == "no_data"


def test_opening_a_thread_opens_what_was_written_by_then_and_opening_a_post_that_one() -> None:
    told = [*HAND_THREAD, view(20, "x", 40, "t:A", DISCUSSION), view(21, "x", 41, "p:D")]
    # A's start, B, C and A's answer up to the fortieth minute, and D: five of seven.
    assert raw(told, "listening_breadth") == pytest.approx(5 / 7)
    # B is no other to itself: of six, three (A's start, C's and A's answer), and D's.
    mine = [*HAND_THREAD, view(20, "b", 40, "t:A", DISCUSSION), view(21, "b", 41, "p:D")]
    assert raw(mine, "listening_breadth") == pytest.approx(4 / 6)
    assert why(HAND_THREAD, "listening_breadth") == "no_data"
    assert why([thread(1, "a", 0, "t:A"), view(2, "a", 1, "t:A")], "listening_breadth") == "no_data"


def test_a_view_told_again_within_ten_minutes_is_one() -> None:
    told = [thread(1, "a", 0, "t:A"), reply(2, "b", 5, "p:B", "t:A"), view(3, "x", 1, "t:A")]
    assert raw([*told, view(4, "x", 10.9, "t:A")], "listening_breadth") == 0.5
    assert raw([*told, view(4, "x", 11, "t:A")], "listening_breadth") == 1


def test_open_edx_names_an_opened_thread_as_a_comment() -> None:
    forum = [edx_thread(1, "a", 0, HEX), edx_reply(2, "b", 10, HEX)]
    seen = f"https://edx.example.org/api/discussion/v1/comments/{HEX}"
    assert raw([*forum, view(3, "x", 5, seen, DISCUSSION)], "listening_breadth") == 0.5


def test_instructors_are_who_is_one_in_the_course_at_that_time_else_who_is_named() -> None:
    begun = {"kind": "course", "group": "c:x", "role": "instructor", "from": minute(15).isoformat()}
    learner = {"kind": "course", "group": "c:x", "role": "learner"}
    told = [
        thread(1, "a", 0, "t:A", course="c:x"),
        reply(2, "b", 10, "p:B", "t:A", "c:x"),
        reply(3, "b", 20, "p:B2", "t:A", "c:x"),
        reply(4, "c", 30, "p:C", "t:A", "c:x"),
        reply(5, "d", 40, "p:D", "t:A", "c:x"),
    ]
    for each in told[3:]:
        each["context"]["instructor"] = each["actor"]
    # B from the fifteenth minute on, and D, who is named; C is named, but a learner.
    people = [known("b", groups=[begun]), known("c", groups=[learner])]
    assert raw(told, "instructor_share", people=people) == 0.5
    assert why(told[:1], "instructor_share") == "no_data"


def test_liveliness_is_posts_by_board_and_day() -> None:
    board = [activity("f:1", FORUM)]
    told = [
        statement(1, "a", "http://activitystrea.ms/create", activity("t:A", DISCUSSION), 0, parent=board),
        statement(2, "b", "http://id.tincanapi.com/verb/replied", activity("t:A", DISCUSSION), 5, grouping=board),
        thread(3, "c", 9, "t:C", course="c:x"),
    ]
    assert raw(told, "liveliness", until=minute(4 * DAY)) == 0.5
    assert raw(told, "liveliness", until=minute(4 * DAY), as_of=minute(DAY)) == 0.5
    assert why(told[2:], "liveliness") == "source_cannot_tell"
    assert why([], "liveliness") == "no_data"


def test_too_few_threads_viewers_or_people_hide_the_value_and_what_stands_beside() -> None:
    people = WRITERS + READERS
    for metric in ("depth", "interactivity", "participation_equality", "time_to_first_response"):
        assert why(HAND_THREAD, metric, people=people, guarded=True) == "too_few_values"
    (row,) = rows(HAND_THREAD, "depth")
    assert {each.reason for each in row.beside.values()} == {"too_few_values"}
    ten = [known(name) for name in "abcdefghij"]
    assert rows(HAND_THREAD, "participation_equality", people=ten)[0].reason is None


def test_views_belong_to_the_row_of_their_viewers_group() -> None:
    north = [{"kind": "department", "group": "North"}]
    people = [known(name, groups=north) for name in "ax"] + [known("y")]
    told = [*HAND_THREAD, *(view(20 + n, who, 120, "t:A", DISCUSSION) for n, who in enumerate("xy"))]
    asked: dict[str, Any] = {"people": people, "group_by": "department", "guarded": False, "until": minute(WEEK)}
    assert [row.value for row in rows(told, "lurker_ratio", **asked)] == [0.5]
    # X opened all three posts of the department's.
    assert [row.value for row in rows(told, "listening_breadth", **asked)] == [1]


def test_who_opted_out_left_no_depth_but_the_place_of_their_post() -> None:
    people = [known("b", opt_out=True)]
    # A answered B on the second level: that stays so, and B's post is on none.
    assert raw(HAND_THREAD, "depth", people=people) == 1
    assert raw(HAND_THREAD, "breadth", people=people) == 1.5
    assert raw(HAND_THREAD, "time_to_first_response", people=people) == 30 * 60
