"""Who an actor is: one canonical key for each inverse functional identifier (xAPI Data 2.4.2.3)."""

from collections.abc import Iterator

from lrs.xapi import Json

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")


def actor_key(actor: Json) -> str | None:
    """Return the key that two mentions of the same Agent or identified Group share; None for an anonymous Group.

    Shape: `mbox:mailto:a@example.org`, `mbox_sha1sum:<hex>`, `openid:<uri>` or `account:<homePage> <name>`.
    An IRI holds no space, so the account form is unambiguous. Source: xAPI Data 2.4.2.3.
    """
    for identifier in ("mbox", "mbox_sha1sum", "openid"):
        value = actor.get(identifier)
        if value is not None:
            return f"{identifier}:{value}"
    account = actor.get("account")
    return None if account is None else f"account:{account['homePage']} {account['name']}"


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
