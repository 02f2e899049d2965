"""The normaliser's loop: feed → interactions, in transactions that carry the feed's position."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

import structlog

from lrs.core.normaliser.projection import Projection
from lrs.core.normaliser.rules import Rules
from lrs.store import faults, feed
from lrs.store.feed import Arrival, News
from lrs.store.interactions import Session
from lrs.store.positions import HEARTBEAT, NORMALISER, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

BATCH = 500  # statements in one transaction
OVERLAP = timedelta(minutes=10)  # how far before the last position a scan begins: longer than any commit takes

log = structlog.get_logger()


class StoreReader:
    """Reads one store's statements into interactions, for the holder of the lease."""

    def __init__(self, store: Store, rules: Rules, owner: str, session: Session) -> None:
        self.store = store
        self._rules, self._owner, self._session = rules, owner, session
        self.position = Position()

    async def start(self) -> None:
        """Take the position over and read it."""
        await self.store.positions.take_over([NORMALISER], self._owner)
        self.position = await self.store.positions.get(NORMALISER)

    async def catch_up(self, token: Document | None) -> None:
        """Read what is stored already and the feed no longer gives, in batches that can be resumed.

        `token` is where the feed goes on if it could not go on from the position. It was taken before the scan begins,
        so nothing falls between the two; what both give counts once.
        """
        if token is not None or self.position.token is None:
            since = self.position.data_until
            begin = {} if since is None else {"stored": since - OVERLAP, "id": None}
            await self._move({"scan": self.position.scan or begin, "token": token})
        while self.position.scan is not None:
            arrivals = await feed.scan(self.store.database, _scan_position(self.position.scan), BATCH)
            last = arrivals[-1] if arrivals else None
            scan = {"stored": last.stored, "id": last.id} if last is not None and len(arrivals) == BATCH else None
            await self.take(arrivals, {"scan": scan})

    async def hear(self, news: News) -> None:
        """Take in what the feed gave for this store; without any, move the position now and then."""
        arrivals = news.arrivals.get(self.store.name, [])
        moved = {"token": news.token, "data_until": news.seen_until}
        if arrivals:
            await self.take(arrivals, moved)
        elif self.position.data_until is None or news.seen_until - self.position.data_until >= HEARTBEAT:
            await self._move(moved)

    async def take(self, batch: Sequence[Arrival], moved: Document) -> None:
        """Read one batch and move the position, in one transaction."""
        # Whatever a killed server left undone between two statements is mended before they are read.
        await self.store.statements.settle([arrival.id for arrival in batch])

        async def project(session: Session) -> Position:
            projection = Projection(self.store.interactions, session)
            await projection.take(batch, self._rules)
            entries = projection.log(self.position.seq)
            await projection.save(entries)
            await self.store.changes.append(entries, session)
            await self.store.failures.record(NORMALISER, projection.failures, session)
            await faults.reached(faults.IN_NORMALISER)
            changed = {**moved, "seq": self.position.seq + len(entries)}
            await self.store.positions.move(NORMALISER, self._owner, changed, session)
            return replace(self.position, **changed)

        self.position = await self._session.with_transaction(project)
        await faults.reached(faults.AFTER_COMMIT)

    async def _move(self, changed: Document) -> None:
        await self.store.positions.move(NORMALISER, self._owner, changed)
        self.position = replace(self.position, **changed)


def _scan_position(scan: Document) -> Any:
    """Return where the scan goes on, None at its beginning."""
    return (scan["stored"], scan["id"]) if scan else None
