"""The charts of discussions, week by week."""

from typing import Any

from lrs.plugin import Chart

_SHARE = "%"


def _lines(title: str, form: str = ",~r", *, field: str = "value") -> dict[str, Any]:
    """Return lines over time, one for each metric, that break where a week has no value."""
    scale = {"domain": [0, 1]} if form == _SHARE else {"zero": True}
    x = {"field": "start", "type": "temporal", "title": "week from"}
    y = {"field": field, "type": "quantitative", "title": title}
    metric = {"field": "metric", "type": "nominal", "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"name": "rows"},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": x,
            "y": {**y, "axis": {"format": form}, "scale": scale},
            "color": {**metric, "legend": {"orient": "bottom"}},
            "detail": {"field": "group"},
            "tooltip": [metric, x, {**y, "format": form}],
        },
    }


CHARTS = (
    Chart(
        id="posts",
        title="Posts by week",
        description="How many posts are written each week, and how many of them start a thread.",
        metrics=("posts", "threads"),
        bucket="week",
        spec=_lines("per week"),
    ),
    Chart(
        id="people",
        title="Participants by week",
        description="How many people write in discussions each week.",
        metrics=("participants",),
        bucket="week",
        spec=_lines("people"),
    ),
    Chart(
        id="response_times",
        title="How long people wait for an answer",
        description="Hours until the first answer to a thread and until any reply, and within which nine in ten come.",
        metrics=("time_to_first_response", "median_response_time", "p90_response_time"),
        bucket="week",
        spec={
            **_lines("hours", field="hours"),
            "transform": [{"calculate": "isValid(datum.value) ? datum.value / 3600 : null", "as": "hours"}],
        },
    ),
    Chart(
        id="unanswered_and_readers",
        title="Left without an answer, and reading along",
        description="The share of threads that nobody answered, and the share of people who read and did not write.",
        metrics=("unanswered_rate", "lurker_ratio"),
        bucket="week",
        spec=_lines("share", _SHARE),
    ),
    Chart(
        id="participation",
        title="Who does the talking",
        description="How evenly posts are spread over people, and the shares of the most active tenth and instructors.",
        metrics=("participation_equality", "top10_share", "instructor_share"),
        bucket="week",
        spec=_lines("share", _SHARE),
    ),
)
