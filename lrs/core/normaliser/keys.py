"""Keys: what an interaction shares with those it depends on. Digests of eight bytes, so that their indexes stay small.

Among a hundred million, two are alike with a chance of one in two thousand.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from struct import Struct
from typing import Any

_SIGNED = Struct(">q")  # as the database keeps them

STATEMENT = "statement:"
"""Before the id of a statement that is referred to, where else an item's key stands."""


def needed(key: str) -> int:
    """Return the key of those that look up an item or, after `STATEMENT`, a statement."""
    return _digest(key) & ~1


def closing(needs: Iterable[int]) -> list[int]:
    """Return those of an act's needs that are keys of what closes it: these are odd, as no others are."""
    return [key for key in needs if key & 1]


def repetition(act: Mapping[str, Any], group: str | None = None) -> int:
    """Return what two acts share that may repeat one another: actor, kind, object, parent and recipient.

    `group` is the object where that is a Group. The recipient is the person told, or what the person is looked up by,
    so that the key never changes. An un-act (a report taken back) is no repetition of the act, and one count of an
    aggregate none of another.
    """
    kind = f"un-{act['kind']}" if act["value"].get("undo") else act["kind"]
    count = act["_id"].rpartition(":")[2] if act["aggregate"] else ""
    told = act["named_target"] or act["target_ref"] or ""
    what = act["object_id"] or group or ""
    return _digest(f"{act['actor']}\n{kind}\n{what}\n{act['parent_id'] or ''}\n{told}\n{count}")


def taking_back(actor: str, kind: str, what: str | None) -> int:
    """Return what an act of a kind shares with the one that takes it back: actor, kind, and what both are about.

    A share that turns out to pass something on is taken back like any other.
    """
    kind = "share" if kind == "repost" else kind
    return _digest(f"back\n{actor}\n{kind}\n{what or ''}") | 1


def deletion(item: str) -> int:
    """Return what the acts that go with an item share with its deletion."""
    return _digest(f"deleted\n{item}") | 1


def _digest(text: str) -> int:
    (digest,) = _SIGNED.unpack(blake2b(text.encode(), digest_size=_SIGNED.size).digest())
    return int(digest)
