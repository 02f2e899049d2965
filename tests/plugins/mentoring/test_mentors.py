from typing import Any

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from tests.plugins.mentoring.told import (
    DAY,
    END,
    WEEK,
    beside,
    compute,
    department,
    mentored,
    programme,
    reviewed,
    value,
)

LATE = 80 * DAY
PEOPLE = ("ann", "ben", "cleo", "dan")


def met(mentor: str, *mentees: str) -> list[Act]:
    return [mentored(mentor, mentee, LATE - number * WEEK) for mentee in mentees for number in range(3)]


def role(person: str, **lasting: Any) -> dict[str, Any]:
    return {"person": person, "kind": "role", "group": "trainee", **lasting}


def test_coverage_is_the_share_of_the_roster_with_an_active_mentor() -> None:
    acts = [*met("ann", "ben", "cleo"), *met("zoe", "ben")]

    found = compute("mentee_coverage", acts, roster=PEOPLE)

    assert (found.value, found.n) == (0.5, 4)
    assert beside("mentee_coverage", acts, roster=PEOPLE) == {"declared": 0, "inferred": 3}


def test_who_is_on_no_roster_is_not_covered() -> None:
    assert value("mentee_coverage", met("ann", "ben", "guest"), roster=PEOPLE) == 0.25


def test_a_declared_mentor_who_was_not_met_lately_covers_nobody() -> None:
    told = [programme("ann", "ben")]

    assert value("mentee_coverage", [mentored("ann", "ben", 0 * DAY)], roster=PEOPLE, memberships=told) == 0


def test_the_mentor_may_be_of_any_group() -> None:
    told = [programme("zoe", "dan"), *(department(person, "A") for person in PEOPLE), department("zoe", "B")]
    others = [*met("zoe", "cleo"), mentored("zoe", "dan", LATE)]
    row: dict[str, Any] = {"others": others, "roster": PEOPLE, "memberships": told, "place": ("department", "A")}

    assert value("mentee_coverage", [], **row) == 0.5
    assert beside("mentee_coverage", [], **row) == {"declared": 1, "inferred": 1}


def test_only_people_with_the_role_are_eligible_where_one_is_set() -> None:
    told = [role("ben"), role("cleo"), role("zoe")]

    found = compute(
        "mentee_coverage",
        met("ann", "ben", "dan"),
        roster=PEOPLE,
        memberships=told,
        config={"eligible_role": "trainee"},
    )

    assert (found.value, found.n) == (0.5, 2)


def test_a_role_makes_eligible_who_had_it_in_the_window() -> None:
    told = [role("ben", until=MONDAY), role("cleo", until=END - DAY), role("dan", since=END)]
    row: dict[str, Any] = {"roster": PEOPLE, "memberships": told, "config": {"eligible_role": "trainee"}}

    assert compute("mentee_coverage", met("ann", "ben"), **row).n == 1


def test_where_nobody_has_the_role_there_is_no_data() -> None:
    found = compute("mentee_coverage", met("ann", "ben"), roster=PEOPLE, config={"eligible_role": "trainee"})

    assert (found.value, found.n, found.why) == (None, 0, "no_data")


def test_where_nobody_ever_told_of_mentoring_it_is_not_known_who_has_a_mentor() -> None:
    found = compute("mentee_coverage", [], roster=PEOPLE)

    assert (found.value, found.why) == (None, "no_data")


@pytest.mark.parametrize("roster", [None, ()])
def test_without_a_roster_nobody_can_be_covered(roster: Any) -> None:
    found = compute("mentee_coverage", met("ann", "ben"), roster=roster)

    assert (found.value, found.why) == (None, "no_roster")


def test_load_is_uneven_where_few_have_all_the_mentees() -> None:
    acts = [*met("ann", "ben", "cleo", "dan"), *met("eve", "flo")]

    found = compute("load_gini", acts)

    assert (found.value, found.n) == (0.25, 2)  # of 1 and 3
    assert beside("load_gini", acts) == {"declared": 0, "inferred": 4}


def test_who_held_a_session_is_a_mentor_even_without_a_pair() -> None:
    acts = [*met("ann", "ben"), mentored("eve", "flo", 0 * DAY)]

    found = compute("load_gini", acts)

    assert (found.value, found.n) == (0.5, 2)  # of 0 and 1


def test_who_held_a_session_too_long_ago_is_no_mentor() -> None:
    assert compute("load_gini", [*met("ann", "ben"), mentored("eve", "flo", -DAY)]).n == 1


def test_who_only_gives_feedback_is_no_mentor() -> None:
    acts = [reviewed("ann", "ben", LATE - number * WEEK) for number in range(3)]

    assert (compute("load_gini", acts).n, value("max_mentees", acts)) == (0, 0)


def test_a_declared_mentor_counts_without_any_session() -> None:
    told = [programme("eve", "flo"), programme("eve", "gus")]

    found = compute("max_mentees", met("ann", "ben"), memberships=told)

    assert (found.value, found.n) == (2, 2)
    assert beside("max_mentees", met("ann", "ben"), memberships=told) == {"declared": 2, "inferred": 1}


def test_without_mentees_load_has_no_gini() -> None:
    found = compute("load_gini", [mentored("ann", "ben", LATE)])

    assert (found.value, found.n, found.why) == (None, 1, "no_data")


def test_a_groups_mentors_are_its_own() -> None:
    told = [programme("eve", "flo"), department("ann", "A"), department("eve", "B")]

    row: dict[str, Any] = {"others": met("eve", "gus"), "memberships": told, "place": ("department", "A")}

    assert compute("max_mentees", met("ann", "ben"), **row).n == 1
