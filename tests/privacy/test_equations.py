"""The solver of the attacks finds what there is to find."""

from fractions import Fraction

import pytest

from tests.privacy.equations import Equation, determined, ranges


def sums(*told: tuple[str, int]) -> list[Equation]:
    return [Equation(frozenset(names), Fraction(total)) for names, total in told]


def test_an_unknown_is_determined_by_differences_and_not_by_a_sum() -> None:
    assert determined(sums(("abc", 9), ("c", 2))) == {"c": 2}
    assert determined(sums(("abc", 9), ("ab", 5))) == {"c": 4}
    assert determined(sums(("ab", 5), ("bc", 6), ("ca", 7))) == {"a": 3, "b": 2, "c": 4}
    assert determined(sums(("ab", 5), ("bc", 6), ("cd", 7), ("da", 6))) == {}
    assert determined(sums(("ab", 5), ("ab", 5))) == {}


def test_equations_that_contradict_each_other_are_told() -> None:
    with pytest.raises(ValueError, match="contradiction"):
        determined(sums(("ab", 5), ("ab", 6)))


def test_bounds_may_leave_no_choice() -> None:
    bounds = {"a": (1, 4), "b": (5, 100), "c": (0, 100)}

    assert ranges(sums(("ab", 6)), bounds) == {"a": (1, 1), "b": (5, 5), "c": (0, 100)}
    assert ranges(sums(("ab", 8)), bounds)["a"] == (1, 3)
    assert ranges(sums(("bc", 6), ("c", 1)), bounds)["b"] == (5, 5)
