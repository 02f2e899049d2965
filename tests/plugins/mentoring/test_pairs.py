from datetime import timedelta
from typing import Any

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from tests.plugins.mentoring.told import (
    DAY,
    END,
    HOUR,
    WEEK,
    attended,
    beside,
    compute,
    department,
    mentored,
    programme,
    reviewed,
    talked,
    value,
)

LATE = 80 * DAY  # ten days before the end of the window
STATES = ("active_pairs", "cadence", "cadence_mad", "stalled_pairs", "reciprocity", "cross_department_share")


def weekly(mentor: str, mentee: str, sessions: int, *, last: timedelta = LATE, gap: timedelta = WEEK) -> list[Act]:
    return [mentored(mentor, mentee, last - number * gap) for number in range(sessions)]


def test_three_acts_in_two_weeks_make_a_pair() -> None:
    acts = [mentored("ann", "ben", LATE), mentored("ann", "ben", LATE - WEEK), reviewed("ann", "ben", LATE - WEEK)]

    assert value("active_pairs", acts) == 1
    assert beside("active_pairs", acts) == {"declared": 0, "inferred": 1}


def test_two_acts_make_no_pair() -> None:
    assert value("active_pairs", weekly("ann", "ben", 2)) == 0


def test_three_acts_in_one_week_make_no_pair() -> None:
    monday = 77 * DAY

    assert value("active_pairs", [mentored("ann", "ben", monday + day * DAY) for day in range(3)]) == 0


def test_weeks_are_those_of_the_stores_time_zone() -> None:
    sunday = timedelta(days=76, hours=13)  # 22:00 UTC, which is Monday in Berlin
    acts = [mentored("ann", "ben", sunday + day * DAY) for day in range(3)]

    assert value("active_pairs", acts) == 1
    assert value("active_pairs", acts, zone="Europe/Berlin") == 0


def test_acts_longer_ago_than_ninety_days_infer_nothing() -> None:
    acts = [*weekly("ann", "ben", 2), mentored("ann", "ben", 0 * HOUR)]

    assert value("active_pairs", acts) == 1
    assert value("active_pairs", acts, as_of=END, until=END, config={"inferred_days": 89}) == 0


def test_what_makes_a_pair_is_a_setting() -> None:
    acts = weekly("ann", "ben", 2)

    assert value("active_pairs", acts, config={"inferred_acts": 2}) == 1
    assert value("active_pairs", acts, config={"inferred_acts": 2, "inferred_weeks": 3}) == 0


def test_one_session_is_enough_for_a_declared_pair() -> None:
    acts = [mentored("ann", "ben", LATE)]

    assert value("active_pairs", acts, memberships=[programme("ann", "ben")]) == 1
    assert beside("active_pairs", acts, memberships=[programme("ann", "ben")]) == {"declared": 1, "inferred": 0}


def test_a_pair_that_is_both_counts_once_as_declared() -> None:
    acts = weekly("ann", "ben", 4)

    assert value("active_pairs", acts, memberships=[programme("ann", "ben")]) == 1
    assert beside("active_pairs", acts, memberships=[programme("ann", "ben")]) == {"declared": 1, "inferred": 0}


def test_a_pair_is_declared_from_its_first_moment_until_its_end() -> None:
    acts = [mentored("ann", "ben", LATE)]

    assert value("active_pairs", acts, memberships=[programme("ann", "ben", since=END)]) == 1
    assert value("active_pairs", acts, memberships=[programme("ann", "ben", until=END)]) == 0


def test_feedback_is_no_session_so_it_keeps_no_pair_active() -> None:
    acts = [reviewed("ann", "ben", LATE - number * WEEK) for number in range(4)]

    assert value("active_pairs", acts) == 0


def test_a_pair_is_active_from_a_session_on_for_thirty_days() -> None:
    declared = [programme("ann", "ben")]

    assert value("active_pairs", [mentored("ann", "ben", 60 * DAY)], memberships=declared) == 1
    assert value("active_pairs", [mentored("ann", "ben", 60 * DAY - HOUR)], memberships=declared) == 0
    assert value("active_pairs", [mentored("ann", "ben", 50 * DAY)], memberships=declared, config={"active_days": 40})


def test_a_state_does_not_depend_on_where_the_window_begins() -> None:
    acts = [*weekly("ann", "ben", 5), *weekly("cleo", "dan", 4, last=30 * DAY)]

    for metric in STATES:
        assert compute(metric, acts, since=MONDAY + 70 * DAY, until=END) == compute(metric, acts)


def test_cadence_is_the_median_gap_over_all_pairs() -> None:
    acts = [*weekly("ann", "ben", 4), *weekly("cleo", "dan", 3, gap=2 * WEEK)]

    found = compute("cadence", acts)

    assert (found.value, found.n) == (7 * 86400, 5)
    assert beside("cadence", acts) == {"declared": 0, "inferred": 2}


def test_gaps_are_those_of_sessions_and_not_of_statements() -> None:
    acts = [each for act in weekly("ann", "ben", 3) for each in (act, attended("ben", "ann", act.t - MONDAY + HOUR))]

    assert compute("cadence", acts).n == 2


def test_cadence_mad_is_how_far_gaps_are_from_their_median() -> None:
    days = (0, 7, 14, 24, 34, 48)  # gaps 7, 7, 10, 10, 14: median 10, off by 3, 3, 0, 0, 4
    acts = [mentored("ann", "ben", day * DAY) for day in days]

    found = compute("cadence_mad", acts)

    assert (found.value, found.n) == (3 * 86400, 5)


