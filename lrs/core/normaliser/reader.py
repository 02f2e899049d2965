"""The normaliser's loop: feed → interactions, in transactions that carry the feed's position."""

import asyncio
import functools
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

from lrs.core import calendar
from lrs.core.batches import Batches
from lrs.core.feed_reader import FeedReader
from lrs.core.normaliser.outcome import Outcome
from lrs.core.normaliser.pending import Pending
from lrs.core.normaliser.projection import Projection
from lrs.core.normaliser.repetitions import Series
from lrs.core.normaliser.rules import Rules
from lrs.core.normaliser.seen import Seen
from lrs.core.normaliser.told import Told, read
from lrs.store import faults
from lrs.store.feed import Arrival
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER, REBUILD
from lrs.store.stores import Store
from lrs.store.unsettled import Unsettled

Document: TypeAlias = dict[str, Any]

UNINTERRUPTED = 100  # statements read before others have their turn
MOST_ACTS = 20_000  # in one transaction: a statement may tell thousands
SETTLED_AT_ONCE = 2000  # interactions that depend on what has changed, where they are too many for one transaction


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
        self._under_way: Outcome | None = None
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

    async def prepare(self, arrivals: Sequence[Arrival]) -> tuple[list[Told], int]:
        if self._name != REBUILD:  # what a killed server left undone between two statements is mended before
            referring = [arrival.id for arrival in arrivals if arrival.refers]
            await self.store.statements.settle([arrival.id for arrival in arrivals], referring)
            if self._is_anew:  # else it is looked for once more
                kept = self.store.interactions(self.position.generation)
                voided = await kept.voided([arrival.id for arrival in arrivals])
                arrivals = [arrival._replace(voided=arrival.id in voided) for arrival in arrivals]
        batch: list[Told] = []
        acts = 0
        for arrival in arrivals:
            told = read(arrival, self._rules)
            batch.append(told)
            acts += len(told.acts)
            if acts > MOST_ACTS:
                break
            if len(batch) % UNINTERRUPTED == 0:
                await asyncio.sleep(0)
        return batch, len(batch)

    async def save(self, prepared: list[Told], moved: Document) -> None:
        from_nothing = self._is_anew
        self._seen = self._seen if from_nothing else None
        kept = self.store.interactions(self.position.generation)
        pending = (
            Pending(kept, seen=self._seen) if self._under_way is None else self._under_way.pending(kept, self._seen)
        )
        outcome = await Projection(pending, self._rules, from_nothing=from_nothing).take(prepared)
        self._remember(outcome)
        await self.written()
        counted = {**moved, "read": self.position.read + len(prepared)}
        if outcome.leaves_some:
            until = {"data_until": counted.pop("data_until", self.position.data_until)}
            await self._write(outcome, counted)
            await self._settle_rest()
            await self._move(until)
            return
        self._under_way = outcome
        self._writing = asyncio.create_task(self._write(outcome, counted))
        if self.position.scan is None:
            await self.written()

    async def read_settled(self) -> None:
        await self._settle_rest()  # of what was read before
        await super().read_settled()

    async def _settle_rest(self) -> None:
        """Settle what was left because too much depended on it. After a kill it begins again, which changes nothing."""
        unsettled = self.store.interactions(self.position.generation).unsettled
        while (piece := await unsettled.first()) is not None:
            await (self._settle_needing(piece["needs"]) if "needs" in piece else self._settle_series(piece["series"]))
            await self._commit(functools.partial(_settled, unsettled, piece), {})

    async def _settle_needing(self, keys: Sequence[int]) -> None:
        kept = self.store.interactions(self.position.generation)
        async for found in kept.pages_needing(keys, SETTLED_AT_ONCE):
            outcome = await Projection(Pending(kept, seen=self._seen), self._rules).settle(found)
            self._remember(outcome)
            await self._write(outcome, {})

    async def _settle_series(self, changed: Sequence[tuple[int, datetime]]) -> None:
        kept = self.store.interactions(self.position.generation)
        since, series = dict(changed), Series(self._rules.repetition)
        begin = calendar.moved(min(since.values()), -self._rules.repetition)
        async for found in kept.pages_of_series(since, begin, SETTLED_AT_ONCE):
            await self._write(Projection(Pending(kept), self._rules).settle_series(found, since, series), {})

    def _remember(self, outcome: Outcome) -> None:
        if self._seen is not None:
            outcome.remember(self._seen)

    async def written(self) -> None:
        if self._writing is not None:
            writing, self._writing, self._under_way = self._writing, None, None
            await writing

    async def give_up(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self, outcome: Outcome, moved: Document) -> None:
        generation, seq = self.position.generation, self.position.seq
        entries, counted = outcome.log(seq), outcome.counted()

        async def write(session: Session) -> Document:
            await outcome.save(self.store.interactions(generation), entries, session)
            await self.store.changes(generation).append(entries, session)
            await self.store.counts(generation).add(counted, session)
            await self.store.failures.record(self._name, outcome.failures, session)
            await faults.reached(faults.IN_NORMALISER)
            return {"seq": seq + len(entries)}

        await self._commit(write, moved)
        if self._batches is not None:
            self._batches.offer(generation, entries, outcome.changed)


async def _settled(unsettled: Unsettled, piece: Document, session: Session) -> Document:
    await unsettled.remove(piece, session)
    return {}
