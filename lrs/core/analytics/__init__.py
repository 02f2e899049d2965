"""Analytics: what an analyst asks of metrics and interactions."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lrs import clock
from lrs.core.analytics import query as queries
from lrs.core.analytics.answer import MetricAnswer
from lrs.core.analytics.asking import Asking
from lrs.core.analytics.groups import ReleasedTables
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.released import PARTITIONS
from lrs.core.analytics.tables import ViewTables
from lrs.core.people.identities import Identities
from lrs.errors import Conflict, NotFound
from lrs.plugin import Metric
from lrs.plugin.spec import Plugin
from lrs.store.stores import Store


@dataclass(frozen=True, slots=True)
class Analytics:
    """The installed plugins and the guard's floor, ready to be asked."""

    plugins: Mapping[str, Plugin]
    min_group: int
    identities: Identities = field(default_factory=Identities)
    views: ViewTables = field(default_factory=ViewTables)
    released: ReleasedTables = field(default_factory=ReleasedTables)

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
        config = (await store.plugin_settings.get(plugin.name)).over(plugin.defaults)
        identity = await self.identities.of(store)
        asking = Asking(store, plugin, metric, config, query, zone, identity, self.min_group, self.views, self.released)
        found = await asking.answer()
        shown = [row.acts for row in found.rows if row.reason is None and row.acts is not None]
        return query, MetricAnswer(
            metric=name,
            unit=metric.unit,
            definition=metric.definition,
            window=found.window,
            as_of=None if found.data_until is None else min(found.window.end, found.data_until),
            data_until=found.data_until,
            computed_at=clock.now(),
            stale=found.stale,
            coverage=await asyncio.to_thread(plugin.coverage, pl.concat(shown)) if shown else None,
            min_group=self.min_group,
            rows=found.rows,
        )

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
        "group_by": list(PARTITIONS),
        "formats": ["json", "csv"],
    }
