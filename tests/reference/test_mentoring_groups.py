"""The reference's mentoring of groups, and what its guard withholds."""

from typing import Any

from .mentoring_samples import (
    ATTENDED,
    REGISTERED,
    found,
    member,
    mentored,
    mentors,
    ninety,
    of,
    with_mentor,
)
from .samples import COURSE, DAY, activity, minute
from .statements import Statement

HOUR = 1 / 24


def in_course(told: Statement, course: str) -> Statement:
    told["context"]["contextActivities"] = {"grouping": [activity(course, COURSE)]}
    return told


def circle(first: int, letter: str, day: float, size: int = 5) -> list[Statement]:
    """As many people as `size`, of whom each mentors the next."""
    return [mentored(first + n, f"{letter}{n}", f"{letter}{(n + 1) % size}", day) for n in range(size)]


def belonging(letter: str, department: str, size: int = 5) -> list[dict[str, Any]]:
    return [member(f"{letter}{n}", of("department", department)) for n in range(size)]


def by_department(statements: list[Statement], metric: str, **asked: Any) -> list[tuple[Any, ...]]:
    asked = {"until": minute(84 * DAY), "guarded": True, "group_by": "department", **asked}
    return [(row.group, row.value, row.reason) for row in ninety(statements, metric, **asked)]


def test_the_whole_store_needs_five_mentors_and_enough_values() -> None:
    told = circle(1, "a", 1) + circle(11, "a", 20)
    (row,) = ninety(told, "sessions", guarded=True)
    assert (row.value, row.n_people, row.n_acts) == (10, 5, 10)
    assert found(told[:4], "sessions", guarded=True) == (None, "too_few_people")
    people = [member(f"a{n}", mentors(f"a{(n + 1) % 5}")) for n in range(5)]
    assert found(told, "cadence", guarded=True, people=people) == (19 * 86400, None)
    assert found(told[:9], "cadence", guarded=True, people=people) == (None, "too_few_values")
    for metric in ("reciprocity", "mentee_coverage", "load_gini"):
        assert found(told, metric, guarded=True, people=people) == (None, "too_few_values")
    assert found(told, "max_mentees", guarded=True, people=people) == (1, None)


def test_sessions_are_the_mentors_groups_and_coverage_is_the_mentees() -> None:
    people = [
        *belonging("a", "North"),
        *(member(f"b{n}", of("department", "South"), mentors(f"a{n}")) for n in range(5)),
    ]
    told = [mentored(1 + n, f"b{n}", f"a{n}", 80) for n in range(5)] + circle(11, "a", 70)
    asked: dict[str, Any] = {"people": people, "guarded": False}
    assert by_department(told, "sessions", **asked) == [("North", 5, None), ("South", 5, None)]
    assert by_department(told, "active_pairs", **asked) == [("North", 0, None), ("South", 5, None)]
    assert by_department(told, "mentee_coverage", **asked) == [("North", 1, None), ("South", 0, None)]
    assert by_department(told, "mentee_coverage", people=people)[0] == ("North", None, "too_few_values")


def test_a_groups_state_rests_on_its_shown_weeks_however_old() -> None:
    people = belonging("a", "North") + belonging("b", "South")
    told = circle(1, "a", 3) + circle(11, "a", 80) + circle(21, "b", 3) + circle(31, "b", 80)
    asked: dict[str, Any] = {"since": minute(77 * DAY), "people": people}
    declared = [member(f"a{n}", of("department", "North"), mentors(f"a{(n + 1) % 5}")) for n in range(5)] + belonging(
        "b", "South"
    )
    assert by_department(told, "cadence", **asked | {"people": declared}) == [
        ("North", 77 * 86400, None),
        ("South", None, "no_data"),
    ]
    # In the first week one mentor too few: the gaps are those of no one, and South goes with North.
    fewer = told[1:]
    assert by_department(fewer, "cadence", **asked | {"people": declared})[0] == ("North", None, "no_data")
    assert by_department(told[1:], "sessions", people=people) == [
        ("North", None, "too_few_people"),
        ("South", None, "complementary"),
    ]


def test_plans_are_their_mentors_groups_and_may_be_held_anywhere() -> None:
    people = [*belonging("a", "North"), member("x", of("department", "North", to="2026-04-01"))]
    told = [*circle(1, "a", 1), with_mentor(11, "e", "x", 20, REGISTERED), with_mentor(12, "e", "x", 31, ATTENDED)]
    assert by_department(told, "completion", people=people, guarded=False) == [("North", 1, None)]


def test_courses_are_those_the_statements_name() -> None:
    told = [in_course(with_mentor(1, "e", "m", 1), "c:1"), mentored(2, "m", "e", 1 + HOUR)]
    asked: dict[str, Any] = {"until": minute(84 * DAY), "group_by": "course"}
    assert [(row.group, row.value) for row in ninety(told, "sessions", **asked)] == [("c:1", 1)]
    (row,) = ninety(told[1:], "sessions", **asked)
    assert (row.value, row.reason) == (None, "source_cannot_tell")
