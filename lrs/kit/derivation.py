"""The normaliser and plugins of one store, driven by hand: no feed, no waiting, every batch when its time has come."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from lrs import clock
from lrs.core.batches import Batches
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rebuild import put_in_place, rebuild
from lrs.core.normaliser.rules import load_rules
from lrs.core.runner import PluginRunner
from lrs.plugin import Plugin
from lrs.store import feed
from lrs.store.connection import Client
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER
from lrs.store.stores import Store


@dataclass(frozen=True)
class Derivation:
    """One holder of the lease, with its readers. Whoever opens another one takes their positions over."""

    store: Store
    client: Client
    session: Session
    owner: str
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
            plugins = list(plugins)
            batches = Batches(store, plugins)
            runners = [PluginRunner(plugin, store, owner, session, batches) for plugin in plugins]
            await reader.start()
            for runner in runners:
                await runner.start()
            yield cls(store, client, session, owner, reader, runners)

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

    async def derive_anew(self) -> None:
        """Have all interactions derived anew from the stored statements, and put in the place of those that are served.

        This derivation is of no use afterwards: its readers know the old ones.
        """
        await self.store.positions.ask(NORMALISER, {"rebuild_asked": True})
        await rebuild(self.client, self.store, load_rules(), self.owner, self.session)
        await put_in_place(self.store, self.owner, self.session)
