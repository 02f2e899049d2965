"""The reference's metrics of mentoring against values worked out by hand."""

from typing import Any

import pytest

from .mentoring import Mentoring
from .mentoring_samples import (
    ARRANGED,
    ATTENDED,
    CANCELLED,
    REGISTERED,
    REVIEWED,
    UPDATED,
    beside,
    found,
    meetings,
    member,
    mentored,
    mentors,
    ninety,
    of,
    reviewed,
    value,
    with_mentor,
)
from .samples import DAY, activity, minute, statement

HOUR = 1 / 24


def test_both_parties_telling_one_session_is_one() -> None:
    told = [mentored(1, "m", "e", 0, lasted="PT30M"), with_mentor(2, "e", "m", HOUR, lasted="PT1H")]
    assert value(told, "sessions") == 1
    assert value(told, "duration") == 3600
    assert value([*told, mentored(3, "e", "m", HOUR)], "sessions") == 2


def test_a_session_goes_on_while_its_acts_are_less_than_two_hours_apart() -> None:
    assert value(meetings(1, "m", "e", 1, 1 + 1.9 * HOUR, 1 + 3.8 * HOUR), "sessions") == 1
    assert value(meetings(1, "m", "e", 1, 1 + 2 * HOUR), "sessions") == 2
    # What began before the window is not in it, however long it goes on.
    told = meetings(1, "m", "e", -HOUR, 0.5 * HOUR, 2 * HOUR, 5 * HOUR)
    assert value(told, "sessions") == 1
    assert value(told, "sessions", as_of=minute(5 * 60)) == 0


def test_durations_are_summed_where_told_and_unknown_where_nobody_tells() -> None:
    told = [
        mentored(1, "m", "e", 1, lasted="PT45M"),
        mentored(2, "m", "e", 2, lasted="PT0S"),
        *meetings(3, "m", "e", 3),
    ]
    assert value(told, "duration") == 45 * 60
    assert beside(told, "duration") == {"duration_told": 2 / 3}
    assert found(meetings(1, "m", "e", 1), "duration") == (None, "source_cannot_tell")
    assert found([], "duration") == (0, None)


def mentor_of(*mentees: str) -> list[dict[str, Any]]:
    """The people: a mentor, and the mentees a programme gives them."""
    return [member("m", *(mentors(mentee) for mentee in mentees)), *(member(mentee) for mentee in mentees)]


def test_pairs_are_declared_or_show_by_three_acts_in_two_weeks() -> None:
    assert value(meetings(1, "m", "e", 82, 83, 84), "active_pairs") == 1
    assert beside(meetings(1, "m", "e", 82, 83, 84), "active_pairs") == {"declared": 0, "inferred": 1}
    # The 77th day to the 83rd are one week.
    assert value(meetings(1, "m", "e", 77, 80, 83), "active_pairs") == 0
    assert value([*meetings(1, "m", "e", 80, 85), reviewed(3, "m", "e", 70)], "active_pairs") == 1
    assert value([*meetings(1, "m", "e", 80, 85), reviewed(3, "e", "m", 70)], "active_pairs") == 0
    people = [member("m", mentors("e")), member("e")]
    assert beside(meetings(1, "m", "e", 80, 85, 87), "active_pairs", people=people) == {"declared": 1, "inferred": 0}


def test_pairs_are_active_that_met_in_the_thirty_days_before() -> None:
    people = mentor_of("e", "f", "g", "h")
    told = [
        mentored(1, "m", "e", 60),
        mentored(2, "m", "f", 59.9),
        mentored(3, "m", "g", 90),
        reviewed(4, "m", "h", 80),
    ]
    assert value(told, "active_pairs", people=people) == 1
    assert value(told, "active_pairs", people=people, since=minute(89 * DAY)) == 1
    gone = [member("m", mentors("e", to="2026-05-31T00:00:00Z")), member("e")]
    assert value(told, "active_pairs", people=gone) == 0


def test_cadence_is_the_median_gap_between_sessions_of_all_pairs() -> None:
    people = mentor_of("e", "f")
    told = meetings(1, "m", "e", -30, 0, 7, 14, 28) + meetings(11, "m", "f", 40, 50) + meetings(21, "x", "y", 1, 2)
    # The gaps are 30, 7, 7, 14 and 10 days; x and y are no pair, with two acts in one week.
    assert value(told, "cadence", people=people) == 10 * 86400
    assert value(told, "cadence_mad", people=people) == 3 * 86400
    assert beside(told, "cadence", people=people) == {"declared": 2, "inferred": 0}
    assert found(told[:1], "cadence", people=people) == (None, "no_data")


