"""One question about a metric: the whole store is answered live from the view, groups from the released table."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics.answer import Row
from lrs.core.analytics.groups import ReleasedTables
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.releaser import FIRST, due_weeks, rests_on, table_name
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.tables import ViewTables
from lrs.core.analytics.windows import Window, closed_weeks
from lrs.core.people.identity import Identity
from lrs.core.runner import is_stale, reader_name
from lrs.plugin import Metric
from lrs.plugin.frames import persons
from lrs.plugin.spec import Plugin
from lrs.store.positions import Position
from lrs.store.stores import Store


@dataclass(frozen=True, slots=True)
class Found:
    """The rows, and the window they are of."""

    window: Window
    rows: Sequence[Row]
    data_until: datetime | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and who is who by now."""

    store: Store
    plugin: Plugin
    metric: Metric
    config: Mapping[str, Any]
    query: MetricQuery
    zone: ZoneInfo
    identity: Identity
    min_group: int
    views: ViewTables
    released: ReleasedTables

    async def answer(self) -> Found:
        """Return the answer from one view or table: what takes its place meanwhile is asked anew."""
        while True:
            view, table = await self._positions()
            found = await self._answer(view, table)
            after = await self._positions()
            if found is not None and _served(*after) == _served(view, table):
                self.views.limit()
                self.released.limit()
                return found

    async def _positions(self) -> tuple[Position, Position]:
        positions = self.store.positions
        return await positions.get(reader_name(self.plugin.name)), await positions.get(table_name(self.plugin.name))

    async def _answer(self, view: Position, table: Position) -> Found | None:
        """Return what was found in this view and table; None when the table is another one by now."""
        if view.data_until is None:  # nothing was derived yet: unknown is not zero
            return Found(self.query.window, [_lone(Reason.NO_DATA)], None)
        behind = await is_stale(self.store, self.plugin, view)
        if self.query.partition is None:
            return Found(self.query.window, await self._of_store(view, view.data_until), view.data_until, behind)
        until = None if table.basis is None else table.basis["until"]
        weeks = [] if until is None else closed_weeks(self.query.window, self.zone, closed_by=until)
        behind = behind or await self._is_behind(view, table, weeks)
        if not weeks:
            return Found(self.query.window, [_lone(Reason.OPEN_WEEK)], view.data_until, behind)
        rows = await self._of_groups(self.query.partition, table, weeks)
        window = Window(weeks[0].start, weeks[-1].end)
        return None if rows is None else Found(window, rows, view.data_until, behind)

    async def _is_behind(self, view: Position, table: Position, weeks: Sequence[Window]) -> bool:
        """Tell whether what was released of the weeks is about to be released anew."""
        if table.rebuilt is not None or not rests_on(table.basis, view, self.store.timezone):
            return True
        assert table.basis is not None
        since = await self.store.people.changed_since(table.basis["identity"])
        if since is not None and since < table.basis["until"]:
            return True
        marks = await self.store.released.marks(self.plugin.name)
        due = due_weeks(marks, self.zone, table.basis["until"])
        return not {week for touched in due.values() for week in touched}.isdisjoint(weeks)

    async def _of_store(self, view: Position, data_until: datetime) -> list[Row]:
        window, kept = self.query.window, self.views.of(self.store, self.plugin, view)
        since = FIRST if self.metric.looks_back else window.start
        acts = await kept.between(view, since, window.end)
        early = await kept.early(window.start, window.end)

        def rows() -> list[Row]:
            question = self._question(data_until, self._resolved(early))
            return list(whole_store_rows(question, self.query, self._resolved(acts)))

        return await asyncio.to_thread(rows)

    async def _of_groups(self, partition: str, table: Position, weeks: Sequence[Window]) -> list[Row] | None:
        kept = self.released.of(self.store, self.plugin, table)
        groups = await kept.groups(partition, weeks, self.metric.looks_back, self.min_group)
        if groups is None:
            return None
        if not groups.names(weeks) and (self.query.group is None or not self._is_known(partition)):
            return [_lone(self._why_nothing(partition))]
        end, early = weeks[-1].end, groups.nothing if groups.early is None else groups.early

        def rows() -> list[Row]:
            return list(group_rows(self._question(end, early, groups.members), self.query, groups, weeks))

        return await asyncio.to_thread(rows)

    def _is_known(self, partition: str) -> bool:
        return partition not in MEMBERSHIPS or self.identity.has(partition)

    def _why_nothing(self, partition: str) -> Reason:
        """Return why no group has anything to show."""
        if partition not in MEMBERSHIPS:
            return Reason.SOURCE_CANNOT_TELL
        return Reason.NO_DATA if self.identity.has(partition) else Reason.NO_ROSTER

    def _question(self, as_of: datetime, early: pl.DataFrame, members: pl.DataFrame | None = None) -> Question:
        who = directory(self.identity)
        who = who if members is None else replace(who, memberships=members)
        return Question(self.metric, self.config, as_of, self.min_group, who, self.zone, early)

    def _resolved(self, acts: pl.DataFrame) -> pl.DataFrame:
        return directory(self.identity).resolved(acts, persons(self.plugin.columns))


def _served(view: Position, table: Position) -> tuple[int, int, int]:
    return view.generation, table.generation, table.seq


def _lone(reason: Reason) -> Row:
    return Row(group=None, bucket=None, reason=reason)
