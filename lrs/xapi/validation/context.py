"""The rules of Context, in 1.0.x and in 2.0 (xAPI Data 2.4.6; IEEE 9274.1.1 4.2.2.5)."""

from lrs.xapi.validation.activities import activity
from lrs.xapi.validation.actors import actor, agent, group
from lrs.xapi.validation.checks import (
    Check,
    each_of,
    extensions,
    format_of,
    iri,
    language_tag,
    list_of,
    one_of,
    refuse,
    shape,
    text,
)
from lrs.xapi.values import is_uuid
from lrs.xapi.versions import Version

_V2_CLAUSE = "2.4.6; IEEE 9274.1.1 4.2.2.5"

statement_ref = shape(
    "a StatementRef",
    "2.4.4.3",
    {"objectType": one_of("2.4.4.3", "StatementRef"), "id": format_of(is_uuid, "a UUID", "4.4")},
    ("objectType", "id"),
)
"""Check a Statement Reference."""


def _activities(value: object) -> None:
    if isinstance(value, list):
        each_of(value, activity)
    elif isinstance(value, dict):
        activity(value)
    else:
        refuse(value, "an Activity or an array of Activities", "2.4.6.2")


_context_activities = shape(
    "contextActivities", "2.4.6.2", dict.fromkeys(("parent", "grouping", "category", "other"), _activities)
)


def _relevant_types(value: object) -> None:
    if not isinstance(value, list) or not value:
        refuse(value, "a non-empty array of activity type IRIs", _V2_CLAUSE)
    each_of(value, iri)


_context_agent = shape(
    "a contextAgent",
    _V2_CLAUSE,
    {"objectType": one_of(_V2_CLAUSE, "contextAgent"), "agent": agent, "relevantTypes": _relevant_types},
    ("objectType", "agent"),
)
_context_group = shape(
    "a contextGroup",
    _V2_CLAUSE,
    {"objectType": one_of(_V2_CLAUSE, "contextGroup"), "group": group, "relevantTypes": _relevant_types},
    ("objectType", "group"),
)

_PROPERTIES: dict[str, Check] = {
    "registration": format_of(is_uuid, "a UUID", "4.4"),
    "instructor": actor,
    "team": group,
    "contextActivities": _context_activities,
    "revision": text("2.4.6"),
    "platform": text("2.4.6"),
    "language": language_tag,
    "statement": statement_ref,
    "extensions": extensions,
}
_V2_PROPERTIES: dict[str, Check] = {
    "contextAgents": list_of(_context_agent, "contextAgent objects", _V2_CLAUSE),
    "contextGroups": list_of(_context_group, "contextGroup objects", _V2_CLAUSE),
}

CONTEXT: dict[Version, Check] = {
    Version.V1: shape("a Context", "2.4.6", _PROPERTIES),
    Version.V2: shape("a Context", "2.4.6", _PROPERTIES | _V2_PROPERTIES),
}
"""Check a Context by the rules of a version."""
