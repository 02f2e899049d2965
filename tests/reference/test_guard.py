"""The reference's guard: small numbers, groups, weeks that are withheld."""

from typing import Any

import pytest

from .asking import rows
from .guard import Row
from .samples import DAY, HAND_THREAD, MONDAY, WEEK, minute, reply, thread, void
from .statements import Statement


def test_the_whole_store_withholds_rows_of_few_people_and_values_of_few_acts() -> None:
    (five,) = rows(HAND_THREAD, "posts")
    assert (five.value, five.n_people, five.n_acts, five.suppressed) == (7, 5, 7, False)
    (four,) = rows([*HAND_THREAD, void(9, 7)], "posts")
    assert four == Row(None, None, None, None, None, None, True, "too_few_people")
    (few,) = rows(HAND_THREAD, "median_response_time")
    assert (few.value, few.reason, few.n_people) == (None, "too_few_values", 5)
    assert rows([], "posts")[0].value == 0
    assert rows([], "unanswered_rate")[0].reason == "no_data"


def circle(first: int, course: str, size: int, week: int = 0, answered: bool = True) -> list[Statement]:
    """As many people of a course as `size`, who each open a thread; each one's is answered by the next, if at all."""
    people, begin = [f"{course}{n}" for n in range(size)], week * WEEK
    opened = [thread(first + n, who, begin + n, f"t:{first + n}", course=course) for n, who in enumerate(people)]
    replies = [
        reply(first + size + n, people[(n + 1) % size], begin + 60 + n, f"p:{first + n}", f"t:{first + n}", course)
        for n in range(size)
    ]
    return opened + replies if answered else opened


def by_course(statements: list[Statement], metric: str = "posts", **asked: Any) -> list[tuple[Any, ...]]:
    """(group, value, reason) of each row by course."""
    return [(row.group, row.value, row.reason) for row in rows(statements, metric, group_by="course", **asked)]


def test_courses_of_enough_people_are_shown_and_the_smallest_goes_with_a_lone_withheld_one() -> None:
    large = circle(100, "c:x", 5) + circle(200, "c:y", 6) + circle(300, "c:z", 6)
    assert by_course(large) == [("c:x", 10, None), ("c:y", 12, None), ("c:z", 12, None)]
    one_small = large + circle(400, "c:a", 4)
    withheld = [("c:a", None, "too_few_people"), ("c:x", None, "complementary")]
    assert by_course(one_small) == [*withheld, ("c:y", 12, None), ("c:z", 12, None)]
    assert rows(one_small, "posts", group="c:x")[0].reason == "complementary"
    two_small = one_small + circle(500, "c:b", 3)
    assert ("c:x", 10, None) in by_course(two_small)


def test_a_course_of_few_targets_is_withheld() -> None:
    # Six people write, but the only one answered is the first.
    told = [*circle(100, "c:x", 6, answered=False), reply(120, "c:x1", 90, "p:1", "t:100", "c:x")]
    assert by_course(told) == [("c:x", None, "too_few_people")]
    assert by_course(told[:-1]) == [("c:x", 6, None)]


def test_a_withheld_week_withholds_the_window_but_not_the_other_weeks() -> None:
    told = circle(100, "c:x", 5) + circle(200, "c:x", 4, week=1) + circle(300, "c:y", 5) + circle(400, "c:y", 5, week=2)
    month: dict[str, Any] = {"since": minute(DAY), "until": minute(2 * WEEK + 1)}
    # y has nothing in the second week, so nothing is left to go with x there.
    assert by_course(told, **month) == [("c:x", None, "too_few_people"), ("c:y", 20, None)]
    assert by_course(told, bucket="week", **month) == [
        ("c:x", 10, None),
        ("c:x", None, "too_few_people"),
        ("c:x", 0, None),
        ("c:y", 10, None),
        ("c:y", 0, None),
        ("c:y", 10, None),
    ]


def test_the_open_week_is_not_shown() -> None:
    told = circle(100, "c:x", 5) + circle(200, "c:x", 5, week=1)
    asked: dict[str, Any] = {"until": minute(2 * WEEK)}
    assert by_course(told, now=minute(2 * WEEK - 1), **asked) == [("c:x", 10, None)]
    assert by_course(told, now=minute(2 * WEEK), **asked) == [("c:x", 20, None)]
    assert rows(told, "posts", group_by="course", now=minute(DAY)) == [
        Row(None, None, None, None, None, None, True, "open_week")
    ]


def test_months_of_courses_are_the_weeks_with_their_thursday_in_it() -> None:
    # The week of Monday 30 March 2026 has its Thursday on 2 April.
    told = [each for week in range(5) for each in circle(100 * (week + 1), "c:x", 5, week=week)]
    asked: dict[str, Any] = {"group_by": "course", "bucket": "month", "until": minute(5 * WEEK)}
    march, april = rows(told, "posts", **asked)
    assert (march.start, march.end, march.value) == (MONDAY, minute(4 * WEEK), 40)
    assert (april.start, april.end, april.value) == (minute(4 * WEEK), minute(5 * WEEK), 10)
    with pytest.raises(ValueError, match="day"):
        rows(told, "posts", **(asked | {"bucket": "day"}))


def test_a_source_without_courses_can_not_tell() -> None:
    assert by_course(HAND_THREAD) == [(None, None, "source_cannot_tell")]


def test_an_arc_of_one_course_is_returned_by_one_of_another() -> None:
    told = [
        thread(1, "a", 0, "t:A", course="c:x"),
        reply(2, "b", 1, "p:B", "t:A", "c:x"),
        reply(3, "a", 2, "p:A", "p:B", "c:y"),
    ]
    assert by_course(told, "reply_reciprocity", guarded=False) == [("c:x", 1, None), ("c:y", 1, None)]
