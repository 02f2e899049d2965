"""What is withheld of a group can't be computed from all the answers there are: by sums, differences and bounds.

The attacker takes departments and courses for what they are here: partitions in which every act belongs to exactly one
group, so that the whole store is their sum. Elsewhere guests and acts without a group make it harder.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from lrs.store.stores import Stores
from tests.privacy.attacker import METRICS, WHOLE, Answer, Guarded, K, Place, Question
from tests.privacy.equations import Equation, Unknown, determined, ranges
from tests.privacy.organisation import Organisation, organisation

pytestmark = pytest.mark.slow

SIZES = [(2, 3, 4, 6, 8, 13), (1, 1, 7, 9, 11), (4, 4, 9, 12), (3, 12, 15), (1, 6, 6, 6, 9), (2, 5, 5, 8, 9)]
BY_WEEK = (("bucket", "week"),)

# Numbers that add up over weeks, and by which metric's rows they are told; those of people only over groups.
ADD_UP = {
    "threads": ("discussion.threads", "value"),
    "posts": ("discussion.posts", "value"),
    "replies": ("discussion.replies", "value"),
    "shares": ("sharing.shares", "value"),
    "acts of discussion": ("discussion.posts", "n_acts"),
    "acts of sharing": ("sharing.shares", "n_acts"),
    "acts of mentoring": ("mentoring.sessions", "n_acts"),
}
PEOPLE = {
    "participants": ("discussion.participants", "value"),
    "sharers": ("sharing.sharers", "value"),
    "people of discussion": ("discussion.posts", "n_people"),
    "people of sharing": ("sharing.shares", "n_people"),
    "people of mentoring": ("mentoring.sessions", "n_people"),
}


@dataclass(frozen=True)
class Attacked:
    """An organisation, and all that an attacker is answered; `truth` is what they would be without a guard."""

    of: Organisation
    telling: Guarded
    answers: Mapping[Question, Answer]
    truth: Mapping[Question, Answer]


@pytest.fixture(scope="module", params=SIZES, ids=str)
async def attacked(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Attacked]:
    made = organisation(sum(request.param), request.param)
    async with Guarded.to_a_new_store(stores) as telling:
        await telling.introduce(made.people)
        await telling.tell([made.statements])
        answers = await telling.everything([None, "department", "team", "course"])
        weekly = {metric for metric, _ in {**ADD_UP, **PEOPLE}.values()}
        truth = {
            each: await telling.asked(each.metric, each.partition, guarded=False, **dict(each.asked))
            for each in answers
            if each.metric in weekly and dict(each.asked).get("bucket") == "week" and each.partition is not None
        }
        yield Attacked(made, telling, answers, truth)


def states(attacked: Attacked, partition: str, quantity: str) -> dict[Place, str | None]:
    """Return why each cell is withheld, None where it is shown."""
    metric, _ = {**ADD_UP, **PEOPLE}[quantity]
    return {place: row["reason"] for place, row in attacked.answers[_weekly(metric, partition)].rows.items()}


def numbers(answer: Answer, field: str) -> dict[Place, int]:
    """Return the numbers that an answer shows, by place."""
    return {place: int(row[field]) for place, row in answer.rows.items() if row[field] is not None}


def equations(attacked: Attacked, partition: str, quantity: str) -> list[Equation]:
    """Return all that the answers tell about a number of the cells of a partition."""
    metric, field = {**ADD_UP, **PEOPLE}[quantity]
    cells = states(attacked, partition, quantity)
    found = []
    for question, answer in attacked.answers.items():
        if question.metric == metric and question.partition == partition:
            for place, number in numbers(answer, field).items():
                weeks = _weeks(answer, place, cells)
                if quantity in ADD_UP or len(weeks) == 1:
                    found.append(Equation(frozenset((place[0], week) for week in weeks), Fraction(number)))
    for (_, week), number in numbers(attacked.answers[_weekly(metric, None)], field).items():
        if _is_the_sum(attacked, partition, quantity, str(week)):
            found.append(Equation(frozenset(place for place in cells if place[1] == week), Fraction(number)))
    return found


def _weekly(metric: str, partition: str | None) -> Question:
    return Question(metric, partition, (*WHOLE.items(), *BY_WEEK))


def _weeks(answer: Answer, place: Place, cells: Mapping[Place, str | None]) -> list[str]:
    """Return the weeks that a row is over, by their beginnings."""
    row = answer.rows[place]["bucket"]
    begin, end = (row["start"], row["end"]) if row else answer.window
    return sorted({str(week) for _, week in cells if begin <= str(week) < end})


def _is_the_sum(attacked: Attacked, partition: str, quantity: str, week: str) -> bool:
    """Tell whether the whole store is the sum over groups: every act, or person, in one of them."""
    if partition == "course":
        return quantity in ("threads", "posts", "replies", "acts of discussion")
    moving = quantity in PEOPLE and week.startswith("2026-03-09")  # who moves amid a week is in two departments
    return attacked.of.kinds[partition] and not moving


def told_of(attacked: Attacked) -> Iterator[tuple[str, str, list[Equation], dict[Place, str | None]]]:
    for partition in attacked.of.kinds:
        for quantity in (*ADD_UP, *PEOPLE):
            cells = states(attacked, partition, quantity)
            yield partition, quantity, equations(attacked, partition, quantity), cells


def leftover(cells: Mapping[Place, str | None], week: str | None) -> bool:
    """Tell whether anything is shown of a week, which could have been withheld too."""
    return any(reason is None and of == week for (_, of), reason in cells.items())


def test_what_the_attacker_takes_for_true_is_true(attacked: Attacked) -> None:
    counted = 0
    for partition, quantity, told, _ in told_of(attacked):
        metric, field = {**ADD_UP, **PEOPLE}[quantity]
        truth = numbers(attacked.truth[_weekly(metric, partition)], field)
        for equation in told:
            assert sum(truth[place] for place in truth.keys() & equation.unknowns) == equation.total
            counted += 1
    assert counted > 100


def test_sums_and_differences_determine_no_withheld_cell(attacked: Attacked) -> None:
    withheld = 0
    for partition, quantity, told, cells in told_of(attacked):
        found = determined(told)
        for place, reason in cells.items():
            if reason is not None and leftover(cells, place[1]):
                assert place not in found, (partition, quantity, place, reason)
                withheld += 1
    assert withheld > 20


def test_bounds_leave_open_how_much_a_small_cell_has_unless_nothing_is_withheld_at_all(attacked: Attacked) -> None:
    checked = 0
    for partition, quantity, told, cells in told_of(attacked):
        bounds = _bounds(attacked, partition, quantity, cells)
        found = ranges(told, bounds)
        for place, reason in cells.items():
            if reason == "too_few_people" and leftover(cells, place[1]):
                least, most = found[place]
                assert least < most or most == 0, (partition, quantity, place)
                checked += 1
    assert checked > 20


def _bounds(
    attacked: Attacked, partition: str, quantity: str, cells: Mapping[Place, str | None]
) -> dict[Unknown, tuple[int, int]]:
    """Return what whoever knows the rule knows of each cell beforehand: of people and acts at least so many."""
    metric, _ = {**ADD_UP, **PEOPLE}[quantity]
    truth = attacked.truth[_weekly(metric, partition)]
    found: dict[Unknown, tuple[int, int]] = {}
    for place, reason in cells.items():
        few = (truth.rows[place]["n_people"] or 0) < K
        if quantity.startswith("people of"):
            found[place] = {None: (0, 10**6), "complementary": (K, 10**6)}.get(
                reason, (1, K - 1) if few else (1, 10**6)
            )
        elif quantity.startswith("acts of"):
            found[place] = {None: (0, 10**6), "complementary": (K, 10**6)}.get(reason, (1, 10**6))
        else:
            found[place] = (0, 10**6)
    return found


def test_what_is_withheld_of_a_week_is_of_k_people(attacked: Attacked) -> None:
    for quantity in PEOPLE:
        if quantity.startswith("people of"):
            metric, field = PEOPLE[quantity]
            truth = numbers(attacked.truth[_weekly(metric, "department")], field)
            cells = states(attacked, "department", quantity)
            for week in {week for _, week in cells}:
                hidden = [truth[place] for place, why in cells.items() if why is not None and place[1] == week]
                assert not hidden or sum(hidden) >= K or not leftover(cells, week)


def test_a_withheld_row_tells_nothing_but_its_reason(attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        for row in answer.rows.values():
            if row["reason"] in ("too_few_people", "complementary"):
                assert {name for name, told in row.items() if told is not None} <= {
                    *("group", "bucket", "suppressed", "reason")
                }, question
        groups = [group for group, _ in answer.rows if group is not None]
        assert groups == sorted(groups), question


def test_a_cell_is_withheld_of_all_metrics_of_a_plugin_and_of_every_row_over_its_week(attacked: Attacked) -> None:
    for partition in attacked.of.kinds:
        for metric in METRICS:
            quantity = {"discussion": "posts", "sharing": "shares", "mentoring": "acts of mentoring"}.get(
                metric.partition(".")[0]
            )
            if quantity is None:
                continue
            cells = states(attacked, partition, quantity)
            for question, answer in attacked.answers.items():
                if (question.metric, question.partition) == (metric, partition):
                    for place, row in answer.rows.items():
                        reasons = {cells.get((place[0], week)) for week in _weeks(answer, place, cells)}
                        is_withheld = row["reason"] in ("too_few_people", "complementary")
                        assert is_withheld == bool(reasons - {None}), (question, place)


async def test_windows_of_groups_that_differ_by_less_than_a_week_tell_the_same(attacked: Attacked) -> None:
    for since, until in (
        ("2026-03-02T00:00:00.001Z", "2026-03-16T00:00:00Z"),
        ("2026-03-04", "2026-03-09T00:00:00.001Z"),
    ):
        for metric in ("discussion.posts", "discussion.median_response_time", "sharing.reach", "mentoring.sessions"):
            whole = await attacked.telling.asked(metric, "department", since="2026-03-02", until="2026-03-16")
            odd = await attacked.telling.asked(metric, "department", since=since, until=until)
            assert odd == whole


async def test_one_group_asked_for_is_answered_as_among_the_others(attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        if question.metric in ("discussion.posts", "sharing.shares") and question.partition is not None:
            for group in {group for group, _ in answer.rows if group is not None}:
                asked: dict[str, Any] = dict(question.asked)
                alone = await attacked.telling.asked(question.metric, question.partition, group=str(group), **asked)
                assert alone.rows == {place: row for place, row in answer.rows.items() if place[0] == group}
