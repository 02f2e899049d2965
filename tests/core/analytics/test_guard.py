from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from lrs.core.analytics.guard import (
    Reason,
    Shown,
    Tally,
    minimum_counts,
    whole_store,
    why_withheld,
    withheld_cells,
)
from lrs.plugin import Metric, Number
from tests.core.analytics.samples import acts, table, week

K = 5
FIRST, SECOND = week(0), week(1)


STRANGERS = count()


def people(number: int, *known: int) -> Tally:
    """A cell in which so many people acted once each, toward nobody: those known, and others of no other cell."""
    everybody = [*known, *(next(STRANGERS) for _ in range(number - len(known)))]
    return Tally(n_people=number, n_acts=number, people=frozenset(everybody))


def metric(**minimums: Any) -> Metric:
    return Metric(
        id="m",
        title="M",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="a number",
        no_data="null",
        source="own",
        compute=lambda scope: Number(1),
        **minimums,
    )


def test_the_whole_store_is_shown_from_k_contributors_on() -> None:
    assert whole_store([table(acts(K))], K) is None
    assert whole_store([table(acts(K - 1))], K) is Reason.TOO_FEW_PEOPLE
    assert whole_store([table(acts(K - 1) * 3)], K) is Reason.TOO_FEW_PEOPLE


def test_who_only_looks_on_is_no_contributor() -> None:
    readers = acts(K, named="r", contributes=False)

    assert whole_store([table(acts(K - 1) + readers)], K) is Reason.TOO_FEW_PEOPLE
    assert whole_store([table(acts(K) + readers)], K) is None


def test_of_several_tables_that_a_row_tells_of_each_needs_k_contributors() -> None:
    ever, lately = table(acts(K)), table(acts(K - 1))

    assert whole_store([ever, lately], K) is Reason.TOO_FEW_PEOPLE
    assert whole_store([ever, table([])], K) is None


def test_a_whole_store_without_acts_has_nothing_to_withhold() -> None:
    assert whole_store([table([])], K) is None


def test_a_cell_needs_k_contributors() -> None:
    cells = {("a", FIRST): people(K), ("b", FIRST): people(K - 1), ("c", FIRST): people(K - 2)}

    assert withheld_cells(cells, K) == {
        ("b", FIRST): Reason.TOO_FEW_PEOPLE,
        ("c", FIRST): Reason.TOO_FEW_PEOPLE,
    }


def test_a_cell_whose_acts_have_targets_needs_k_of_them() -> None:
    to_few, to_many = Tally(n_people=9, n_targets=K - 1, n_acts=9), Tally(n_people=9, n_targets=K, n_acts=9)

    assert withheld_cells({("a", FIRST): to_few}, K) == {("a", FIRST): Reason.TOO_FEW_PEOPLE}
    assert withheld_cells({("a", FIRST): to_many, ("b", FIRST): people(9)}, K) == {}


def test_a_lone_withheld_cell_takes_the_smallest_of_its_week_with_it() -> None:
    cells = {("a", FIRST): people(K - 2), ("b", FIRST): people(7), ("c", FIRST): people(6), ("d", FIRST): people(9)}

    assert withheld_cells(cells, K) == {("a", FIRST): Reason.TOO_FEW_PEOPLE, ("c", FIRST): Reason.COMPLEMENTARY}


def test_of_two_equally_small_cells_the_first_by_name_goes_whatever_their_order() -> None:
    small, one, other = ("z", FIRST), ("b", FIRST), ("c", FIRST)
    for cells in (
        {small: people(1), one: people(6), other: people(6)},
        {other: people(6), one: people(6), small: people(1)},
    ):
        assert withheld_cells(cells, K) == {small: Reason.TOO_FEW_PEOPLE, one: Reason.COMPLEMENTARY}


def test_nothing_goes_with_a_withheld_cell_that_is_alone_in_its_week() -> None:
    cells = {("a", FIRST): people(1), ("b", SECOND): people(6), ("b", FIRST): people(0)}

    assert withheld_cells(cells, K) == {("a", FIRST): Reason.TOO_FEW_PEOPLE}


def test_what_is_withheld_of_a_week_is_of_k_people_together() -> None:
    other = ("d", FIRST), people(9)
    four = {("a", FIRST): people(2), ("b", FIRST): people(2), ("c", FIRST): people(6)}
    five = {("a", FIRST): people(2), ("b", FIRST): people(3), ("c", FIRST): people(6)}

    assert withheld_cells(dict([*four.items(), other]), K).keys() == four.keys()
    assert withheld_cells(dict([*five.items(), other]), K).keys() == five.keys() - {("c", FIRST)}


def test_whoever_is_in_two_withheld_cells_is_one_person() -> None:
    same = [next(STRANGERS) for _ in range(3)]
    twice = {("a", FIRST): people(3, *same), ("b", FIRST): people(3, *same), ("c", FIRST): people(7)}

    assert withheld_cells({**twice, ("d", FIRST): people(9)}, K).keys() == twice.keys()


