"""The charts of sharing."""

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Chart


def _lines(unit: str, since: str, series: Mapping[str, str]) -> dict[str, Any]:
    """Return a line for each of the rows' fields, by the name it is shown under; it breaks where there is no value."""
    names = list(series.values())
    x = {"field": "start", "type": "temporal", "title": since}
    y = {"field": "number", "type": "quantitative", "title": unit}
    name = {"field": "series", "type": "nominal", "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"name": "rows"},
        "transform": [
            *({"calculate": f"datum.{field}", "as": shown} for field, shown in series.items()),
            {"fold": names, "as": ["series", "number"]},
        ],
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": x,
            "y": {**y, "scale": {"zero": True}},
            "color": {**name, "sort": names, "legend": {"orient": "bottom"}},
            "detail": {"field": "group"},
            "tooltip": [name, x, y],
        },
    }


CHARTS = (
    Chart(
        id="shares",
        title="Shares and reposts by week",
        description="How much is shared each week, and how much of that passes on what somebody else shared.",
        metrics=("shares",),
        bucket="week",
        spec=_lines("per week", "week from", {"value": "shares of all kinds", "reposts": "reposts"}),
    ),
    Chart(
        id="reach",
        title="Reach by week",
        description="How many people saw what others shared each week, and how many could have.",
        metrics=("reach",),
        bucket="week",
        spec=_lines("people", "week from", {"possible_audience": "could have seen it", "value": "saw it"}),
    ),
    Chart(
        id="cascade_sizes",
        title="Sizes of cascades by month",
        description="How far what is first shared in a month is passed on: the mean, the median and the greatest.",
        metrics=("cascade_size",),
        bucket="month",
        spec=_lines("shares", "month from", {"value": "mean", "median": "median", "max": "greatest"}),
    ),
)
