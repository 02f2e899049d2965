import json

import pytest

from lrs.plugin import Chart
from plugins.discussion import plugin


@pytest.mark.parametrize("chart", plugin.charts, ids=lambda chart: chart.id)
def test_a_chart_shows_metrics_that_there_are_of_one_unit_week_by_week(chart: Chart) -> None:
    metrics = [plugin.metric(each) for each in chart.metrics]

    assert len({metric.unit for metric in metrics if metric is not None}) == 1
    assert None not in metrics
    assert chart.bucket == "week"


@pytest.mark.parametrize("chart", plugin.charts, ids=lambda chart: chart.id)
def test_a_chart_draws_the_rows_it_is_given_and_says_what_it_shows(chart: Chart) -> None:
    drawn = json.loads(json.dumps(dict(chart.spec)))

    assert drawn["data"] == {"name": "rows"}
    assert drawn["encoding"]["x"]["field"] == "start"
    assert chart.description.endswith(".")


def test_no_two_charts_have_the_same_id() -> None:
    assert len({chart.id for chart in plugin.charts}) == len(plugin.charts)
