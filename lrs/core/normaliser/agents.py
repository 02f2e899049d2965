"""Which agents and groups JSON names: keys of an actor, of members, of what stands in an extension."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS, actor_key, is_group
from lrs.xapi.values import is_iri, is_mailto, is_sha1, is_uri


def _is_account(value: object) -> bool:
    return isinstance(value, dict) and is_iri(value.get("homePage")) and isinstance(value.get("name"), str)


_IS_VALID: Mapping[str, Callable[[object], bool]] = {
    "account": _is_account,
    "mbox": is_mailto,
    "mbox_sha1sum": is_sha1,
    "openid": is_uri,
}


def acting_key(actor: Any) -> str | None:
    """Return the key of who acts: an Agent's or identified Group's own, an anonymous Group's first member's.

    The first member stands for the whole, so that a thing made together still has one author.
    """
    if not isinstance(actor, dict):
        return None
    own = checked_key(actor)
    return own if own is not None else next(iter(members(actor)), None)


def checked_key(actor: Any) -> str | None:
    """Return the actor key of JSON nobody validated (an extension's value), if it has exactly one valid identifier."""
    if not isinstance(actor, dict):
        return None
    told = [identifier for identifier in IDENTIFIERS if identifier in actor]
    if len(told) != 1 or not _IS_VALID[told[0]](actor[told[0]]):
        return None
    return actor_key(actor)


def members(group: Json) -> tuple[str, ...]:
    """Return the keys of the members, in their order, each once; those without a usable identifier are left out."""
    listed = group.get("member")
    keys = (checked_key(member) for member in listed) if isinstance(listed, list) else ()
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def identified_groups(*actors: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the Groups with a key of their own, each with the keys of its members."""
    for actor in actors:
        if isinstance(actor, dict) and is_group(actor) and (key := checked_key(actor)) is not None:
            yield key, members(actor)
