"""What is withheld of a group can't be computed from all the answers there are: by sums, differences and bounds.

And what surrounds a number tells nothing either: other metrics, other windows, the order of rows, coverage.

The attacker takes departments and courses for what they are here: partitions in which every act belongs to exactly one
group, so that the whole store is their sum. Guests, and acts without a group, only make it harder.
"""

import pytest

from tests.privacy.attacked import Attack, Attacked
from tests.privacy.attacker import METRICS, K, Place
from tests.privacy.equations import determined, ranges

pytestmark = pytest.mark.slow

MANY = 10**6
WITHHELD = ("too_few_people", "complementary")
TOLD_OF = {"discussion": "posts", "sharing": "shares", "mentoring": "acts of mentoring"}  # a number of each plugin
SOME = ("discussion.posts", "discussion.median_response_time", "sharing.reach", "mentoring.sessions")


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


def test_a_withheld_row_tells_nothing_but_its_reason(attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        for row in answer.rows.values():
            if row["reason"] in WITHHELD:
                told = {name for name, value in row.items() if value is not None}
                assert told <= {"group", "bucket", "suppressed", "reason"}, question


def test_groups_come_by_name(attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        groups = [group for group, _ in answer.rows if group is not None]
        assert groups == sorted(groups), question


@pytest.mark.parametrize("metric", [each for each in METRICS if each.partition(".")[0] in TOLD_OF])
def test_a_cell_is_withheld_of_all_metrics_of_a_plugin_and_of_every_row_over_its_week(
    metric: str, attacked: Attacked
) -> None:
    for partition in attacked.of.kinds:
        reasons = Attack(attacked, partition, TOLD_OF[metric.partition(".")[0]]).reasons
        for question, answer in attacked.answers.items():
            if (question.metric, question.partition) == (metric, partition):
                for place, row in answer.rows.items():
                    expected = {reasons[place[0], week] for week in answer.weeks(place, reasons)} - {None}
                    assert (row["reason"] in WITHHELD) == bool(expected), (question, place)


def test_coverage_is_of_what_is_shown(attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        if all(row["reason"] is not None for row in answer.rows.values()):
            assert answer.coverage is None, question


@pytest.mark.parametrize("metric", SOME)
async def test_windows_of_groups_that_differ_by_less_than_a_week_are_the_same(metric: str, attacked: Attacked) -> None:
    weeks = await attacked.telling.asked(metric, "department", {"since": "2026-03-02", "until": "2026-03-16"})

    for since, until in (
        ("2026-03-02T00:00:00.001Z", "2026-03-16T00:00:00Z"),
        ("2026-03-08T23:59:59.999Z", "2026-03-09T00:00:00.001Z"),
    ):
        assert await attacked.telling.asked(metric, "department", {"since": since, "until": until}) == weeks


@pytest.mark.parametrize("metric", SOME)
async def test_one_group_asked_for_is_answered_as_among_the_others(metric: str, attacked: Attacked) -> None:
    for question, answer in attacked.answers.items():
        if question.metric == metric and question.partition == "department":
            for group in {group for group, _ in answer.rows if group is not None}:
                alone = await attacked.telling.asked(metric, "department", {**dict(question.asked), "group": group})
                assert alone.rows == {place: row for place, row in answer.rows.items() if place[0] == group}


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
