"""Reading ties: between people live from the view, between groups from what was released of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics.groups import ReleasedGroups, ReleasedTables
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.releaser import due_weeks, rests_on, table_name
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.tables import ViewTables
from lrs.core.analytics.windows import Window, closed_weeks
from lrs.core.people.identity import Identity
from lrs.core.runner import is_stale, reader_name
from lrs.plugin import Plugin
from lrs.plugin.frames import persons
from lrs.store.positions import Position
from lrs.store.stores import Store

Found = TypeVar("Found", bound="Known")


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
class Weeks(Known):
    """What was released of groups in the weeks of the window, or the reason why there is nothing to show."""

    weeks: Sequence[Window]
    groups: ReleasedGroups | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One plugin of ties in one store, and who is who by now."""

    store: Store
    plugin: Plugin
    zone: ZoneInfo
    identity: Identity
    min_group: int
    views: ViewTables
    released: ReleasedTables

    async def acts(self, window: Window) -> Acts:
        """Return everybody's acts in a window. Raises: Unavailable."""

        async def read(view: Position, _: Position) -> Acts:
            stale = await is_stale(self.store, self.plugin, view)
            table = await self.views.of(self.store, self.plugin, view).between(view, window.start, window.end)
            resolve = directory(self.identity).resolved
            acts = await asyncio.to_thread(resolve, table, persons(self.plugin.columns))
            return Acts(window, view.data_until, stale, acts)

        return await self._from_one_view(read)

    async def weeks(self, window: Window, partition: str) -> Weeks:
        """Return what was released of a partition in the closed weeks of a window. Raises: Unavailable."""

        async def read(view: Position, table: Position) -> Weeks | None:
            until = None if table.basis is None else table.basis["until"]
            weeks = [] if until is None else closed_weeks(window, self.zone, closed_by=until)
            stale = await is_stale(self.store, self.plugin, view) or await self._is_behind(view, table, weeks)
            if view.data_until is None or not weeks:
                reason = Reason.NO_DATA if view.data_until is None else Reason.OPEN_WEEK
                return Weeks(window, view.data_until, stale, weeks, reason=reason)
            kept = self.released.of(self.store, self.plugin, table)
            groups = await kept.groups(partition, weeks, False, self.min_group)
            if groups is None:  # it is another table by now
                return None
            nothing = None if groups.names(weeks) else self._why_nothing(partition)
            return Weeks(Window(weeks[0].start, weeks[-1].end), view.data_until, stale, weeks, groups, nothing)

        return await self._from_one_view(read)

    async def _from_one_view(self, read: Callable[[Position, Position], Awaitable[Found | None]]) -> Found:
        """Read from one view and table: what takes their place meanwhile is read anew."""
        while True:
            view, table = await self._positions()
            found = await read(view, table)
            after = await self._positions()
            if found is not None and _served(*after) == _served(view, table):
                self.views.limit()
                self.released.limit()
                return found

    async def _positions(self) -> tuple[Position, Position]:
        positions = self.store.positions
        return await positions.get(reader_name(self.plugin.name)), await positions.get(table_name(self.plugin.name))

    async def _is_behind(self, view: Position, table: Position, weeks: Sequence[Window]) -> bool:
        """Tell whether what was released of the weeks is about to be released anew."""
        if table.rebuilt is not None or table.basis is None or not rests_on(table.basis, view, self.store.timezone):
            return True
        since = await self.store.people.changed_since(table.basis["identity"])
        if since is not None and since < table.basis["until"]:
            return True
        due = due_weeks(await self.store.released.marks(self.plugin.name), self.zone, table.basis["until"])
        return not {week for touched in due.values() for week in touched}.isdisjoint(weeks)

    def _why_nothing(self, partition: str) -> Reason:
        if partition not in MEMBERSHIPS:
            return Reason.SOURCE_CANNOT_TELL
        return Reason.NO_DATA if self.identity.has(partition) else Reason.NO_ROSTER


def _served(view: Position, table: Position) -> tuple[int, int, int]:
    return view.generation, table.generation, table.seq
