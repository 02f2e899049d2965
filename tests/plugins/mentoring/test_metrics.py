import pytest

from lrs import kit
from lrs.plugin import Metric
from plugins.mentoring import plugin
from tests.plugins.mentoring.told import compute

STATES = {
    *("active_pairs", "cadence", "cadence_mad", "stalled_pairs", "mentee_coverage"),
    *("load_gini", "max_mentees", "reciprocity", "cross_department_share"),
}
KNOW_WHERE_SESSIONS_BEGAN = {"sessions", "duration", "completion"}


def test_the_plugin_keeps_the_contract() -> None:
    kit.check_contract(plugin)


@pytest.mark.parametrize("metric", plugin.metrics, ids=lambda metric: metric.id)
def test_without_acts_a_count_is_zero_and_all_else_is_not_known(metric: Metric) -> None:
    found = compute(metric.id, [])

    assert found.value == (0 if metric.counts else None)
    assert (found.why == "no_roster") == (metric.id in ("mentee_coverage", "cross_department_share"))


@pytest.mark.parametrize("metric", plugin.metrics, ids=lambda metric: metric.id)
def test_what_stands_beside_is_described(metric: Metric) -> None:
    assert compute(metric.id, [], roster=["ann"]).beside.keys() == metric.beside.keys()


@pytest.mark.parametrize("metric", plugin.metrics, ids=lambda metric: metric.id)
def test_a_share_needs_ten_and_a_median_five(metric: Metric) -> None:
    shares = metric.unit == "0-1"
    medians = metric.id in ("cadence", "cadence_mad")

    assert (metric.min_denominator, metric.min_values) == (10 if shares else 0, 5 if medians else 0)
    assert metric.counts == (not shares and not medians)


def test_states_and_what_rests_on_sessions_look_back() -> None:
    assert {metric.id for metric in plugin.metrics if metric.looks_back} == STATES | KNOW_WHERE_SESSIONS_BEGAN


def test_every_state_says_how_many_pairs_are_declared_and_how_many_inferred() -> None:
    told = {metric.id for metric in plugin.metrics if {"declared", "inferred"} <= metric.beside.keys()}

    assert told == STATES


@pytest.mark.parametrize("chart", plugin.charts, ids=lambda chart: chart.id)
def test_a_chart_shows_metrics_of_one_unit_over_rows_without_data(chart: object) -> None:
    (drawn,) = [each for each in plugin.charts if each is chart]
    metrics = [plugin.metric(each) for each in drawn.metrics]

    assert len({metric.unit for metric in metrics if metric is not None}) == 1
    assert None not in metrics
    assert drawn.spec["data"] == {"name": "rows"}


def test_each_setting_has_a_title_and_a_description() -> None:
    for rule in plugin.config_schema["properties"].values():
        assert {"title", "description", "default"} <= rule.keys()
