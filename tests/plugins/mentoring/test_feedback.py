import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from plugins.mentoring import plugin
from tests.plugins.mentoring.told import DAY, HOUR, attended, compute, did, planned, reviewed, value

GIVEN = reviewed("ann", "ben", HOUR)


def closed(*acts: Act) -> float | None:
    return value("feedback_loop_closed", [GIVEN, *acts])


@pytest.mark.parametrize("kind", sorted(plugin.kinds - {"mentor", "feedback"}))
def test_whatever_the_mentee_does_to_the_thing_closes_the_loop(kind: str) -> None:
    assert closed(did(kind, "ben", DAY)) == 1


def test_a_session_a_plan_and_feedback_of_the_mentee_close_it_too() -> None:
    assert closed(attended("ben", "ann", DAY, object_id="plan:1")) == 1
    assert closed(planned("ben", "ann", DAY, "plan:1")) == 1
    assert closed(reviewed("ben", "cleo", DAY)) == 0.5  # nobody acts on that one in turn


def test_what_others_do_or_the_mentee_elsewhere_closes_nothing() -> None:
    assert closed(did("edit", "cleo", DAY), did("edit", "ann", DAY), did("edit", "ben", DAY, "plan:2")) == 0


def test_it_must_come_after_the_feedback_and_within_two_weeks() -> None:
    assert closed(did("edit", "ben", 0 * HOUR), did("comment", "ben", HOUR)) == 0
    assert closed(did("edit", "ben", HOUR + 14 * DAY)) == 1
    assert closed(did("edit", "ben", HOUR + 14 * DAY + HOUR)) == 0


def test_what_was_taken_back_closes_nothing_from_then_on() -> None:
    taken_back = did("react", "ben", DAY, state="undone", state_t=MONDAY + 20 * DAY)

    assert closed(taken_back) == 0
    assert value("feedback_loop_closed", [GIVEN, taken_back], as_of=MONDAY + 19 * DAY) == 1


def test_feedback_counts_once_it_is_two_weeks_old() -> None:
    found = [compute("feedback_loop_closed", [GIVEN], as_of=GIVEN.t + age) for age in (14 * DAY, 14 * DAY - HOUR)]

    assert [(each.value, each.n, each.why) for each in found] == [(0, 1, "no_data"), (None, 0, "no_data")]


def test_the_time_to_act_is_a_setting() -> None:
    acts = [GIVEN, did("edit", "ben", 3 * DAY)]

    assert value("feedback_loop_closed", acts, config={"feedback_days": 2}) == 0
    assert compute("feedback_loop_closed", acts, as_of=MONDAY + 5 * DAY, config={"feedback_days": 3}).n == 1


def test_each_piece_of_feedback_is_closed_for_itself() -> None:
    acts = [
        GIVEN,
        reviewed("ann", "ben", 40 * DAY),
        reviewed("ann", "cleo", HOUR),
        reviewed("zoe", "ben", HOUR),
        did("edit", "ben", DAY),
        did("edit", "ben", 2 * DAY),
    ]

    found = compute("feedback_loop_closed", acts)

    assert (found.value, found.n) == (0.5, 4)


def test_feedback_for_nobody_known_is_not_acted_on() -> None:
    found = compute("feedback_loop_closed", [reviewed("ann", None, HOUR), did("edit", "ben", DAY)])

    assert (found.value, found.n) == (0, 1)


def test_the_mentee_may_be_of_any_group() -> None:
    assert value("feedback_loop_closed", [GIVEN], others=[did("edit", "ben", DAY)]) == 1
