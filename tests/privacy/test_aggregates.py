"""What few people did can't be computed from all that is answered about statements in groups.

The attacker asks for groups of everything, of everything in two ways, filtered and not, over weeks and all of them. He
does not know beforehand how groups of two kinds lie in each other: a number for each pair of them is unknown to him.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

import pytest

from lrs.store.stores import Stores
from tests.api.counted import Cell, Known
from tests.privacy.aggregates import Answer, Asked, Row, asked
from tests.privacy.attacker import K
from tests.privacy.conftest import SIZES
from tests.privacy.equations import Equation, determined
from tests.privacy.organisation import WEEKS, Organisation, organisation
from tests.reference.samples import MONDAY
from tests.telling import spread

AXES = ("verb", "type", "department")
BY_WEEK = "week"
OTHER = "another"  # whatever is not named

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Answers:
    """An organisation, and all that is answered about its statements."""

    of: Organisation
    asked: Asked
    tables: Mapping[tuple[str, ...], Answer]  # by what they are grouped by
    filtered: Mapping[tuple[str, str, str], Answer]  # by axis, value, and what they are grouped by
    truth: Mapping[tuple[str, ...], Mapping[tuple[str | None, ...], Cell]]


@pytest.fixture(scope="module", params=SIZES[:3], ids=lambda sizes: "-".join(map(str, sizes)))
async def answers(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Answers]:
    made = organisation(sum(request.param), request.param)
    known = Known(made.statements, made.people)
    places = [tuple(each) for size in range(4) for each in combinations(AXES, size)]
    async with asked(stores, made.people, made.statements) as asking:
        tables = {
            (*axes, *time): await asking.answer(**_by(*axes, *time))
            for axes in [each for each in places if len(each) < 3]
            for time in ((BY_WEEK,), ())
        }
        filtered = {
            ("verb", verb, axis): await asking.answer(verb=verb, **_by(axis, BY_WEEK))
            for verb in {each["verb"]["id"] for each in made.statements}
            for axis in ("type", "department")
        }
        truth = {axes: known.counted([*axes, "week"]) for axes in places}
        yield Answers(made, asking, tables, filtered, truth)


def _by(*axes: str) -> dict[str, str]:
    return {"group_by": ",".join(axes)} if axes else {}


@dataclass(frozen=True)
class Pair:
    """The attack on what was done by the groups of two kinds at once, such as with a verb by a department."""

    on: Answers
    axes: tuple[str, str]

    @property
    def values(self) -> list[list[str | None]]:
        """All the groups that the attacker knows of, and others."""
        return [[*sorted({key[at] or "" for key in self.on.truth[self.axes]}), OTHER] for at in (0, 1)]

    @property
    def weeks(self) -> list[str]:
        return sorted({str(key[-1]) for key in self.on.truth[()]})

    def equations(self) -> Iterator[Equation]:
        """Yield what each row of each answer tells: a sum over the pairs that lie in it, in all of its weeks."""
        for axes in [(), *((axis,) for axis in self.axes), self.axes, self.axes[::-1]]:
            for time in ((BY_WEEK,), ()):
                if found := self.on.tables.get((*axes, *time)):
                    yield from self._told(found["rows"], {})
        for (axis, value, other), found in self.on.filtered.items():
            if {axis, other} == {*self.axes}:
                yield from self._told(found["rows"], {axis: value})

    def _told(self, rows: Sequence[Row], chosen: Mapping[str, str]) -> Iterator[Equation]:
        for row in rows:
            if row["count"] is not None:
                weeks = self.weeks if row["bucket"] is None else [row["bucket"]["start"]]
                known = {**{axis: row[axis] or "" for axis in self.axes if axis in row}, **chosen}
                ones, others = (
                    [known[axis]] if axis in known else values
                    for axis, values in zip(self.axes, self.values, strict=True)
                )
                places = frozenset((one, other, week) for one in ones for other in others for week in weeks)
                yield Equation(places, Fraction(row["count"]))

    def cell(self, place: tuple[str, str, str]) -> Cell:
        """Return what there is in a place."""
        named = (place[0] or None, place[1] or None, place[2])
        return self.on.truth[self.axes].get(named, Cell())


def test_what_the_attacker_takes_for_true_is_true(answers: Answers) -> None:
    told = 0
    for axes in combinations(AXES, 2):
        attack = Pair(answers, axes)
        for equation in attack.equations():
            assert sum(attack.cell(place).n for place in equation.unknowns) == equation.total, (axes, equation)
            told += 1
    assert told > 50


def test_sums_and_differences_of_all_answers_determine_nothing_that_few_people_did(answers: Answers) -> None:
    for axes in combinations(AXES, 2):
        attack = Pair(answers, axes)
        for place, total in determined(list(attack.equations())).items():
            people = attack.cell(place).people
            assert not total or len(people) >= K, (axes, place, people)


def test_what_a_table_leaves_of_a_coarser_one_is_of_nobody_or_of_k_people(answers: Answers) -> None:
    """The complement of all that is shown, along each axis of each table, where the sum is shown as well."""
    left_over = 0
    for axes in [each for size in (1, 2) for each in combinations(AXES, size)]:
        shown = _shown(answers.tables[*axes, BY_WEEK], axes)
        cells = {tuple(part or "" for part in key): cell for key, cell in answers.truth[axes].items()}
        for axis in range(len(axes)):
            rest = (*axes[:axis], *axes[axis + 1 :])
            for line in _shown(answers.tables[*rest, BY_WEEK], rest):
                of_line = [key for key in cells if (*key[:axis], *key[axis + 1 :]) == line]
                people = set[str]().union(*(cells[key].people for key in of_line if key not in shown))
                assert not people or len(people) >= K, (axes, line)
                left_over += bool(people)
    assert left_over > 3


def _shown(answer: Answer, axes: Sequence[str]) -> set[tuple[str, ...]]:
    return {
        (*(row[axis] or "" for axis in axes), row["bucket"]["start"])
        for row in answer["rows"]
        if row["count"] is not None
    }


def test_what_a_filter_chooses_is_what_the_same_groups_show(answers: Answers) -> None:
    for (axis, value, other), found in answers.filtered.items():
        axes = tuple(each for each in AXES if each in (axis, other))
        rows = {
            (row[other], row["bucket"]["start"]): row["count"]
            for row in answers.tables[*axes, BY_WEEK]["rows"]
            if row[axis] == value
        }
        assert {(row[other], row["bucket"]["start"]): row["count"] for row in found["rows"]} == rows


def test_what_is_withheld_in_a_table_is_not_shown_in_a_finer_one(answers: Answers) -> None:
    for coarse, fine in permutations([each for each in answers.tables if BY_WEEK in each], 2):
        if {*coarse} < {*fine}:
            shown = _shown(answers.tables[coarse], coarse[:-1])
            for key in _shown(answers.tables[fine], fine[:-1]):
                place = (*(key[fine.index(axis)] for axis in coarse[:-1]), key[-1])
                assert place in shown, (coarse, fine, key)


async def test_windows_that_differ_by_an_instant_or_a_part_of_a_week_say_the_same(answers: Answers) -> None:
    for axes in [(), *((axis,) for axis in AXES)]:
        whole = await answers.asked.answer(**_by(*axes))
        for since, until in ((3.3, 7 * WEEKS - 2.2), (1e-8, 7 * WEEKS - 1e-8)):
            window = {"since": spread(MONDAY, since), "until": spread(MONDAY, until)}
            assert await answers.asked.answer(**_by(*axes), **window) == whole


async def test_weeks_add_up_to_the_window_and_one_that_is_withheld_withholds_it(answers: Answers) -> None:
    for axis in AXES:
        weekly, whole = (answers.tables[axis, *time]["rows"] for time in ((BY_WEEK,), ()))
        by_group: dict[Any, list[int | None]] = {}
        for row in weekly:
            by_group.setdefault(row[axis], []).append(row["count"])
        for row in whole:
            counts = [each for each in by_group[row[axis]] if each is not None]
            assert row["count"] == (sum(counts) if len(counts) == len(by_group[row[axis]]) else None)


async def test_tables_say_what_json_says_and_rows_stand_in_the_order_of_their_names(answers: Answers) -> None:
    for axes in [("verb",), ("department", "week"), ("verb", "department")]:
        rows = answers.tables.get(axes) or await answers.asked.answer(**_by(*axes))
        written, table = await answers.asked.tables(**_by(*axes))
        told = [(*(row[axis] for axis in axes if axis != "week"), row["count"]) for row in rows["rows"]]
        assert [(*(row[axis] for axis in axes if axis != "week"), row["count"]) for row in table] == told
        assert [row["count"] for row in written] == ["" if row[-1] is None else str(row[-1]) for row in told]
        names = [[(row[axis] is None, row[axis]) for axis in axes if axis != "week"] for row in rows["rows"]]
        assert names == sorted(names)


async def test_activities_are_named_only_where_k_people_did_something_with_them(answers: Answers) -> None:
    known = Known(answers.of.statements, answers.of.people).counted(["activity", "week"])
    found = await answers.asked.answer(group_by="activity,week")

    for row in found["rows"]:
        assert len(known[row["activity"], row["bucket"]["start"]].people) >= K
