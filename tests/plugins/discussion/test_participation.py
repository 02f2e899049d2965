from typing import Any

import pytest

from lrs.kit.interactions import MONDAY
from lrs.plugin import Number
from tests.plugins.discussion.samples import DAY, at, hand_thread, number, reply, start, view

ROSTER_METRICS = ("participation_equality", "top10_share")
FIVE, EIGHT = list("abcde"), list("abcdefgh")


def test_the_hand_thread_has_its_gini_by_hand_without_and_with_silent_people() -> None:
    assert number("participation_equality", hand_thread(), roster=FIVE).value == pytest.approx(1 - 8 / 35)
    assert number("participation_equality", hand_thread(), roster=EIGHT).value == pytest.approx(1 - 29 / 56)


def test_guests_count_for_nothing_where_a_roster_is_needed() -> None:
    acts = [*hand_thread(), start("guest", 7, "u"), view("f", 3, "t:A", "t:A")]

    assert number("participation_equality", acts, roster=EIGHT).value == pytest.approx(1 - 29 / 56)
    assert number("top10_share", acts, roster=EIGHT) == Number(3 / 7, n=8)


@pytest.mark.parametrize(("people", "tenth"), [(10, 1), (11, 2), (20, 2), (21, 3), (30, 3)])
def test_a_tenth_of_the_people_is_rounded_up(people: int, tenth: int) -> None:
    roster = [f"p{number}" for number in range(people)]

    everyone_once = number("top10_share", [start(who, 0, f"t:{who}") for who in roster], roster=roster)

    assert everyone_once == Number(tenth / people, n=people)


@pytest.mark.parametrize("metric", ROSTER_METRICS)
def test_where_nobody_belongs_there_is_no_roster_and_where_nobody_posts_no_data(metric: str) -> None:
    assert number(metric, hand_thread()).why == "no_roster"
    assert number(metric, hand_thread(), roster=[]).why == "no_roster"
    for acts in ([], [start("guest")]):
        silent = number(metric, acts, roster=FIVE)
        assert (silent.value, silent.why) == (None, "no_data")


def instructor_share(*memberships: dict[str, Any], named: bool = False, **config: Any) -> float | None:
    """The share of one reply by B in the course c:x, a day after the window begins."""
    role = "instructor" if named else None
    answer = reply("b", 24 * 60, start("a"), course_id="c:x", actor_role=role)
    told = [{"person": "b", "kind": "course", **each} for each in memberships]
    return number("instructor_share", [answer], memberships=told, config=config).value


def test_who_teaches_the_course_is_an_instructor_by_either_word() -> None:
    assert instructor_share({"group": "c:x", "role": "instructor"}) == 1
    assert instructor_share({"group": "c:x", "role": "teacher"}) == 1
    assert instructor_share({"group": "c:x", "role": "coach"}) == 0
    assert instructor_share({"group": "c:x", "role": "coach"}, instructor_roles=["coach"]) == 1
    assert instructor_share({"group": "c:x", "role": "student"}, {"group": "c:x", "role": "teacher"}) == 1


def test_what_the_roster_says_of_the_course_outdoes_the_statement() -> None:
    assert instructor_share({"group": "c:x", "role": "student"}, named=True) == 0
    assert instructor_share({"group": "c:x", "role": None}, named=True) == 0


def test_who_is_in_no_such_course_is_one_where_the_statement_says_so() -> None:
    elsewhere = {"group": "c:y", "role": "teacher"}
    of_a_team = {"group": "c:x", "role": "student", "kind": "team"}

    assert (instructor_share(named=True), instructor_share()) == (1, 0)
    assert (instructor_share(elsewhere, named=True), instructor_share(elsewhere)) == (1, 0)
    assert instructor_share(of_a_team, named=True) == 1


def test_a_role_counts_from_its_first_moment_to_the_one_before_its_end() -> None:
    reply_at = at(24 * 60)

    assert instructor_share({"group": "c:x", "role": "teacher", "since": reply_at, "until": reply_at + DAY}) == 1
    assert instructor_share({"group": "c:x", "role": "teacher", "since": MONDAY, "until": reply_at}) == 0
    assert instructor_share({"group": "c:x", "role": "student", "since": MONDAY, "until": reply_at}, named=True) == 1


def test_the_share_is_of_replies_alone() -> None:
    first = start("t", actor_role="instructor")
    acts = [first, reply("t", 1, first, actor_role="instructor"), reply("b", 2, first), view("t", 3, "t", "t")]

    assert number("instructor_share", acts) == Number(0.5, n=2)
    assert number("instructor_share", [first]) == Number(None, n=0)
