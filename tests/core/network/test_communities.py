"""Communities, against the karate club's best partition and its split."""

import numpy as np
import pytest

from lrs.core.network.communities import communities, modularity
from lrs.core.network.graph import Graph, Integers
from tests.network_graphs import KARATE, MR_HI, graph_of
from tests.network_graphs_weighted import MET, MISERABLES


def split(people: list[str], ours: frozenset[str]) -> Integers:
    return np.array([person in ours for person in people], dtype=np.int64)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_partition_of_the_karate_club_is_found_from_any_seed(seed: int) -> None:
    found = communities(graph_of(KARATE)[0].undirected(), seed)

    assert found.modularity == pytest.approx(0.41979, abs=5e-6)
    assert found.labels.max() == 3


def test_the_modularity_of_the_clubs_split_is_the_published_one_and_depends_on_one_man() -> None:
    network, people = graph_of(KARATE)

    assert modularity(network.undirected(), split(people, MR_HI)) == pytest.approx(0.3582, abs=5e-5)
    assert modularity(network.undirected(), split(people, MR_HI - {"8"})) == pytest.approx(0.3715, abs=5e-5)


def test_the_communities_of_the_novel_are_as_good_as_is_known_with_and_without_weights() -> None:
    plain, weighted = graph_of(MISERABLES)[0], graph_of(MISERABLES, MISERABLES.values())[0]

    assert communities(plain.undirected()).modularity == pytest.approx(0.5600, abs=5e-5)
    assert communities(weighted.undirected()).modularity == pytest.approx(0.5667, abs=5e-5)


def test_women_who_met_at_events_are_of_the_two_circles_that_are_known_but_for_the_two_between() -> None:
    network, people = graph_of(MET, MET.values())
    found = communities(network.undirected()).labels
    circles = [
        {name for name, of in zip(people, found, strict=True) if of == label} for label in range(found.max() + 1)
    ]

    first = {"Evelyn", "Laura", "Theresa", "Brenda", "Charlotte", "Frances", "Eleanor"}
    assert sorted((circle - {"Pearl", "Ruth"} for circle in circles), key=len) == [
        first,
        set(people) - first - {"Pearl", "Ruth"},
    ]


def test_two_circles_that_one_tie_joins_are_two_communities_the_larger_first() -> None:
    circles = [(one, other) for circle in ("abcd", "efghi") for one in circle for other in circle if one < other]
    network, people = graph_of([*circles, ("d", "e")])
    found = communities(network.undirected())

    assert dict(zip(people, found.labels.tolist(), strict=True)) == {name: int(name < "e") for name in "abcdefghi"}


def test_the_same_seed_gives_the_same_communities() -> None:
    random = np.random.default_rng(3)
    arcs = random.integers(0, 2000, (15_000, 2))
    arcs = arcs[arcs[:, 0] != arcs[:, 1]]
    around = Graph(2000, arcs[:, 0], arcs[:, 1], np.ones(len(arcs))).undirected()
    first, second = communities(around, 5), communities(around, 5)

    assert first.labels.tolist() == second.labels.tolist()
    assert first.modularity == pytest.approx(modularity(around, first.labels))
    assert (first.runs, first.modularity > 0.15) == (1, True)


def test_weights_that_differ_widely_end_all_the_same() -> None:
    network, _ = graph_of(KARATE, [10.0 ** (number % 13 - 6) for number in range(len(KARATE))])
    found = communities(network.undirected())

    assert found.modularity == pytest.approx(modularity(network.undirected(), found.labels))


def test_people_without_ties_are_communities_of_their_own() -> None:
    nothing = Graph(3, np.array([], dtype=np.int64), np.array([], dtype=np.int64), np.array([]))

    assert communities(nothing.undirected()).labels.tolist() == [0, 1, 2]
    assert communities(nothing.undirected()).modularity == 0
