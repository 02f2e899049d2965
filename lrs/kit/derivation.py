"""The normaliser and plugins of one store, driven by hand: no feed, no waiting, every batch when its time has come."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from lrs import clock
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import load_rules
from lrs.core.runner import PluginRunner
from lrs.plugin import Plugin
from lrs.store import feed
from lrs.store.connection import Client
from lrs.store.stores import Store


@dataclass(frozen=True)
class Derivation:
    """One holder of the lease, with its readers. Whoever opens another one takes their positions over."""

    store: Store
    reader: StoreReader
    runners: list[PluginRunner]

    @classmethod
    @asynccontextmanager
    async def of(
        cls, store: Store, client: Client, plugins: Iterable[Plugin], owner: str = "a test"
    ) -> AsyncIterator[Self]:
        """Take the positions of the normaliser and of the plugins over. Raises: Unavailable."""
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(client.start_session())
            reader = StoreReader(store, load_rules(), owner, session)
            runners = [PluginRunner(plugin, store, owner, session) for plugin in plugins]
            await reader.start()
            for runner in runners:
                await runner.start()
            yield cls(store, reader, runners)

    async def take(self, ids: Sequence[str], seen_until: datetime | None = None) -> None:
        """Have the normaliser read stored statements, as one batch of the feed in the order given."""
        found = await feed.stored(self.store.database, [UUID(each) for each in ids])
        arrivals = {str(arrival.id): arrival for arrival in found}
        await self.reader.take([arrivals[each] for each in ids], {"data_until": seen_until or clock.now()})

    async def apply(self, steps: int | None = None) -> None:
        """Have every plugin apply all changes, or no more than so many batches of them."""
        for runner in self.runners:
            left = steps
            while left != 0 and await runner.step():
                left = None if left is None else left - 1
