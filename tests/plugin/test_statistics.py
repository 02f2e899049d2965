import statistics

from hypothesis import given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from lrs.plugin import median

VALUES = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50)


def test_the_median_of_nothing_is_unknown() -> None:
    assert median([]) is None


def test_the_median_lies_in_the_middle_or_between_the_two_there() -> None:
    assert median([7]) == 7
    assert median([30, 10, 70]) == 30
    assert median([70, 10, 30, 30]) == 30
    assert median([1, 2, 3, 10]) == 2.5


@chosen(max_examples=100, deadline=None, database=None)
@given(VALUES)
def test_the_median_is_the_one_everybody_knows(values: list[float]) -> None:
    assert median(values) == statistics.median(values)
