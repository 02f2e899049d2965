"""The networks that measures are compared on are those that are published, and the arrays hold them."""

from collections.abc import Mapping
from math import comb

import pytest

from lrs.core.network.graph import Graph
from tests.network_graphs import FLORENTINE, HOLES, KARATE, KARATE_WEIGHTS, KITE, Tie, graph_of
from tests.network_graphs_weighted import ATTENDED, MET, MISERABLES


def ones(ties: list[Tie]) -> Mapping[Tie, float]:
    return dict.fromkeys(ties, 1.0)


GRAPHS: dict[str, tuple[Mapping[Tie, float], int, int, float]] = {
    "karate club": (dict(zip(KARATE, KARATE_WEIGHTS, strict=True)), 34, 78, 231),
    "kite": (ones(KITE), 10, 18, 18),
    "Florentine families": (ones(FLORENTINE), 15, 20, 20),
    "women at events": (MET, 18, 139, sum(MET.values())),
    "Les Misérables": (MISERABLES, 77, 254, 820),
    "Borgatti": ({(tie[0], tie[1]): weight for tie, weight in HOLES.items()}, 7, 10, 41),
}


@pytest.mark.parametrize(("ties", "people", "n", "weight"), GRAPHS.values(), ids=GRAPHS.keys())
def test_a_network_has_as_many_people_ties_and_as_much_weight_as_is_published(
    ties: Mapping[Tie, float], people: int, n: int, weight: float
) -> None:
    network, _ = graph_of(ties.keys(), ties.values())
    around = network.undirected()

    assert (network.n, around.nnz, around.sum()) == (people, 2 * n, 2 * weight)


def transitivity(network: Graph) -> float:
    """Return closed ÷ all paths of two steps."""
    ties = network.undirected().astype(bool).astype(int)
    paths = ties @ ties
    return float(paths.multiply(ties).sum() / (paths.sum() - paths.diagonal().sum()))


def test_ties_of_ties_are_closed_as_often_as_is_published() -> None:
    assert transitivity(graph_of(KARATE)[0]) == pytest.approx(0.25568, abs=5e-6)
    assert transitivity(graph_of(MISERABLES)[0]) == pytest.approx(0.4989, abs=5e-5)


def test_the_hub_of_each_has_its_published_degree() -> None:
    network, people = graph_of(MISERABLES.keys(), MISERABLES.values())
    around, kite = network.undirected(), graph_of(KITE)[0].undirected()
    valjean = people.index("Valjean")

    assert (around.astype(bool).sum(axis=1)[valjean], around.sum(axis=1)[valjean]) == (36, 158)
    assert kite.sum(axis=1)[3] == 6


def test_women_who_went_to_the_same_events_are_tied_by_how_many_these_were() -> None:
    network, people = graph_of(MET.keys(), MET.values())
    around = network.undirected()

    attended = sum(map(len, ATTENDED.values()))
    assert (len(ATTENDED), len(frozenset().union(*ATTENDED.values())), attended) == (18, 14, 89)
    assert attended / (18 * 14) == pytest.approx(0.3532, abs=5e-5)
    assert around[people.index("Evelyn"), people.index("Theresa")] == 7


def test_events_bring_the_same_women_together_as_often_as_is_published() -> None:
    """Closed ÷ all paths of three attendances. Source: Robins & Alexander 2004."""
    came = {event: sum(event in events for events in ATTENDED.values()) for event in range(1, 15)}
    paths = sum((len(events) - 1) * (came[event] - 1) for events in ATTENDED.values() for event in events)

    assert 4 * sum(comb(both, 2) for both in MET.values()) / paths == pytest.approx(0.4678, abs=5e-5)
