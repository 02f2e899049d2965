"""The reference's mentoring against values worked out by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from .domain import Domain
from .evaluation import read
from .mentoring import Mentoring
from .mentoring_deeds import seconds
from .mentoring_samples import (
    ARRANGED,
    ATTENDED,
    CANCELLED,
    FOR,
    INTERVIEWED,
    REGISTERED,
    REVIEWED,
    TALKED,
    TUTOR_SESSION,
    UPDATED,
    agent,
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
from .samples import COURSE, CREATE, DAY, activity, minute, reply, statement, uuid, void
from .statements import Statement

HOUR = 1 / 24
ROLES = {"context_roles": {"r:mentor": "mentor", "r:mentee": "mentee", "r:to": "addressee", "r:by": "observer"}}


def reading(statements: list[Statement], **told: Any) -> Mentoring:
    domain = read(statements, plugin="mentoring", **told)
    assert isinstance(domain, Mentoring)
    return domain


def pairs(*statements: Statement, **told: Any) -> list[tuple[str, str | None]]:
    """Mentor and mentee of each act that counts."""
    names = [(act.actor, act.target) for act in reading(list(statements), **told).acts]
    return [(name(mentor), mentee and name(mentee)) for mentor, mentee in names]


def name(key: str) -> str:
    return key.removeprefix("mbox:mailto:").removesuffix("@example.org")


def with_roles(told: Statement, **roles: str) -> Statement:
    """The statement with a context agent for each role's IRI (`r:<role>`)."""
    agents = [
        {"objectType": "contextAgent", "agent": agent(who), "relevantTypes": [f"r:{role}"]}
        for role, who in roles.items()
    ]
    told["context"]["contextAgents"] = agents
    return told


def in_course(told: Statement, course: str) -> Statement:
    told["context"]["contextActivities"] = {"grouping": [activity(course, COURSE)]}
    return told


# --- who mentors whom


@pytest.mark.parametrize(
    "verb",
    [
        "http://id.tincanapi.com/verb/mentored",
        "http://id.tincanapi.com/verb/interviewed",
        "http://id.tincanapi.com/verb/talked-with",
        "https://w3id.org/xapi/adb/verbs/coached",
        "https://w3id.org/xapi/dod-isd/verbs/advised",
        "https://w3id.org/xapi/dod-isd/verbs/supported",
    ],
)
def test_who_mentors_somebody_is_the_mentor(verb: str) -> None:
    assert pairs(mentored(1, "m", "e", 0, verb)) == [("m", "e")]


def test_who_attends_or_is_mentored_in_something_with_an_instructor_is_the_mentee() -> None:
    mentored_in = "http://learninglocker.net/verbs/coached-in"
    assert pairs(with_mentor(1, "e", "m", 0), with_mentor(2, "e", "m", 1, mentored_in)) == [("m", "e"), ("m", "e")]
    alone = statement(1, "e", ATTENDED, activity("s:1", TUTOR_SESSION), 0)
    assert pairs(alone, statement(2, "e", mentored_in, activity("s:1"), 1)) == []


def test_joining_a_meeting_is_attending_it() -> None:
    meeting = activity("s:1", "http://adlnet.gov/expapi/activities/meeting")
    joined = statement(1, "e", "http://activitystrea.ms/schema/1.0/join", meeting, 0)
    joined["context"]["instructor"] = agent("m")
    assert pairs(joined) == [("m", "e")]
    joined["object"] = activity("g:1", "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group")
    assert pairs(joined) == []


def test_everybody_of_a_group_is_mentored_unless_it_is_too_large() -> None:
    told = mentored(1, "m", "e", 0)
    told["object"] = {"objectType": "Group", "member": [agent(who) for who in ("e", "m", "f")]}
    assert pairs(told) == [("m", "e"), ("m", "f")]
    told["object"]["member"] = [agent(f"e{n}") for n in range(26)]
    assert pairs(told) == [("m", None)]
    assert value([told], "sessions") == 0


