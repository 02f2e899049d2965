"""Charts of mentoring, as Vega-Lite views of the rows of answers."""

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Chart

_WEEK: Mapping[str, Any] = {"field": "start", "type": "temporal", "title": "Week from"}
_GROUP: Mapping[str, Any] = {"field": "group", "type": "nominal", "title": "Group"}
_METRIC: Mapping[str, Any] = {"field": "metric", "type": "nominal", "title": None}
_WHEN = {"field": "end", "type": "temporal", "title": "At the end of the week before"}
_DAYS = {"calculate": "isValid(datum.value) ? datum.value / 86400 : null", "as": "days"}
_REASON: Mapping[str, Any] = {"field": "reason", "type": "nominal", "title": "Why there is none"}


def _number(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": True}}


def _tooltip(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    shown = {name: each for name, each in value.items() if name != "scale"}
    return [_GROUP, _METRIC, _WEEK, shown, _REASON]


CHARTS = (
    Chart(
        id="sessions",
        title="Sessions by week",
        description="Bars: how many mentoring sessions started in each week, by group.",
        metrics=("sessions",),
        bucket="week",
        spec={
            "data": {"name": "rows"},
            "mark": "bar",
            "encoding": {
                "x": {**_WEEK, "timeUnit": "yearmonthdate"},
                "y": _number("value", "Sessions"),
                "color": _GROUP,
                "tooltip": _tooltip(_number("value", "Sessions")),
            },
        },
    ),
    Chart(
        id="pairs",
        title="Active and stalled pairs by week",
        description=(
            "Lines: how many pairs of mentor and mentee met in the 30 days before the end of each week, and how many "
            "have stopped meeting, by group."
        ),
        metrics=("active_pairs", "stalled_pairs"),
        bucket="week",
        spec={
            "data": {"name": "rows"},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": _WHEN,
                "y": _number("value", "Pairs"),
                "color": _GROUP,
                "strokeDash": _METRIC,
                "tooltip": _tooltip(_number("value", "Pairs")),
            },
        },
    ),
    Chart(
        id="cadence",
        title="Time between sessions by week",
        description=(
            "Lines: the median time between two sessions of a pair in days, as it was at the end of each week, and how "
            "far pairs are from it, by group."
        ),
        metrics=("cadence", "cadence_mad"),
        bucket="week",
        spec={
            "data": {"name": "rows"},
            "transform": [_DAYS],
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": _WHEN,
                "y": _number("days", "Days"),
                "color": _GROUP,
                "strokeDash": _METRIC,
                "tooltip": _tooltip(_number("days", "Days")),
            },
        },
    ),
)
