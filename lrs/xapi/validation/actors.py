"""The rules of Agents, Groups and accounts (xAPI Data 2.4.2, 2.4.9)."""

from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS
from lrs.xapi.validation.checks import Check, Path, Shape, format_of, invalid, iri, list_of, one_of, refuse, text
from lrs.xapi.values import is_mailto, is_sha1, is_uri

_IDENTIFIERS = frozenset(IDENTIFIERS)
_ACCEPTED = f"exactly one of {', '.join(IDENTIFIERS)}"

_ACCOUNT = Shape("an account", "2.4.2.4", {"homePage": iri("2.4.2.4"), "name": text("2.4.2.4")}, ("homePage", "name"))

_COMMON: dict[str, Check] = {
    "name": text("2.4.2"),
    "mbox": format_of(is_mailto, "a mailto IRI", "2.4.2.3", "mailto:name@example.org"),
    "mbox_sha1sum": format_of(is_sha1, "a hex-encoded SHA-1 hash", "2.4.2.3", "40 hex digits"),
    "openid": format_of(is_uri, "an absolute URI", "2.4.2.3"),
    "account": _ACCOUNT,
}
_AGENT = Shape("an Agent", "2.4.2.1", {"objectType": one_of("2.4.2.1", "Agent"), **_COMMON})


def agent(value: object, where: Path) -> None:
    """Check an Agent: exactly one inverse functional identifier (xAPI Data 2.4.2.1)."""
    if len(_IDENTIFIERS & _AGENT(value, where).keys()) != 1:
        refuse(where, value, "an Agent with exactly one identifier", "2.4.2.1", _ACCEPTED)


_GROUP = Shape(
    "a Group",
    "2.4.2.2",
    {"objectType": one_of("2.4.2.2", "Group"), **_COMMON, "member": list_of(agent, "Agents", "2.4.2.2")},
    ("objectType",),
)


def group(value: object, where: Path) -> Json:
    """Check a Group and return it: identified by exactly one identifier, or anonymous with members (Data 2.4.2.2)."""
    checked = _GROUP(value, where)
    identifiers = len(_IDENTIFIERS & checked.keys())
    if identifiers > 1:
        refuse(where, value, "a Group with one identifier at most", "2.4.2.2", _ACCEPTED)
    if identifiers == 0 and not checked.get("member"):
        why = "a Group without an identifier needs members (xAPI Data 2.4.2.2)"
        raise invalid((where, "member"), why, f"at least one Agent, or {_ACCEPTED}")
    return checked


def actor(value: object, where: Path) -> None:
    """Check an Agent or a Group, as its objectType says; without one it is an Agent (xAPI Data 2.4.2)."""
    if not isinstance(value, dict):
        refuse(where, value, "an Agent or a Group", "2.4.2")
    object_type = value.get("objectType", "Agent")
    if object_type == "Agent":
        agent(value, where)
    elif object_type == "Group":
        group(value, where)
    else:
        refuse((where, "objectType"), object_type, "the type of an actor", "2.4.2", "Agent, Group")


def authority(value: object, where: Path) -> None:
    """Check an Agent, or an anonymous Group of exactly two, application and user (xAPI Data 2.4.9)."""
    actor(value, where)
    if not isinstance(value, dict) or value.get("objectType") != "Group":
        return
    if not _IDENTIFIERS.isdisjoint(value):
        refuse(where, value, "an Agent or an anonymous Group", "2.4.9")
    if len(value["member"]) != 2:
        refuse((where, "member"), value["member"], "a pair of Agents, application and user", "2.4.9")