def test_pairs_stall_after_twice_their_gap_and_a_fortnight() -> None:
    people = mentor_of("e", "f", "g", "h")
    told = [
        *meetings(1, "m", "e", 70, 73, 76),  # 14 days before, not more
        *meetings(11, "m", "f", 70, 73, 75.9),
        *meetings(21, "m", "g", 30, 50, 70),  # 20 days before, less than 40
        *meetings(31, "m", "h", 1, 2),  # two sessions only
    ]
    assert value(told, "stalled_pairs", people=people) == 1
    assert value(told, "stalled_pairs", people=people, until=minute(111 * DAY)) == 3


def test_state_in_buckets_is_that_at_each_buckets_end() -> None:
    people = [member("m", mentors("e", **{"from": "2026-03-10"})), member("e")]
    told = meetings(1, "m", "e", 1, 2)
    weeks = ninety(told, "active_pairs", people=people, until=minute(42 * DAY), bucket="week")
    assert [row.value for row in weeks] == [0, 1, 1, 1, 0, 0]
    told_until = ninety(told, "cadence", people=people, until=minute(21 * DAY), bucket="week", as_of=minute(7.5 * DAY))
    # A programme that begins on the 10th is not yet there on the 9th, at noon.
    assert [row.reason for row in told_until] == ["no_data"] * 3


def test_load_is_shared_out_among_declared_mentors_and_all_who_held_a_session() -> None:
    four = [member(f"m{n}", *(mentors(f"e{n}{each}") for each in range(n))) for n in (1, 2, 3, 4)]
    assert value([], "load_gini", people=four) == pytest.approx(0.25)
    assert value([], "max_mentees", people=four) == 4
    # One who held a session and has no pair: of 0, 1, 2, 3 and 4 it is (-4·0 - 2·1 + 0·2 + 2·3 + 4·4) / (5 · 10).
    assert value(meetings(1, "x", "y", 1), "load_gini", people=four) == pytest.approx(0.4)
    assert value(meetings(1, "x", "y", -1), "load_gini", people=four) == pytest.approx(0.25)
    assert found(meetings(1, "x", "y", 1), "load_gini") == (None, "no_data")
    assert found([], "max_mentees") == (0, None)
    assert found(meetings(1, "x", "y", 1), "max_mentees") == (0, None)


def test_coverage_is_of_the_roster_or_of_the_eligible() -> None:
    people = [
        member("m", mentors("e"), mentors("f")),
        member("e", of("role", "apprentice")),
        member("f"),
        member("g", of("role", "apprentice")),
        member("z", active=False),
        member("o", opt_out=True),
    ]
    told = meetings(1, "m", "e", 70) + meetings(11, "m", "f", 20)
    assert value(told, "mentee_coverage", people=people) == 1 / 4
    assert value(told, "mentee_coverage", people=people, settings={"eligible_role": "apprentice"}) == 1 / 2
    assert found(told, "mentee_coverage", people=people, settings={"eligible_role": "boss"}) == (None, "no_data")
    assert found(told, "mentee_coverage") == (None, "no_roster")


def test_pairs_are_returned_that_meet_in_both_directions() -> None:
    people = mentor_of("e", "f")
    told = [mentored(1, "m", "e", 1), mentored(2, "e", "m", -200), mentored(3, "f", "m", 5)]
    # Of the two pairs (m, f) itself has not met; (e, m) is no pair, with one act.
    assert value(told, "reciprocity", people=people) == 1 / 2
    assert value(told, "reciprocity", people=people, as_of=minute(DAY)) == 0
    assert found(told, "reciprocity") == (None, "no_data")


def test_pairs_are_across_departments_that_have_none_in_common() -> None:
    north, south, both = of("department", "N"), of("department", "S"), (of("department", "N"), of("department", "S"))
    people = [
        member("m", north, mentors("e"), mentors("f"), mentors("g")),
        member("e", south),
        member("f", *both),
        member("g"),
    ]
    assert value([], "cross_department_share", people=people) == 1 / 2
    assert found([], "cross_department_share", people=[member("m", mentors("e"))]) == (None, "no_roster")
    assert found([], "cross_department_share", people=[member("m", north, mentors("e"))]) == (None, "no_data")


