"""What is served of one plugin in one store, read as of one moment: the view, live, and the weeks released of it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics.groups import ReleasedTable, ReleasedTables
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.releaser import due_weeks, rests_on, table_name
from lrs.core.analytics.resolved import Directory, directory
from lrs.core.analytics.tables import ViewTable, ViewTables
from lrs.core.analytics.windows import Window, closed_weeks
from lrs.core.people.identity import Identity
from lrs.core.runner import is_stale, reader_name
from lrs.plugin import Plugin
from lrs.plugin.frames import persons
from lrs.store.positions import Position
from lrs.store.stores import Store

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Served:
    """Which view is served, and which table of what was released of it."""

    view: Position
    table: Position

    @property
    def data_until(self) -> datetime | None:
        """Until when the view knows what was stored; None before anything was derived."""
        return self.view.data_until

    @property
    def release(self) -> tuple[int, int]:
        """What differs when another table is served, or something more was released."""
        return self.table.generation, self.table.seq

    @property
    def numbers(self) -> tuple[int, int, int]:
        """The same, or another view."""
        return self.view.generation, *self.release


@dataclass(frozen=True, slots=True)
class Known:
    """What was found, and how new it is."""

    window: Window
    data_until: datetime | None
    stale: bool

    @property
    def as_of(self) -> datetime | None:
        return None if self.data_until is None else min(self.window.end, self.data_until)


@dataclass(frozen=True, slots=True)
class Acts(Known):
    """Acts of everybody, with persons in them, at any time of the window."""

    acts: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Source:
    """One plugin in one store, who is who by now, and the tables that are kept in memory."""

    store: Store
    plugin: Plugin
    zone: ZoneInfo
    identity: Identity
    views: ViewTables
    released: ReleasedTables

    @property
    def key(self) -> Hashable:
        """What an answer depends on, beside the question and what is served."""
        return self.store.name, self.plugin.name, str(self.zone), self.identity

    async def as_one(self, read: Callable[[Served], Awaitable[Found | None]]) -> Found:
        """Return what is read of what is served: what takes its place meanwhile is read anew.

        `read` returns None when it has come upon another table. Raises: Unavailable, and what `read` raises.
        """
        while True:
            served = await self._served()
            found = await read(served)
            after = await self._served()
            if found is not None and after.numbers == served.numbers:
                self.views.limit()
                self.released.limit()
                return found

    async def acts(self, window: Window) -> Acts:
        """Return everybody's acts in a window, live. Raises: Unavailable."""

        async def read(served: Served) -> Acts:
            stale = await self.is_stale(served)
            acts = await self.view(served).between(served.view, window.start, window.end)
            return Acts(window, served.data_until, stale, await asyncio.to_thread(self.resolved, acts))

        return await self.as_one(read)

    def view(self, served: Served) -> ViewTable:
        """Return the view's acts, as they are kept in memory."""
        return self.views.of(self.store, self.plugin, served.view)

    def table(self, served: Served) -> ReleasedTable:
        """Return what was released, as it is kept in memory."""
        return self.released.of(self.store, self.plugin, served.table)

    def closed(self, window: Window, served: Served) -> list[Window]:
        """Return the weeks that a window touches and that are released."""
        until = None if served.table.basis is None else served.table.basis["until"]
        return [] if until is None else closed_weeks(window, self.zone, closed_by=until)

    async def is_stale(self, served: Served, weeks: Sequence[Window] | None = None) -> bool:
        """Tell whether the view falls behind, or, of some weeks, what was released of them is about to be anew."""
        behind = await is_stale(self.store, self.plugin, served.view)
        return behind or (weeks is not None and await self._is_behind(served, weeks))

    def who(self, members: pl.DataFrame | None = None) -> Directory:
        """Return who is who, and belongs where by now; or as `members` says, which were released with a table."""
        known = directory(self.identity)
        return known if members is None else replace(known, memberships=members)

    def resolved(self, acts: pl.DataFrame) -> pl.DataFrame:
        """Return acts of the view with persons in the place of agents."""
        return directory(self.identity).resolved(acts, persons(self.plugin.columns))

    def is_known(self, partition: str) -> bool:
        """Tell whether anybody belongs to any group of a partition, or its groups are told by statements."""
        return partition not in MEMBERSHIPS or self.identity.has(partition)

    def why_nothing(self, partition: str) -> Reason:
        """Return why no group of a partition has anything to show."""
        if partition not in MEMBERSHIPS:
            return Reason.SOURCE_CANNOT_TELL
        return Reason.NO_DATA if self.identity.has(partition) else Reason.NO_ROSTER

    async def _served(self) -> Served:
        view, table = reader_name(self.plugin.name), table_name(self.plugin.name)
        return Served(await self.store.positions.get(view), await self.store.positions.get(table))

    async def _is_behind(self, served: Served, weeks: Sequence[Window]) -> bool:
        """Tell whether what was released of the weeks is about to be released anew."""
        basis = served.table.basis
        if basis is None or served.table.rebuilt is not None or not rests_on(basis, served.view, self.store.timezone):
            return True
        since = await self.store.people.changed_since(basis["identity"])
        if since is not None and since < basis["until"]:
            return True
        due = due_weeks(await self.store.released.marks(self.plugin.name), self.zone, basis["until"])
        return not {week for touched in due.values() for week in touched}.isdisjoint(weeks)
