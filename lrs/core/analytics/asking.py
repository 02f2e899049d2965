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
from lrs.core.analytics.releaser import FIRST
from lrs.core.analytics.source import Served, Source
from lrs.core.analytics.tables import ViewTables
from lrs.core.analytics.windows import Window, weeks_before
from lrs.core.people.identity import Identity
from lrs.plugin import Metric
from lrs.plugin.spec import Plugin
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

    @property
    def source(self) -> Source:
        """What it is read from."""
        return Source(self.store, self.plugin, self.zone, self.identity, self.views, self.released)

    async def answer(self) -> Found:
        """Return the answer from one view or table: what takes its place meanwhile is asked anew."""
        return await self.source.as_one(self._answer)

    async def _answer(self, served: Served) -> Found | None:
        """Return what was found in what is served; None when the table is another one by now."""
        source, data_until = self.source, served.data_until
        if data_until is None:  # nothing was derived yet: unknown is not zero
            return self._found_nothing(Reason.NO_DATA, None)
        if self.query.partition is None:
            stale = await source.is_stale(served)
            live = await self._of_store(served, data_until)
            return Found(self.query.window, live, data_until, stale, self.query.previous)
        weeks = source.closed(self.query.window, served)
        previous = weeks_before(weeks, self.zone) if weeks and self.query.previous is not None else []
        stale = await source.is_stale(served, [*previous, *weeks])
        if not weeks:
            return self._found_nothing(Reason.OPEN_WEEK, data_until, stale)
        rows = await self._of_groups(self.query.partition, served, weeks, previous)
        before = _span(previous) if previous else None
        return None if rows is None else Found(_span(weeks), rows, data_until, stale, before)

    async def _of_store(self, served: Served, data_until: datetime) -> list[Row]:
        query, source, kept = self.query, self.source, self.source.view(served)
        since = query.window.start if query.previous is None else query.previous.start
        begin = FIRST if self.metric.looks_back else since
        acts = await kept.of_persons(served.view, begin, query.window.end, source.who())
        early = await kept.early(since, query.window.end)

        def rows() -> list[Row]:
            question = self._question(data_until, source.resolved(early))
            return list(whole_store_rows(question, query, acts))

        return await asyncio.to_thread(rows)

    async def _of_groups(
        self, partition: str, served: Served, weeks: Sequence[Window], previous: Sequence[Window]
    ) -> list[Row] | None:
        source, whole = self.source, [*previous, *weeks]
        groups = await source.table(served).groups(partition, whole, self.metric.looks_back, self.min_group)
        if groups is None:
            return None
        if not groups.names(weeks) and (self.query.group is None or not source.is_known(partition)):
            return [self._lone(source.why_nothing(partition))]
        end, early = whole[-1].end, groups.nothing if groups.early is None else groups.early

        def rows() -> list[Row]:
            question = self._question(end, early, groups.members)
            return list(group_rows(question, self.query, groups, weeks, previous))

        return await asyncio.to_thread(rows)

    def _found_nothing(self, reason: Reason, data_until: datetime | None, stale: bool = False) -> Found:
        return Found(self.query.window, [self._lone(reason)], data_until, stale, self.query.previous)

    def _lone(self, reason: Reason) -> Row:
        """Return the row of an answer that has nothing to show."""
        row = Row(group=None, bucket=None, reason=reason)
        return row if self.query.previous is None else replace(row, previous=row)

    def _question(self, as_of: datetime, early: pl.DataFrame, members: pl.DataFrame | None = None) -> Question:
        who = self.source.who(members)
        return Question(self.metric, self.config, as_of, self.min_group, who, self.zone, early)


def _span(weeks: Sequence[Window]) -> Window:
    return Window(weeks[0].start, weeks[-1].end)
