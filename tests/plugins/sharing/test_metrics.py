"""What every metric of sharing promises, and one value and one reason for each."""

import pytest

from lrs import kit
from lrs.plugin import Metric, Number
from plugins.sharing import plugin
from tests.plugins.sharing.samples import ask, done, member, repost, share, view

# A shares at 0, passed on by B and C, B's by D and E an hour each later; E looks at A's after five hours.
HAND = [
    share("a", "A", 0, place_1="club"),
    repost("b", "B", "A", 1),
    repost("c", "C", "A", 2),
    repost("d", "D", "B", 3),
    repost("e", "E", "B", 4),
    view("e", "A", 5),
    done("react", "e", "A", 6),
]
PEOPLE = [member("a", "Sales"), member("e", "Works"), member("z", "club", "community")]
VALUES = {
    "shares": 5,
    "sharers": 5,
    "sharer_rate": 0.5,
    "reach": 1,
    "cascade_size": 5,
    "cascade_depth": 2,
    "cascade_breadth": 2,
    "structural_virality": 1.8,
    "amplification": 1,  # four reposts and a reaction to five shares
    "half_life": 2 * 3600,  # of A: the second of B, C, E's view and E's reaction; of B: D, the first of D and E
    "cross_group_share": 0.5,  # of A's and E's
}
COUNTS = ("shares", "sharers", "reach")
REASONS = {"sharer_rate": "no_roster", "cross_group_share": "no_roster"}


def test_every_metric_has_a_value_by_hand() -> None:
    assert VALUES.keys() == {metric.id for metric in plugin.metrics}


@pytest.mark.parametrize(("metric", "value"), VALUES.items())
def test_the_hand_cascade_has_its_values_by_hand(metric: str, value: float) -> None:
    assert ask(metric, HAND, roster=["a", "b", "x", "y"], memberships=PEOPLE).value == value


@pytest.mark.parametrize("metric", VALUES)
def test_nothing_is_zero_for_a_count_and_null_with_its_reason_for_all_else(metric: str) -> None:
    found = ask(metric, [])

    assert (found.value, found.why) == ((0, "no_data") if metric in COUNTS else (None, REASONS.get(metric, "no_data")))


def test_counts_need_no_minimum_medians_five_values_and_all_else_a_denominator_of_ten() -> None:
    told = {each.id: (each.counts, each.min_values, each.min_denominator) for each in plugin.metrics}

    assert told == {
        metric: (True, 0, 0) if metric in COUNTS else (False, 5, 0) if metric == "half_life" else (False, 0, 10)
        for metric in VALUES
    }


@pytest.mark.parametrize("metric", plugin.metrics, ids=lambda metric: metric.id)
def test_what_a_metric_shows_beside_is_described(metric: Metric) -> None:
    assert metric.beside.keys() == ask(metric.id, HAND).beside.keys()


def test_numbers_beside_counts_are_counts_and_beside_means_rest_on_as_much() -> None:
    assert ask("reach", HAND, memberships=PEOPLE).beside == {"possible_audience": Number(2, n=None)}
    assert {each.n for each in ask("cascade_size", HAND).beside.values()} == {1}


def test_the_plugin_keeps_the_contract() -> None:
    kit.check_contract(plugin)
