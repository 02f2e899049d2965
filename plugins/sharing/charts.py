"""The charts of sharing."""

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Chart


def _by_week(fields: Mapping[str, str], unit: str, mark: str) -> Mapping[str, Any]:
    """A chart over weeks with one series for each field of the rows, by the name it goes by."""
    return {
        "transform": [{"calculate": f"datum[{field!r}]", "as": name} for field, name in fields.items()]
        + [{"fold": list(fields.values()), "as": ["series", "number"]}],
        "mark": {"type": mark, "tooltip": True, **({"point": True} if mark == "line" else {})},
        "encoding": {
            "x": {"field": "start", "type": "temporal", "timeUnit": "yearmonthdate", "title": "Week from"},
            "y": {"field": "number", "type": "quantitative", "title": unit, "stack": None},
            "color": {"field": "series", "type": "nominal", "title": None, "sort": list(fields.values())},
        },
    }


CHARTS = (
    Chart(
        id="shares_by_week",
        title="Shares by week",
        description="How much is shared, passed on and recommended each week.",
        metrics=("shares",),
        bucket="week",
        spec=_by_week({"value": "shares"}, "shares", "bar"),
    ),
    Chart(
        id="reach_by_week",
        title="Reach by week",
        description="How many people saw what was shared each week, and how many more could have.",
        metrics=("reach",),
        bucket="week",
        spec=_by_week({"possible_audience": "could have seen it", "value": "saw it"}, "people", "line"),
    ),
    Chart(
        id="cascade_sizes",
        title="Sizes of cascades by month",
        description="How far what starts in a month is passed on: the mean, the median and the greatest cascade.",
        metrics=("cascade_size",),
        bucket="month",
        spec=_by_week({"value": "mean", "median": "median", "max": "greatest"}, "shares in a cascade", "line"),
    ),
)
