"""What plugins read, read once for all: plugins that are at the same place of a log get the same batch.

Whoever is close behind the normaliser gets what that has just written, without asking the database for it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from lrs.plugin import Interaction, Plugin
from lrs.store.changes import LogEntry
from lrs.store.stores import Store

BATCH = 1000  # entries at least, where there are more
KEPT = 16  # batches, for plugins that are not in step


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of a log of changes, and the interactions that they are about as they were no earlier than these."""

    entries: Sequence[LogEntry]
    interactions: Mapping[str, Interaction]  # of the kinds that any plugin consumes, by id


class Batches:
    """The batches that the plugins of one store read."""

    def __init__(self, store: Store, plugins: Collection[Plugin]) -> None:
        self._store = store
        self._kinds: frozenset[str] = reduce(frozenset.union, (plugin.kinds for plugin in plugins), frozenset())
        self._kept: OrderedDict[tuple[int, int], Batch] = OrderedDict()  # by generation and number of the last before
        self._lock = asyncio.Lock()

    async def after(self, generation: int, seq: int) -> Batch:
        """Return the next entries of a generation's log; none only where there are no more. Raises: Unavailable."""
        async with self._lock:
            batch = self._kept.get((generation, seq))
            if batch is None:
                batch = await self._read(generation, seq)
                if len(batch.entries) >= BATCH:  # one that is not full may be by now
                    self._keep(generation, seq, batch)
            return batch

    def offer(self, generation: int, entries: Sequence[LogEntry], interactions: Mapping[str, Interaction]) -> None:
        """Take entries that were written to a generation's log just now, with the interactions that they are about."""
        wanted = {entry.interaction_id for entry in entries if entry.kind in self._kinds}
        if entries:
            batch = Batch(entries, {key: interactions[key] for key in wanted})
            self._keep(generation, entries[0].seq - 1, batch)

    def _keep(self, generation: int, seq: int, batch: Batch) -> None:
        self._kept[generation, seq] = batch
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    async def _read(self, generation: int, seq: int) -> Batch:
        entries = await self._store.changes(generation).after(seq, BATCH)
        wanted = {entry.interaction_id for entry in entries if entry.kind in self._kinds}
        return Batch(entries, await self._store.interactions(generation).by_ids(wanted) if wanted else {})
