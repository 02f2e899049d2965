"""What analysts are told of metrics and charts before they ask."""

from typing import Any

from lrs.core.analytics.query import BUCKETS, CHART_FORMATS, FORMATS
from lrs.core.analytics.released import PARTITIONS
from lrs.plugin import Chart, Metric, Plugin


def of_metric(plugin: Plugin, metric: Metric) -> dict[str, Any]:
    """Return what `GET /api/v1/metrics` lists of a metric: its meaning and minimums, and how it can be asked for."""
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
        "beside": dict(metric.beside),
        "privacy": metric.privacy,
        "counts": metric.counts,
        "looks_back": metric.looks_back,
        "min_values": metric.min_values,
        "min_denominator": metric.min_denominator,
        "default_window_days": plugin.default_window.days,
        "bucket": list(BUCKETS),
        "group_by": list(PARTITIONS),
        "compare": ["previous"],
        "formats": list(FORMATS),
        "charts": [f"{plugin.name}.{chart.id}" for chart in plugin.charts if metric.id in chart.metrics],
    }


def of_chart(plugin: Plugin, chart: Chart) -> dict[str, Any]:
    """Return what `GET /api/v1/charts` lists of a chart."""
    return {
        "id": f"{plugin.name}.{chart.id}",
        "plugin": plugin.name,
        "title": chart.title,
        "description": chart.description,
        "metrics": [f"{plugin.name}.{metric}" for metric in chart.metrics],
        "bucket": chart.bucket,
        "group_by": list(PARTITIONS),
        "formats": list(CHART_FORMATS),
    }
