"""Stories of mentoring over three months: meetings as either party tells them, plans, feedback and what it leads to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.conversations import COURSES, Shape
from tests.reference.mentoring_samples import (
    ARRANGED,
    ATTENDED,
    CANCELLED,
    FOR,
    INTERVIEWED,
    MENTORED,
    REGISTERED,
    REVIEWED,
    TALKED,
    TUTOR_SESSION,
    UPDATED,
    agent,
)
from tests.reference.samples import COMMENTED, COURSE, CREATE, DAY, STREAMS_COMMENT, VIEWED, activity, statement
from tests.reference.sharing_samples import DELETE, LIKE, NOTE, UNLIKE
from tests.reference.statements import Statement
from tests.stories.people import NAMES, directories, memberships
from tests.stories.story import Stories, Story, days, stories_of

COACHED = "https://w3id.org/xapi/adb/verbs/coached"
MENTORED_IN = "http://learninglocker.net/verbs/mentored-in"
SCORED = "https://w3id.org/xapi/tla/verbs/scored"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"

# Spans end 14, 30 and 90 days after acts; meetings are just under and just over two hours apart.
_DAYS = (0, 0, 1, 7, 7, 8, 14, 15, 21, 60, 74, 76, 77, 90, 91)
_MINUTES = (0, 0, 9, 10, 30, 119, 120, 121, 240)
MOMENTS = st.builds(lambda day, after: day * DAY + after, st.sampled_from(_DAYS), st.sampled_from(_MINUTES))
SPANS = (days(0, 91), days(7, 104), days(0, 21), days(14, 90), days(60, 105), days(0, 8 + 120 / DAY), days(-7, 0))

PEOPLE = st.sampled_from("aabbcde")  # a and b meet most
_LENGTHS = (None, None, "PT1H", "PT45M", "P1DT1S")


def _two(draw: st.DrawFn) -> tuple[str, str]:
    return draw(PEOPLE), draw(PEOPLE)


def _lasting(draw: st.DrawFn, told: Statement) -> Statement:
    length = draw(st.sampled_from(_LENGTHS))
    return told if length is None else told | {"result": {"duration": length}}


def _course(draw: st.DrawFn) -> list[dict[str, Any]]:
    return draw(st.sampled_from([[], [activity(COURSES[0], COURSE)]]))


def _thing(draw: st.DrawFn) -> dict[str, Any]:
    return activity(f"http://example.org/plan/{draw(st.integers(0, 1))}", NOTE)


def _session(draw: st.DrawFn) -> dict[str, Any]:
    return activity(f"http://example.org/session/{draw(st.integers(0, 2))}", TUTOR_SESSION)


def _meetings(draw: st.DrawFn, numbers: Iterator[int]) -> list[Statement]:
    """Two who meet again and again, as either of them tells it, or both; a plan, and feedback that is worked on."""
    mentor, mentee = draw(st.lists(PEOPLE, min_size=2, max_size=2, unique=True))
    told: list[Statement] = []
    for day in sorted(draw(st.lists(st.sampled_from(_DAYS), min_size=3, max_size=5, unique=True))):
        at, told_by = day * DAY + draw(st.sampled_from(_MINUTES)), draw(st.sampled_from(["mentor", "mentee", "both"]))
        if told_by != "mentee":
            told.append(_lasting(draw, statement(next(numbers), mentor, MENTORED, agent(mentee), at)))
        if told_by != "mentor":
            after = at + draw(st.sampled_from([0, 30, 119, 120]))
            told.append(_lasting(draw, _by_mentee(next(numbers), mentee, ATTENDED, _session(draw), after, mentor)))
    planned, told_day = draw(st.sampled_from([REGISTERED, REGISTERED, CANCELLED])), draw(st.sampled_from(_DAYS))
    told.append(_by_mentee(next(numbers), mentee, planned, _session(draw), told_day * DAY, mentor))
    return told


def _feedback(draw: st.DrawFn, numbers: Iterator[int]) -> list[Statement]:
    """Feedback of some to others, and what these do to the same things then."""
    told: list[Statement] = []
    for _ in range(draw(st.integers(2, 5))):
        (mentor, mentee), about, day = _two(draw), _thing(draw), draw(st.sampled_from(_DAYS))
        reviewed = statement(next(numbers), mentor, REVIEWED, about, day * DAY, grouping=_course(draw))
        reviewed["context"]["extensions"] = {FOR: agent(mentee)}
        later = (day + draw(st.sampled_from([0, 1, 7, 14, 15]))) * DAY
        told += [reviewed, statement(next(numbers), mentee, draw(st.sampled_from([UPDATED, LIKE])), about, later)]
    return told


def _by_mentee(
    number: int, mentee: str, verb: str, about: dict[str, Any], at: float, mentor: str, **around: Any
) -> Statement:
    told = statement(number, mentee, verb, about, at, **around)
    told["context"]["instructor"] = agent(mentor)
    return told


def _mentored(draw: st.DrawFn, number: int) -> Statement:
    mentor, mentee = _two(draw)
    verb = draw(st.sampled_from([MENTORED, MENTORED, COACHED, TALKED, TALKED, INTERVIEWED]))
    told = statement(number, mentor, verb, agent(mentee), draw(MOMENTS), grouping=_course(draw))
    return _lasting(draw, told)


def _mentored_several(draw: st.DrawFn, number: int) -> Statement:
    members = [agent(name) for name in draw(st.lists(PEOPLE, min_size=1, max_size=3, unique=True))]
    group = {"objectType": "Group", "member": members}
    return _lasting(draw, statement(number, draw(PEOPLE), MENTORED, group, draw(MOMENTS)))


def _with_mentor(draw: st.DrawFn, number: int, verbs: Sequence[str], about: dict[str, Any]) -> Statement:
    """What a mentee tells, naming the mentor as instructor."""
    (mentee, mentor), verb = _two(draw), draw(st.sampled_from(verbs))
    return _by_mentee(number, mentee, verb, about, draw(MOMENTS), mentor, grouping=_course(draw))


def _attended(draw: st.DrawFn, number: int) -> Statement:
    return _lasting(draw, _with_mentor(draw, number, (ATTENDED, ATTENDED, MENTORED_IN), _session(draw)))


def _attended_alone(draw: st.DrawFn, number: int) -> Statement:
    """A meeting, or a plan, with nobody who is named."""
    verb = draw(st.sampled_from([ATTENDED, REGISTERED]))
    return statement(number, draw(PEOPLE), verb, _session(draw), draw(MOMENTS), grouping=_course(draw))


def _planned(draw: st.DrawFn, number: int) -> Statement:
    return _with_mentor(draw, number, (ARRANGED, REGISTERED, REGISTERED, CANCELLED), _session(draw))


def _reviewed(draw: st.DrawFn, number: int) -> Statement:
    """Feedback that says for whom it is, or on what somebody has written."""
    told = statement(number, draw(PEOPLE), REVIEWED, _thing(draw), draw(MOMENTS), grouping=_course(draw))
    if draw(st.booleans()):
        told["context"]["extensions"] = {FOR: agent(draw(PEOPLE))}
    return told


def _graded(draw: st.DrawFn, number: int) -> Statement:
    return _with_mentor(draw, number, (SCORED,), _thing(draw))


def _worked(draw: st.DrawFn, number: int) -> Statement:
    verbs = (UPDATED, UPDATED, CREATE, VIEWED, LIKE, UNLIKE, COMPLETED, DELETE)
    return statement(number, draw(PEOPLE), draw(st.sampled_from(verbs)), _thing(draw), draw(MOMENTS))


def _commented(draw: st.DrawFn, number: int) -> Statement:
    about = activity(f"http://example.org/c/{draw(st.integers(0, 1))}", STREAMS_COMMENT)
    return statement(number, draw(PEOPLE), COMMENTED, about, draw(MOMENTS), parent=[_thing(draw)])


_SHAPES = (
    *(_mentored, _mentored, _mentored, _mentored, _attended, _attended, _mentored_several),
    *(_planned, _planned, _reviewed, _reviewed, _worked, _worked, _graded, _commented, _attended_alone),
)


@st.composite
def _programmes(draw: st.DrawFn) -> dict[str, Any]:
    told = draw(memberships("programme", ("Programme",), ("mentor", "mentor", "mentee", "observer", None)))
    partner = draw(st.sampled_from([*NAMES, None]))
    return told if partner is None else {**told, "with": partner}


_BELONGING = st.one_of(
    _programmes(),
    _programmes(),
    memberships("department", ("Sales", "Service")),
    memberships("department", ("Sales", "Service")),
    memberships("role", ("trainee", "lead")),
    memberships("course", COURSES),
    memberships("team", ("http://example.org/team/1",)),
)


def stories() -> Stories:
    """Return stories of everybody, and of meetings alone, which are many then."""
    told: tuple[Sequence[Shape], ...] = (_SHAPES, (_mentored, _mentored, _mentored, _attended))
    people, scenes = directories(_BELONGING), (_meetings, _meetings, _feedback)
    settings = st.builds(lambda role: {"eligible_role": role}, st.sampled_from([None, None, "trainee"]))
    stories = [stories_of(scenes, shapes, people, SPANS, settings) for shapes in told]
    return st.one_of(stories).map(_without_what_is_open)


def _without_what_is_open(story: Story) -> Story:
    """Leave out what can be counted in two ways.

    What somebody who opted out tells of a mentor: is that theirs, or the mentor's? And a talk whose teller is the
    mentee by the programme: does it count where the teller belongs, or the mentor?
    """
    owners = {agent["mbox"]: person["id"] for person in story.people for agent in person["identifiers"]}
    absent = {person["id"] for person in story.people if person.get("opt_out")}
    declared = {pair for person in story.people for each in person["groups"] for pair in _pairs(person["id"], each)}

    def is_open(told: Statement) -> bool:
        teller = owners.get(told["actor"]["mbox"])
        turned_round = (owners.get(told["object"].get("mbox")), teller) in declared
        return (told["verb"]["id"] in (TALKED, INTERVIEWED) and turned_round) or (
            "instructor" in told["context"] and teller in absent
        )

    return replace(story, statements=[each for each in story.statements if not is_open(each)])


def _pairs(person: str, membership: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    """The mentor and the mentee that a membership declares."""
    pairs: dict[str, tuple[str | None, str | None]] = {
        "mentor": (person, membership.get("with")),
        "mentee": (membership.get("with"), person),
    }
    found = pairs.get(membership.get("role", "")) if membership["kind"] == "programme" else None
    return [found] if found is not None else []
