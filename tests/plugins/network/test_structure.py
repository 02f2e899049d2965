"""How many ties there are, how dense they are, whether they go both ways, and who has none."""

import pytest

from lrs.kit.interactions import MONDAY
from tests.network_graphs import FLORENTINE, KARATE, Tie
from tests.plugins.network.samples import DAY, both_ways, compute, tie, ties

CLUB = [str(number) for number in range(34)]
ARCS: list[Tie] = [("a", "b"), ("b", "a"), ("c", "a"), ("d", "c")]
PEOPLE = list("abcdefghij")


def test_a_tie_is_an_ordered_pair_however_often_anything_happened() -> None:
    acts = [*ties(ARCS), tie("a", "b", "react"), tie("a", "b", after=DAY)]

    assert compute("ties", acts).value == 4


def test_density_is_the_published_one_with_the_whole_club_on_the_roster() -> None:
    found = compute("density", both_ways(KARATE), roster=CLUB)

    assert found.value == pytest.approx(0.13904, abs=5e-6)
    assert found.n == 34
    assert compute("density", ties(KARATE), roster=CLUB).value == pytest.approx(0.13904 / 2, abs=5e-6), "one way only"


def test_silent_people_make_a_group_less_dense_and_guests_mean_nothing() -> None:
    families = sorted({name for each in FLORENTINE for name in each})
    guests = ties([("guest", "Medici"), ("Medici", "guest")])

    assert compute("density", both_ways(FLORENTINE), roster=families).value == pytest.approx(40 / (15 * 14))
    assert compute("density", [*both_ways(FLORENTINE), *guests], roster=[*families, "Pucci"]).value == pytest.approx(
        40 / (16 * 15)
    )


def test_two_of_four_ties_come_back() -> None:
    found = compute("reciprocity", ties(ARCS))

    assert (found.value, found.n) == (0.5, 4)


def test_a_tie_comes_back_from_any_group() -> None:
    found = compute("reciprocity", ties([("a", "x"), ("a", "y")]), others=ties([("x", "a"), ("z", "a")]))

    assert found.value == 0.5


def test_isolates_have_no_tie_in_either_direction_to_anybody() -> None:
    others = ties([("guest", "e")])

    assert compute("isolates", ties(ARCS), others=others, roster=PEOPLE).value == 0.5
    assert compute("isolates", ties(ARCS), others=others, roster=PEOPLE).n == 10


def test_without_a_roster_nobody_can_be_missing() -> None:
    for metric in ("density", "isolates"):
        found = compute(metric, ties(ARCS))
        assert (found.value, found.why) == (None, "no_roster")
    assert compute("density", ties(ARCS), roster=["a"]).why == "no_roster"


def test_without_acts_there_are_no_ties_and_nothing_else_can_be_said() -> None:
    assert compute("ties", []).value == 0
    for metric in ("density", "reciprocity", "isolates"):
        found = compute(metric, [], roster=PEOPLE)
        assert (found.value, found.why) == (None, "no_data")


def test_passive_acts_and_acts_toward_oneself_tie_nobody() -> None:
    acts = [tie("a", "b", "view"), tie("a", "a"), tie("a", None)]

    assert compute("ties", acts).value == 0


def test_an_act_ties_until_it_is_taken_back() -> None:
    acts = [tie("a", "b", "follow", ended=MONDAY + 2 * DAY)]

    assert compute("ties", acts, as_of=MONDAY + DAY).value == 1
    assert compute("ties", acts, as_of=MONDAY + 2 * DAY).value == 0


def test_what_has_not_happened_yet_ties_nobody() -> None:
    assert compute("ties", [tie("a", "b", after=DAY)], as_of=MONDAY + DAY).value == 0