@pytest.mark.parametrize("metric", ["cadence", "cadence_mad"])
def test_who_met_once_has_no_cadence(metric: str) -> None:
    found = compute(metric, [mentored("ann", "ben", LATE)], memberships=[programme("ann", "ben")])

    assert (found.value, found.n, found.why) == (None, 0, "no_data")


def test_two_who_are_no_pair_have_no_cadence() -> None:
    assert compute("cadence", weekly("ann", "ben", 2)).n == 0


def test_a_pair_is_stalled_after_twice_its_usual_gap() -> None:
    declared = [programme("ann", "ben")]
    last = 90 * DAY - 20 * DAY
    acts = weekly("ann", "ben", 3, last=last, gap=10 * DAY)

    assert value("stalled_pairs", acts, memberships=declared) == 0
    assert value("stalled_pairs", [*acts[1:], mentored("ann", "ben", last - HOUR)], memberships=declared) == 1
    assert value("stalled_pairs", acts, memberships=declared, config={"stalled_factor": 1.9}) == 1


def test_a_pair_is_not_stalled_before_two_weeks() -> None:
    acts = weekly("ann", "ben", 3, last=76 * DAY, gap=4 * DAY)

    assert value("stalled_pairs", acts) == 0
    assert value("stalled_pairs", acts, config={"stalled_days": 13}) == 1
    assert beside("stalled_pairs", acts, config={"stalled_days": 13}) == {"declared": 0, "inferred": 1}


def test_a_pair_that_met_twice_has_no_rhythm_to_fall_out_of() -> None:
    acts = weekly("ann", "ben", 2, last=20 * DAY)

    assert value("stalled_pairs", acts, memberships=[programme("ann", "ben")]) == 0


def test_a_session_however_old_counts_for_the_rhythm() -> None:
    acts = [mentored("ann", "ben", day * DAY) for day in (-400, -100, 10)]

    assert value("stalled_pairs", acts, memberships=[programme("ann", "ben")]) == 0


def test_mutual_pairs_are_those_that_met_in_both_directions() -> None:
    acts = [*weekly("ann", "ben", 3), mentored("ben", "ann", 0 * HOUR), *weekly("cleo", "dan", 3)]

    found = compute("reciprocity", acts)

    assert (found.value, found.n) == (0.5, 2)


def test_a_declared_pair_that_only_met_the_other_way_round_is_not_mutual() -> None:
    found = compute("reciprocity", [mentored("ben", "ann", LATE)], memberships=[programme("ann", "ben")])

    assert (found.value, found.n) == (0, 1)


def test_of_a_groups_pair_the_reverse_may_be_of_any_group() -> None:
    found = compute("reciprocity", weekly("ann", "ben", 3), others=[mentored("ben", "ann", 0 * HOUR)])

    assert (found.value, found.n) == (1, 1)


def test_without_pairs_there_is_no_share_of_them() -> None:
    found = compute("reciprocity", [])

    assert (found.value, found.n, found.why) == (None, 0, "no_data")


def test_pairs_across_departments_have_none_in_common() -> None:
    acts = [each for mentee in ("ben", "cleo", "dan") for each in weekly("ann", mentee, 3)]
    told = [department("ann", "A"), department("ann", "B"), department("ben", "B"), department("cleo", "C")]

    found = compute("cross_department_share", acts, memberships=told)

    assert (found.value, found.n) == (0.5, 2)  # of dan nobody knows the department


def test_a_department_that_was_left_is_none() -> None:
    left = {**department("ben", "A"), "until": END}
    told = [department("ann", "A"), left, department("ben", "B")]

    assert value("cross_department_share", weekly("ann", "ben", 3), memberships=told) == 1


def test_where_nobody_has_a_department_nothing_can_be_said_of_them() -> None:
    found = compute("cross_department_share", weekly("ann", "ben", 3), memberships=[programme("ann", "ben")])

    assert (found.value, found.why) == (None, "no_roster")
    assert {name: each.value for name, each in found.beside.items()} == {"declared": 1, "inferred": 0}


def test_pairs_of_unknown_departments_are_no_data() -> None:
    found = compute("cross_department_share", weekly("ann", "ben", 3), memberships=[department("eve", "A")])

    assert (found.value, found.n, found.why) == (None, 0, "no_data")


GROUP: dict[str, Any] = {"place": ("department", "A")}


def test_a_groups_declared_pairs_are_those_of_its_mentors() -> None:
    acts = [mentored("ann", "ben", LATE)]
    declared = [programme("ann", "ben"), programme("cleo", "dan"), department("ann", "A"), department("cleo", "B")]

    assert value("active_pairs", acts, others=[mentored("cleo", "dan", LATE)], memberships=declared, **GROUP) == 1
    assert beside("cadence", acts, memberships=declared, **GROUP) == {"declared": 1, "inferred": 0}


def test_a_mentor_who_has_left_the_group_has_no_declared_pair_in_it() -> None:
    told = [programme("ann", "ben"), {**department("ann", "A"), "until": END}]

    assert value("active_pairs", [mentored("ann", "ben", LATE)], memberships=told, **GROUP) == 0


def test_a_groups_inferred_pairs_are_those_of_its_acts() -> None:
    assert value("active_pairs", weekly("ann", "ben", 3), others=weekly("cleo", "dan", 3), **GROUP) == 1


def test_talks_make_the_pair_that_the_roster_says() -> None:
    acts = [talked("ben", "ann", LATE - number * WEEK) for number in range(3)]

    assert beside("active_pairs", acts, memberships=[programme("ann", "ben")]) == {"declared": 1, "inferred": 0}
