"""What the readers of the feed have in common: a position in one store, moved in one transaction with what was read."""

import asyncio
import contextlib
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Generic, TypeAlias, TypeVar

import structlog

from lrs.plugin.reasons import reason
from lrs.store import faults, feed
from lrs.store.failures import is_of_contents
from lrs.store.feed import Arrival, News
from lrs.store.interactions import Session, in_transaction
from lrs.store.positions import HEARTBEAT, Position
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]
Prepared = TypeVar("Prepared")

SCANNED = 4000  # statements in one transaction of a scan, where nobody waits for the first of them
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
    async def prepare(self, arrivals: Sequence[Arrival]) -> tuple[Prepared, int]:
        """Do what needs nothing of what was read before, so that it can be done while that is written.

        Returns: it, and of how many of the arrivals: the first ones, of which no more than one transaction holds.
        """

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
        """Read a batch and, with the last of it, move the position."""
        prepared, taken = await self.prepare(arrivals)
        while taken < len(arrivals):
            await self.save(prepared, {})
            arrivals = arrivals[taken:]
            prepared, taken = await self.prepare(arrivals)
        await self.save(prepared, moved)

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
        is_read = False
        while not is_read:
            try:
                await self._read_batches(settled)
                is_read = True
            except Exception as error:
                if not is_of_contents(error):
                    raise
                await self._read_singly(settled)

    async def _read_batches(self, settled: bool) -> None:
        scan = self.position.scan
        following = asyncio.create_task(self._scan(scan, settled))
        try:
            while scan is not None:
                prepared, scan, is_last = await following
                following = asyncio.create_task(self._scan(None if is_last else scan, settled))
                await self.save(prepared, {"scan": scan})
                scan = None if is_last else scan
            await self.written()
        except Exception:
            with contextlib.suppress(Exception):  # the first one is told
                await self.written()
            raise
        finally:
            await self.give_up()
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def _read_singly(self, settled: bool) -> None:
        """Read a batch of a scan of which something can't be read."""
        scan = self.position.scan
        assert scan is not None
        arrivals, _ = await self._scanned(scan, settled)
        for arrival in arrivals:
            await self._take_alone(arrival, {"scan": _reached(scan, arrival)})

    async def hear(self, news: News) -> None:
        """Take in what the feed gave for this store; without any, move the position now and then."""
        arrivals = news.arrivals.get(self.store.name, [])
        moved = {"token": news.token, "data_until": news.seen_until}
        if arrivals:
            await self._take_readable(arrivals, moved)
        elif self.position.data_until is None or news.seen_until - self.position.data_until >= HEARTBEAT:
            await self._move(moved)
        if time.monotonic() >= self._asked_next:
            self._asked_next = time.monotonic() + ASKED_EVERY_S
            await self._retry_if_asked()

    async def _scan(self, scan: Document | None, settled: bool) -> tuple[Prepared, Document | None, bool]:
        """Return the next batch of a scan, prepared, how the scan stands after it, and whether there is no more now."""
        if scan is None:
            return (await self.prepare([]))[0], None, True
        arrivals, is_last = await self._scanned(scan, settled)
        prepared, taken = await self.prepare(arrivals)
        is_last = is_last and taken == len(arrivals)
        reached = _reached(scan, arrivals[taken - 1]) if arrivals else scan
        return prepared, None if is_last and not settled else reached, is_last

    async def _scanned(self, scan: Document, settled: bool) -> tuple[list[Arrival], bool]:
        after = (scan["stored"], scan["id"]) if "stored" in scan else None
        before = await feed.settled(self.store.database.client) if settled else None
        return await feed.scan(self.store.database, after, SCANNED, before)

    async def _take_readable(self, arrivals: Sequence[Arrival], moved: Document) -> None:
        """Read a batch; if something in it can't be read, each statement by itself, so that the others are."""
        try:
            await self.take(arrivals, moved)
        except Exception as error:
            if not is_of_contents(error):
                raise
            are_retried = bool(self._retried)
            for arrival in arrivals:
                self._retried = [arrival] if are_retried else ()
                await self._take_alone(arrival, {})
            await self._move(moved)

    async def _take_alone(self, arrival: Arrival, moved: Document) -> None:
        try:
            await self.take([arrival], moved)
            await self.written()
        except Exception as error:
            if not is_of_contents(error):
                raise
            await self._pass_over(arrival, reason(error), moved)

    async def _pass_over(self, arrival: Arrival, why: str, moved: Document) -> None:
        """List a statement that can't be read, and go on."""
        told = {"reader": self._name, "store": self.store.name, "statement": str(arrival.id)}
        log.error("a statement could not be read", error=why.partition(":")[0], **told)

        async def write(session: Session) -> Document:
            await self.store.failures.record(self._name, {arrival.id: why}, session)
            return {}

        await self._commit(write, moved)

    async def _retry_if_asked(self) -> None:
        """Read the statements again that could not be read; what still fails stays listed."""
        if not (await self.store.positions.get(self._name)).retry_asked:
            return
        await self._move({"retry_asked": False})
        after: str | None = None
        while failed := await self.store.failures.listed(self._name, RETRIED_AT_ONCE, after):
            after = failed[-1]["id"]
            self._retried = await feed.stored(self.store.database, [each["statement"] for each in failed])
            await self._take_readable(self._retried, {})

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


def _reached(scan: Document, arrival: Arrival) -> Document:
    """Return how a scan stands when it has come to a statement."""
    return {**scan, "stored": arrival.stored, "id": arrival.id}
