"""What plugins read, read once for all: plugins that are at the same place of a log get the same batch.

Whoever is close behind the normaliser gets what that has just written, without asking the database for it.
"""

import asyncio
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from lrs.plugin import Interaction, Plugin
from lrs.store.changes import LogEntry
from lrs.store.stores import Store

BATCH = 1000  # entries at least, where there are more
KEPT = 20_000  # entries at most, but for a longer batch, for plugins that are not in step


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of a log of changes, and the interactions that they are about as they were no earlier than these."""

    entries: Sequence[LogEntry]
    interactions: Mapping[str, Interaction]  # of the kinds that any plugin consumes, by id; there may be others


NOTHING = Batch((), {})


class Batches:
    """The batches that the plugins of one store read."""

    def __init__(self, store: Store, plugins: Collection[Plugin]) -> None:
        self._store = store
        self._kinds: frozenset[str] = reduce(frozenset.union, (plugin.kinds for plugin in plugins), frozenset())
        self._kept: deque[tuple[int, Batch]] = deque()  # with their generations
        self._lock = asyncio.Lock()

    async def after(self, generation: int, seq: int) -> Batch:
        """Return the next entries of a generation's log; none only where there are no more. Raises: Unavailable."""
        async with self._lock:
            for kept, batch in self._kept:
                if kept == generation and batch.entries[0].seq <= seq + 1 <= batch.entries[-1].seq:
                    return Batch(batch.entries[seq + 1 - batch.entries[0].seq :], batch.interactions)
            batch = await self._read(generation, seq)
            if len(batch.entries) >= BATCH:  # one that is not full may be by now
                self._keep(generation, batch)
            return batch

    def offer(self, generation: int, entries: Sequence[LogEntry], interactions: Mapping[str, Interaction]) -> None:
        """Take entries that were written to a generation's log just now, with the interactions that they are about."""
        wanted = {entry.interaction_id for entry in entries if entry.kind in self._kinds}
        if entries:
            self._keep(generation, Batch(entries, {key: interactions[key] for key in wanted}))

    def _keep(self, generation: int, batch: Batch) -> None:
        self._kept.append((generation, batch))
        while len(self._kept) > 1 and sum(len(kept.entries) for _, kept in self._kept) > KEPT:
            self._kept.popleft()

    async def _read(self, generation: int, seq: int) -> Batch:
        entries = await self._store.changes(generation).after(seq, BATCH)
        wanted = {entry.interaction_id for entry in entries if entry.kind in self._kinds}
        return Batch(entries, await self._store.interactions(generation).by_ids(wanted) if wanted else {})
