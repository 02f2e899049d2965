"""The worker: the only wiring of feed, readers and plugins. `lrs worker` runs it; `lrs serve` supervises one."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeAlias

import structlog
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from lrs.clock import new_id
from lrs.core.analytics.releaser import Releaser
from lrs.core.analytics.tables import ViewTables
from lrs.core.batches import Batches
from lrs.core.catalogue.reader import CatalogueReader, Recent
from lrs.core.feed_reader import FeedReader
from lrs.core.following import follow
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rebuild import is_wanted, put_in_place, rebuild, rules_of
from lrs.core.normaliser.rules import INTERACTIONS, Rules
from lrs.core.people.identities import Identities
from lrs.core.people.learner import MembershipLearner
from lrs.core.runner import PluginRunner
from lrs.errors import BadRequest, LRSError
from lrs.plugin.loader import load_plugins
from lrs.plugin.reasons import logged
from lrs.plugin.spec import Plugin
from lrs.store.interactions import Session
from lrs.store.leases import TERM, Lease, LeaseLost
from lrs.store.stores import Store, Stores

Document: TypeAlias = dict[str, Any]

RETRY_S = 0.25  # pause after the database went away
FAULT_S = 2.0  # and after an error that nobody expected
LEARNS_EVERY_S, RELEASES_EVERY_S = 20.0, 1.0  # how long they rest when there is nothing to do
SETTLES = timedelta(minutes=1)  # a released week that changes is released again after it, not with every late act
IDLE_S = 0.25  # how often a plugin without news looks for some; the normaliser wakes it at once

log = structlog.get_logger()


class StartOver(Exception):
    """Something has changed that all begin with."""


class Worker:
    """Reads the feed while it holds the lease. Makes no difference while another worker holds it."""

    def __init__(self, client: AsyncMongoClient[Document], settles: timedelta = SETTLES) -> None:
        self._client, self._settles = client, settles
        self._stores = Stores(client)
        self._plugins: Mapping[str, Plugin] = load_plugins()
        self._lease = Lease(client, "worker", f"{socket.gethostname()}:{os.getpid()}:{new_id()}")
        self._news = asyncio.Event()
        self._rebuilding: set[str] = set()  # the stores whose interactions are derived anew

    async def run(self) -> None:
        """Work until cancelled. A database that goes away is waited for; a lost lease is waited for."""
        try:
            while True:
                try:
                    await self._hold_lease()
                except StartOver as reason:
                    log.info("worker starts over", reason=str(reason))
                except (PyMongoError, LRSError, LeaseLost) as error:
                    log.warning("worker starts over", reason=f"{type(error).__name__}: {error}"[:300])
                except Exception as error:  # a fault of ours: what doesn't come upon it goes on
                    log.error("worker starts over", **logged(error))
                    await asyncio.sleep(FAULT_S)
                await asyncio.sleep(RETRY_S)
        finally:
            await self._lease.release()

    async def _hold_lease(self) -> None:
        names = await self._stores.names()
        if not names:  # an HTTP process that is starting too makes the first one
            return
        async with contextlib.AsyncExitStack() as stack:
            count = len(names) * (4 + 2 * len(self._plugins))
            sessions = [await stack.enter_async_context(self._client.start_session()) for _ in range(count)]
            if not await self._lease.acquire(sessions):
                return
            log.info("worker has the lease", stores=names)
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._work([await self._stores.open(name) for name in names], sessions, tasks)
            except ExceptionGroup as group:
                raise _first(group) from group

    async def _work(self, stores: Sequence[Store], sessions: list[Session], tasks: asyncio.TaskGroup) -> None:
        self._rebuilding.clear()
        owner, recent, identities, views = self._lease.owner, Recent(), Identities(), ViewTables()
        tasks.create_task(self._renew_lease())
        tasks.create_task(self._follow_stores({store.name for store in stores}))
        readers: list[FeedReader[Any]] = []
        for store in stores:
            catalogue = CatalogueReader(store, recent, owner, sessions.pop())
            await catalogue.start()
            if (rules := await self._usable_rules(store)) is None:
                readers.append(catalogue)
                tasks.create_task(self._wait_for_rules(store))
                continue
            session, batches = sessions.pop(), Batches(store, self._plugins.values())
            await put_in_place(store, owner, session)
            reader = StoreReader(store, rules, owner, session, batches=batches)
            await reader.start()
            readers += [reader, catalogue]  # in this order: metrics are waited for
            tasks.create_task(self._keep_to_rules(store, sessions.pop(), batches))
            learner = MembershipLearner(store, owner, sessions.pop())
            tasks.create_task(self._look_now_and_then(store, learner, LEARNS_EVERY_S))
            for plugin in self._plugins.values():
                tasks.create_task(self._run(PluginRunner(plugin, store, owner, sessions.pop(), batches)))
                releaser = Releaser(plugin, store, owner, sessions.pop(), identities, views, self._settles)
                tasks.create_task(self._look_now_and_then(store, releaser, RELEASES_EVERY_S))
        tasks.create_task(self._read(readers))

    async def _renew_lease(self) -> None:
        while True:
            await asyncio.sleep(TERM.total_seconds() / 4)
            await self._lease.renew()

    async def _follow_stores(self, known: set[str]) -> None:
        """Start over when a store was created."""
        while set(await self._stores.names()) == known:  # noqa: ASYNC110 - no event tells of another process's write
            await asyncio.sleep(1)
        raise StartOver("the stores have changed")

    async def _usable_rules(self, store: Store) -> Rules | None:
        """Return a store's rules; none if they were allowed once and no longer are: that is no matter of the others."""
        try:
            return await rules_of(store)
        except BadRequest as error:
            log.error("the settings of a store can't be used", store=store.name, where=error.where, why=error.why)
            return None

    async def _wait_for_rules(self, store: Store) -> None:
        chosen = await store.plugin_settings.get(INTERACTIONS)
        while await store.plugin_settings.get(INTERACTIONS) == chosen:  # noqa: ASYNC110 - as above
            await asyncio.sleep(1)
        raise StartOver("the rules have changed")

    async def _keep_to_rules(self, store: Store, session: Session, batches: Batches) -> None:
        """Derive a store's interactions anew when its rules have changed, or somebody asks for it; then start over."""
        while not await is_wanted(store, rules := await rules_of(store)):  # noqa: ASYNC110 - as above
            await asyncio.sleep(1)
        self._rebuilding.add(store.name)
        async with asyncio.TaskGroup() as tasks:
            deriving = rebuild(self._client, store, rules, self._lease.owner, session, batches)
            rebuilding = tasks.create_task(deriving)
            while not rebuilding.done():
                await asyncio.wait([rebuilding], timeout=1)
                if (await rules_of(store)).fingerprint != rules.fingerprint:
                    raise StartOver("the rules have changed")
        raise StartOver("the interactions were derived anew")

    async def _read(self, readers: Sequence[FeedReader[Any]]) -> None:
        async for _ in follow(self._client, readers):
            self._news.set()

    async def _look_now_and_then(self, store: Store, runner: MembershipLearner | Releaser, every_s: float) -> None:
        """Run what nobody waits for; it rests while all that it derives from is derived anew."""
        await runner.start()
        while True:
            if store.name in self._rebuilding or not await runner.step():
                await asyncio.sleep(every_s)

    async def _run(self, runner: PluginRunner) -> None:
        await runner.start()
        while True:
            if not await runner.step():
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(IDLE_S):
                        await self._news.wait()


def _first(group: BaseException) -> BaseException:
    """Return the first failure of a task group: the reason, the others were cancelled."""
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
