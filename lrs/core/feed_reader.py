"""What the readers of the feed have in common: a position in one store, moved in one transaction with what was read."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias

from lrs.store import faults, feed
from lrs.store.feed import Arrival, News
from lrs.store.interactions import Session
from lrs.store.positions import HEARTBEAT, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

BATCH = 500  # statements in one transaction
OVERLAP = timedelta(minutes=10)  # how far before the last position a scan begins: longer than any commit takes


class FeedReader(ABC):
    """Reads one store's statements, for the holder of the lease. A statement may be given to it more than once."""

    def __init__(self, name: str, store: Store, owner: str, session: Session) -> None:
        self.store = store
        self._name, self._owner, self._session = name, owner, session
        self.position = Position()

    @abstractmethod
    async def take(self, batch: Sequence[Arrival], moved: Document) -> None:
        """Read one batch and move the position, in one transaction."""

    async def start(self) -> None:
        """Take the position over and read it."""
        await self.store.positions.take_over([self._name], self._owner)
        self.position = await self.store.positions.get(self._name)

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

    async def _commit(self, write: Callable[[Session], Awaitable[Document]], moved: Document) -> None:
        """Write, and move the position by `moved` and what `write` adds to it, in one transaction. It may be tried
        again. Raises: LeaseLost.
        """

        async def commit(session: Session) -> Position:
            changed = {**moved, **await write(session)}
            await self.store.positions.move(self._name, self._owner, changed, session)
            return replace(self.position, **changed)

        self.position = await self._session.with_transaction(commit)
        await faults.reached(faults.AFTER_COMMIT)

    async def _move(self, changed: Document) -> None:
        await self.store.positions.move(self._name, self._owner, changed)
        self.position = replace(self.position, **changed)


def _scan_position(scan: Document) -> Any:
    """Return where the scan goes on, None at its beginning."""
    return (scan["stored"], scan["id"]) if scan else None
