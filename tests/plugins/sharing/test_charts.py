"""What the charts of sharing draw."""

import json

import pytest

from lrs.plugin import Chart
from plugins.sharing import plugin


@pytest.mark.parametrize("chart", plugin.charts, ids=lambda chart: chart.id)
def test_a_chart_draws_a_metric_and_what_stands_beside_it(chart: Chart) -> None:
    (metric,) = (metric for metric in plugin.metrics if metric.id in chart.metrics)
    drawn = json.loads(json.dumps(dict(chart.spec)))

    *fields, folded = drawn["transform"]
    assert {each["calculate"] for each in fields} <= {f"datum.{name}" for name in ("value", *metric.beside)}
    assert [each["as"] for each in fields] == folded["fold"]


@pytest.mark.parametrize("chart", plugin.charts, ids=lambda chart: chart.id)
def test_a_chart_draws_the_rows_it_is_given_and_says_what_it_shows(chart: Chart) -> None:
    assert chart.spec["data"] == {"name": "rows"}
    assert chart.description.endswith(".")


def test_no_two_charts_have_the_same_id() -> None:
    assert len({chart.id for chart in plugin.charts}) == len(plugin.charts)
