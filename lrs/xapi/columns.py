"""What the store indexes of a statement: typed columns for analysts, keys for the filters of the protocol.

A key is a prefix and a value, so that one multikey index serves every filter and a match is set inclusion:

    v:<verb id>          r:<registration>
    a:<actor key>        the agent filter: actor, object, members of either being a Group
    A:<actor key>        with related_agents: also authority, instructor, team, context agents and groups, SubStatement
    o:<activity id>      the activity filter: object
    O:<activity id>      with related_activities: also context activities, SubStatement
    m:<key>              the key of the credential it was stored with; not what a client says, so nobody can claim it
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lrs.xapi import Json
from lrs.xapi.actors import actor_key, is_group, member_keys
from lrs.xapi.values import parse_duration, parse_timestamp

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
MINE = "m:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The indexed view of one statement. What a statement does not say is None."""

    verb: str
    actor: str | None  # actor key; None for an anonymous Group
    object_id: str | None  # activity id or actor key; None for a StatementRef, SubStatement or anonymous Group
    object_type: str  # "Activity", "Agent", "Group", "StatementRef" or "SubStatement"
    registration: str | None  # lower case
    ref: str | None  # id of the statement that a StatementRef object targets, lower case
    voids: str | None  # `ref` of a voiding statement
    timestamp: datetime
    success: bool | None
    completion: bool | None
    score_raw: float | None
    score_scaled: float | None  # -1 to 1
    duration_s: float | None
    platform: str | None
    language: str | None
    activity_type: str | None
    keys: tuple[str, ...]  # sorted, each once


def columns(statement: Json, *, credential: str | None = None) -> Columns:
    """Return the columns of a valid, completed statement (timestamp and authority filled in).

    `credential` is the key of the credential that it is stored with.
    Raises: KeyError or ValueError for one that is not.
    Source: xAPI Communication 2.1.3 (agent, verb, activity, registration, related_*), Data 2.3.2 (voiding).
    """
    target, context, result = statement["object"], statement.get("context", {}), statement.get("result", {})
    verb, object_type, score = statement["verb"]["id"], target.get("objectType", "Activity"), result.get("score", {})
    ref = target["id"].lower() if object_type == "StatementRef" else None
    return Columns(
        verb=verb,
        actor=actor_key(statement["actor"]),
        object_id=_object_id(target, object_type),
        object_type=object_type,
        registration=_lower(context.get("registration")),
        ref=ref,
        voids=ref if verb == VOIDED else None,
        timestamp=parse_timestamp(statement["timestamp"]),
        success=result.get("success"),
        completion=result.get("completion"),
        score_raw=_float(score.get("raw")),
        score_scaled=_float(score.get("scaled")),
        duration_s=parse_duration(result["duration"]) if "duration" in result else None,
        platform=context.get("platform"),
        language=context.get("language"),
        activity_type=target.get("definition", {}).get("type") if object_type == "Activity" else None,
        keys=tuple(sorted({*_keys(statement), *(() if credential is None else (mine(credential),))})),
    )


def mine(credential: str) -> str:
    """Return the key of the statements that were stored with a credential (xAPI Communication 4.0)."""
    return f"{MINE}{credential}"


def _object_id(target: Json, object_type: str) -> str | None:
    if object_type == "Activity":
        return str(target["id"])
    return actor_key(target) if object_type in ("Agent", "Group") else None


def _lower(text: str | None) -> str | None:
    return None if text is None else text.lower()


def _float(number: int | float | None) -> float | None:
    return None if number is None else float(number)


def _keys(statement: Json) -> Iterator[str]:
    yield f"v:{statement['verb']['id']}"
    registration = statement.get("context", {}).get("registration")
    if registration is not None:
        yield f"r:{registration.lower()}"
    yield from (f"a:{key}" for key in _agents(statement))
    yield from (f"A:{key}" for key in _related_agents(statement))
    yield from (f"o:{activity}" for activity in _activities(statement))
    yield from (f"O:{activity}" for activity in _related_activities(statement))


def _agents(statement: Json) -> Iterator[str]:
    yield from _actor_keys(statement["actor"])
    if statement["object"].get("objectType") in ("Agent", "Group"):
        yield from _actor_keys(statement["object"])


def _related_agents(statement: Json) -> Iterator[str]:
    yield from _agents(statement)
    context = statement.get("context", {})
    for related in (statement.get("authority"), context.get("instructor"), context.get("team")):
        if related is not None:
            yield from _actor_keys(related)
    for entry in context.get("contextAgents", ()):
        yield from _actor_keys(entry["agent"])
    for entry in context.get("contextGroups", ()):
        yield from _actor_keys(entry["group"])
    if statement["object"].get("objectType") == "SubStatement":
        yield from _related_agents(statement["object"])


def _actor_keys(actor: Json) -> Iterator[str]:
    """The actor's own key, and those of a Group's members: a Group matches through them (Communication 2.1.3)."""
    own = actor_key(actor)
    if own is not None:
        yield own
    if is_group(actor):
        yield from member_keys(actor)


def _activities(statement: Json) -> Iterator[str]:
    if statement["object"].get("objectType", "Activity") == "Activity":
        yield statement["object"]["id"]


def _related_activities(statement: Json) -> Iterator[str]:
    yield from _activities(statement)
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        several = [activities] if isinstance(activities, dict) else activities
        yield from (activity["id"] for activity in several)
    if statement["object"].get("objectType") == "SubStatement":
        yield from _related_activities(statement["object"])
