"""What of a raw statement matters here: whether it still stands, when, who, and around which activities."""

from datetime import UTC, datetime
from typing import Any

Statement = dict[str, Any]

VOIDED = "http://adlnet.gov/expapi/verbs/voided"
COURSE_TYPES = {
    "https://w3id.org/xapi/cmi5/activitytype/course",
    "http://adlnet.gov/expapi/activities/course",
    "http://id.tincanapi.com/activitytype/lms/course",  # Moodle logstore up to 4.7
}
# Activity Streams 1 as senders spell it.
STREAMS = ("http://activitystrea.ms/", "http://activitystrea.ms/schema/1.0/", "http://activitystrea.ms/schema/")
CONTEXT_PLACES = ("parent", "grouping", "category", "other")


def standing(statements: list[Statement]) -> list[Statement]:
    """Every statement that counts as having happened: the first told of each id, minus voided and voiding ones.

    A voiding statement cannot itself be voided (xAPI 1.0.3, Data 2.3.2), so what it points at stays void.
    """
    by_id: dict[str, Statement] = {}
    for statement in statements:
        by_id.setdefault(statement_id(statement), statement)
    voided = {statement["object"]["id"].lower() for statement in by_id.values() if _is_voiding(statement)}
    return [each for key, each in by_id.items() if key not in voided and not _is_voiding(each)]


def _is_voiding(statement: Statement) -> bool:
    return bool(statement["verb"]["id"] == VOIDED and statement["object"].get("objectType") == "StatementRef")


def statement_id(statement: Statement) -> str:
    """The id in lower case: UUIDs are told in either."""
    return str(statement["id"]).lower()


def happened_at(statement: Statement) -> datetime:
    """The event time in UTC: `timestamp`, else `stored`. A clock that runs ahead is believed."""
    return datetime.fromisoformat(statement.get("timestamp") or statement["stored"]).astimezone(UTC)


def agent_key(agent: dict[str, Any]) -> str | None:
    """One string for one identifier, `<property>:<value>`; an account is `account:<homePage>::<name>`.

    None for a group, which is not a person.
    """
    if agent.get("objectType") == "Group":
        return None
    for identifier in ("mbox", "mbox_sha1sum", "openid"):
        if identifier in agent:
            return f"{identifier}:{agent[identifier]}"
    account = agent.get("account")
    return f"account:{account['homePage']}::{account['name']}" if account else None


def type_of(activity: dict[str, Any]) -> str | None:
    """The activity's type as this statement tells it."""
    return (activity.get("definition") or {}).get("type")


def around(statement: Statement, place: str) -> list[dict[str, Any]]:
    """The context activities of one place (`parent`, `grouping`, `category`, `other`); a lone one as a list of one."""
    found = (statement.get("context") or {}).get("contextActivities", {}).get(place) or []
    return [found] if isinstance(found, dict) else found


def course_of(statement: Statement) -> str | None:
    """The id of the first context activity that is a course."""
    for place in CONTEXT_PLACES:
        for activity in around(statement, place):
            if type_of(activity) in COURSE_TYPES:
                return str(activity["id"])
    return None


def extension(statement: Statement, iri: str) -> object:
    """A context extension's value, or None."""
    return ((statement.get("context") or {}).get("extensions") or {}).get(iri)
