"""Analytics: what an analyst asks of metrics and interactions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lrs import clock
from lrs.core.analytics import query as queries
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.windows import Window, closed_weeks
from lrs.core.runner import act as read_act
from lrs.core.runner import reader_name
from lrs.errors import Conflict, NotFound
from lrs.plugin import Act, Metric
from lrs.plugin.spec import Plugin
from lrs.store.positions import Position
from lrs.store.stores import Store


@dataclass(frozen=True, slots=True)
class Analytics:
    """The installed plugins and the guard's floor, ready to be asked."""

    plugins: Mapping[str, Plugin]
    min_group: int

    def catalogue(self) -> list[dict[str, Any]]:
        """Return what `GET /api/v1/metrics` lists: every metric of every plugin with its meaning and minimums."""
        return [_entry(plugin, metric) for plugin in self.plugins.values() for metric in plugin.metrics]

    async def metric(
        self, store: Store, name: str, pairs: Sequence[tuple[str, str]]
    ) -> tuple[MetricQuery, MetricAnswer]:
        """Answer a question about the metric `<plugin>.<metric>` of a store.

        Raises: NotFound for an unknown plugin or metric, BadRequest naming the parameter, Conflict for a
        plugin that is disabled, Unavailable.
        """
        plugin, metric = self._find(name)
        if not (await store.plugin_settings.get(plugin.name)).enabled:
            raise Conflict(
                "the plugin is disabled",
                where=f"metrics/{name}",
                why=f"{plugin.name} does not run in this store, so its numbers would be of the past",
                accepted=f"POST /api/v1/plugins/{plugin.name}/enable by an administrator",
            )
        zone = ZoneInfo(store.timezone)
        query = queries.parse(pairs, default=plugin.default_window, present=clock.now(), zone=zone)
        while True:
            position = await store.positions.get(reader_name(plugin.name))
            window, rows = await self._rows(store, plugin, metric, query, position)
            after = await store.positions.get(reader_name(plugin.name))
            if after.generation == position.generation:  # else a rebuilt view has taken the place of the one read
                break
        shown = [act for row in rows if row.reason is None for act in row.acts]
        return query, MetricAnswer(
            metric=name,
            unit=metric.unit,
            definition=metric.definition,
            window=window,
            as_of=None if position.data_until is None else min(window.end, position.data_until),
            data_until=position.data_until,
            computed_at=clock.now(),
            stale=position.rebuilt is not None or position.failure is not None,
            coverage=plugin.coverage(shown) if any(row.value is not None for row in rows) else None,
            min_group=self.min_group,
            rows=rows,
        )

    async def _rows(
        self, store: Store, plugin: Plugin, metric: Metric, query: MetricQuery, position: Position
    ) -> tuple[Window, list[Row]]:
        """Return the window as it was answered, and its rows."""
        if position.data_until is None:  # nothing was derived yet: unknown is not zero
            return query.window, [Row(group=None, bucket=None, reason=Reason.NO_DATA)]
        zone = ZoneInfo(store.timezone)
        weeks: list[Window] = []
        window = query.window
        if query.partition is not None:
            weeks = closed_weeks(query.window, zone, closed_by=position.data_until)
            if not weeks:
                return query.window, [Row(group=None, bucket=None, reason=Reason.OPEN_WEEK)]
            window = Window(weeks[0].start, weeks[-1].end)
        found = await store.views.between(plugin.name, position.generation, window.start, window.end)
        acts = [read_act(document) for document in found]
        question = Question(
            metric=metric,
            config=(await store.plugin_settings.get(plugin.name)).over(plugin.defaults),
            as_of=position.data_until,
            min_group=self.min_group,
            following=await _following(store, plugin, position, acts, window.end) if metric.follows else {},
        )
        if query.partition is None:
            return window, list(whole_store_rows(question, query, acts, zone))
        return window, list(group_rows(question, query, acts, weeks, zone))

    def _find(self, name: str) -> tuple[Plugin, Metric]:
        plugin_name, _, metric_id = name.partition(".")
        plugin = self.plugins.get(plugin_name)
        if plugin is None:
            raise NotFound(
                "there is no such plugin",
                where=f"metrics/{name}",
                why=repr(plugin_name),
                accepted=", ".join(self.plugins),
            )
        metric = plugin.metric(metric_id)
        if metric is None:
            known = ", ".join(f"{plugin_name}.{each.id}" for each in plugin.metrics)
            raise NotFound("there is no such metric", where=f"metrics/{name}", why=repr(metric_id), accepted=known)
        return plugin, metric


async def _following(
    store: Store, plugin: Plugin, position: Position, acts: Sequence[Act], before: datetime
) -> Mapping[str, Sequence[Act]]:
    opened = {act.subject for act in acts if act.opens and act.subject is not None}
    following: dict[str, list[Act]] = defaultdict(list)
    for document in await store.views.on_subjects(plugin.name, position.generation, opened, before):
        following[document["subject"]].append(read_act(document))
    return following


def _entry(plugin: Plugin, metric: Metric) -> dict[str, Any]:
    return {
        "id": f"{plugin.name}.{metric.id}",
        "plugin": plugin.name,
        "title": metric.title,
        "unit": metric.unit,
        "range": list(metric.range),
        "direction": metric.direction,
        "definition": metric.definition,
        "no_data": metric.no_data,
        "limits": metric.limits,
        "source": metric.source,
        "privacy": metric.privacy,
        "min_values": metric.min_values,
        "min_denominator": metric.min_denominator,
        "default_window_days": plugin.default_window.days,
        "group_by": list(queries.PARTITIONS),
        "formats": ["json", "csv"],
    }
