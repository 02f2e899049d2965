"""What surrounds a number tells nothing either: other metrics, other windows, the order of rows, coverage."""

import pytest

from tests.privacy.attacked import Attack, Attacked
from tests.privacy.attacker import METRICS

pytestmark = pytest.mark.slow

WITHHELD = ("too_few_people", "complementary")
TOLD_OF = {"discussion": "posts", "sharing": "shares", "mentoring": "acts of mentoring"}  # a number of each plugin
SOME = ("discussion.posts", "discussion.median_response_time", "sharing.reach", "mentoring.sessions")


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
