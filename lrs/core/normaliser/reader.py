"""The normaliser's loop: feed → interactions, in transactions that carry the feed's position."""

import asyncio
from collections.abc import Sequence
from typing import Any, TypeAlias

from lrs.core.batches import Batches
from lrs.core.feed_reader import FeedReader
from lrs.core.normaliser.pending import Pending
from lrs.core.normaliser.projection import Projection, Told, read
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.seen import Seen
from lrs.store import faults
from lrs.store.feed import Arrival
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER, REBUILD
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

UNINTERRUPTED = 100  # statements read before others have their turn


class StoreReader(FeedReader[list[Told]]):
    """Reads one store's statements into the interactions of one generation, for the holder of the lease."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        owner: str,
        session: Session,
        name: str = NORMALISER,
        batches: Batches | None = None,
    ) -> None:
        super().__init__(name, store, owner, session)
        self._rules, self._batches = rules, batches
        self._hurried = name != REBUILD
        self._seen: Seen | None = None  # while a generation is written from its beginning
        self._under_way: Projection | None = None
        self._writing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await super().start()
        if self.position.version is None and self.position.seq == 0:  # nothing was derived by other rules
            await self._move({"version": self._rules.fingerprint})
        if self.position.read == 0 and self.position.seq == 0:
            self._seen = Seen()

    @property
    def _is_anew(self) -> bool:
        """Whether statements are scanned none of which was read before."""
        return self.position.scan is not None and self.position.scan.get("anew", False)

    async def prepare(self, arrivals: Sequence[Arrival]) -> list[Told]:
        if self._name != REBUILD:  # what a killed server left undone between two statements is mended before
            referring = [arrival.id for arrival in arrivals if arrival.refers]
            await self.store.statements.settle([arrival.id for arrival in arrivals], referring)
            if self._is_anew:  # else it is looked for once more
                kept = self.store.interactions(self.position.generation)
                voided = await kept.voided([arrival.id for arrival in arrivals])
                arrivals = [arrival._replace(voided=arrival.id in voided) for arrival in arrivals]
        batch: list[Told] = []
        for begin in range(0, len(arrivals), UNINTERRUPTED):
            batch += [read(arrival, self._rules) for arrival in arrivals[begin : begin + UNINTERRUPTED]]
            await asyncio.sleep(0)
        return batch

    async def save(self, prepared: list[Told], moved: Document) -> None:
        from_nothing = self._is_anew
        self._seen = self._seen if from_nothing else None
        kept = self.store.interactions(self.position.generation)
        pending = Pending(kept, seen=self._seen) if self._under_way is None else self._under_way.pending(kept)
        projection = Projection(pending, self._rules, from_nothing=from_nothing)
        await projection.take(prepared)
        if self._seen is not None:
            projection.remember(self._seen)
        await self.written()
        self._under_way = projection
        counted = {**moved, "read": self.position.read + len(prepared)}
        self._writing = asyncio.create_task(self._write(projection, counted))
        if self.position.scan is None:
            await self.written()

    async def written(self) -> None:
        if self._writing is not None:
            writing, self._writing, self._under_way = self._writing, None, None
            await writing

    async def give_up(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self, projection: Projection, moved: Document) -> None:
        generation, seq = self.position.generation, self.position.seq
        entries, counted = projection.log(seq), projection.counted()

        async def write(session: Session) -> Document:
            await projection.save(entries, session)
            await self.store.changes(generation).append(entries, session)
            await self.store.counts(generation).add(counted, session)
            await self.store.failures.record(self._name, projection.failures, session)
            await faults.reached(faults.IN_NORMALISER)
            return {"seq": seq + len(entries)}

        await self._commit(write, moved)
        if self._batches is not None:
            self._batches.offer(generation, entries, projection.interactions)
