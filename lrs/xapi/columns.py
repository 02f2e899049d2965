"""What the store indexes of a statement: typed columns for analysts, keys for the filters of the protocol.

A key is a prefix and a value, so that one multikey index serves every filter and a match is set inclusion:

    v:<verb id>          r:<registration>
    a:<actor key>        the agent filter: actor, object, members of either being a Group
    A:<actor key>        with related_agents: also authority, instructor, team, context agents and groups, SubStatement
    o:<activity id>      the activity filter: object
    O:<activity id>      with related_activities: also context activities, SubStatement
    m:<key>              the key of the credential it was stored with; not what a client says, so nobody can claim it
"""

from datetime import datetime
from typing import NamedTuple

from lrs.xapi import Json
from lrs.xapi.actors import actor_key, is_group, member_keys
from lrs.xapi.values import parse_duration, parse_timestamp

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
MINE = "m:"


class Columns(NamedTuple):
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
    keys: tuple[str, ...]  # each once
    by_group: bool | None = None  # True where a Group acts


def columns(statement: Json, *, credential: str | None = None) -> Columns:
    """Return the columns of a valid, completed statement (timestamp and authority filled in).

    `credential` is the key of the credential that it is stored with.
    Raises: KeyError or ValueError for one that is not.
    Source: xAPI Communication 2.1.3 (agent, verb, activity, registration, related_*), Data 2.3.2 (voiding).
    """
    target, context, result = statement["object"], statement.get("context", {}), statement.get("result", {})
    verb, object_type, score = statement["verb"]["id"], target.get("objectType", "Activity"), result.get("score", {})
    ref = target["id"].lower() if object_type == "StatementRef" else None
    keys = _keys(statement)
    if credential is not None:
        keys.append(mine(credential))
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
        keys=tuple(dict.fromkeys(keys)),
        by_group=is_group(statement["actor"]) or None,
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


def _keys(statement: Json) -> list[str]:
    agents, activities = _agents(statement), _activities(statement)
    keys = [f"v:{statement['verb']['id']}"]
    registration = statement.get("context", {}).get("registration")
    if registration is not None:
        keys.append(f"r:{registration.lower()}")
    keys += [f"a:{key}" for key in agents]
    keys += [f"A:{key}" for key in agents + _only_related_agents(statement)]
    keys += [f"o:{activity}" for activity in activities]
    keys += [f"O:{activity}" for activity in activities + _only_related_activities(statement)]
    return keys


def _agents(statement: Json) -> list[str]:
    target = statement["object"]
    if target.get("objectType") in ("Agent", "Group"):
        return _actor_keys(statement["actor"]) + _actor_keys(target)
    return _actor_keys(statement["actor"])


def _only_related_agents(statement: Json) -> list[str]:
    context, target = statement.get("context", {}), statement["object"]
    related = [statement.get("authority"), context.get("instructor"), context.get("team")]
    related += [entry["agent"] for entry in context.get("contextAgents", ())]
    related += [entry["group"] for entry in context.get("contextGroups", ())]
    keys = [key for actor in related if actor is not None for key in _actor_keys(actor)]
    if target.get("objectType") == "SubStatement":
        keys += _agents(target) + _only_related_agents(target)
    return keys


def _actor_keys(actor: Json) -> list[str]:
    """The actor's own key, and those of a Group's members: a Group matches through them (Communication 2.1.3)."""
    own = actor_key(actor)
    keys = [] if own is None else [own]
    if is_group(actor):
        keys += member_keys(actor)
    return keys


def _activities(statement: Json) -> list[str]:
    target = statement["object"]
    return [target["id"]] if target.get("objectType", "Activity") == "Activity" else []


def _only_related_activities(statement: Json) -> list[str]:
    target, ids = statement["object"], list[str]()
    for activities in statement.get("context", {}).get("contextActivities", {}).values():
        several = [activities] if isinstance(activities, dict) else activities
        ids += [activity["id"] for activity in several]
    if target.get("objectType") == "SubStatement":
        ids += _activities(target) + _only_related_activities(target)
    return ids
