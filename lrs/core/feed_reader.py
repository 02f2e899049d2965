"""What the readers of the feed have in common: a position in one store, moved in one transaction with what was read."""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Generic, TypeAlias, TypeVar

import structlog

from lrs.store import faults, feed
from lrs.store.connection import Client
from lrs.store.feed import Arrival, Feed, HistoryLost, News, open_feed
from lrs.store.interactions import Session, in_transaction
from lrs.store.positions import HEARTBEAT, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]
Prepared = TypeVar("Prepared")

BATCH = 500  # statements in one transaction
SCANNED = 4000  # the same in a scan, where nobody waits for the first of them
OVERLAP = timedelta(minutes=10)  # how far before the last position a scan begins: longer than any commit takes
RETRIED_AT_ONCE = 500  # statements that could not be read
ASKED_EVERY_S = 0.5  # how often a request from outside is looked for

log = structlog.get_logger()


class FeedReader(ABC, Generic[Prepared]):
    """Reads one store's statements, for the holder of the lease. A statement may be given to it more than once."""

    def __init__(self, name: str, store: Store, owner: str, session: Session) -> None:
        self.store = store
        self._name, self._owner, self._session = name, owner, session
        self._retried: Sequence[Arrival] = ()
        self._asked_next = 0.0
        self._hurried = True  # whether what is written must be on the disk before the next is
        self.position = Position()

    @abstractmethod
    async def prepare(self, arrivals: Sequence[Arrival]) -> Prepared:
        """Do what needs nothing of what was read before, so that it can be done while that is written."""

    @abstractmethod
    async def save(self, prepared: Prepared, moved: Document) -> None:
        """Write what a batch changes and move the position, in one transaction.

        In a scan it may go on writing after it has returned, until the next call or `written`.
        """

    async def written(self) -> None:
        """Wait until what was saved is written."""

    async def give_up(self) -> None:
        """Write nothing any more, because something failed."""

    async def take(self, arrivals: Sequence[Arrival], moved: Document) -> None:
        """Read one batch and move the position."""
        await self.save(await self.prepare(arrivals), moved)

    async def start(self) -> None:
        """Take the position over and read it."""
        await self.store.positions.take_over([self._name], self._owner)
        self.position = await self.store.positions.get(self._name)

    async def read_settled(self) -> None:
        """Read what is stored and settled, if nothing was heard yet: in batches that can be resumed.

        To be called before the feed is opened, which would otherwise have to go through all that is written meanwhile.
        What may still be stored before the last of it is left to `catch_up`.
        """
        if self.position.token is None:
            await self._move({"scan": self._begun})
            await self._read_on(settled=True)

    async def catch_up(self, token: Document | None) -> None:
        """Read what is stored already and the feed no longer gives, in batches that can be resumed.

        `token` is where the feed goes on if it could not go on from the position. It was taken before the scan goes on,
        so nothing falls between the two; what both give counts once.
        """
        if self.position.token is None:
            await self._move({"scan": self._begun, "token": token})
        elif token is not None:
            since = (self.position.scan or {}).get("stored", self.position.data_until)
            begin = {} if since is None else {"stored": since - OVERLAP, "id": None}
            await self._move({"scan": begin, "token": token})
        await self._read_on()

    @property
    def _begun(self) -> Document:
        """How far a scan of everything has come; `anew` says that nothing was read before it."""
        return self.position.scan or ({} if self.position.read else {"anew": True})

    async def _read_on(self, *, settled: bool = False) -> None:
        """Read to the end of a scan; of what is `settled`, as far as that goes."""
        scan = self.position.scan
        following = asyncio.create_task(self._scan(scan, settled))
        try:
            while scan is not None:
                prepared, scan, is_last = await following
                following = asyncio.create_task(self._scan(None if is_last else scan, settled))
                await self.save(prepared, {"scan": scan})
                scan = None if is_last else scan
            await self.written()
        finally:
            await self.give_up()
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def hear(self, news: News) -> None:
        """Take in what the feed gave for this store; without any, move the position now and then."""
        arrivals = news.arrivals.get(self.store.name, [])
        moved = {"token": news.token, "data_until": news.seen_until}
        if arrivals:
            await self.take(arrivals, moved)
        elif self.position.data_until is None or news.seen_until - self.position.data_until >= HEARTBEAT:
            await self._move(moved)
        if time.monotonic() >= self._asked_next:
            self._asked_next = time.monotonic() + ASKED_EVERY_S
            await self._retry_if_asked()

    async def _scan(self, scan: Document | None, settled: bool) -> tuple[Prepared, Document | None, bool]:
        """Return the next batch of a scan, prepared, how the scan stands after it, and whether there is no more now."""
        if scan is None:
            return await self.prepare([]), None, True
        after = (scan["stored"], scan["id"]) if "stored" in scan else None
        before = await feed.settled(self.store.database.client) if settled else None
        arrivals = await feed.scan(self.store.database, after, SCANNED, before)
        reached = {**scan, "stored": arrivals[-1].stored, "id": arrivals[-1].id} if arrivals else scan
        is_last = len(arrivals) < SCANNED
        return await self.prepare(arrivals), None if is_last and not settled else reached, is_last

    async def _retry_if_asked(self) -> None:
        """Read the statements again that could not be read; what still fails stays listed."""
        if not (await self.store.positions.get(self._name)).retry_asked:
            return
        await self._move({"retry_asked": False})
        after: str | None = None
        while failed := await self.store.failures.listed(self._name, RETRIED_AT_ONCE, after):
            after = failed[-1]["id"]
            self._retried = await feed.stored(self.store.database, [each["statement"] for each in failed])
            await self.take(self._retried, {})

    async def _commit(self, write: Callable[[Session], Awaitable[Document]], moved: Document) -> None:
        """Write, and move the position by `moved` and what `write` adds to it, in one transaction. It may be tried
        again. Raises: LeaseLost.
        """

        async def commit(session: Session) -> Position:
            if self._retried:
                await self.store.failures.forget(self._name, [arrival.id for arrival in self._retried], session)
            changed = {**moved, **await write(session)}
            await self.store.positions.move(self._name, self._owner, changed, session)
            return replace(self.position, **changed)

        self.position = await in_transaction(self._session, commit, self._hurried)
        self._retried = ()
        await faults.reached(faults.AFTER_COMMIT)

    async def _move(self, changed: Document) -> None:
        await self.store.positions.move(self._name, self._owner, changed)
        self.position = replace(self.position, **changed)