def test_roles_of_context_agents_say_who_is_who_where_settings_map_them() -> None:
    tutored = statement(1, "m", "http://id.tincanapi.com/verb/mentored", activity("s:1", TUTOR_SESSION), 0)
    attended = statement(2, "e", ATTENDED, activity("s:1", TUTOR_SESSION), 20)
    hosted = statement(3, "m", ATTENDED, activity("s:2", TUTOR_SESSION), 40)
    by_mentee = statement(4, "e", "http://id.tincanapi.com/verb/mentored", activity("s:1", TUTOR_SESSION), 60)
    told = [
        with_roles(tutored, to="e", by="o"),
        with_roles(attended, mentor="m", mentee="e"),
        with_roles(hosted, mentee="e"),
        with_roles(by_mentee, mentor="m"),
    ]
    assert pairs(*told, settings=ROLES) == [("m", "e")] * 4
    assert pairs(*told) == [("m", None), ("e", None)]


def test_of_two_who_talk_the_programme_says_who_is_the_mentor() -> None:
    talked = [mentored(1, "e", "m", 0, TALKED), mentored(2, "e", "m", 9, INTERVIEWED)]
    assert pairs(*talked) == [("e", "m"), ("e", "m")]
    early = [member("m", mentors("e", to="2026-03-05")), member("e")]
    assert pairs(*talked, people=early) == [("m", "e"), ("e", "m")]
    as_mentee = [member("e", of("programme", "P", role="mentee") | {"with": "m"}), member("m")]
    assert pairs(*talked, people=as_mentee) == [("m", "e"), ("m", "e")]
    both_ways = [member("m", mentors("e")), member("e", mentors("m"))]
    assert pairs(*talked, people=both_ways) == [("e", "m"), ("e", "m")]
    # Who says to have mentored is the mentor, whatever the programme says.
    assert pairs(mentored(1, "e", "m", 0), people=early) == [("e", "m")]


def test_feedback_is_for_whom_it_says_else_for_whoever_wrote_the_thing() -> None:
    note = statement(1, "e", CREATE, activity("n:1"), 0)
    on_note = statement(2, "m", REVIEWED, activity("n:1"), 1)
    evaluated = statement(3, "m", "https://w3id.org/xapi/acrossx/verbs/evaluated", activity("v:1"), 2)
    evaluated["context"]["contextActivities"] = {"parent": [activity("p:1")]}
    on_reply = [reply(4, "f", 0.5, "p:1", "t:A"), evaluated]
    on_statement = statement(5, "m", REVIEWED, {"objectType": "StatementRef", "id": uuid(1)}, 30)
    told = [reviewed(6, "m", "g", 1), on_note, *on_reply, on_statement, note]
    assert sorted(pairs(*told), key=str) == [("m", "e"), ("m", "e"), ("m", "f"), ("m", "g")]
    assert pairs(statement(1, "m", REVIEWED, activity("n:9"), 0)) == [("m", None)]


def test_grading_views_and_plans_are_no_acts_of_mentoring() -> None:
    scored = with_mentor(1, "e", "m", 0, "https://w3id.org/xapi/tla/verbs/scored")
    viewed = with_mentor(2, "e", "m", 0, "http://id.tincanapi.com/verb/viewed")
    planned = with_mentor(3, "e", "m", 0, REGISTERED)
    assert pairs(scored, viewed, planned) == []


def test_persons_mentor_persons_and_who_opted_out_is_nobody() -> None:
    told = [mentored(1, "m", "e", 0), with_mentor(2, "e", "m", 1), mentored(3, "e", "f", 2)]
    assert pairs(*told, people=[member("x", accounts=("m", "e"))]) == [("x", None), ("x", None), ("x", "f")]
    assert value(told, "sessions", people=[member("x", accounts=("m", "e"))]) == 1
    assert pairs(*told, people=[member("e", opt_out=True)]) == [("m", None)]
    assert pairs(*told, people=[member("m", opt_out=True)]) == [("e", "f")]


def test_voids_and_repetitions_do_not_count_and_deletes_do() -> None:
    once = mentored(1, "m", "e", 0)
    again = [mentored(n, "m", "e", minutes / DAY) for n, minutes in ((2, 9), (3, 10), (4, 19))]
    # The second is nine minutes after the first; the fourth nine after the third, which was kept.
    assert len(pairs(once, *again)) == 2
    assert pairs(once, void(9, 1)) == []
    deleted = statement(9, "e", "http://activitystrea.ms/delete", activity("s:1"), DAY)
    assert len(pairs(with_mentor(1, "e", "m", 0), deleted)) == 1


# --- sessions


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


