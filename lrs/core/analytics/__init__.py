"""Analytics: what an analyst asks of metrics and interactions.

query      what is asked           asking, metrics, guard   how it is answered
answer     the answer in JSON      tabular, files           as CSV and Parquet
pictures   as a Vega-Lite view     drawing                  as SVG and PNG
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lrs import clock
from lrs.core.analytics import catalogue, pictures, tabular
from lrs.core.analytics import query as queries
from lrs.core.analytics.answer import MetricAnswer
from lrs.core.analytics.asking import Asking
from lrs.core.analytics.drawing import Drawing
from lrs.core.analytics.files import CSV, PARQUET, PNG, SVG, File, KeptFiles
from lrs.core.analytics.groups import ReleasedTables
from lrs.core.analytics.pictures import Answers, Picture
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.remembered import Remembered
from lrs.core.analytics.source import Source
from lrs.core.analytics.tables import ViewTables
from lrs.core.analytics.windows import Window
from lrs.core.people.identities import Identities
from lrs.errors import Conflict, NotFound
from lrs.plugin import Chart, Metric
from lrs.plugin.spec import Plugin
from lrs.store.stores import Store

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Analytics:
    """The installed plugins and the guard's floor, ready to be asked."""

    plugins: Mapping[str, Plugin]
    min_group: int
    identities: Identities = field(default_factory=Identities)
    views: ViewTables = field(default_factory=ViewTables)
    released: ReleasedTables = field(default_factory=ReleasedTables)
    remembered: Remembered = field(default_factory=Remembered)
    drawing: Drawing = field(default_factory=Drawing)
    files: KeptFiles = field(default_factory=KeptFiles)

    def catalogue(self) -> list[dict[str, Any]]:
        """Return what `GET /api/v1/metrics` lists: every metric of every plugin."""
        return [catalogue.of_metric(plugin, each) for plugin in self.plugins.values() for each in plugin.metrics]

    def charts(self) -> list[dict[str, Any]]:
        """Return what `GET /api/v1/charts` lists: every chart of every plugin."""
        return [catalogue.of_chart(plugin, each) for plugin in self.plugins.values() for each in plugin.charts]

    async def metric(self, store: Store, name: str, pairs: Pairs) -> tuple[MetricQuery, MetricAnswer]:
        """Answer a question about the metric `<plugin>.<metric>` of a store.

        Raises: NotFound for an unknown plugin or metric, BadRequest naming the parameter, Conflict for a
        plugin that is disabled, Unavailable.
        """
        plugin, metric = self._find_metric(name)
        config = await _config(store, plugin, f"metrics/{name}")
        window = plugin.default_window
        query = queries.parse(pairs, default=window, present=clock.now(), zone=ZoneInfo(store.timezone))
        return query, await self._answer(store, plugin, metric, config, query)

    async def metric_file(self, store: Store, name: str, pairs: Pairs) -> File:
        """Answer the same as a file: a table or a picture, as `format` says.

        Raises: as `metric`; BadRequest where it would be too much for a picture.
        """
        plugin, metric = self._find_metric(name)
        query, answer = await self.metric(store, name, pairs)
        zone = ZoneInfo(store.timezone)
        if query.format == "csv":
            content = await asyncio.to_thread(tabular.csv, answer)
            return File(_file_name(name, answer.window, zone, "csv"), CSV, content)
        if query.format == "parquet":
            content = await asyncio.to_thread(tabular.parquet, answer)
            return File(_file_name(name, answer.window, zone, "parquet"), PARQUET, content)
        picture = pictures.of_metric(plugin, Answers(query, zone, [(metric, answer)]))
        return await self._drawn(picture, query.format, zone)

    async def chart(self, store: Store, name: str, pairs: Pairs) -> tuple[MetricQuery, Picture]:
        """Answer what the chart `<plugin>.<chart>` asks of its metrics, with the view it is drawn by.

        Raises: as `metric_file`.
        """
        plugin, chart = self._find_chart(name)
        config = await _config(store, plugin, f"charts/{name}")
        zone, window = ZoneInfo(store.timezone), plugin.default_window
        query = queries.parse_chart(pairs, bucket=chart.bucket, default=window, present=clock.now(), zone=zone)
        metrics = [metric for each in chart.metrics if (metric := plugin.metric(each)) is not None]
        answers = [(each, await self._answer(store, plugin, each, config, query)) for each in metrics]
        return query, pictures.of_chart(plugin, chart, Answers(query, zone, answers))

    async def chart_file(self, store: Store, name: str, pairs: Pairs) -> File:
        """Answer the same as a file: SVG or PNG. Raises: as `chart`."""
        query, picture = await self.chart(store, name, pairs)
        return await self._drawn(picture, query.format, ZoneInfo(store.timezone))

    async def source(self, store: Store, plugin: Plugin) -> Source:
        """Return what questions about a plugin are answered from, with who is who by now. Raises: Unavailable."""
        identity, zone = await self.identities.of(store), ZoneInfo(store.timezone)
        return Source(store, plugin, zone, identity, self.views, self.released)

    async def _answer(
        self, store: Store, plugin: Plugin, metric: Metric, config: Mapping[str, Any], query: MetricQuery
    ) -> MetricAnswer:
        source = await self.source(store, plugin)
        found = await Asking(source, metric, config, query, self.min_group, self.remembered).answer()
        return MetricAnswer(
            metric=f"{plugin.name}.{metric.id}",
            unit=metric.unit,
            definition=metric.definition,
            window=found.window,
            as_of=None if found.data_until is None else min(found.window.end, found.data_until),
            data_until=found.data_until,
            computed_at=clock.now(),
            stale=found.stale,
            coverage=found.coverage,
            min_group=self.min_group,
            rows=found.rows,
            previous=found.previous,
            beside=tuple(metric.beside),
        )

    async def _drawn(self, picture: Picture, form: str, zone: ZoneInfo) -> File:
        name, spec = _file_name(picture.name, picture.window, zone, form), picture.spec()
        if form == "svg":
            return File(name, SVG, await self.drawing.svg(picture.name, spec))
        return File(name, PNG, await self.drawing.png(picture.name, spec))

    def _find_metric(self, name: str) -> tuple[Plugin, Metric]:
        plugin, metric_id = self._find_plugin(name, f"metrics/{name}")
        metric = plugin.metric(metric_id)
        if metric is None:
            known = ", ".join(f"{plugin.name}.{each.id}" for each in plugin.metrics)
            raise NotFound("there is no such metric", where=f"metrics/{name}", why=repr(metric_id), accepted=known)
        return plugin, metric

    def _find_chart(self, name: str) -> tuple[Plugin, Chart]:
        plugin, chart_id = self._find_plugin(name, f"charts/{name}")
        chart = next((each for each in plugin.charts if each.id == chart_id), None)
        if chart is None:
            known = ", ".join(f"{plugin.name}.{each.id}" for each in plugin.charts) or "it has none"
            raise NotFound("there is no such chart", where=f"charts/{name}", why=repr(chart_id), accepted=known)
        return plugin, chart

    def _find_plugin(self, name: str, where: str) -> tuple[Plugin, str]:
        plugin_name, _, rest = name.partition(".")
        plugin = self.plugins.get(plugin_name)
        if plugin is None:
            known = ", ".join(self.plugins)
            raise NotFound("there is no such plugin", where=where, why=repr(plugin_name), accepted=known)
        return plugin, rest


async def _config(store: Store, plugin: Plugin, where: str) -> Mapping[str, Any]:
    """Return the plugin's configuration in a store. Raises: Conflict where it is disabled."""
    chosen = await store.plugin_settings.get(plugin.name)
    if not chosen.enabled:
        raise Conflict(
            "the plugin is disabled",
            where=where,
            why=f"{plugin.name} does not run in this store, so its numbers would be of the past",
            accepted=f"POST /api/v1/plugins/{plugin.name}/enable by an administrator",
        )
    return plugin.in_force(chosen.config)


def _file_name(name: str, window: Window, zone: ZoneInfo, ending: str) -> str:
    """Return a file's name: what is in it, and from which days."""
    since, until = (_day(moment, zone) for moment in (window.start, window.end))
    return f"{name}_{since}_{until}.{ending}"


def _day(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()
