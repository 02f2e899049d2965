"""The rules of Context, in 1.0.x and in 2.0 (xAPI Data 2.4.6; IEEE 9274.1.1 4.2.2.5)."""

from lrs.xapi.validation.activities import ACTIVITY
from lrs.xapi.validation.actors import actor, agent, group
from lrs.xapi.validation.checks import Check, Path, Shape, extensions, format_of, iri, list_of, one_of, refuse, text
from lrs.xapi.values import is_language_tag, is_uuid
from lrs.xapi.versions import Version

_V2_CLAUSE = "2.4.6; IEEE 9274.1.1 4.2.2.5"

STATEMENT_REF = Shape(
    "a StatementRef",
    "2.4.4.3",
    {"objectType": one_of("2.4.4.3", "StatementRef"), "id": format_of(is_uuid, "a UUID", "4.4")},
    ("objectType", "id"),
)
"""Check a Statement Reference."""


def _activities(value: object, where: Path) -> None:
    if isinstance(value, dict):
        ACTIVITY(value, where)
        return
    if not isinstance(value, list):
        refuse(where, value, "an Activity or an array of Activities", "2.4.6.2")
    for index, item in enumerate(value):
        ACTIVITY(item, (where, index))


_CONTEXT_ACTIVITIES = Shape(
    "contextActivities", "2.4.6.2", dict.fromkeys(("parent", "grouping", "category", "other"), _activities)
)


def _relevant_types(value: object, where: Path) -> None:
    if not isinstance(value, list) or not value:
        refuse(where, value, "a non-empty array of activity type IRIs", _V2_CLAUSE)
    for index, item in enumerate(value):
        _activity_type(item, (where, index))


_activity_type = iri(_V2_CLAUSE)
_CONTEXT_AGENT = Shape(
    "a contextAgent",
    _V2_CLAUSE,
    {"objectType": one_of(_V2_CLAUSE, "contextAgent"), "agent": agent, "relevantTypes": _relevant_types},
    ("objectType", "agent"),
)
_CONTEXT_GROUP = Shape(
    "a contextGroup",
    _V2_CLAUSE,
    {"objectType": one_of(_V2_CLAUSE, "contextGroup"), "group": group, "relevantTypes": _relevant_types},
    ("objectType", "group"),
)

_PROPERTIES: dict[str, Check] = {
    "registration": format_of(is_uuid, "a UUID", "4.4"),
    "instructor": actor,
    "team": group,
    "contextActivities": _CONTEXT_ACTIVITIES,
    "revision": text("2.4.6"),
    "platform": text("2.4.6"),
    "language": format_of(is_language_tag, "an RFC 5646 language tag", "2.4.6", "such as en, de-CH, zh-Hant"),
    "statement": STATEMENT_REF,
    "extensions": extensions,
}
_V2_PROPERTIES: dict[str, Check] = {
    "contextAgents": list_of(_CONTEXT_AGENT, "contextAgent objects", _V2_CLAUSE),
    "contextGroups": list_of(_CONTEXT_GROUP, "contextGroup objects", _V2_CLAUSE),
}

CONTEXT: dict[Version, Shape] = {
    Version.V1: Shape("a Context", "2.4.6", _PROPERTIES),
    Version.V2: Shape("a Context", "2.4.6", _PROPERTIES | _V2_PROPERTIES),
}
"""Check a Context by the rules of a version."""
