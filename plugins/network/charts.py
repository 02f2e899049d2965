"""Charts of the network, as Vega-Lite views of the rows of answers."""

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Chart

_WEEK: Mapping[str, Any] = {"field": "start", "type": "temporal", "title": "Week from"}
_MONTH: Mapping[str, Any] = {"field": "start", "type": "temporal", "title": "Month from"}
_GROUP: Mapping[str, Any] = {"field": "group", "type": "nominal", "title": "Group"}
_REASON: Mapping[str, Any] = {"field": "reason", "type": "nominal", "title": "Why there is none"}


def _number(field: str, title: str, **scale: Any) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": True, **scale}}


def _tooltip(when: Mapping[str, Any], *values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    shown = [{name: each for name, each in value.items() if name != "scale"} for value in values]
    return [_GROUP, when, *shown, _REASON]


_EI = _number("value", "E-I index", domain=[-1, 1])
_EXPECTED = _number("expected", "Expected at random", domain=[-1, 1])
_BY_MONTH = {**_MONTH, "timeUnit": "yearmonth"}

CHARTS = (
    Chart(
        id="ties",
        title="Ties by week",
        description="Lines: between how many ordered pairs of people anything happened in each week, by group.",
        metrics=("ties",),
        bucket="week",
        spec={
            "data": {"name": "rows"},
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": _WEEK,
                "y": _number("value", "Ties"),
                "color": _GROUP,
                "tooltip": _tooltip(_WEEK, _number("value", "Ties")),
            },
        },
    ),
    Chart(
        id="mixing",
        title="Ties within and across departments by month",
        description=(
            "Lines: the E-I index of each month by group, from -1 (all ties within departments) to 1 (all across); "
            "dashed, what it would be at random."
        ),
        metrics=("ei_index",),
        bucket="month",
        spec={
            "data": {"name": "rows"},
            "encoding": {"x": _BY_MONTH, "color": _GROUP},
            "layer": [
                {
                    "mark": {"type": "line", "point": True},
                    "encoding": {"y": _EI, "tooltip": _tooltip(_MONTH, _EI, _EXPECTED)},
                },
                {"mark": {"type": "line", "strokeDash": [4, 4]}, "encoding": {"y": _EXPECTED}},
            ],
        },
    ),
)