def test_who_is_not_known_apart_may_be_the_same() -> None:
    small = Tally(n_people=K - 1, n_acts=9)
    cells = {("a", FIRST): small, ("b", FIRST): small, ("c", FIRST): people(7), ("d", FIRST): people(9)}

    assert withheld_cells(cells, K).keys() == cells.keys() - {("d", FIRST)}


def test_what_is_withheld_of_a_week_is_aimed_at_k_people_together() -> None:
    def aimed(*targets: int) -> Tally:
        return Tally(n_people=9, n_targets=len(targets), n_acts=9, targets=frozenset(targets))

    others = {("c", FIRST): aimed(*range(9)), ("d", FIRST): aimed(*range(9))}
    same, different = (aimed(1, 2), aimed(1, 2)), (aimed(1, 2), aimed(3, 4, 5))

    for (one, other), also in ((same, [("c", FIRST)]), (different, [])):
        withheld = withheld_cells({("a", FIRST): one, ("b", FIRST): other, **others}, K)
        assert sorted(withheld) == [("a", FIRST), ("b", FIRST), *also]


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 1, "b": 5, "c": 7, "d": 9}, "d"),  # of six people one is alone: five or more are in b
        ({"a": 2, "b": 5, "c": 7, "d": 9}, "cd"),  # of seven one or two are
        ({"a": 4, "b": 4, "c": 7, "d": 9}, "d"),  # eight people in two groups of at most four
        ({"a": 4, "b": 3, "c": 7, "d": 9}, "cd"),
        ({"a": 4, "c": 6, "b": 7, "d": 9}, "d"),  # c comes before b, so of ten people at most six are in c
        ({"a": 4, "b": 6, "c": 7, "d": 9}, "cd"),  # b may have seven: it comes before c all the same
        ({"a": 2, "b": 5, "c": 5, "d": 5}, ""),  # whatever remains has five, so all that are withheld have
        ({"a": 1, "b": 1, "c": 1, "d": 9}, ""),
    ],
)
def test_how_many_people_a_small_cell_has_can_not_be_told_from_the_sum(sizes: dict[str, int], shown: str) -> None:
    cells = {(group, FIRST): people(size) for group, size in sizes.items()}

    assert cells.keys() - withheld_cells(cells, K).keys() == {(group, FIRST) for group in shown}


def test_a_cell_that_was_withheld_stays_withheld_and_hides_what_is_with_it() -> None:
    large = replace(people(9), withheld=True)
    cells = {("a", FIRST): people(2), ("b", FIRST): people(6), ("c", FIRST): large, ("d", FIRST): people(7)}

    assert withheld_cells({("c", FIRST): large, ("d", FIRST): people(7)}, K) == {("c", FIRST): Reason.COMPLEMENTARY}
    assert withheld_cells(cells, K) == {("a", FIRST): Reason.TOO_FEW_PEOPLE, ("c", FIRST): Reason.COMPLEMENTARY}


def test_each_week_is_decided_for_itself() -> None:
    cells = {
        ("a", FIRST): people(1),
        ("b", FIRST): people(6),
        ("a", SECOND): people(8),
        ("b", SECOND): people(6),
    }

    assert withheld_cells(cells, K) == {("a", FIRST): Reason.TOO_FEW_PEOPLE, ("b", FIRST): Reason.COMPLEMENTARY}


def test_one_withheld_week_withholds_the_window_and_too_few_people_is_the_first_reason() -> None:
    withheld = {("a", FIRST): Reason.COMPLEMENTARY, ("a", SECOND): Reason.TOO_FEW_PEOPLE}

    assert why_withheld(withheld, "a", [FIRST]) is Reason.COMPLEMENTARY
    assert why_withheld(withheld, "a", [FIRST, SECOND]) is Reason.TOO_FEW_PEOPLE
    assert why_withheld(withheld, "a", [week(2)]) is None
    assert why_withheld(withheld, "b", [FIRST, SECOND]) is None


@pytest.mark.parametrize("minimum", ["min_values", "min_denominator"])
def test_a_number_of_too_little_is_withheld(minimum: str) -> None:
    asked = metric(**{minimum: 5})

    assert minimum_counts(asked, Number(0.5, n=5)) == Shown(0.5, None)
    assert minimum_counts(asked, Number(0.5, n=4)) == Shown(None, Reason.TOO_FEW_VALUES)


def test_a_number_of_nothing_has_its_reason_rather_than_too_few_values() -> None:
    assert minimum_counts(metric(min_values=5), Number(None, n=0)) == Shown(None, Reason.NO_DATA)
    assert minimum_counts(metric(min_values=5), Number(None, n=3, why="no_roster")) == Shown(None, Reason.NO_ROSTER)


def test_reasons_tell_whether_something_is_hidden_or_nothing_is_there() -> None:
    hiding = {Reason.TOO_FEW_PEOPLE, Reason.COMPLEMENTARY, Reason.TOO_FEW_VALUES, Reason.OPEN_WEEK}

    assert {reason for reason in Reason if reason.suppresses} == hiding
