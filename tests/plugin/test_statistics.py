"""Statistics against those that everybody knows, and against their own definitions."""

import math
import statistics

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from lrs.plugin import Number, equality, gini, mean, median, percentile, ratio

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50)
LOADS = st.lists(st.integers(0, 1000), min_size=1, max_size=30)
TRIED = chosen(max_examples=100, deadline=None, database=None)


def series(*values: float | None) -> pl.Series:
    return pl.Series(values, dtype=pl.Float64)


def test_nothing_can_be_said_of_no_values() -> None:
    for nothing in (series(), series(None, None)):
        assert median(nothing) == percentile(nothing, 0.9) == mean(nothing) == Number(None, n=0)


def test_the_median_lies_in_the_middle_or_between_the_two_there() -> None:
    assert median(series(7)) == Number(7, n=1)
    assert median(series(30, 10, 70)) == Number(30, n=3)
    assert median(series(70, 10, 30, 30)) == Number(30, n=4)
    assert median(series(1, 2, 3, 10)) == Number(2.5, n=4)


@TRIED
@given(VALUES)
def test_the_median_is_the_one_everybody_knows(values: list[float]) -> None:
    assert median(series(*values)).value == pytest.approx(statistics.median(values))


def test_a_percentile_lies_between_its_neighbours_in_proportion() -> None:
    tens = series(*range(0, 110, 10))

    assert percentile(tens, 0.9) == Number(90, n=11)
    assert percentile(tens, 0.95).value == pytest.approx(95)
    assert [percentile(tens, share).value for share in (0, 1)] == [0, 100]


@TRIED
@given(VALUES, st.floats(0, 1))
def test_a_percentile_interpolates_between_sorted_values(values: list[float], share: float) -> None:
    ordered, place = sorted(values), share * (len(values) - 1)
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]

    expected = below + (above - below) * (place - math.floor(place))

    assert percentile(series(*values), share).value == pytest.approx(expected, abs=1e-3)


def test_what_is_not_known_counts_nowhere() -> None:
    assert median(series(1, None, 3)) == Number(2, n=2)
    assert mean(series(1, None, 3)) == Number(2, n=2)


def test_the_mean_of_flags_is_the_share_that_is_true() -> None:
    assert mean(pl.Series([True, False, None, True, True])) == Number(0.75, n=4)


def test_a_ratio_of_nothing_is_unknown() -> None:
    assert ratio(3, 4) == Number(0.75, n=4)
    assert ratio(0, 0) == Number(None, n=0)


def test_where_all_have_the_same_all_are_equal() -> None:
    assert gini(series(3, 3, 3)) == 0
    assert equality(series(3, 3, 3)) == 1


def test_where_one_has_all_inequality_is_the_greatest_there_is() -> None:
    assert gini(pl.Series([0, 0, 0, 8])) == 0.75
    assert equality(pl.Series([0, 0, 0, 8])) == 0.25


def test_where_nobody_has_anything_equality_is_unknown() -> None:
    for nothing in (pl.Series([0, 0]), pl.Series([], dtype=pl.Int64)):
        assert gini(nothing) is None
        assert equality(nothing) is None


@TRIED
@given(LOADS)
def test_gini_is_the_mean_difference_of_all_pairs_over_twice_the_mean(loads: list[int]) -> None:
    n, total = len(loads), sum(loads)
    expected = sum(abs(one - other) for one in loads for other in loads) / (2 * n * total) if total else None

    assert gini(pl.Series(loads, dtype=pl.UInt32)) == pytest.approx(expected)
