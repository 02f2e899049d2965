"""What is kept, together with a batch that is still being written: so that the next one can be computed meanwhile.

Where everything was written by this process, it asks the database only for keys that it may have written.

Whether a look-up sees the batch or not, its records are the ones that count. They are handed on as copies, because the
batch's own are on their way to the database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from lrs.core.normaliser.agents import acting_key
from lrs.core.normaliser.items import SHARING, order
from lrs.core.normaliser.keys import deletion, needed
from lrs.core.normaliser.seen import Key, Seen, Space
from lrs.store.interactions import Interactions

Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pending:
    """Interactions, items and unmapped verbs, as they are once the records of a batch are written."""

    kept: Interactions
    interactions: Mapping[str, Document] = field(default_factory=dict)
    items_changed: Mapping[str, Document] = field(default_factory=dict)
    verbs: Mapping[UUID, str] = field(default_factory=dict)
    seen: Seen | None = None

    async def known(self, ids: Collection[str]) -> set[str]:
        """Return which of the interactions are there."""
        return await self.kept.known(ids) | (self.interactions.keys() & set(ids))

    async def voided(self, ids: Collection[UUID]) -> set[UUID]:
        """Return which of the statements are voided by now."""
        return await self.kept.voided(ids)

    async def actors(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the actors of those of the statements that stand: who acts for an anonymous Group as well."""
        found = await self.kept.actors(ids)
        unknown = [each for each in ids if each not in found]
        by_groups = await self.kept.by_nobody(unknown) if unknown else {}
        acting = {each: acting_key(orjson.loads(raw)["actor"]) for each, raw in by_groups.items()}
        return found | {each: actor for each, actor in acting.items() if actor is not None}

    async def unmapped(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the verbs of those of the statements that no rule maps."""
        return await self.kept.unmapped(ids) | {key: self.verbs[key] for key in ids if key in self.verbs}

    async def of_statements(self, ids: Collection[UUID]) -> list[Document]:
        """Return the interactions of the statements."""
        statements = set(map(str, ids))
        pending = [key for key in self.interactions if key.partition(":")[0] in statements]
        return self._interactions(await self.kept.of_statements(ids), pending)

    async def needing(self, keys: Collection[int], most: int) -> list[Document] | None:
        """Return the interactions that look up what has one of the keys, or are closed by it; None where more than
        `most` are kept.
        """
        wanted, written = set(keys), self._written(Space.NEEDS, keys)
        found = await self.kept.needing(written, most) if written else []
        if len(found) > most:
            return None
        pending = [key for key, each in self.interactions.items() if not wanted.isdisjoint(each["needs"])]
        return self._interactions(found, pending)

    async def closing(self, keys: Collection[int]) -> list[Document]:
        """Return the acts that close others by one of the keys, voided ones left out."""
        written = self._written(Space.CLOSES, keys)
        pending = [key for key, each in self.interactions.items() if each["closes"] in keys]
        found = self._interactions(await self.kept.closing(written) if written else [], pending)
        return [each for each in found if not each["voided"]]

    async def kept_of_series(self, keys: Collection[int], since: datetime) -> list[Document]:
        """Return the interactions from a time on that repeat none of the others with the same repetition key."""
        written = self._written(Space.REPETITIONS, keys)
        found = await self.kept.kept_of_series(written, since) if written else []
        pending = self._of_series(keys, since)
        return self._interactions(found, [key for key in pending if self.interactions[key]["repeats"] is None])

    async def all_of_series(self, keys: Collection[int], since: datetime, most: int) -> list[Document] | None:
        """Return the interactions from a time on that may repeat one another; None where more than `most` are kept."""
        written = self._written(Space.REPETITIONS, keys)
        found = await self.kept.all_of_series(written, since, most) if written else []
        return None if len(found) > most else self._interactions(found, self._of_series(keys, since))

    async def items(self, keys: Collection[str]) -> list[Document]:
        """Return the items known under the keys."""
        written = self._written(Space.ITEMS, keys)
        found = await self.kept.items(written) if written else []
        return self._items(found, (self.items_changed.get(key) for key in keys))

    async def children(self, keys: Collection[str], most: int) -> list[Document] | None:
        """Return the items whose parent is one of the keys: their first creates look it up. None where more than `most`
        creates do.
        """
        written = self._written(Space.NEEDS, [needed(key) for key in keys])
        created = await self.kept.created(written, most) if written else []
        if len(created) > most:
            return None
        found = self._items(await self.kept.items(set(created)) if created else [], self.items_changed.values())
        return [each for each in found if each["first"] is not None and each["first"]["parent_id"] in keys]

    async def first_create(self, item: str, *, excluding: Collection[UUID]) -> Document | None:
        """Return the first create of an item, of those neither voided nor excluded."""
        gone = {each["statement_id"] for each in self.interactions.values() if each["voided"]}
        out = [*excluding, *gone]
        made = await self.kept.first_create(item, deletion(item), excluding=out, but=SHARING)
        kept = made or await self.kept.first_create(item, deletion(item), excluding=out)
        creates = [key for key, each in self.interactions.items() if each["object_id"] == item and each["creates"]]
        candidates = [
            each
            for each in self._interactions([] if kept is None else [kept], creates)
            if each["statement_id"] not in excluding
        ]
        standing = [each for each in candidates if not each["voided"]]
        return min(standing, key=order, default=None)

    def _written(self, space: Space, keys: Collection[Key]) -> Collection[Key]:
        return keys if self.seen is None else self.seen.among(space, keys)

    def _of_series(self, keys: Collection[int], since: datetime) -> list[str]:
        return [key for key, each in self.interactions.items() if each["repetition"] in keys and each["t"] >= since]

    def _interactions(self, found: Sequence[Document], pending: Iterable[str]) -> list[Document]:
        merged = {each["_id"]: each for each in found}
        for key in (*pending, *(merged.keys() & self.interactions.keys())):
            merged[key] = dict(self.interactions[key])
        return list(merged.values())

    def _items(self, found: Sequence[Document], pending: Iterable[Document | None]) -> list[Document]:
        if not self.items_changed:
            return list(found)
        merged = {each["_id"]: each for each in found}
        merged |= {each["_id"]: each for each in pending if each is not None}
        return [dict(self.items_changed.get(key, each)) for key, each in merged.items()]