async def follow(client: Client, readers: Sequence[FeedReader[Any]]) -> AsyncGenerator[None]:
    """Let readers that have started follow the feed for ever; yields whenever they may have read something new."""
    while True:
        for reader in readers:
            await reader.read_settled()
            yield
        tokens = [reader.position.token for reader in readers]
        known = [token for token in tokens if token is not None]
        # The oldest position of all readers: what a reader has seen already counts once.
        oldest = min(known, key=lambda token: str(token["_data"])) if known else None
        try:
            async with open_feed(client, oldest) as opened:
                async for _ in _hear(opened, readers, None if oldest is not None else await opened.begin()):
                    yield
        except HistoryLost:
            log.warning("the oplog has rolled past the position: catching up by scanning")
            async with open_feed(client, None) as opened:
                async for _ in _hear(opened, readers, await opened.begin()):
                    yield


async def _hear(opened: Feed, readers: Sequence[FeedReader[Any]], begun: Document | None) -> AsyncIterator[None]:
    """Follow the feed; what it can't give, because it was `begun` just now, is scanned first."""
    for reader in readers:
        await reader.catch_up(begun)
        yield
    while True:
        news = await opened.news(BATCH)
        # At once: while one waits for the database, another computes.
        async with asyncio.TaskGroup() as tasks:
            for reader in readers:
                tasks.create_task(reader.hear(news))
        yield
