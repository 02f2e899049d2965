"""Who mentors whom in what statements tell: the reference's acts of mentoring."""

import json
from pathlib import Path
from typing import Any

import pytest

from .evaluation import read
from .mentoring import Mentoring
from .mentoring_deeds import seconds
from .mentoring_samples import (
    ATTENDED,
    FOR,
    INTERVIEWED,
    REGISTERED,
    REVIEWED,
    TALKED,
    TUTOR_SESSION,
    agent,
    member,
    mentored,
    mentors,
    of,
    reviewed,
    value,
    with_mentor,
)
from .samples import CREATE, DAY, activity, minute, reply, statement, uuid, void
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
    assert pairs(told) == [("m", "e"), ("m", None), ("m", "f")]
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


def test_what_a_person_says_to_be_for_somebody_is_an_agent() -> None:
    told = reviewed(1, "m", "e", 0)
    told["context"]["extensions"][FOR] = "e"
    assert pairs(told) == [("m", None)]


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
