"""The writers: which processes store statements, in which sessions, and what all of them together promise.

A killed process leaves its transactions open. Until the server gives them up, which takes it 10 s to a minute, they
block every other write of the same ids, and with it the single statements that share an insert; and its promise holds
everybody's back. So whoever comes across the record of a dead writer ends it. The scheme and why it holds: `promise`.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pymongo
import structlog
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from lrs import clock
from lrs.clock import EPOCH
from lrs.errors import Unavailable
from lrs.store.driver_errors import TRANSACTION_TOO_OLD, driver_errors
from lrs.store.leases import session_key
from lrs.store.promise import Promise
from lrs.store.registry import Record, Registry

Document: TypeAlias = dict[str, Any]

RENEWED_S = 0.2  # how often a writer says that it lives, and what it promises
AHEAD = timedelta(milliseconds=500)  # how far beyond the present it may tell times until it says so again
QUIET_S = 0.6  # after this its process is looked at, where it is one of this machine
SILENT_S = 5.0  # after this it is ended, wherever it is
TERM_S = 3.0  # after this it writes nothing before it was heard again
WAIT_S = 1.0  # how long a reader waits for the others' promises
PAUSE_S = 0.05
WITHIN_S = 2.0  # how long an exchange with the database may take

log = structlog.get_logger()


@dataclass(eq=False, slots=True)
class _Membership:
    """One record of this writer, and the sessions on it. None is ever given back to the driver: it may be fenced."""

    key: str
    free: list[AsyncClientSession] = field(default_factory=list)
    lost: bool = False


class Writer:
    """What one process stores, with its record among those of all writers."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        self._registry = Registry(client)
        self._promise = Promise()
        self._membership: _Membership | None = None
        self._given_up: set[str] = set()
        self._others: datetime | None = None  # the least promise of the others
        self._until = self._told = EPOCH  # the greatest time that may be told, and that was
        self._renewed = 0.0
        self._renewing: asyncio.Task[None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Be on record, before anything is written or told; at once when it is so already. Raises: Unavailable."""
        if self._membership is None or time.monotonic() - self._renewed > TERM_S:
            await self._renew()

    @asynccontextmanager
    async def storing(self) -> AsyncIterator[datetime]:
        """Give the `stored` of a write, and hold the promise below it till the block ends. Raises: Unavailable."""
        await self.begin()
        early = self._promise.since - clock.now()
        if early > timedelta(0):  # the first moments of a writer among others: what they may have told has to pass
            await asyncio.sleep(min(early, AHEAD).total_seconds())
        with self._promise.storing() as stored:
            yield stored

    async def through(self) -> datetime:
        """Return the time before which everything is visible that ever will be, of all writers' statements.

        Never goes back. While the database is away it stays where it was. Source: xAPI Communication 2.1.3.
        """
        with suppress(Unavailable):
            await self.begin()
            if self._least() > self._until:
                await self._renew()
        if self._membership is not None:
            self._told = max(self._told, min(self._least(), self._until))
        return self._told

    async def reached(self, moment: datetime) -> datetime:
        """Return `through` as soon as it lies above `moment`, or after WAIT_S at the latest.

        Another writer's promise is known only as of its last renewal; one that is stuck is not waited for.
        """
        limit = time.monotonic() + WAIT_S
        while (through := await self.through()) <= moment and time.monotonic() < limit:
            await asyncio.sleep(PAUSE_S)
            with suppress(Unavailable):
                await self._renew()
        return through

    @asynccontextmanager
    async def session(self, stored: datetime) -> AsyncIterator[AsyncClientSession]:
        """A session on record for writing statements; `stored` is the least time of them. Raises: Unavailable."""
        await self.begin()
        membership = self._membership
        session = None if membership is None else await self._session(membership)
        if membership is None or session is None or membership.lost or not self._promise.covers(stored):
            why = "this process was out of touch with the database, and was given up"
            raise Unavailable("the statement came too late", why=why, accepted="the same request again")
        try:
            yield session
        except BaseException as error:
            if _is_decided(error):
                membership.free.append(session)
            else:
                self._give_up(membership)
            raise
        membership.free.append(session)

    async def leave(self) -> None:
        """Take the record away. Call when nothing is being written any more; a later write makes a new one."""
        if self._keeping is not None:
            self._keeping.cancel()
        await asyncio.gather(*filter(None, [self._keeping, self._renewing]), return_exceptions=True)
        membership, self._membership, self._keeping = self._membership, None, None
        if membership is not None:
            # On the way out; a record that stays is found to be a dead process's.
            with suppress(PyMongoError), pymongo.timeout(WITHIN_S):
                await self._registry.remove(membership.key, self._told)

    def _least(self) -> datetime:
        own = self._promise.through()
        return own if self._others is None else min(own, self._others)

    async def _session(self, membership: _Membership) -> AsyncClientSession | None:
        """A session that nobody uses, on record; None when the record was ended."""
        if membership.free:
            return membership.free.pop()
        session = self._client.start_session(causal_consistency=False)
        if await self._registry.add_session(membership.key, session_key(session)):
            return session
        self._give_up(membership)
        return None

    def _give_up(self, membership: _Membership) -> None:
        membership.lost = True
        self._given_up.add(membership.key)
        if self._membership is membership:
            self._membership = None

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_S)
            with suppress(Unavailable):
                await self._renew()

    async def _renew(self) -> None:
        """Exchange promises with the others; one exchange at a time, for all who wait for it. Raises: Unavailable."""
        if self._renewing is None or self._renewing.done():
            # A context of its own, for the driver keeps the deadline of whoever comes first in it.
            self._renewing = asyncio.create_task(self._exchange(), context=Context())
            self._renewing.add_done_callback(_look_at)
        await asyncio.shield(self._renewing)

    async def _exchange(self) -> None:
        new, began = self._membership is None, time.monotonic()
        membership = self._membership or _Membership(str(clock.new_id()))
        promise, until = self._promise.through(), max(self._until, self._least() + AHEAD)
        with driver_errors(WITHIN_S):
            others = await self._registry.exchange(membership.key, promise=promise, until=until, new=new)
        if others is None:
            log.warning("this process was taken for dead, and begins again", silent_s=round(began - self._renewed, 1))
            self._give_up(membership)
            return await self._exchange()
        if new:
            self._promise.begin_again(others.until)
        # Who was out of touch itself can't say who is silent.
        judging = self._renewed == 0 or began - self._renewed < SILENT_S / 2
        living = [each for each in others.records if not await self._ended(each, judging=judging)]
        if membership.lost:  # meanwhile, by a write
            return None
        self._others = min((each.promise for each in living), default=None)
        self._membership, self._until, self._renewed = membership, until, began
        self._keeping = self._keeping or asyncio.create_task(self._keep(), context=Context())
        return None

    async def _ended(self, record: Record, *, judging: bool) -> bool:
        """End a writer that is dead; False when it may live, or can't be ended now."""
        known = record.ended or record.key in self._given_up
        silent = judging and record.silent_s > SILENT_S
        if not (known or silent or (record.silent_s > QUIET_S and record.is_gone())):
            return False
        try:
            with pymongo.timeout(WITHIN_S):
                return await self._registry.end(record)
        except PyMongoError as error:
            log.warning("a dead writer can't be ended yet", reason=f"{type(error).__name__}: {error}"[:300])
            return False


def _is_decided(error: BaseException) -> bool:
    """Whether it is known what became of the write that failed with this error."""
    if isinstance(error, OperationFailure):
        return error.code != TRANSACTION_TOO_OLD and not error.has_error_label("UnknownTransactionCommitResult")
    if isinstance(error, PyMongoError):
        return not isinstance(error, ConnectionFailure) and not error.timeout
    return isinstance(error, Exception)


def _look_at(task: asyncio.Task[None]) -> None:
    if not task.cancelled():
        task.exception()  # whoever waited for it may have left: no warning for it