def test_plans_are_held_by_an_act_on_their_thing_or_by_a_meeting_within_a_fortnight() -> None:
    plans = [
        with_mentor(1, "e", "m", 1, REGISTERED, "s:1"),
        with_mentor(2, "m2", "e2", 1, ARRANGED, "s:2"),
        with_mentor(3, "f", "m", 1, ARRANGED, "s:3"),
        with_mentor(4, "g", "m", 1, REGISTERED, "s:4"),
        with_mentor(5, "f", "m", 2, REGISTERED, "s:3"),  # once more
    ]
    held = [
        with_mentor(11, "e", "m", 60, ATTENDED, "s:1"),  # on the thing itself, late
        mentored(12, "m", "f", 16),  # a fortnight after the second plan
        mentored(13, "m", "g", 15.1),  # too late
    ]
    assert value(plans + held, "completion") == 2 / 4
    assert value(plans + held, "completion", as_of=minute(30 * DAY)) == 1 / 4
    assert value(plans + held, "completion", since=minute(1.5 * DAY)) == 1
    assert found(held, "completion") == (None, "no_data")


def test_cancelled_plans_do_not_count_from_then_on() -> None:
    told = [
        with_mentor(1, "e", "m", 1, REGISTERED, "s:1"),
        statement(2, "e", CANCELLED, activity("s:1"), 3 * DAY),
        with_mentor(3, "f", "m", 1, REGISTERED, "s:1"),
    ]
    assert found(told, "completion") == (0, None)
    assert [row.value for row in ninety(told[:2], "completion", as_of=minute(3 * DAY - 1))] == [0]
    assert found(told[:2], "completion", as_of=minute(3 * DAY)) == (None, "no_data")


def test_feedback_is_taken_up_by_any_act_but_a_view_within_a_fortnight() -> None:
    edited = statement(11, "e", UPDATED, activity("n:1"), 15 * DAY)
    assert value([reviewed(1, "m", "e", 1), edited], "feedback_loop_closed") == 1
    too_late = statement(11, "e", UPDATED, activity("n:1"), 15 * DAY + 1)
    before = statement(12, "e", UPDATED, activity("n:1"), DAY)
    by_another = statement(13, "f", UPDATED, activity("n:1"), 2 * DAY)
    elsewhere = statement(14, "e", UPDATED, activity("n:2"), 2 * DAY)
    seen = statement(15, "e", "http://id.tincanapi.com/verb/viewed", activity("n:1"), 2 * DAY)
    unknown = statement(16, "e", "v:other", activity("n:1"), 2 * DAY)
    assert value([reviewed(1, "m", "e", 1), too_late, before, by_another, elsewhere, seen, unknown], _LOOP) == 0
    commented = statement(17, "e", "http://adlnet.gov/expapi/verbs/commented", activity("n:1"), 2 * DAY)
    assert value([reviewed(1, "m", "e", 1), commented, reviewed(2, "m", "f", 1)], _LOOP) == 1 / 2


_LOOP = "feedback_loop_closed"


def test_only_feedback_a_fortnight_old_is_asked_about() -> None:
    assert value([reviewed(1, "m", "e", 76)], _LOOP) == 0
    assert found([reviewed(1, "m", "e", 76.1)], _LOOP) == (None, "no_data")


def test_feedback_to_nobody_known_or_to_oneself_is_not_taken_up() -> None:
    edited = statement(2, "m", UPDATED, activity("n:1"), 2 * DAY)
    assert value([statement(1, "m", REVIEWED, activity("n:1"), 0), edited], _LOOP) == 0
    assert value([reviewed(1, "m", "m", 1), edited], _LOOP) == 0


def test_a_like_taken_back_or_of_something_deleted_takes_nothing_up() -> None:
    streams = "http://activitystrea.ms/"
    feedback, liked = reviewed(1, "m", "e", 1), statement(2, "e", f"{streams}like", activity("n:1"), 2 * DAY)
    gone = statement(3, "x", f"{streams}delete", activity("n:1"), 20 * DAY)
    assert value([feedback, liked, gone], _LOOP, as_of=minute(19 * DAY)) == 1
    assert value([feedback, liked, gone], _LOOP) == 0
    taken_back = statement(3, "e", f"{streams}unlike", activity("n:1"), 20 * DAY)
    assert value([feedback, liked, taken_back], _LOOP, as_of=minute(20 * DAY - 1)) == 1
    assert value([feedback, liked, taken_back], _LOOP) == 0


def test_nothing_told_is_no_data_or_nothing() -> None:
    asked: dict[str, Any] = {"people": [member("z", of("department", "N"))]}
    reasons = {metric: found([], metric, **asked) for metric in Mentoring.METRICS}
    counts = ("active_pairs", "sessions", "duration", "stalled_pairs", "max_mentees")
    assert reasons == {metric: (0, None) if metric in counts else (None, "no_data") for metric in Mentoring.METRICS}