@pytest.mark.parametrize(
    ("told", "length"),
    [
        ("PT1H30M", 5400),
        ("P1DT0.5S", 86400.5),
        ("P1W", 604800),
        ("PT0S", 0),
        ("P1M", None),
        ("PT", None),
        ("soon", None),
        (None, None),
    ],
)
def test_durations_are_read_as_seconds(told: str | None, length: float | None) -> None:
    assert seconds(told) == length


# --- pairs


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
    assert value(told, "cadence", people=people, guarded=False) == 10 * 86400
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


# --- load, coverage, reciprocity, departments


def test_load_is_shared_out_among_declared_mentors_and_all_who_held_a_session() -> None:
    four = [member(f"m{n}", *(mentors(f"e{n}{each}") for each in range(n))) for n in (1, 2, 3, 4)]
    assert value([], "load_gini", people=four) == pytest.approx(0.25)
    assert value([], "max_mentees", people=four) == 4
    # One who held a session and has no pair: of 0, 1, 2, 3 and 4 it is (-4·0 - 2·1 + 0·2 + 2·3 + 4·4) / (5 · 10).
    assert value(meetings(1, "x", "y", 1), "load_gini", people=four) == pytest.approx(0.4)
    assert value(meetings(1, "x", "y", -1), "load_gini", people=four) == pytest.approx(0.25)
    assert found(meetings(1, "x", "y", 1), "load_gini") == (None, "no_data")
    assert found([], "max_mentees") == (None, "no_data")
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


# --- plans and feedback


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


def test_only_feedback_a_fortnight_old_to_somebody_known_is_asked_about() -> None:
    assert value([reviewed(1, "m", "e", 76)], _LOOP) == 0
    assert found([reviewed(1, "m", "e", 76.1)], _LOOP) == (None, "no_data")
    assert found([statement(1, "m", REVIEWED, activity("n:9"), 0)], _LOOP) == (None, "no_data")


def test_a_like_taken_back_or_of_something_deleted_takes_nothing_up() -> None:
    streams = "http://activitystrea.ms/"
    feedback, liked = reviewed(1, "m", "e", 1), statement(2, "e", f"{streams}like", activity("n:1"), 2 * DAY)
    gone = statement(3, "x", f"{streams}delete", activity("n:1"), 20 * DAY)
    assert value([feedback, liked, gone], _LOOP, as_of=minute(19 * DAY)) == 1
    assert value([feedback, liked, gone], _LOOP) == 0
    taken_back = statement(3, "e", f"{streams}unlike", activity("n:1"), 20 * DAY)
    assert value([feedback, liked, taken_back], _LOOP, as_of=minute(20 * DAY - 1)) == 1
    assert value([feedback, liked, taken_back], _LOOP) == 0


# --- the guard and groups


def circle(first: int, letter: str, day: float, size: int = 5) -> list[Statement]:
    """As many people as `size`, of whom each mentors the next."""
    return [mentored(first + n, f"{letter}{n}", f"{letter}{(n + 1) % size}", day) for n in range(size)]


def belonging(letter: str, department: str, size: int = 5) -> list[dict[str, Any]]:
    return [member(f"{letter}{n}", of("department", department)) for n in range(size)]


def by_department(statements: list[Statement], metric: str, **asked: Any) -> list[tuple[Any, ...]]:
    asked = {"until": minute(84 * DAY), "guarded": True, "group_by": "department", **asked}
    return [(row.group, row.value, row.reason) for row in ninety(statements, metric, **asked)]


def test_the_whole_store_needs_five_mentors_and_enough_values() -> None:
    told = circle(1, "a", 1) + circle(11, "a", 20)
    (row,) = ninety(told, "sessions", guarded=True)
    assert (row.value, row.n_people, row.n_acts) == (10, 5, 10)
    assert found(told[:4], "sessions", guarded=True) == (None, "too_few_people")
    people = [member(f"a{n}", mentors(f"a{(n + 1) % 5}")) for n in range(5)]
    assert found(told, "cadence", guarded=True, people=people) == (19 * 86400, None)
    assert found(told[:9], "cadence", guarded=True, people=people) == (None, "too_few_values")
    for metric in ("reciprocity", "mentee_coverage", "load_gini"):
        assert found(told, metric, guarded=True, people=people) == (None, "too_few_values")
    assert found(told, "max_mentees", guarded=True, people=people) == (1, None)


