"""Who an actor is: one canonical key for each inverse functional identifier (xAPI Data 2.4.2.3)."""

from collections.abc import Iterator

from lrs.xapi import Json

IDENTIFIERS = ("account", "mbox", "mbox_sha1sum", "openid")  # the most common ones first


def actor_key(actor: Json) -> str | None:
    """Return the key that two mentions of the same Agent or identified Group share; None for an anonymous Group.

    Shape: `mbox:mailto:a@example.org`, `mbox_sha1sum:<hex>`, `openid:<uri>` or `account:<homePage> <name>`.
    An IRI holds no space, so the account form is unambiguous. Source: xAPI Data 2.4.2.3.
    """
    for identifier in IDENTIFIERS:
        value = actor.get(identifier)
        if value is not None:
            return (
                f"account:{value['homePage']} {value['name']}" if identifier == "account" else f"{identifier}:{value}"
            )
    return None


def is_group(actor: Json) -> bool:
    """Tell whether the actor is a Group, identified or anonymous (xAPI Data 2.4.2.2)."""
    return actor.get("objectType") == "Group"


def member_keys(group: Json) -> Iterator[str]:
    """Yield the keys of a Group's members, in their order, each once."""
    seen: set[str] = set()
    for member in group.get("member", ()):
        key = actor_key(member)
        if key is not None and key not in seen:
            seen.add(key)
            yield key
