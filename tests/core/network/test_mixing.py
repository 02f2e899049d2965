"""The E-I index, against the karate club's split and closed forms."""

import numpy as np
import pytest

from lrs.core.network.graph import Integers
from lrs.core.network.mixing import ei_index, expected, permuted
from tests.network_graphs import KARATE, MR_HI, graph_of


def test_the_index_of_the_clubs_split_is_the_published_one() -> None:
    crossing = sum((one in MR_HI) is not (other in MR_HI) for one, other in KARATE)

    assert crossing == 11
    assert ei_index(78 - crossing, crossing) == pytest.approx(-0.7179, abs=5e-5)


def test_without_ties_there_is_no_index() -> None:
    assert ei_index(0, 0) is None
    assert (ei_index(3, 0), ei_index(0, 3)) == (-1, 1)


def test_two_halves_mix_at_random_nearly_evenly() -> None:
    assert expected([17, 17], 34) == pytest.approx(0.0303, abs=5e-5)


def test_a_group_alone_meets_others_as_often_as_there_are_others() -> None:
    assert expected([5], 21) == pytest.approx(1 - 2 * 4 / 20)
    assert expected([10], 10) == -1, "everybody else is in it"
    assert expected([1], 10) == 1, "nobody else is"
    assert (expected([], 10), expected([1], 1)) == (None, None)


def test_the_expected_index_is_the_mean_of_permuted_ones() -> None:
    random = np.random.default_rng(5)
    groups = np.repeat(np.arange(3), [10, 20, 30])
    source, sink = random.integers(0, 60, (2, 500))
    kept = source != sink
    drawn = [
        ei_index(int(inside.sum()), int((~inside).sum()))
        for labels in (random.permutation(groups) for _ in range(2000))
        for inside in [labels[source[kept]] == labels[sink[kept]]]
    ]

    assert np.mean([each for each in drawn if each is not None]) == pytest.approx(expected([10, 20, 30], 60), abs=5e-3)


def club() -> tuple[Integers, Integers, Integers]:
    network, people = graph_of(KARATE)
    return np.array([person not in MR_HI for person in people], dtype=np.int64), network.source, network.sink


def test_the_clubs_split_is_no_work_of_chance() -> None:
    assert permuted(*club()).whole == pytest.approx(1 / 200)


def test_groups_that_mean_nothing_are_a_work_of_chance() -> None:
    _, source, sink = club()
    found = permuted(np.arange(34) % 2, source, sink)

    assert found.whole is not None
    assert found.whole > 0.1
    assert len(found.groups) == 2


def test_the_same_question_has_the_same_p() -> None:
    assert permuted(*club()) == permuted(*club())


def test_a_group_without_ties_of_its_own_has_no_p() -> None:
    found = permuted(np.array([0, 0, 1]), np.array([0]), np.array([1]))

    assert found.groups[1] is None
    assert permuted(np.array([], dtype=np.int64), *np.zeros((2, 0), dtype=np.int64)).whole is None
