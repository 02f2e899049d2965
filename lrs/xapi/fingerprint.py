"""Whether two statements are the same one sent twice: a digest of what is significant (xAPI Data 2.3.1).

Left out, because the specification excepts it from immutability: what an LRS assigns (id, stored, authority,
version, and the timestamp when the sender gave none), verb display, activity definitions, the data and metadata of
attachments, order in unordered lists, upper and lower case where it means nothing, and the writing of an instant.
Everything else counts, an agent's `name` too: it is not among the exceptions, and what is no exception "MUST not be
ignored". A duration counts as text (`PT60S` differs from `PT1M`), cut to 0.01 s as Data 4.6 asks.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any

import orjson

from lrs.xapi import Json
from lrs.xapi.values import parse_timestamp

ASSIGNED = frozenset({"id", "stored", "authority", "version"})
FRACTION = re.compile(r"([.,])(\d+)S$")
LARGEST_INTEGER = 2**63 - 1  # beyond it the JSON encoder takes no integers, and senders mean doubles

Rules = Mapping[str, Callable[[Any], Any]]


def fingerprint(statement: Json, *, timestamp_given: bool) -> bytes:
    """Return the 32-byte digest that equal statements share, as sent and as stored.

    `timestamp_given` tells whether the sender gave the timestamp; one that the LRS filled in does not count.
    The statement must be valid: a timestamp that can't be read raises ValueError.
    Source: xAPI Data 2.3.1 (Statement Comparison Requirements), 4.6; Communication 2.1.1, 2.1.2.
    """
    left_out = ASSIGNED if timestamp_given else ASSIGNED | {"timestamp"}
    significant = {key: value for key, value in statement.items() if key not in left_out}
    return blake2b(_encode(_each(significant, STATEMENT)), digest_size=32).digest()


def _encode(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _each(value: Json, rules: Rules) -> Json:
    return {key: rules.get(key, _plain)(part) for key, part in value.items()}


def _plain(value: Any) -> Any:
    """JSON as it is, but with one writing for each number. A boolean is no number."""
    kind = type(value)
    if kind is str or kind is bool or value is None:  # most values, so the first to be looked for
        return value
    if kind is dict:
        return {key: _plain(part) for key, part in value.items()}
    if kind is list:
        return [_plain(part) for part in value]
    return _number(value)


def _number(value: int | float) -> int | float | str:
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= LARGEST_INTEGER else value
    if abs(value) <= LARGEST_INTEGER:
        return value
    return float(value) if value.bit_length() < 1024 else str(value)


def _unordered(parts: Iterable[Any]) -> list[Any]:
    """A set, in the order of its members' canonical forms."""
    by_form = {_encode(part): part for part in parts}
    return [by_form[form] for form in sorted(by_form)]


def _lower(text: str) -> str:
    return text.lower()


def _mbox(mbox: str) -> str:
    local, at, domain = mbox.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _instant(timestamp: str) -> str:
    # Data 4.5 lets an LRS cut a timestamp to milliseconds, so a copy that went through one still is the same.
    return parse_timestamp(timestamp).isoformat(timespec="milliseconds")


def _duration(duration: str) -> str:
    return FRACTION.sub(_hundredths, duration)


def _hundredths(match: re.Match[str]) -> str:
    digits = match[2][:2].rstrip("0")
    return f"{match[1]}{digits}S" if digits else "S"


def _verb(verb: Json) -> str:
    return str(verb["id"])


def _actor(actor: Json) -> Json:
    return {"objectType": "Agent", **_each(actor, ACTOR)}


def _members(members: list[Json]) -> list[Json]:
    return _unordered(map(_actor, members))


def _object(target: Json) -> Json:
    match target.get("objectType", "Activity"):
        case "Activity":
            return {"objectType": "Activity", "id": target["id"]}
        case "StatementRef":
            return _reference(target)
        case "SubStatement":
            return _each(target, STATEMENT)
        case _:
            return _actor(target)


def _reference(reference: Json) -> Json:
    return {"objectType": "StatementRef", "id": reference["id"].lower()}


def _activities(activities: Json | list[Json]) -> list[str]:
    several = [activities] if isinstance(activities, dict) else activities
    return sorted({activity["id"] for activity in several})


def _context_activities(value: Json) -> dict[str, list[str]]:
    return {relation: _activities(activities) for relation, activities in value.items()}


def _context_actors(entries: list[Json]) -> list[Json]:
    return _unordered(_context_actor(entry) for entry in entries)


def _context_actor(entry: Json) -> Json:
    # `agent` or `group` already says which of the two an entry is.
    return _each({key: value for key, value in entry.items() if key != "objectType"}, CONTEXT_ACTOR)


def _attachments(attachments: list[Json]) -> list[str]:
    return sorted({attachment["sha2"].lower() for attachment in attachments})


ACTOR: Rules = {"mbox": _mbox, "mbox_sha1sum": _lower, "member": _members}
CONTEXT_ACTOR: Rules = {"agent": _actor, "group": _actor, "relevantTypes": _unordered}
CONTEXT: Rules = {
    "registration": _lower,
    "instructor": _actor,
    "team": _actor,
    "contextActivities": _context_activities,
    "contextAgents": _context_actors,
    "contextGroups": _context_actors,
    "language": _lower,
    "statement": _reference,
}
RESULT: Rules = {"duration": _duration}
STATEMENT: Rules = {
    "actor": _actor,
    "verb": _verb,
    "object": _object,
    "result": lambda result: _each(result, RESULT),
    "context": lambda context: _each(context, CONTEXT),
    "timestamp": _instant,
    "attachments": _attachments,
}
