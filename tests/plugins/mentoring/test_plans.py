from typing import Any

from lrs.kit.interactions import MONDAY
from tests.plugins.mentoring.told import (
    DAY,
    HOUR,
    attended,
    compute,
    mentored,
    planned,
    programme,
    talked,
    value,
)

PLAN = planned("ben", "ann", HOUR)
LONG = 20 * DAY  # after the plan: more than two weeks


def test_a_plan_is_held_by_a_session_on_the_same_thing_whenever() -> None:
    assert value("completion", [PLAN, attended("ben", "ann", LONG, object_id="s:1")]) == 1
    assert value("completion", [PLAN, mentored("ann", "ben", LONG, object_id="s:1")]) == 1
    assert value("completion", [PLAN, attended("ben", "ann", LONG, object_id="s:2")]) == 0


def test_a_plan_is_held_by_any_session_of_the_pair_within_two_weeks() -> None:
    assert value("completion", [PLAN, mentored("ann", "ben", HOUR + 14 * DAY)]) == 1
    assert value("completion", [PLAN, mentored("ann", "ben", HOUR + 14 * DAY + HOUR)]) == 0
    assert value("completion", [PLAN, mentored("ann", "ben", 0 * HOUR)]) == 0


def test_a_session_of_another_pair_holds_no_plan() -> None:
    acts = [PLAN, mentored("ann", "cleo", DAY), mentored("ben", "ann", DAY), attended("cleo", "ann", DAY)]

    assert value("completion", acts) == 0


def test_a_session_that_is_yet_to_come_holds_no_plan() -> None:
    acts = [PLAN, mentored("ann", "ben", 2 * DAY)]

    assert value("completion", acts, as_of=MONDAY + 2 * DAY) == 0


def test_several_plans_of_one_thing_and_pair_count_once() -> None:
    acts = [PLAN, planned("ben", "ann", 30 * DAY), mentored("ann", "ben", 31 * DAY)]

    found = compute("completion", acts)

    assert (found.value, found.n) == (1, 1)


def test_plans_of_several_things_or_pairs_or_of_none_count_each() -> None:
    acts = [
        PLAN,
        planned("ben", "ann", DAY, "s:2"),
        planned("cleo", "ann", DAY),
        planned("ben", "ann", DAY, None),
        planned("ben", "ann", 2 * DAY, None),
    ]

    assert compute("completion", acts).n == 5


def test_a_plan_that_was_called_off_counts_until_then() -> None:
    called_off = planned("ben", "ann", HOUR, state="undone", state_t=MONDAY + 2 * DAY)

    assert compute("completion", [called_off], as_of=MONDAY + DAY).n == 1
    assert compute("completion", [called_off], as_of=MONDAY + 2 * DAY).n == 0


def test_a_plan_from_before_the_window_is_none_of_it() -> None:
    assert compute("completion", [planned("ben", "ann", -HOUR), mentored("ann", "ben", DAY)]).n == 0


def test_the_session_may_be_told_by_whom_the_group_does_not_have() -> None:
    assert value("completion", [PLAN], others=[mentored("ann", "ben", DAY)]) == 1


def test_of_a_plan_that_does_not_say_who_is_the_mentor_the_roster_does() -> None:
    either: dict[str, Any] = {"target_via": "extension", "session": None}
    acts = [planned("ben", "ann", HOUR, **either), talked("ben", "ann", DAY)]

    assert value("completion", acts) == 1
    assert value("completion", [acts[0], mentored("ann", "ben", DAY)]) == 0
    assert value("completion", [acts[0], mentored("ann", "ben", DAY)], memberships=[programme("ann", "ben")]) == 1


def test_without_plans_there_is_nothing_to_complete() -> None:
    found = compute("completion", [mentored("ann", "ben", DAY)])

    assert (found.value, found.n, found.why) == (None, 0, "no_data")
