"""Measures of single people, against the values that are published of famous networks (see `tests.network_graphs`)."""

import numpy as np
import pytest

from lrs.core.network.centrality import betweenness, core_numbers, pagerank, sampled
from tests.network_graphs import FLORENTINE, KARATE, KITE, graph_of
from tests.network_graphs_weighted import MISERABLES


def between(ties: list[tuple[str, str]]) -> dict[str, float]:
    network, people = graph_of(ties)
    return dict(zip(people, betweenness(network.undirected()).values.tolist(), strict=True))


def test_betweenness_is_the_published_one() -> None:
    pairs = 33 * 32 / 2  # published as a sum over pairs, not as a share of them
    karate, kite, florentine, novel = between(KARATE), between(KITE), between(FLORENTINE), between(list(MISERABLES))

    assert (karate["0"] * pairs, karate["33"] * pairs) == pytest.approx((231.0714, 160.5516), abs=1e-4)
    assert kite["7"] * 9 * 8 / 2 == pytest.approx(14)
    assert novel["Valjean"] == pytest.approx(0.570, abs=5e-4)
    assert [florentine[name] for name in ("Medici", "Guadagni", "Strozzi")] == pytest.approx(
        [0.522, 0.255, 0.103], abs=5e-4
    )


def test_with_a_family_that_has_no_tie_betweenness_is_a_share_of_more_pairs() -> None:
    assert between(FLORENTINE)["Medici"] * 14 * 13 / (15 * 14) == pytest.approx(0.452, abs=5e-4)


def test_the_middle_of_a_star_is_between_all_others_and_two_people_are_between_nobody() -> None:
    assert between([("hub", name) for name in "abcd"]) == {"hub": 1, "a": 0, "b": 0, "c": 0, "d": 0}
    assert between([("a", "b")]) == {"a": 0, "b": 0}


def test_direction_and_weight_of_a_tie_mean_nothing_for_betweenness() -> None:
    network, _ = graph_of([*KITE, *((other, one) for one, other in KITE)], [3.0] * 36)

    assert betweenness(network.undirected()).values.tolist() == pytest.approx(list(between(KITE).values()))


def test_from_everybody_as_pivots_sampled_betweenness_is_the_exact_one() -> None:
    for ties in (KARATE, KITE, FLORENTINE):
        around = graph_of(ties)[0].undirected()
        found = sampled(around, np.arange(around.shape[0]))

        assert found.values.tolist() == pytest.approx(betweenness(around).values.tolist())
        assert found.errors is not None
        assert found.errors.tolist() == pytest.approx([0] * around.shape[0])


def test_sampled_betweenness_is_as_far_from_the_exact_one_as_its_errors_say() -> None:
    random = np.random.default_rng(7)
    ties = [(f"{one:03}", f"{other:03}") for one, other in random.integers(0, 300, (900, 2)) if one != other]
    around = graph_of(ties)[0].undirected()
    exact, found = betweenness(around), sampled(around, random.permutation(around.shape[0])[:100])

    assert (found.pivots, exact.errors) == (100, None)
    assert found.errors is not None
    far = np.abs(found.values - exact.values)
    assert 0.5 < np.sqrt((far**2).mean() / (found.errors**2).mean()) < 2
    assert np.mean(far < 2 * found.errors) > 0.75


def test_a_large_network_is_sampled_in_the_same_way_each_time() -> None:
    around = graph_of(KARATE)[0].undirected()
    first, second = betweenness(around, exact_work=0), betweenness(around, exact_work=0)

    assert first.pivots == 34
    assert first.values.tolist() == second.values.tolist()


def test_rank_flows_to_whom_is_turned_to_and_adds_up_to_one() -> None:
    network, people = graph_of([("ann", "eve"), ("ben", "eve"), ("eve", "dan"), ("cleo", "eve")])
    rank = dict(zip(people, pagerank(network).tolist(), strict=True))

    assert sum(rank.values()) == pytest.approx(1)
    assert rank["ann"] == pytest.approx(rank["ben"])
    assert rank["eve"] > 3 * rank["ann"]


def test_rank_follows_weight() -> None:
    network, people = graph_of([("ann", "ben"), ("ann", "cleo")], [3.0, 1.0])
    rank = dict(zip(people, pagerank(network).tolist(), strict=True))

    assert rank["ben"] > rank["cleo"] > rank["ann"]


def test_the_fourth_core_of_the_karate_club_has_ten_people() -> None:
    network, _ = graph_of(KARATE)
    cores = core_numbers(network.undirected())

    assert (cores.max(), int((cores == 4).sum())) == (4, 10)


def test_the_ninth_core_of_the_novel_is_the_innermost() -> None:
    assert core_numbers(graph_of(MISERABLES)[0].undirected()).max() == 9
