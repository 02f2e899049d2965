"""The worker: the only wiring of feed, readers and plugins. `lrs worker` runs it; `lrs serve` supervises one."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import structlog
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from lrs.clock import new_id
from lrs.core.catalogue.reader import CatalogueReader, Recent
from lrs.core.feed_reader import BATCH, FeedReader
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import Rules, load_rules
from lrs.core.runner import PluginRunner
from lrs.errors import Unavailable
from lrs.plugin.loader import load_plugins
from lrs.plugin.spec import Plugin
from lrs.store.feed import Feed, HistoryLost, open_feed
from lrs.store.leases import TERM, Lease, LeaseLost
from lrs.store.stores import Stores

Document: TypeAlias = dict[str, Any]

RETRY_S = 0.25  # pause after the database went away
IDLE_S = 0.25  # how often a plugin without news looks for some; the normaliser wakes it at once

log = structlog.get_logger()


class Worker:
    """Reads the feed while it holds the lease. Makes no difference while another worker holds it."""

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        self._stores = Stores(client)
        self._rules: Rules = load_rules()
        self._plugins: Mapping[str, Plugin] = load_plugins()
        self._lease = Lease(client, "worker", f"{socket.gethostname()}:{os.getpid()}:{new_id()}")
        self._news = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled. A database that goes away is waited for; a lost lease is waited for."""
        try:
            while True:
                try:
                    await self._hold_lease()
                except (PyMongoError, Unavailable, LeaseLost) as error:
                    log.warning("worker starts over", reason=f"{type(error).__name__}: {error}"[:300])
                await asyncio.sleep(RETRY_S)
        finally:
            await self._lease.release()

    async def _hold_lease(self) -> None:
        names = await self._stores.names()
        if not names:  # an HTTP process that is starting too makes the first one
            return
        async with contextlib.AsyncExitStack() as stack:
            count = len(names) * (2 + len(self._plugins))
            sessions = [await stack.enter_async_context(self._client.start_session()) for _ in range(count)]
            if not await self._lease.acquire(sessions):
                return
            owner, recent = self._lease.owner, Recent()
            readers: list[FeedReader] = []
            runners: list[PluginRunner] = []
            for store in [await self._stores.open(name) for name in names]:
                readers.append(StoreReader(store, self._rules, owner, sessions.pop()))
                readers.append(CatalogueReader(store, recent, owner, sessions.pop()))
                runners += [PluginRunner(plugin, store, owner, sessions.pop()) for plugin in self._plugins.values()]
            await self._work(names, readers, runners)

    async def _work(self, names: list[str], readers: Sequence[FeedReader], runners: Sequence[PluginRunner]) -> None:
        log.info("worker has the lease", stores=names)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._renew_lease())
                tasks.create_task(self._follow_stores(set(names)))
                tasks.create_task(self._read(readers))
                for runner in runners:
                    tasks.create_task(self._run(runner))
        except ExceptionGroup as group:
            raise _first(group) from group

    async def _renew_lease(self) -> None:
        while True:
            await asyncio.sleep(TERM.total_seconds() / 4)
            await self._lease.renew()

    async def _follow_stores(self, known: set[str]) -> None:
        """Start over when a store was created."""
        while set(await self._stores.names()) == known:  # noqa: ASYNC110 - no event tells of another process's write
            await asyncio.sleep(1)
        raise LeaseLost("the stores have changed")

    async def _read(self, readers: Sequence[FeedReader]) -> None:
        for reader in readers:
            await reader.start()
        while True:
            tokens = [reader.position.token for reader in readers]
            known = [token for token in tokens if token is not None]
            # The oldest position of all readers: what a reader has seen already counts once.
            oldest = min(known, key=lambda token: str(token["_data"])) if known else None
            try:
                async with open_feed(self._client, oldest) as feed:
                    await self._hear(feed, readers, None if oldest is not None else await feed.begin())
            except HistoryLost:
                log.warning("the oplog has rolled past the position: catching up by scanning")
                async with open_feed(self._client, None) as feed:
                    await self._hear(feed, readers, await feed.begin())

    async def _hear(self, feed: Feed, readers: Sequence[FeedReader], begun: Document | None) -> None:
        """Follow the feed; what it can't give, because it was `begun` just now, is scanned first."""
        for reader in readers:
            await reader.catch_up(begun)
            self._news.set()
        while True:
            news = await feed.news(BATCH)
            # At once: while one waits for the database, another computes.
            async with asyncio.TaskGroup() as tasks:
                for reader in readers:
                    tasks.create_task(reader.hear(news))
            if news.arrivals:
                self._news.set()

    async def _run(self, runner: PluginRunner) -> None:
        await runner.start()
        while True:
            if not await runner.step():
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), IDLE_S)


def _first(group: BaseException) -> BaseException:
    """Return the first failure of a task group: the reason, the others were cancelled."""
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
