"""One question about a metric: the whole store is answered live from the view, groups from the released table."""

import asyncio
import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import polars as pl

from lrs.core.analytics.answer import Row
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.remembered import Remembered, Told
from lrs.core.analytics.source import Served, Source
from lrs.core.analytics.windows import Window, weeks_before
from lrs.core.calendar import FIRST
from lrs.plugin import Metric


@dataclass(frozen=True, slots=True)
class Found:
    """The rows, and the window they are of."""

    window: Window
    rows: Sequence[Row]
    data_until: datetime | None
    stale: bool = False
    previous: Window | None = None  # what the rows are compared with, if they are
    coverage: Mapping[str, float | None] | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, and what it is asked of."""

    source: Source
    metric: Metric
    config: Mapping[str, Any]
    query: MetricQuery
    min_group: int
    remembered: Remembered

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
            return Found(self.query.window, live.rows, data_until, stale, self.query.previous, live.coverage)
        weeks = source.closed(self.query.window, served)
        previous = weeks_before(weeks, source.zone) if weeks and self.query.previous is not None else []
        stale = await source.is_stale(served, [*previous, *weeks])
        if not weeks:
            return self._found_nothing(Reason.OPEN_WEEK, data_until, stale)
        told = await self._of_groups(self.query.partition, served, weeks, previous)
        before = _span(previous) if previous else None
        return None if told is None else Found(_span(weeks), told.rows, data_until, stale, before, told.coverage)

    async def _of_store(self, served: Served, data_until: datetime) -> Told:
        query, source, kept = self.query, self.source, self.source.view(served)
        since = query.window.start if query.previous is None else query.previous.start
        begin = FIRST if self.metric.looks_back else since

        async def tell() -> Told:
            acts = await kept.of_persons(served.view, begin, query.window.end, source.who())
            early = await kept.early(served.view, since, query.window.end)

            def told() -> Told:
                question = self._question(data_until, source.resolved(early))
                return Told.of(list(whole_store_rows(question, query, acts)), source.plugin)

            return await asyncio.to_thread(told)

        rests_on = served.view.generation, served.view.seq, min(data_until, query.window.end)
        told = await self.remembered.told(self._key(rests_on), tell)
        assert told is not None
        return told

    async def _of_groups(
        self, partition: str, served: Served, weeks: Sequence[Window], previous: Sequence[Window]
    ) -> Told | None:
        source, whole = self.source, [*previous, *weeks]

        async def tell() -> Told | None:
            groups = await source.table(served).groups(partition, whole, self.metric.looks_back, self.min_group)
            if groups is None:
                return None
            if not groups.names(weeks) and (self.query.group is None or not source.is_known(partition)):
                return Told([self._lone(source.why_nothing(partition))], None)

            def told() -> Told:
                question = self._question(whole[-1].end, groups.early, groups.members)
                return Told.of(list(group_rows(question, self.query, groups, weeks, previous)), source.plugin)

            return await asyncio.to_thread(told)

        return await self.remembered.told(self._key((served.release, whole[-1].end)), tell)

    def _key(self, rests_on: Hashable) -> Hashable:
        """Return all that an answer depends on, beside what it rests on."""
        asked = replace(self.query, format="json")
        config = json.dumps(self.config, sort_keys=True)
        return self.source.key, self.metric.id, asked, config, rests_on

    def _found_nothing(self, reason: Reason, data_until: datetime | None, stale: bool = False) -> Found:
        return Found(self.query.window, [self._lone(reason)], data_until, stale, self.query.previous)

    def _lone(self, reason: Reason) -> Row:
        """Return the row of an answer that has nothing to show."""
        row = Row(group=None, bucket=None, reason=reason)
        return row if self.query.previous is None else replace(row, previous=row)

    def _question(self, as_of: datetime, early: pl.DataFrame, members: pl.DataFrame | None = None) -> Question:
        who, name = self.source.who(members), f"{self.source.plugin.name}.{self.metric.id}"
        return Question(self.metric, self.config, as_of, self.min_group, who, self.source.zone, early, name)


def _span(weeks: Sequence[Window]) -> Window:
    return Window(weeks[0].start, weeks[-1].end)
