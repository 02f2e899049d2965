import random

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from plugins.mentoring import plugin
from tests.plugins.mentoring.told import (
    DAY,
    END,
    HOUR,
    attended,
    beside,
    compute,
    mentored,
    planned,
    programme,
    reviewed,
    talked,
    value,
)

MINUTE = HOUR / 60


def lasting(hours: float) -> dict[str, float]:
    return {"duration_s": hours * 3600}


def test_both_parties_telling_one_session_is_one_session() -> None:
    acts = [mentored("ann", "ben", 0 * HOUR), attended("ben", "ann", HOUR)]

    assert value("sessions", acts) == 1


def test_a_session_goes_on_while_the_next_statement_comes_within_two_hours_of_the_last() -> None:
    acts = [mentored("ann", "ben", number * (2 * HOUR - MINUTE)) for number in range(5)]

    assert value("sessions", acts) == 1


def test_two_hours_after_the_last_statement_another_session_begins() -> None:
    assert value("sessions", [mentored("ann", "ben", 0 * HOUR), mentored("ann", "ben", 2 * HOUR)]) == 2


def test_the_gap_is_a_setting() -> None:
    acts = [mentored("ann", "ben", 0 * HOUR), mentored("ann", "ben", 2 * HOUR)]

    assert value("sessions", acts, config={"session_gap_hours": 2.5}) == 1


def test_every_pair_has_sessions_of_its_own_and_in_either_direction() -> None:
    pairs = [("ann", "ben"), ("ann", "cleo"), ("ben", "ann")]

    assert value("sessions", [mentored(mentor, mentee, HOUR) for mentor, mentee in pairs]) == 3


def test_feedback_plans_and_nobody_in_particular_make_no_session() -> None:
    acts = [reviewed("ann", "ben", HOUR), planned("ben", "ann", HOUR), mentored("ann", None, HOUR)]

    assert value("sessions", acts) == 0


def test_nobody_has_a_session_with_oneself() -> None:
    acts = [mentored("ann", "ann", HOUR), attended("ann", "ann", HOUR)]

    assert value("sessions", acts) == 0


def test_a_session_that_began_before_the_window_is_none_of_it() -> None:
    acts = [mentored("ann", "ben", -MINUTE), mentored("ann", "ben", MINUTE), mentored("ann", "cleo", MINUTE)]

    assert value("sessions", acts) == 1


def test_what_comes_from_as_of_on_has_not_happened_yet() -> None:
    acts = [mentored("ann", "ben", HOUR), mentored("cleo", "dan", 2 * HOUR)]

    assert value("sessions", acts, as_of=MONDAY + 2 * HOUR) == 1


def test_without_sessions_the_counts_are_zero() -> None:
    assert (value("sessions", []), value("duration", [])) == (0, 0)
    assert beside("duration", []) == {"duration_told": None}


def test_a_session_lasts_the_longest_duration_that_is_told() -> None:
    acts = [
        mentored("ann", "ben", 0 * HOUR, value=lasting(0.5)),
        attended("ben", "ann", HOUR, value=lasting(1)),
        mentored("ann", "ben", DAY, value=lasting(2)),
    ]

    assert value("duration", acts) == 3 * 3600


def test_a_session_without_a_duration_adds_nothing_and_is_not_covered() -> None:
    acts = [
        mentored("ann", "ben", 0 * HOUR, value=lasting(1)),
        mentored("ann", "ben", DAY),
        mentored("ann", "ben", 2 * DAY, value={"duration_s": 0.0}),
        mentored("ann", "ben", 3 * DAY),
    ]

    assert value("duration", acts) == 3600
    assert beside("duration", acts) == {"duration_told": 0.5}


def talks(*, by_mentee: int, by_mentor: int) -> list[Act]:
    """Talks of ann, who mentors ben by the roster, on as many days."""
    own = [talked("ann", "ben", day * DAY) for day in range(by_mentor)]
    return [*own, *(talked("ben", "ann", day * DAY + MINUTE) for day in range(by_mentee))]


def test_the_roster_says_which_way_round_a_talk_is() -> None:
    acts = talks(by_mentee=3, by_mentor=3)

    assert value("sessions", acts, memberships=[programme("ann", "ben")]) == 3
    assert value("sessions", acts) == 6


def test_the_mentee_may_declare_the_pair_too() -> None:
    declared = {"person": "ben", "kind": "programme", "group": "P", "role": "mentee", "partner": "ann"}

    assert value("sessions", talks(by_mentee=1, by_mentor=1), memberships=[declared]) == 1


def test_where_the_roster_has_both_directions_who_tells_the_talk_is_the_mentor() -> None:
    both = [programme("ann", "ben"), programme("ben", "ann")]

    assert value("sessions", talks(by_mentee=1, by_mentor=1), memberships=both) == 2


def test_the_roster_of_another_time_says_nothing_about_a_talk() -> None:
    acts = talks(by_mentee=2, by_mentor=2)

    assert value("sessions", acts, memberships=[programme("ann", "ben", until=MONDAY + DAY)]) == 3
    assert value("sessions", acts, memberships=[programme("ann", "ben", since=MONDAY + DAY)]) == 3


def test_the_roster_turns_nothing_that_tells_who_is_the_mentor() -> None:
    acts = [mentored("ben", "ann", 0 * HOUR), attended("ann", "ben", HOUR), talked("ann", "ben", HOUR)]

    assert value("sessions", acts, memberships=[programme("ann", "ben")]) == 2


@pytest.mark.parametrize("metric", [metric.id for metric in plugin.metrics])
def test_in_whatever_order_acts_of_the_same_time_come_the_numbers_are_the_same(metric: str) -> None:
    people = "abcdef"
    rng = random.Random(7)
    acts = []
    for number in range(300):
        one, other = rng.sample(people, 2)
        at = rng.randrange(80) * DAY + rng.randrange(3) * HOUR
        tell = rng.choice((mentored, attended, talked, planned, reviewed))
        acts.append(tell(one, other, at, _id=str(number)))
    renamed = [Act(**{**{name: getattr(act, name) for name in act.__slots__}, "id": act.id[::-1]}) for act in acts]
    scope = {"roster": list(people), "memberships": [programme("a", "b"), programme("c", "d")], "until": END}

    assert compute(metric, acts, **scope) == compute(metric, renamed, **scope)
