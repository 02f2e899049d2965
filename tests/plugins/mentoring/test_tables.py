"""The pairs one by one: the same pairs that the metrics count."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, code
from plugins.mentoring import plugin
from plugins.mentoring.tables import TABLES
from tests.plugins.mentoring.told import DAY, END, WEEK, attended, beside, mentored, programme, reviewed, value

LATE = 80 * DAY
(PAIRS,) = TABLES


def rows(acts: Iterable[Act], **scope: Any) -> list[dict[str, Any]]:
    return PAIRS.compute(kit.scope(plugin, acts, **scope)).to_dicts()


def weekly(mentor: str, mentee: str, sessions: int, *, last: timedelta = LATE) -> list[Act]:
    return [mentored(mentor, mentee, last - number * WEEK) for number in range(sessions)]


def test_a_pair_tells_its_sessions_and_its_rhythm() -> None:
    assert rows(weekly("ann", "ben", 4)) == [
        {
            "mentor": code("ann"),
            "mentee": code("ben"),
            "declared": False,
            "sessions": 4,
            "last_session": MONDAY + LATE,
            "median_gap_s": 7 * 86400.0,
            "stalled": False,
        }
    ]


def test_a_declared_pair_that_never_met_is_a_row_without_a_rhythm() -> None:
    (found,) = rows([], memberships=[programme("ann", "ben")])

    assert (found["declared"], found["sessions"], found["stalled"]) == (True, 0, False)
    assert (found["last_session"], found["median_gap_s"]) == (None, None)


def test_sessions_are_those_of_the_window_and_the_rest_is_however_old() -> None:
    (found,) = rows(weekly("ann", "ben", 4), since=MONDAY + LATE - WEEK, until=END, as_of=END)

    assert (found["sessions"], found["median_gap_s"]) == (2, 7 * 86400.0)
    (found,) = rows(weekly("ann", "ben", 4), since=MONDAY + 85 * DAY, until=END, as_of=END)
    assert (found["sessions"], found["last_session"]) == (0, MONDAY + LATE)


def test_both_telling_one_session_is_one() -> None:
    acts = [each for act in weekly("ann", "ben", 3) for each in (act, attended("ben", "ann", act.t - MONDAY))]

    assert rows(acts)[0]["sessions"] == 3


def test_a_pair_that_feedback_made_has_no_session() -> None:
    (found,) = rows([reviewed("ann", "ben", LATE - number * WEEK) for number in range(3)])

    assert (found["declared"], found["sessions"], found["last_session"]) == (False, 0, None)


def test_the_rows_are_the_pairs_that_the_metrics_count() -> None:
    acts = [*weekly("ann", "ben", 3, last=60 * DAY), *weekly("cleo", "dan", 4), *weekly("eve", "fay", 2)]
    told = {"memberships": [programme("ann", "ben"), programme("gus", "hal")]}

    found = rows(acts, **told)

    assert sum(each["stalled"] for each in found) == value("stalled_pairs", acts, **told) == 1
    split = {
        "declared": sum(each["declared"] for each in found),
        "inferred": sum(not each["declared"] for each in found),
    }
    assert split == beside("cadence", acts, **told) == {"declared": 2, "inferred": 1}


@pytest.mark.parametrize("column", PAIRS.columns)
def test_every_column_stands_in_the_plugins_readme(column: str) -> None:
    assert f"`{column}`" in (Path(__file__).parents[3] / "plugins" / "mentoring" / "README.md").read_text()
