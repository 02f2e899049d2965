"""The normaliser's loop: feed → interactions, in transactions that carry the feed's position."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from lrs.core.feed_reader import FeedReader
from lrs.core.normaliser.projection import Projection
from lrs.core.normaliser.rules import Rules
from lrs.store import faults
from lrs.store.feed import Arrival
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]


class StoreReader(FeedReader):
    """Reads one store's statements into interactions, for the holder of the lease."""

    def __init__(self, store: Store, rules: Rules, owner: str, session: Session) -> None:
        super().__init__(NORMALISER, store, owner, session)
        self._rules = rules

    async def take(self, batch: Sequence[Arrival], moved: Document) -> None:
        # Whatever a killed server left undone between two statements is mended before they are read.
        await self.store.statements.settle([arrival.id for arrival in batch])

        async def project(session: Session) -> Document:
            projection = Projection(self.store.interactions(0), session)
            await projection.take(batch, self._rules)
            entries = projection.log(self.position.seq)
            await projection.save(entries)
            await self.store.changes(0).append(entries, session)
            await self.store.failures.record(NORMALISER, projection.failures, session)
            await faults.reached(faults.IN_NORMALISER)
            return {"seq": self.position.seq + len(entries)}

        await self._commit(project, moved)
