"""Small raw statements of meetings, plans and feedback, with days after a Monday midnight as their time."""

from typing import Any

from .acts import ADL, TINCAN, TINCAN_TYPE
from .asking import rows
from .guard import Row
from .samples import DAY, MONDAY, WEEK, activity, minute, statement
from .statements import Statement

MENTORED, TALKED, INTERVIEWED = f"{TINCAN}mentored", f"{TINCAN}talked-with", f"{TINCAN}interviewed"
ATTENDED, REGISTERED, ARRANGED = f"{ADL}attended", f"{ADL}registered", f"{TINCAN}arranged"
CANCELLED, REVIEWED = f"{TINCAN}unregistered", f"{TINCAN}reviewed"
UPDATED = "http://activitystrea.ms/update"
TUTOR_SESSION = f"{TINCAN_TYPE}tutor-session"
FOR = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/for"
NINETY = 90 * DAY


def agent(name: str) -> dict[str, Any]:
    """The agent that the samples call `name`."""
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


def mentored(
    number: int, mentor: str, mentee: str, day: float, verb: str = MENTORED, lasted: str | None = None
) -> Statement:
    """A meeting as the mentor tells it: the mentee is the object."""
    told = statement(number, mentor, verb, agent(mentee), day * DAY)
    return told | {"result": {"duration": lasted}} if lasted else told


def with_mentor(
    number: int,
    mentee: str,
    mentor: str,
    day: float,
    verb: str = ATTENDED,
    about: str = "s:1",
    lasted: str | None = None,
) -> Statement:
    """A meeting, or a plan, as the mentee tells it: the mentor is the instructor."""
    told = statement(number, mentee, verb, activity(about, TUTOR_SESSION), day * DAY)
    told["context"]["instructor"] = agent(mentor)
    return told | {"result": {"duration": lasted}} if lasted else told


def reviewed(number: int, mentor: str, mentee: str, day: float, about: str = "n:1") -> Statement:
    """Feedback on a thing, which says for whom it is."""
    told = statement(number, mentor, REVIEWED, activity(about), day * DAY)
    told["context"]["extensions"] = {FOR: agent(mentee)}
    return told


def meetings(first: int, mentor: str, mentee: str, *days: float) -> list[Statement]:
    """One meeting on each of those days."""
    return [mentored(first + n, mentor, mentee, day) for n, day in enumerate(days)]


def member(id: str, *groups: dict[str, str], accounts: tuple[str, ...] = (), **flags: bool) -> dict[str, Any]:
    """A person in the shape of the people's document; the agent of that name is theirs."""
    identifiers = [{"mbox": f"mailto:{name}@example.org"} for name in accounts or (id,)]
    return {"id": id, "identifiers": identifiers, "groups": list(groups), **flags}


def of(kind: str, group: str, **more: str) -> dict[str, str]:
    """A membership."""
    return {"kind": kind, "group": group, **more}


def mentors(mentee: str, **more: str) -> dict[str, str]:
    """The membership of a mentor in a programme."""
    return of("programme", "P", role="mentor", **more) | {"with": mentee}


def ninety(statements: list[Statement], metric: str, **asked: Any) -> list[Row]:
    """The unguarded rows over the ninety days from MONDAY unless asked otherwise."""
    window: dict[str, Any] = {"since": MONDAY, "until": minute(NINETY), "now": minute(100 * WEEK), "guarded": False}
    return rows(statements, f"mentoring.{metric}", **(window | asked))


def found(statements: list[Statement], metric: str, **asked: Any) -> tuple[float | int | None, str | None]:
    """The value and the reason of the only row."""
    (row,) = ninety(statements, metric, **asked)
    return row.value, row.reason


def value(statements: list[Statement], metric: str, **asked: Any) -> float | int | None:
    """The value of the only row."""
    return found(statements, metric, **asked)[0]


def beside(statements: list[Statement], metric: str, **asked: Any) -> dict[str, float | int | None]:
    """What the only row shows beside its value."""
    (row,) = ninety(statements, metric, **asked)
    return {name: shown.value for name, shown in row.beside.items()}
