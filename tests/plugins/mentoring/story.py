"""Ten mentors and their mentees, told as senders tell it, with numbers that can be worked out by hand.

Each of ten pairs meets on five Mondays at nine. The mentor tells each meeting, an hour long, and the mentee tells the
same one, naming the mentor, without a duration. Pairs 0 to 7 are declared. Pair 9 meets for the last time on the third
Monday, and on it the mentee mentors the mentor too. Mentor 0 has another mentee, `x`, whom nobody declares.

On each Saturday before the last Monday a pair plans that meeting by its id, and pair 0 a second one: 11 plans, of which
pair 0 calls its second one off, and pair 9's meeting was not held. On the first Tuesday each mentor reviews the
development plan of the mentee, who works on it five days later, but for pairs 6 to 9.

Pairs 0 to 4 are of one department, of the others the mentees are of another.
"""

from typing import Any

from tests.reference.samples import DAY, WEEK, activity, statement
from tests.reference.statements import Statement

PAIRS = range(10)
DECLARED = range(8)
MONDAYS = range(5)
HOUR = 60

MENTORED, REVIEWED, ARRANGED, UNREGISTERED = (
    f"http://id.tincanapi.com/verb/{name}" for name in ("mentored", "reviewed", "arranged", "unregistered")
)
ATTENDED = "http://adlnet.gov/expapi/verbs/attended"
UPDATED = "http://activitystrea.ms/update"
FOR = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/for"
TUTOR_SESSION = "http://id.tincanapi.com/activitytype/tutor-session"
NOTE = "http://activitystrea.ms/note"


def agent(name: str) -> dict[str, Any]:
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


def mentored(number: int, mentor: str, mentee: str, at: float) -> Statement:
    return {**statement(number, mentor, MENTORED, agent(mentee), at), "result": {"duration": "PT1H"}}


def with_mentor(number: int, mentee: str, verb: str, session: str, mentor: str, at: float) -> Statement:
    """What a mentee tells of a session, naming the mentor as its instructor."""
    told = statement(number, mentee, verb, activity(session, TUTOR_SESSION), at)
    return {**told, "context": {**told["context"], "instructor": agent(mentor)}}


def reviewed(number: int, mentor: str, mentee: str, thing: str, at: float) -> Statement:
    told = statement(number, mentor, REVIEWED, activity(thing, NOTE), at)
    return {**told, "context": {**told["context"], "extensions": {FOR: agent(mentee)}}}


def story() -> list[Statement]:
    told = [each for pair in PAIRS for each in _of_pair(pair)]
    told += [mentored(9000 + week, "m0", "x", week * WEEK + 2 * DAY) for week in MONDAYS]
    return [*told, mentored(9100, "n9", "m9", 2 * WEEK + 15 * HOUR)]


def _of_pair(pair: int) -> list[Statement]:
    mentor, mentee, number = f"m{pair}", f"n{pair}", 100 * (pair + 1)
    meetings = MONDAYS if pair != 9 else range(3)
    told = []
    for week in meetings:
        at = week * WEEK + 9 * HOUR
        told.append(mentored(number + week, mentor, mentee, at))
        told.append(with_mentor(number + 10 + week, mentee, ATTENDED, f"s:{pair}-{week}", mentor, at + 30))
    saturday = 3 * WEEK + 5 * DAY
    told.append(with_mentor(number + 20, mentee, ARRANGED, f"s:{pair}-4", mentor, saturday))
    if pair == 0:
        told.append(with_mentor(number + 21, mentee, ARRANGED, "s:0-5", mentor, saturday))
        told.append(with_mentor(number + 22, mentee, UNREGISTERED, "s:0-5", mentor, saturday + DAY))
    told.append(reviewed(number + 30, mentor, mentee, f"plan:{pair}", DAY))
    if pair < 6:
        told.append(statement(number + 31, mentee, UPDATED, activity(f"plan:{pair}", NOTE), 6 * DAY))
    return told


def people() -> list[dict[str, Any]]:
    """Who is who: mentors and mentees with their departments, and the programme of the declared pairs."""
    told = [_person("x", "Sales", [])]
    for pair in PAIRS:
        programme = {"kind": "programme", "group": "P", "role": "mentor", "with": f"n{pair}"}
        told.append(_person(f"m{pair}", "Sales", [programme] if pair in DECLARED else []))
        told.append(_person(f"n{pair}", "Sales" if pair < 5 else "Service", []))
    return told


def _person(name: str, department: str, groups: list[dict[str, Any]]) -> dict[str, Any]:
    own = {"kind": "department", "group": department}
    return {"id": name, "identifiers": [{"mbox": f"mailto:{name}@example.org"}], "groups": [own, *groups]}
