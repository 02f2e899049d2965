"""The rules of Agents, Groups and accounts (xAPI Data 2.4.2, 2.4.9)."""

from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS
from lrs.xapi.validation.checks import Broken, Check, format_of, iri, list_of, one_of, refuse, shape, text
from lrs.xapi.values import is_mailto, is_sha1, is_uri

_ACCEPTED = f"exactly one of {', '.join(IDENTIFIERS)}"

_account = shape("an account", "2.4.2.4", {"homePage": iri, "name": text("2.4.2.4")}, ("homePage", "name"))

_COMMON: dict[str, Check] = {
    "name": text("2.4.2"),
    "mbox": format_of(is_mailto, "a mailto IRI", "2.4.2.3", "mailto:name@example.org"),
    "mbox_sha1sum": format_of(is_sha1, "a hex-encoded SHA-1 hash", "2.4.2.3", "40 hex digits"),
    "openid": format_of(is_uri, "an absolute URI", "2.4.2.3"),
    "account": _account,
}
_plain_agent = shape("an Agent", "2.4.2.1", {"objectType": one_of("2.4.2.1", "Agent"), **_COMMON})


def _identifiers(actor: Json) -> int:
    """Return how many inverse functional identifiers an actor has."""
    return ("account" in actor) + ("mbox" in actor) + ("mbox_sha1sum" in actor) + ("openid" in actor)


def agent(value: object) -> None:
    """Check an Agent: exactly one inverse functional identifier (xAPI Data 2.4.2.1)."""
    if _identifiers(_plain_agent(value)) != 1:
        refuse(value, "an Agent with exactly one identifier", "2.4.2.1", _ACCEPTED)


_plain_group = shape(
    "a Group",
    "2.4.2.2",
    {"objectType": one_of("2.4.2.2", "Group"), **_COMMON, "member": list_of(agent, "Agents", "2.4.2.2")},
    ("objectType",),
)


def group(value: object) -> Json:
    """Check a Group and return it: identified by exactly one identifier, or anonymous with members (Data 2.4.2.2)."""
    checked = _plain_group(value)
    identifiers = _identifiers(checked)
    if identifiers > 1:
        refuse(value, "a Group with one identifier at most", "2.4.2.2", _ACCEPTED)
    if identifiers == 0 and not checked.get("member"):
        why = "a Group without an identifier needs members (xAPI Data 2.4.2.2)"
        raise Broken(why, f"at least one Agent, or {_ACCEPTED}", below=("member",))
    return checked


def actor(value: object) -> None:
    """Check an Agent or a Group, as its objectType says; without one it is an Agent (xAPI Data 2.4.2)."""
    if not isinstance(value, dict):
        refuse(value, "an Agent or a Group", "2.4.2")
    object_type = value.get("objectType", "Agent")
    if object_type == "Agent":
        agent(value)
    elif object_type == "Group":
        group(value)
    else:
        refuse(object_type, "the type of an actor", "2.4.2", "Agent, Group", below=("objectType",))


def authority(value: object) -> None:
    """Check an Agent, or an anonymous Group of exactly two, application and user (xAPI Data 2.4.9)."""
    actor(value)
    if not isinstance(value, dict) or value.get("objectType") != "Group":
        return
    if _identifiers(value):
        refuse(value, "an Agent or an anonymous Group", "2.4.9")
    if len(value["member"]) != 2:
        refuse(value["member"], "a pair of Agents, application and user", "2.4.9", below=("member",))
