"""Burt's constraint, against closed forms and Borgatti's example, which UCINET, igraph and hand agree on."""

import math

import pytest

from lrs.core.network import holes
from lrs.core.network.graph import Graph
from lrs.core.network.holes import constraint
from tests.network_graphs import FLORENTINE, HOLES, KARATE, KITE, graph_of


def constrained(ties: list[tuple[str, str]], weights: list[float] | None = None) -> dict[str, float]:
    network, people = graph_of(ties, weights)
    return dict(zip(people, constraint(network.undirected()).tolist(), strict=True))


def test_constraint_is_the_published_one() -> None:
    karate, kite, florentine = constrained(KARATE), constrained(KITE), constrained(FLORENTINE)

    assert (karate["0"], karate["33"]) == pytest.approx((0.1554, 0.1564), abs=5e-5)
    assert kite["7"] == pytest.approx(0.431, abs=5e-4)
    assert florentine["Medici"] == pytest.approx(0.2099, abs=5e-5)


def test_borgattis_example_has_its_values_with_and_without_weights() -> None:
    ties, weights = [(tie[0], tie[1]) for tie in HOLES], [float(weight) for weight in HOLES.values()]
    plain, weighted = constrained(ties), constrained(ties, weights)

    assert [plain[name] for name in "GAC"] == pytest.approx([0.400, 0.595, 1], abs=5e-4)
    assert [weighted[name] for name in "GAC"] == pytest.approx([0.299, 0.795, 1], abs=5e-4)


def test_both_directions_of_a_tie_add_up() -> None:
    ties = [("0", "1"), ("0", "2"), ("1", "0"), ("2", "1")]

    assert list(constrained(ties).values()) == pytest.approx([1.003, 1.003, 1.389], abs=5e-4)
    assert list(constrained(ties, [2.0, 2, 1, 1]).values()) == pytest.approx([0.840, 1.143, 1.378], abs=5e-4)


def test_closed_forms_hold() -> None:
    star = constrained([("hub", str(number)) for number in range(8)])
    everybody = [(one, other) for one in "abcd" for other in "abcd" if one < other]

    assert constrained([("a", "b")]) == pytest.approx({"a": 1, "b": 1})
    assert (star["hub"], star["3"]) == pytest.approx((1 / 8, 1))
    assert constrained([("a", "b"), ("b", "c"), ("a", "c")])["a"] == pytest.approx(9 / 8)
    assert constrained(everybody)["a"] == pytest.approx(25 / 27)


def test_whoever_has_no_tie_has_no_constraint() -> None:
    network, _ = graph_of([("a", "b")])
    alone = Graph(3, network.source, network.sink, network.weight)

    assert math.isnan(constraint(alone.undirected())[2])


def test_looked_at_in_parts_the_values_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = constrained(KARATE)
    monkeypatch.setattr(holes, "MOST_WEDGES", 20)

    assert constrained(KARATE) == pytest.approx(whole)
