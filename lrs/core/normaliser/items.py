"""Items: the things people make and answer, with their author and their place in a thread or cascade.

An item's author is the actor of its first create by (time, statement id), whatever order statements arrive in. Who
shares a thing is its author only where nobody told of making it. When an earlier create arrives late, or the first one
is voided, the item changes, and with it all that looked it up.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, TypeAlias

Document: TypeAlias = dict[str, Any]

MAX_DEPTH = 1_000  # deeper chains have no depth: one that leads round from a thread to itself must end somewhere

_FIRST = (
    *("t", "statement_id", "actor", "object_id"),
    *("parent_id", "parent_known", "thread_id", "is_thread", "in_thread"),
)

SHARING = frozenset({"share", "repost"})
"""Kinds of acts that make an item only where nobody is known to have made it otherwise."""


class Place(NamedTuple):
    """Where something stands: its root, whether that is a discussion thread, and its distance from it if known.

    What hangs below itself has no root, nor has anything below it.
    """

    root_id: str | None
    on_thread: bool
    depth: int | None


NOWHERE = Place(None, False, None)
UNMADE = -1
"""The steps of what nobody made, which is nowhere as well."""


class Items:
    """The items that one batch touches, as they become."""

    def __init__(self) -> None:
        self._items: dict[str, Document] = {}
        self._looked_up: set[str] = set()
        self._kept: set[str] = set()
        self.changed: set[str] = set()

    def missing(self, keys: Collection[str | None]) -> set[str]:
        """Return those of the keys that have not been looked up yet."""
        return {key for key in keys if key is not None and key not in self._looked_up}

    def add(self, keys: Collection[str], found: Collection[Document]) -> None:
        """Take in what was found under the keys; a key without an item is known to be unseen."""
        self._looked_up.update(keys)
        for item in found:
            self._looked_up.add(item["_id"])
            self._kept.add(item["_id"])
            self._items.setdefault(item["_id"], item)

    def first(self, key: str | None) -> Document | None:
        """Return the first create of the item, None for one that was never seen."""
        item = self._items.get(key) if key is not None else None
        return item["first"] if item is not None else None

    def offer(self, create: Mapping[str, Any]) -> None:
        """Take a new create of its object into account."""
        first = self.first(create["object_id"])
        if first is None or order(create) < (first["shared"], first["t"], first["statement_id"]):
            self.set_first(create["object_id"], create)

    def set_first(self, key: str, create: Mapping[str, Any] | None) -> None:
        """Make a create the item's first one; None for an item whose last create was voided."""
        item = self._items.setdefault(key, {"_id": key, **NOWHERE._asdict(), "steps": UNMADE})
        item["first"] = (
            None if create is None else {**{name: create[name] for name in _FIRST}, "shared": _shares(create)}
        )
        self._looked_up.add(key)
        self.changed.add(key)

    def parents(self, keys: Collection[str] | None = None) -> set[str]:
        """Return the parents of some items, else of all."""
        firsts = (self.first(key) for key in (self._items if keys is None else keys))
        return {first["parent_id"] for first in firsts if first is not None and first["parent_id"] is not None}

    def settle_places(self, frontier: Collection[str]) -> set[str]:
        """Place the items again, and what hangs below them among the known ones; return all that moved."""
        moved: set[str] = set()
        children: dict[str, list[str]] = {}
        for key, item in self._items.items():
            if item["first"] is not None and item["first"]["parent_id"] is not None:
                children.setdefault(item["first"]["parent_id"], []).append(key)
        waiting = [key for key in frontier if key in self._items]
        while waiting:
            key = waiting.pop()
            if self._place_again(key):
                moved.add(key)
                waiting.extend(children.get(key, ()))
        self.changed |= moved
        return moved

    def place(self, origin: Mapping[str, Any]) -> Place:
        """Return where an act or a create stands, by what it tells of itself and by its parent."""
        if origin["is_thread"]:
            return Place(origin["object_id"], True, 0)
        parent_id, thread_id = origin["parent_id"], origin["thread_id"]
        if thread_id is not None and (parent_id is None or parent_id == thread_id):
            return Place(thread_id, True, 1 if origin["parent_known"] else None)
        if parent_id is None:  # a forum's reply that names only places is in a thread that nobody names
            return Place(origin["object_id"], origin["in_thread"], None if origin["in_thread"] else 0)
        parent = self._items.get(parent_id)
        if parent is None or parent["first"] is None:
            return Place(thread_id or parent_id, thread_id is not None or origin["in_thread"], None)
        depth = parent["depth"] + 1 if parent["depth"] is not None and parent["depth"] < MAX_DEPTH else None
        depth = depth if origin["parent_known"] else None
        if thread_id is not None:
            return Place(thread_id, True, depth)
        if parent["root_id"] is None:
            return NOWHERE
        unseen = parent["depth"] is None  # the root is
        on_thread = parent["on_thread"] or (unseen and origin["in_thread"])
        return Place(parent["root_id"], on_thread, depth)

    def of_act(self, act: Mapping[str, Any]) -> Place:
        """Return where an act stands: who views a thing need not say which thread it is in, for the thing does."""
        alone = act["parent_id"] is None and act["thread_id"] is None and act["target_ref"] == act["object_id"]
        if act["kind"] == "view" and alone and self.first(act["object_id"]) is not None:
            return _place(self._items[act["object_id"]])
        return self.place(act)

    def to_save(self) -> list[Document]:
        """Return the items that have changed, as documents."""
        return [self._items[key] for key in self.changed]

    def is_new(self, item: Document) -> bool:
        """Tell whether the item was not there before."""
        return item["_id"] not in self._kept

    def _place_again(self, key: str) -> bool:
        """Place an item again; tell whether what hangs below it is to be placed again too.

        Its steps up to where the root comes from count as well: a loop that closes in a thread moves nothing else.
        """
        item = self._items[key]
        before = _place(item), item["steps"]
        if item["first"] is None:
            place, steps = NOWHERE, UNMADE
        elif self._hangs_below_itself(key):
            place, steps = NOWHERE, 0
        else:
            place, steps = self.place(item["first"]), self._steps(key)
        item.update(place._asdict(), steps=steps)
        return (place, steps) != before

    def _steps(self, key: str) -> int:
        above = self._items.get(self._inherits_from(key) or "")
        return 0 if above is None or above["steps"] == UNMADE else int(above["steps"]) + 1

    def _hangs_below_itself(self, key: str) -> bool:
        """Tell whether the parents of an item lead back to it. Those of a thread are not looked at: it is the root."""
        passed, above = {key}, self._inherits_from(key)
        while above is not None and above not in passed:
            passed.add(above)
            above = self._inherits_from(above)
        return above == key

    def _inherits_from(self, key: str) -> str | None:
        """Return the item from which another has its root, None if it has it of its own or was never seen."""
        first = self.first(key)
        if first is None or first["is_thread"] or first["thread_id"] is not None:
            return None
        parent: str | None = first["parent_id"]
        return parent


def _place(item: Mapping[str, Any]) -> Place:
    return Place(item["root_id"], item["on_thread"], item["depth"])


def order(create: Mapping[str, Any]) -> tuple[bool, Any, Any]:
    """Return by what the first create of an item is found: made before shared, then event time, then statement id.

    A sharer's clock may run ahead of the author's. Arrival never counts.
    """
    return _shares(create), create["t"], create["statement_id"]


def _shares(create: Mapping[str, Any]) -> bool:
    return create["kind"] in SHARING
