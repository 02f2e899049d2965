"""What is withheld of a group can't be computed from all the answers there are: by sums, differences and bounds.

The attacker takes departments and courses for what they are here: partitions in which every act belongs to exactly one
group, so that the whole store is their sum. Guests, and acts without a group, only make it harder.
"""

import pytest

from tests.privacy.attacked import Attack, Attacked
from tests.privacy.attacker import K, Place
from tests.privacy.equations import determined, ranges

pytestmark = pytest.mark.slow

MANY = 10**6


def test_what_the_attacker_takes_for_true_is_true(attacked: Attacked) -> None:
    told = 0
    for attack in attacked.attacks():
        truth = attack.truth
        for equation in attack.equations():
            assert sum(truth.get(place, 0) for place in equation.unknowns) == equation.total, (attack, equation)
            told += 1
    assert told > 50


def test_sums_and_differences_determine_no_withheld_cell(attacked: Attacked) -> None:
    withheld = 0
    for attack in attacked.attacks():
        found = determined(attack.equations())
        for place, reason in attack.withheld():
            assert place not in found, (attack, place, reason)
            withheld += 1
    assert withheld > 5


def test_what_is_withheld_of_a_week_is_of_k_people_together(attacked: Attacked) -> None:
    for attack in attacked.attacks():
        if attack.partition == "department":  # nobody is in two, but who moves amid a week
            hidden = [place for place, _ in attack.withheld()]
            for week in {week for _, week in hidden}:
                assert sum(attack.people[place] for place in hidden if place[1] == week) >= K


def test_bounds_leave_open_how_much_is_in_a_small_cell_unless_all_that_are_withheld_have_nothing(
    attacked: Attacked,
) -> None:
    left_open = 0
    for attack in attacked.attacks():
        equations = attack.equations()
        found = ranges(equations, {place: _bounds(attack, place) for place in attack.reasons})
        for place, reason in attack.withheld():
            if reason == "too_few_people":
                least, most = found[place]
                assert least < most or _nothing_is_withheld(attack, place), (attack, place, found)
                left_open += least < most
    assert left_open > 5


def _bounds(attack: Attack, place: Place) -> tuple[int, int]:
    """Return what whoever knows the rule knows of a cell beforehand; here even that its people are few, not targets."""
    reason, people = attack.reasons[place], attack.people.get(place, 0)
    if reason is None or not attack.quantity.startswith(("people of", "acts of")):
        return 0, MANY
    if attack.quantity.startswith("acts of"):
        return (K if people >= K else 1), MANY
    if reason == "too_few_people":
        return 1, K - 1 if people < K else MANY
    shown = [
        (size, str(group))
        for (group, week), size in attack.people.items()
        if week == place[1] and attack.reasons[group, week] is None and size
    ]
    size, group = min(shown, default=(MANY, ""))
    return K, max(people, size - (str(place[0]) > group))


def _nothing_is_withheld(attack: Attack, place: Place) -> bool:
    return all(attack.truth.get(other, 0) == 0 for other, _ in attack.withheld() if other[1] == place[1])
