"""What statements say of who belongs where: joins and leaves, acts for a team, acts as an instructor of a course."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .statements import STREAMS, Statement, agent_key, course_of, happened_at, standing, statement_id, type_of

STREAMS_2 = "http://www.w3.org/ns/activitystreams#"
JOINS = {f"{STREAMS_2}Join", *(f"{base}join" for base in STREAMS)}
LEAVES = {f"{STREAMS_2}Leave", *(f"{base}leave" for base in STREAMS)}
# Told as the learner's, but it is the instructor who does these.
DONE_BY_INSTRUCTORS = {
    "https://w3id.org/xapi/tla/verbs/scored",
    *(f"http://learninglocker.net/verbs/{name}-in" for name in ("mentored", "coached", "trained")),
}
GROUP_TYPES = {
    "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group": "team",
    "http://id.tincanapi.com/activitytype/community-site": "community",
    **{f"{base}group": "team" for base in STREAMS},
}


@dataclass(frozen=True)
class Event:
    """That an agent joins or leaves a group of a kind. The order is by time, ties by statement id."""

    at: datetime
    statement_id: str
    agent: str
    joins: bool
    kind: str
    group: str
    role: str | None = None


def read_events(statements: Iterable[Statement]) -> Iterator[Event]:
    """Every joining and leaving that statements tell of, in no order."""
    for statement in standing(list(statements)):
        actor = agent_key(statement["actor"])
        at, which = happened_at(statement), statement_id(statement)
        if statement["verb"]["id"] in JOINS | LEAVES:
            kind = GROUP_TYPES.get(type_of(statement["object"]) or "")
            if kind and actor:
                joins = statement["verb"]["id"] in JOINS
                yield Event(at, which, actor, joins, kind, str(statement["object"]["id"]))
            continue
        for team, members in _teams(statement, actor):
            for member in members:
                yield Event(at, which, member, True, "team", team)
        course, instructor = course_of(statement), _acting_instructor(statement, actor)
        if course and instructor:
            yield Event(at, which, instructor, True, "course", course, "instructor")


def _acting_instructor(statement: Statement, actor: str | None) -> str | None:
    """Who acts as an instructor: the actor, if named as that, or whoever did to the actor what is told."""
    instructor = agent_key((statement.get("context") or {}).get("instructor") or {})
    return instructor if statement["verb"]["id"] in DONE_BY_INSTRUCTORS or instructor == actor else None


def names_as_instructor(statement: Statement, actor: str) -> bool:
    """Whether a statement names its actor, by the key given, as the context's instructor."""
    return agent_key((statement.get("context") or {}).get("instructor") or {}) == actor


def spans(events: Iterable[Event]) -> list[tuple[datetime, datetime | None]]:
    """When somebody was a member, [since, until) each: from the first join until the next leave, which may not come."""
    found: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for event in sorted(events, key=lambda each: (each.at, each.statement_id)):
        if event.joins:
            since = event.at if since is None else since
        elif since is not None:
            found += [(since, event.at)] if since < event.at else []
            since = None
    return found if since is None else [*found, (since, None)]


def _teams(statement: Statement, actor: str | None) -> Iterator[tuple[str, list[str]]]:
    """The identified Groups that act or are acted for, with the members they list; who acts for one is of it."""
    for group, alone in (((statement.get("context") or {}).get("team"), actor), (statement["actor"], None)):
        if group and group.get("objectType") == "Group" and (name := _group_key(group)):
            listed = [agent_key(member) for member in group.get("member") or ()]
            yield name, sorted({member for member in (*listed, alone) if member})


def _group_key(group: dict[str, Any]) -> str | None:
    """The name of an identified Group: its identifier, as the people's table writes one."""
    account = group.get("account")
    if account:
        return f"account:{account['homePage']} {account['name']}"
    return agent_key({name: value for name, value in group.items() if name != "objectType"})