def test_sessions_are_the_mentors_groups_and_coverage_is_the_mentees() -> None:
    people = [
        *belonging("a", "North"),
        *(member(f"b{n}", of("department", "South"), mentors(f"a{n}")) for n in range(5)),
    ]
    told = [mentored(1 + n, f"b{n}", f"a{n}", 80) for n in range(5)] + circle(11, "a", 70)
    asked: dict[str, Any] = {"people": people, "guarded": False}
    assert by_department(told, "sessions", **asked) == [("North", 5, None), ("South", 5, None)]
    assert by_department(told, "active_pairs", **asked) == [("North", 0, None), ("South", 5, None)]
    assert by_department(told, "mentee_coverage", **asked) == [("North", 1, None), ("South", 0, None)]
    assert by_department(told, "mentee_coverage", people=people)[0] == ("North", None, "too_few_values")


def test_a_groups_state_rests_on_its_shown_weeks_however_old() -> None:
    people = belonging("a", "North") + belonging("b", "South")
    told = circle(1, "a", 3) + circle(11, "a", 80) + circle(21, "b", 3) + circle(31, "b", 80)
    asked: dict[str, Any] = {"since": minute(77 * DAY), "people": people}
    declared = [member(f"a{n}", of("department", "North"), mentors(f"a{(n + 1) % 5}")) for n in range(5)] + belonging(
        "b", "South"
    )
    assert by_department(told, "cadence", **asked | {"people": declared}) == [
        ("North", 77 * 86400, None),
        ("South", None, "no_data"),
    ]
    # In the first week one mentor too few: the gaps are those of no one, and South goes with North.
    fewer = told[1:]
    assert by_department(fewer, "cadence", **asked | {"people": declared})[0] == ("North", None, "no_data")
    assert by_department(told[1:], "sessions", people=people) == [
        ("North", None, "too_few_people"),
        ("South", None, "complementary"),
    ]


def test_plans_are_their_mentors_groups_and_may_be_held_anywhere() -> None:
    people = [*belonging("a", "North"), member("x", of("department", "North", to="2026-04-01"))]
    told = [*circle(1, "a", 1), with_mentor(11, "e", "x", 20, REGISTERED), with_mentor(12, "e", "x", 31, ATTENDED)]
    assert by_department(told, "completion", people=people, guarded=False) == [("North", 1, None)]


def test_courses_are_those_the_statements_name() -> None:
    told = [in_course(with_mentor(1, "e", "m", 1), "c:1"), mentored(2, "m", "e", 1 + HOUR)]
    asked: dict[str, Any] = {"until": minute(84 * DAY), "group_by": "course"}
    assert [(row.group, row.value) for row in ninety(told, "sessions", **asked)] == [("c:1", 1)]
    (row,) = ninety(told[1:], "sessions", **asked)
    assert (row.value, row.reason) == (None, "source_cannot_tell")


def test_nothing_told_is_no_data_or_nothing() -> None:
    asked: dict[str, Any] = {"people": [member("z", of("department", "N"))]}
    reasons = {metric: found([], metric, **asked) for metric in Mentoring.METRICS}
    counts = ("active_pairs", "sessions", "duration", "stalled_pairs", "mentee_coverage")
    assert reasons == {metric: (0, None) if metric in counts else (None, "no_data") for metric in Mentoring.METRICS}
    assert isinstance(reading([]), Domain)


FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"


@pytest.mark.skipif(not FIXTURES.exists(), reason="the samples of real senders are not here")
def test_samples_of_real_senders_are_read() -> None:
    told: list[Statement] = []
    for file in sorted(FIXTURES.glob("moodle*/*.statements.json")):
        read_of_file = json.loads(file.read_text())
        told += read_of_file if isinstance(read_of_file, list) else [read_of_file]
    complete = [{"id": uuid(n), "timestamp": minute(n).isoformat()} | each for n, each in enumerate(told, 1)]
    acts = reading(complete).acts
    # Moodle's attendance at a face-to-face meeting, and the assessment of one's own essay; what is graded is neither.
    assert sorted((act.kind, act.target is None) for act in acts) == [("attend", False), ("feedback", True)]


def test_what_a_person_says_to_be_for_somebody_is_an_agent() -> None:
    told = reviewed(1, "m", "e", 0)
    told["context"]["extensions"][FOR] = "e"
    assert pairs(told) == [("m", None)]
