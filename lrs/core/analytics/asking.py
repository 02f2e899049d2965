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
from lrs.core.analytics.windows import Window, closed_weeks, weeks_before
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
    previous: Window | None = None  # what the rows are compared with, if they are


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
            return self._found_nothing(Reason.NO_DATA, None)
        behind = await is_stale(self.store, self.plugin, view)
        if self.query.partition is None:
            live = await self._of_store(view, view.data_until)
            return Found(self.query.window, live, view.data_until, behind, self.query.previous)
        until = None if table.basis is None else table.basis["until"]
        weeks = [] if until is None else closed_weeks(self.query.window, self.zone, closed_by=until)
        previous = weeks_before(weeks, self.zone) if weeks and self.query.previous is not None else []
        behind = behind or await self._is_behind(view, table, [*previous, *weeks])
        if not weeks:
            return self._found_nothing(Reason.OPEN_WEEK, view.data_until, behind)
        rows = await self._of_groups(self.query.partition, table, weeks, previous)
        before = _span(previous) if previous else None
        return None if rows is None else Found(_span(weeks), rows, view.data_until, behind, before)

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
        query, kept = self.query, self.views.of(self.store, self.plugin, view)
        since = query.window.start if query.previous is None else query.previous.start
        begin = FIRST if self.metric.looks_back else since
        acts = await kept.of_persons(view, begin, query.window.end, directory(self.identity))
        early = await kept.early(since, query.window.end)

        def rows() -> list[Row]:
            question = self._question(data_until, self._resolved(early))
            return list(whole_store_rows(question, query, acts))

        return await asyncio.to_thread(rows)

    async def _of_groups(
        self, partition: str, table: Position, weeks: Sequence[Window], previous: Sequence[Window]
    ) -> list[Row] | None:
        kept, whole = self.released.of(self.store, self.plugin, table), [*previous, *weeks]
        groups = await kept.groups(partition, whole, self.metric.looks_back, self.min_group)
        if groups is None:
            return None
        if not groups.names(weeks) and (self.query.group is None or not self._is_known(partition)):
            return [self._lone(self._why_nothing(partition))]
        end, early = whole[-1].end, groups.nothing if groups.early is None else groups.early

        def rows() -> list[Row]:
            question = self._question(end, early, groups.members)
            return list(group_rows(question, self.query, groups, weeks, previous))

        return await asyncio.to_thread(rows)

    def _is_known(self, partition: str) -> bool:
        return partition not in MEMBERSHIPS or self.identity.has(partition)

    def _why_nothing(self, partition: str) -> Reason:
        """Return why no group has anything to show."""
        if partition not in MEMBERSHIPS:
            return Reason.SOURCE_CANNOT_TELL
        return Reason.NO_DATA if self.identity.has(partition) else Reason.NO_ROSTER

    def _found_nothing(self, reason: Reason, data_until: datetime | None, stale: bool = False) -> Found:
        return Found(self.query.window, [self._lone(reason)], data_until, stale, self.query.previous)

    def _lone(self, reason: Reason) -> Row:
        """Return the row of an answer that has nothing to show."""
        row = Row(group=None, bucket=None, reason=reason)
        return row if self.query.previous is None else replace(row, previous=row)

    def _question(self, as_of: datetime, early: pl.DataFrame, members: pl.DataFrame | None = None) -> Question:
        who = directory(self.identity)
        who = who if members is None else replace(who, memberships=members)
        return Question(self.metric, self.config, as_of, self.min_group, who, self.zone, early)

    def _resolved(self, acts: pl.DataFrame) -> pl.DataFrame:
        return directory(self.identity).resolved(acts, persons(self.plugin.columns))


def _served(view: Position, table: Position) -> tuple[int, int, int]:
    return view.generation, table.generation, table.seq


def _span(weeks: Sequence[Window]) -> Window:
    return Window(weeks[0].start, weeks[-1].end)
