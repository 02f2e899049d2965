"""Vega-Lite views of the rows of answers, for metrics that no chart of their plugin draws.

Rows are those of `lrs.plugin.charts`: metric, group, start, end, value, reason.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from lrs.core.analytics.windows import Bucket
from lrs.plugin import Metric

View: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Sequence[Mapping[str, Any]]

MOST_TICKS = 60
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
"""The version that is drawn with, whatever a plugin's chart names."""

GREY, DARK, PALE = "#5f6368", "#202124", "#e8eaed"
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]
"""Of Okabe & Ito 2008: told apart also by who doesn't see colours as others do."""

CONFIG: View = {
    "background": "white",
    "padding": 16,
    "font": "Liberation Sans, Arial, Helvetica, sans-serif",
    "view": {"continuousWidth": 640, "continuousHeight": 280, "discreteWidth": {"step": 24}, "stroke": None},
    "title": {
        "anchor": "start",
        "frame": "group",
        "fontSize": 17,
        "color": DARK,
        "subtitleFontSize": 12,
        "subtitleColor": GREY,
        "subtitlePadding": 6,
        "subtitleLineHeight": 16,
        "offset": 16,
    },
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": GREY,
        "titleColor": GREY,
        "gridColor": PALE,
        "domainColor": GREY,
        "tickColor": GREY,
        "labelLimit": 360,
        "labelSeparation": 8,
        "titlePadding": 8,
    },
    "axisX": {"grid": False},
    "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
    "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelColor": DARK, "labelLimit": 220},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 360},
    "line": {"strokeWidth": 2, "strokeJoin": "round", "color": "#0072b2"},
    "point": {"size": 45, "filled": True, "color": "#0072b2"},
    "bar": {"color": "#0072b2"},
    "range": {"category": COLOURS},
}
"""How pictures look where a view says nothing of it."""

_TICKS: Mapping[Bucket, tuple[str, str]] = {
    "day": ("%-d %b", "day"),
    "week": ("%-d %b", "week from"),
    "month": ("%b %Y", "month"),
}
_SPANS = ((86_400, "days"), (3_600, "hours"), (60, "minutes"))
_ARRANGED = ("facet", "concat", "hconcat", "vconcat", "repeat")
_WORDS = "datum.reason == 'complementary' ? 'withheld with another' : replace(datum.reason || '', /_/g, ' ')"
_OF_THE_WHOLE = ("$schema", "data", "datasets", "config", "usermeta", "title", "description", "background", "padding")


def line(metric: Metric, bucket: Bucket, rows: Rows) -> View:
    """Return a line over buckets that breaks where there is no value."""
    number, transform = _number(metric, rows)
    return {
        "transform": transform,
        "mark": {"type": "line", "point": True},
        "encoding": {"x": {"field": "start", "type": "temporal", "title": _TICKS[bucket][1]}, "y": number},
    }


def bars(metric: Metric, rows: Rows) -> View:
    """Return one bar for each group, by name and never by value; where there is none, it says why."""
    number, transform = _number(metric, rows)
    groups = {
        "field": "group",
        "type": "nominal",
        "title": None,
        "sort": "ascending",
        "axis": {"labelExpr": _short(52)},
    }
    label = {"align": "left", "dx": 5, "color": GREY, "fontSize": 12}
    shown = {"field": "shown", "type": "quantitative", "format": number["axis"]["format"]}
    return {
        "transform": transform,
        "height": {"step": 26},
        "encoding": {"y": groups},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.7}}, "encoding": {"x": number}},
            {
                "transform": [{"filter": "isValid(datum.shown)"}],
                "mark": {"type": "text", **label},
                "encoding": {"x": number, "text": shown},
            },
            {
                "transform": [{"filter": "!isValid(datum.shown)"}, {"calculate": _WORDS, "as": "why"}],
                "mark": {"type": "text", "fontStyle": "italic", **label},
                "encoding": {"x": {"datum": 0}, "text": {"field": "why"}},
            },
        ],
    }


def by_group(view: View, groups: int) -> View:
    """Return a view over time with a panel for each group, unless it tells so many groups apart by itself."""
    if any(name in view for name in _ARRANGED) or (_tells_groups(view) and groups <= len(COLOURS)):
        return view
    whole = {name: part for name, part in view.items() if name in _OF_THE_WHOLE}
    panel = {name: part for name, part in view.items() if name not in _OF_THE_WHOLE}
    facet = {
        "field": "group",
        "type": "nominal",
        "title": None,
        "sort": "ascending",
        "header": {"labelExpr": _short(34)},
    }
    spacing = {"row": 24, "column": 56}  # labels at the ends of two axes must not touch
    return {**whole, "facet": facet, "columns": 3, "spacing": spacing, "spec": {"width": 230, "height": 130, **panel}}


def dated(view: View, bucket: Bucket, rows: Rows) -> View:
    """Return a view over time with its dates where the buckets are: left to itself, Vega writes Sundays on an axis."""
    x = view.get("encoding", {}).get("x", {})
    if x.get("type") != "temporal" or x.get("field") not in ("start", "end") or "axis" in x:
        return view
    days = sorted({datetime.fromisoformat(row[x["field"]]).date() for row in rows})
    ticks = days[:: len(days) // MOST_TICKS + 1]
    values = [{"year": day.year, "month": day.month, "date": day.day} for day in ticks]
    form = _TICKS[bucket][0]
    if days and days[0].year != days[-1].year and "%Y" not in form:
        form += " %Y"
    axis = {"values": values, "format": form, "labelOverlap": "greedy", "labelFlush": False}
    return {**view, "encoding": {**view["encoding"], "x": {**x, "axis": axis}}}


def _tells_groups(view: View) -> bool:
    """Tell whether groups are seen apart: by what a mark looks like or where it stands, not only by its tooltip."""
    encodings = [view.get("encoding", {}), *(layer.get("encoding", {}) for layer in view.get("layer", ()))]
    return any(
        isinstance(channel, Mapping) and channel.get("field") == "group"
        for encoding in encodings
        for name, channel in encoding.items()
        if name not in ("detail", "tooltip", "order", "key")
    )


def _short(most: int) -> str:
    """Return the expression that shortens a label in its middle: the ids of courses differ at their ends."""
    ends = f"truncate(datum.label, {most // 4}) + slice(datum.label, -{most * 3 // 4})"
    return f"length(datum.label) > {most} ? {ends} : datum.label"


def _number(metric: Metric, rows: Rows) -> tuple[dict[str, Any], list[View]]:
    """Return how the metric's number is written, and what makes the field `shown` of the value."""
    unit, divisor, form = metric.unit, 1, ",.4~r"
    scale: dict[str, Any] = {"zero": True}
    if unit == "0-1":
        unit, form, scale = "share", ".0%", {"domain": [0, 1]}
    elif unit == "s":
        most = max((abs(row["value"]) for row in rows if row["value"] is not None), default=0)
        divisor, unit = next(((each, name) for each, name in _SPANS if most >= 2 * each), (1, "seconds"))
    elif unit == "n":
        unit = "number"
    told = f"datum.value / {divisor}" if divisor > 1 else "datum.value"
    shown = {"calculate": f"isValid(datum.value) ? {told} : null", "as": "shown"}
    axis = {"format": form, "tickCount": 5}
    return {"field": "shown", "type": "quantitative", "title": unit, "axis": axis, "scale": scale}, [shown]
