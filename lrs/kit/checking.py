"""Running a plugin through the feeds, and comparing each with recomputation from nothing."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from lrs.core.runner import reader_name
from lrs.errors import LRSError
from lrs.kit.contract import watched
from lrs.kit.derivation import Derivation
from lrs.kit.feeds import Feed, Then, feeds, in_one_go, prepared
from lrs.kit.outcome import Outcome, differences, faults, outcome
from lrs.kit.telling import Telling
from lrs.plugin import Plugin
from lrs.plugin.configuration import completed
from lrs.settings import Settings
from lrs.store.connection import connect
from lrs.store.mongod import EmbeddedMongod
from lrs.store.plugin_settings import Chosen
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.versions import Version, negotiate

MOST_TOLD = 20  # differences in one failure


def check(
    plugin: Plugin,
    statements: Sequence[Json],
    *,
    config: Mapping[str, Any] | None = None,
    version: str = Version.V1,
    seed: int = 0,
    mongodb_url: str | None = None,
) -> None:
    """Run a plugin through shuffled, repeated, late, voided, rebuilt and taken-over feeds of the same statements.

    After each of them the view and every metric must be what the same statements give that are told in one go to an
    empty store. To be called from a plain test; it takes some seconds and starts a private MongoDB, unless a replica
    set is named by `mongodb_url`. `statements` are xAPI statements of the xAPI `version`; those without an id or a
    timestamp get one. `config` holds what is to differ from the defaults. Another `seed` gives other feeds.

    Raises: AssertionError that names the feed, what differs and how, and the seed, or the statement that can't be
    stored; InvalidConfiguration; StartupError for a MongoDB that can't be used.
    """
    whole = completed(dict(config or {}), plugin.config_schema)
    checking = _check(plugin, prepared(statements), whole, negotiate(version), seed, mongodb_url)
    with ThreadPoolExecutor(1) as beside:  # a test may be run inside an event loop of its own
        beside.submit(_run, checking).result()


def _run(checking: Coroutine[Any, Any, None]) -> None:
    asyncio.run(checking)


async def _check(
    plugin: Plugin, told: list[Json], config: dict[str, Any], version: Version, seed: int, mongodb_url: str | None
) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(_private_mongodb()) if mongodb_url is None else mongodb_url
        client = await stack.enter_async_context(connect(url))
        stores = Stores(client)
        telling = await stack.enter_async_context(Telling.to_a_new_store(stores))
        stack.push_async_callback(stores.drain)
        check = _Check(telling, watched(plugin), config, version)
        expected = await check.recomputed(told)
        if not expected.view:
            kinds = ", ".join(sorted(plugin.kinds))
            raise AssertionError(f"none of the statements became an act of {plugin.name}, which reads {kinds}")
        for feed in feeds(told, seed):
            await check.stands(feed, seed)


@asynccontextmanager
async def _private_mongodb() -> AsyncIterator[str]:
    with tempfile.TemporaryDirectory(prefix="lrs-kit-") as folder:
        mongod = EmbeddedMongod(Settings(data_dir=Path(folder), mongodb_url=None))
        try:
            yield await mongod.start()
        finally:
            await mongod.stop()


class _Check:
    """One plugin in one store, which is emptied for each feed."""

    def __init__(self, telling: Telling, plugin: Plugin, config: dict[str, Any], version: Version) -> None:
        self._telling, self._plugin, self._version = telling, plugin, version
        self._chosen = Chosen(config)
        self._recomputed: dict[frozenset[str], Outcome] = {}

    async def recomputed(self, statements: Sequence[Json]) -> Outcome:
        """Return what the statements give in one go, computed once for the same ones."""
        key = frozenset(each["id"] for each in statements)
        if key not in self._recomputed:
            self._recomputed[key] = await self._outcome(in_one_go(statements))
        return self._recomputed[key]

    async def stands(self, feed: Feed, seed: int) -> None:
        """Compare what came of a feed with recomputation. Raises: AssertionError."""
        expected, found = await self.recomputed(feed.expected), await self._outcome(feed)
        wrong = [*differences(expected, found), *faults(self._plugin, found)]
        if wrong:
            more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
            lines = "\n  ".join([*wrong[:MOST_TOLD], *more])
            raise AssertionError(
                f"{self._plugin.name} does not stand the feed {feed.name!r}: it is not what recomputation gives.\n"
                f"  {lines}\nThe same feed again: seed={seed}."
            )

    async def _outcome(self, feed: Feed) -> Outcome:
        await self._telling.forget()
        await self._telling.store.plugin_settings.put(self._plugin.name, self._chosen)
        await self._tell(feed)
        config = self._plugin.in_force(self._chosen.config)
        return outcome(self._plugin, await self._telling.view(self._plugin), config)

    async def _tell(self, feed: Feed) -> None:
        """Tell the steps of a feed, and let everything be derived in the end."""
        steps, owners = list(feed.steps), 0
        while steps:
            owners += 1
            async with self._derivation(f"owner {owners}") as derivation:
                while steps:
                    step = steps.pop(0)
                    await self._take(derivation, step.statements)
                    if step.then is Then.ANEW:
                        await derivation.derive_anew()
                    if step.then in (Then.ANEW, Then.TAKE_OVER):
                        break
                    await self._go_on(derivation, step.then)
        async with self._derivation("the last one") as derivation:
            await derivation.apply()
        await self._require_no_failure(feed)

    async def _go_on(self, derivation: Derivation, then: Then) -> None:
        if then is Then.APPLY:
            await derivation.apply()
        elif then is Then.REBUILD:
            await derivation.apply()
            await self._telling.store.positions.ask(reader_name(self._plugin.name), {"rebuild_asked": True})
            await derivation.apply(1)

    async def _take(self, derivation: Derivation, statements: Sequence[Json]) -> None:
        try:
            ids = await self._telling.post(statements, self._version)
        except LRSError as error:
            raise AssertionError(f"a statement can't be stored: {error}") from error
        await derivation.take(ids)

    def _derivation(self, owner: str) -> AbstractAsyncContextManager[Derivation]:
        return Derivation.of(self._telling.store, self._telling.client, [self._plugin], owner)

    async def _require_no_failure(self, feed: Feed) -> None:
        failure = (await self._telling.store.positions.get(reader_name(self._plugin.name))).failure
        if failure is not None:
            raise AssertionError(
                f"{self._plugin.name} stops in the feed {feed.name!r} on the statement {failure['statement']}: "
                f"{failure['reason']}"
            )
