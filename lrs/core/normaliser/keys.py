"""Keys: what an interaction shares with those it depends on. Short digests, so that their indexes stay small."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

STATEMENT = "statement:"
"""Before the id of a statement that is referred to, where else an item's key stands."""


CLOSING = b"c"
"""Begins the keys of what closes an act, as it begins no other."""


def needed(key: str) -> bytes:
    """Return the key of those that look up an item or, after `STATEMENT`, a statement."""
    return b"n" + _digest((key,))


def repetition(act: Mapping[str, Any]) -> bytes:
    """Return what two acts share that may repeat one another: actor, kind, object, parent and recipient.

    The recipient is the person told, or what the person is looked up by, so that the key never changes. An un-act
    (a report taken back) is no repetition of the act, and one count of an aggregate none of another.
    """
    kind = f"un-{act['kind']}" if act["value"].get("undo") else act["kind"]
    count = act["_id"].rpartition(":")[2] if act["aggregate"] else None
    told = act["named_target"] or act["target_ref"]
    return _digest((act["actor"], kind, act["object_id"], act["parent_id"], told, count))


def taking_back(act: Mapping[str, Any], kind: str) -> bytes:
    """Return what an act of a kind shares with the one that takes it back: actor, kind, and object or recipient."""
    return CLOSING + _digest(("back", act["actor"], kind, act["object_id"] or act["named_target"]))


def deletion(item: str) -> bytes:
    """Return what the acts that go with an item share with its deletion."""
    return CLOSING + _digest(("deleted", item))


def _digest(parts: Iterable[str | None]) -> bytes:
    return blake2b("\n".join([part or "" for part in parts]).encode(), digest_size=12).digest()
