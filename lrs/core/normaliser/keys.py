"""Keys: what an interaction shares with those it depends on. Digests of eight bytes, so that their indexes stay small.

Among a hundred million, two are alike with a chance of one in two thousand.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

STATEMENT = "statement:"
"""Before the id of a statement that is referred to, where else an item's key stands."""


def needed(key: str) -> int:
    """Return the key of those that look up an item or, after `STATEMENT`, a statement."""
    return _digest((key,)) & ~1


def is_closing(key: int) -> bool:
    """Tell whether a key is one of what closes an act: these are odd, as no other is that an act needs."""
    return key & 1 == 1


def repetition(act: Mapping[str, Any]) -> int:
    """Return what two acts share that may repeat one another: actor, kind, object, parent and recipient.

    The recipient is the person told, or what the person is looked up by, so that the key never changes. An un-act
    (a report taken back) is no repetition of the act, and one count of an aggregate none of another.
    """
    kind = f"un-{act['kind']}" if act["value"].get("undo") else act["kind"]
    count = act["_id"].rpartition(":")[2] if act["aggregate"] else None
    told = act["named_target"] or act["target_ref"]
    return _digest((act["actor"], kind, act["object_id"], act["parent_id"], told, count))


def taking_back(act: Mapping[str, Any], kind: str) -> int:
    """Return what an act of a kind shares with the one that takes it back: actor, kind, and object or recipient.

    A share that turns out to pass something on is taken back like any other.
    """
    kind = "share" if kind == "repost" else kind
    return _digest(("back", act["actor"], kind, act["object_id"] or act["named_target"])) | 1


def deletion(item: str) -> int:
    """Return what the acts that go with an item share with its deletion."""
    return _digest(("deleted", item)) | 1


def _digest(parts: Iterable[str | None]) -> int:
    digest = blake2b("\n".join([part or "" for part in parts]).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
