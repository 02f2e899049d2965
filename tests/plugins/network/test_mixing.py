"""The E-I index of departments, against the karate club's split and by hand."""

from datetime import datetime
from typing import Any

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Number
from tests.network_graphs import KARATE, MR_HI
from tests.plugins.network.samples import DAY, both_ways, compute, departments, tie, ties

CLUB = {str(number) for number in range(34)}
SPLIT = departments(hi=MR_HI, officer=CLUB - MR_HI)
SALES, IT = [f"s{number}" for number in range(6)], [f"i{number}" for number in range(6)]


def circle(people: list[str]) -> list[Act]:
    """One tie from each to the next, and from the last to the first."""
    return ties(zip(people, [*people[1:], people[0]], strict=True))


def across(ones: list[str], others: list[str]) -> list[Act]:
    return ties(zip(ones, others, strict=True))


def index(acts: list[Act], **told: Any) -> Number:
    return compute("ei_index", acts, memberships=departments(sales=SALES, it=IT), **told)


def test_the_index_of_the_clubs_split_and_what_chance_would_give_are_the_published_ones() -> None:
    found = compute("ei_index", both_ways(KARATE), memberships=SPLIT)

    assert found.value == pytest.approx(-0.7179, abs=5e-5)
    assert found.n == 156
    assert found.beside["expected"].value == pytest.approx(0.0303, abs=5e-5)


def test_it_depends_on_one_man_whose_side_is_known() -> None:
    moved = departments(hi=MR_HI - {"8"}, officer=(CLUB - MR_HI) | {"8"})

    assert compute("ei_index", both_ways(KARATE), memberships=moved).value == pytest.approx(-0.7436, abs=5e-5)


def test_a_group_is_expected_to_meet_its_own_by_its_size() -> None:
    others = circle(IT)
    found = index([*circle(SALES), *across(SALES, IT)], others=others, roster=SALES, place=("department", "sales"))

    assert found.value == 0
    assert found.beside["expected"].value == pytest.approx(1 - 2 * 5 / 11)


def test_whoever_acts_stands_for_the_row_where_nobody_knows_who_belongs_there() -> None:
    found = compute(
        "ei_index", [*circle(SALES), *across(SALES, IT)], memberships=departments(sales=SALES, it=[*IT, "more"])
    )

    assert found.beside["expected"].value == pytest.approx(1 - 2 * 5 / 12)


def test_people_without_a_department_are_left_out() -> None:
    guests = [f"g{number}" for number in range(6)]
    found = index([*circle(SALES), *across(SALES, IT), *across(SALES, guests), *across(guests, SALES)])

    assert (found.value, found.n) == (0, 12)


def test_a_tie_belongs_to_the_departments_of_its_time() -> None:
    def member(person: str, group: str, since: datetime | None = None, until: datetime | None = None) -> dict[str, Any]:
        told = {"person": person, "kind": "department", "group": group, "since": since, "until": until}
        return {name: value for name, value in told.items() if value is not None}

    moved = MONDAY + 7 * DAY
    memberships = [
        *(member(person, "sales", until=moved) for person in IT),
        *(member(person, "it", since=moved) for person in IT),
        *(member(person, "sales") for person in SALES),
    ]
    before, after = across(SALES, IT), [tie(one, other, after=8 * DAY) for one, other in zip(IT, SALES, strict=True)]
    found = compute("ei_index", [*before, *after], memberships=memberships)

    assert (found.value, found.n) == (0, 12)


def test_somebody_in_two_departments_is_inside_of_both() -> None:
    both = departments(sales=[*SALES, *IT], it=IT)

    assert compute("ei_index", across(SALES, IT), memberships=both).value == -1


@pytest.mark.parametrize(
    "acts",
    [
        [*circle(SALES), *circle(IT), *across(SALES[:4], IT[:4])],
        [*circle(SALES[:4]), *across(SALES, IT)],
        [*circle(SALES), *across(SALES, IT), *across(SALES[:4], [f"g{number}" for number in range(4)])],
        [*circle(SALES), *circle(IT[:4]), *across(SALES, IT)],
    ],
    ids=["outside", "inside", "of no department", "one department inside"],
)
def test_it_rests_on_nothing_where_it_would_tell_what_a_few_people_do(acts: list[Act]) -> None:
    found = index(acts)

    assert found.n == 0
    assert found.beside["expected"].n == 0


def test_how_few_are_too_few_is_said_by_the_store() -> None:
    acts = [*circle(SALES), *circle(IT), *across(SALES, IT)]

    assert [index(acts, min_group=k).n for k in (5, 6, 7)] == [18, 18, 0]
    assert index([*circle(SALES[:4]), *across(SALES, IT)], min_group=4).n == 10


def test_what_a_few_do_inside_two_departments_hides_each_other() -> None:
    assert index([*circle(SALES[:4]), *circle(IT[:4]), *across(SALES, IT)]).n == 14


def test_without_departments_or_ties_between_them_nothing_can_be_said() -> None:
    assert compute("ei_index", circle(SALES)).why == "no_roster"
    found = index([])
    assert (found.value, found.why) == (None, "no_data")
