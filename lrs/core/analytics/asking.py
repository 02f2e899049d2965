"""One question about a metric: the whole store is answered live from the view, groups from the released table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lrs.core.analytics.answer import Row
from lrs.core.analytics.groups import ReleasedGroups, grouped, released_groups
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.releaser import due_weeks, rests_on, table_name
from lrs.core.analytics.resolved import resolved
from lrs.core.analytics.windows import Window, closed_weeks
from lrs.core.people.identity import Identity
from lrs.core.runner import is_stale, reader_name
from lrs.plugin import Act, Metric
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

    async def answer(self) -> Found:
        """Return the answer from one view or table: what takes its place meanwhile is asked anew."""
        while True:
            view, table = await self._positions()
            found = await self._answer(view, table)
            after = await self._positions()
            if [each.generation for each in after] == [view.generation, table.generation]:
                return found

    async def _positions(self) -> tuple[Position, Position]:
        positions = self.store.positions
        return await positions.get(reader_name(self.plugin.name)), await positions.get(table_name(self.plugin.name))

    async def _answer(self, view: Position, table: Position) -> Found:
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
        rows = await self._of_groups(self.query.partition, view, table, weeks)
        return Found(Window(weeks[0].start, weeks[-1].end), rows, view.data_until, behind)

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
        window = self.query.window
        found = await self.store.views.between(self.plugin.name, view.generation, window.start, window.end)
        acts = resolved(found, self.identity)
        opened = _opened(acts) if self.metric.follows else set()
        following = await self._followers(view, opened, window.end) if opened else []
        question = self._question(data_until, _by_subject(following, opened))
        return list(whole_store_rows(question, self.query, acts, self.zone))

    async def _of_groups(self, partition: str, view: Position, table: Position, weeks: Sequence[Window]) -> list[Row]:
        asked = self.query.group
        groups = await released_groups(self.store, self.plugin, table, partition, asked, weeks, self.min_group)
        if not groups.names() and (asked is None or not self._is_known(partition)):
            return [_lone(self._why_nothing(partition))]
        following = await self._following(groups, view, weeks) if self.metric.follows else {}
        question = self._question(weeks[-1].end, following)
        return list(group_rows(question, self.query, groups, weeks, self.zone))

    def _is_known(self, partition: str) -> bool:
        return partition not in MEMBERSHIPS or self.identity.has(partition)

    def _why_nothing(self, partition: str) -> Reason:
        """Return why no group has anything to show."""
        if partition not in MEMBERSHIPS:
            return Reason.SOURCE_CANNOT_TELL
        return Reason.NO_DATA if self.identity.has(partition) else Reason.NO_ROSTER

    def _question(self, as_of: datetime, following: Mapping[str, Sequence[Act]]) -> Question:
        return Question(self.metric, self.config, as_of, self.min_group, following)

    async def _following(
        self, groups: ReleasedGroups, view: Position, weeks: Sequence[Window]
    ) -> Mapping[str, Sequence[Act]]:
        """Return what was released on the subjects that were opened, and what a sender's clock put before the weeks."""
        acts = [act for week in weeks for act in groups.everybody(week)]
        opened = _opened(acts)
        earlier = await self._followers(view, opened, weeks[0].start)
        return _by_subject([*earlier, *acts], opened)

    async def _followers(self, view: Position, subjects: set[str], before: datetime) -> list[Act]:
        found = await self.store.views.on_subjects(self.plugin.name, view.generation, subjects, before)
        return resolved(found, self.identity)


def _opened(acts: Sequence[Act]) -> set[str]:
    """Return the subjects that acts open."""
    return {act.subject for act in acts if act.opens and act.subject is not None}


def _by_subject(acts: Sequence[Act], subjects: set[str]) -> Mapping[str, Sequence[Act]]:
    return grouped(acts, subjects, lambda act: act.subject)


def _lone(reason: Reason) -> Row:
    return Row(group=None, bucket=None, reason=reason)
