from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lrs.core.analytics.answer import Row
from lrs.core.analytics.guard import Reason, tally, withheld_cells
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.windows import Window
from lrs.plugin import Act, Metric, Number, Scope
from tests.core.analytics.samples import DAY, MONDAY, WEEK, act, acts, week

UTC_ZONE = ZoneInfo("UTC")
SPAN = Window(MONDAY, MONDAY + 3 * WEEK)


class Courses:
    """The acts of the courses, as they would be released."""

    def __init__(self, told: list[Act], weeks: list[Window]) -> None:
        self._told = sorted(told, key=lambda each: each.t)
        found = {(each.course, of): self.acts(each.course, of) for each in told for of in weeks if each.course}
        self._cells = {cell: inside for cell, inside in found.items() if inside}
        self.withheld = withheld_cells({cell: tally(inside) for cell, inside in self._cells.items()}, 5)

    def names(self) -> list[str]:
        return sorted({name for name, _ in self._cells})

    def acts(self, group: str, of: Window) -> list[Act]:
        return [each for each in self._told if each.course == group and each.t in of]

    def toward(self, people: Collection[str], weeks: Sequence[Window]) -> list[Act]:
        return [each for of in weeks for each in self._told if each.t in of and each.target in people]


def number_of_acts(scope: Scope) -> Number:
    return Number(len(scope.acts), n=len(scope.acts))


def number_following(scope: Scope) -> Number:
    return Number(len(scope.following), n=len(scope.following))


def age_of_the_window(scope: Scope) -> Number:
    return Number((scope.as_of - scope.since) / DAY)


def question(
    compute: Any = number_of_acts, following: Any = None, as_of: timedelta = 10 * WEEK, **told: Any
) -> Question:
    metric = Metric(
        id="m",
        title="M",
        unit="n",
        range=(0, None),
        direction="neutral",
        definition="a number",
        no_data="0",
        source="own",
        compute=compute,
        **told,
    )
    return Question(metric=metric, config={}, as_of=MONDAY + as_of, min_group=5, following=following or {})


def by_course(asked: Question, told: list[Act], bucket: Any = None, group: str | None = None) -> list[Row]:
    query = MetricQuery(SPAN, bucket, "course", group, "json")
    weeks = [week(0), week(1), week(2)]
    return list(group_rows(asked, query, Courses(told, weeks), weeks, UTC_ZONE))


def whole(asked: Question, told: list[Act], bucket: Any = None, span: Window = SPAN) -> list[Row]:
    return list(whole_store_rows(asked, MetricQuery(span, bucket, None, None, "json"), told, UTC_ZONE))


def test_the_whole_window_is_one_row() -> None:
    assert whole(question(counts=True), acts(6)) == [Row(group=None, bucket=None, value=6, n_people=6, n_acts=6)]


def test_each_bucket_is_there_and_holds_its_own_acts() -> None:
    told = acts(5) + acts(6, after=WEEK - timedelta(minutes=6)) + acts(1, after=2 * WEEK)

    first, second, third = whole(question(counts=True), told, "week")

    assert (first.value, first.bucket) == (11, week(0))
    assert (second.value, second.bucket, second.reason) == (0, week(1), None)
    assert (third.value, third.reason, third.n_people, third.n_acts) == (None, Reason.TOO_FEW_PEOPLE, None, None)


def test_an_empty_bucket_of_what_does_not_add_up_has_no_data() -> None:
    (row,) = whole(question(lambda scope: Number(None)), [])

    assert (row.value, row.reason, row.suppressed, row.n_people, row.n_acts) == (None, Reason.NO_DATA, False, 0, 0)


def test_a_number_of_too_few_values_keeps_its_counts() -> None:
    (row,) = whole(question(min_values=7), acts(6))

    assert (row.value, row.reason, row.suppressed, row.n_people) == (None, Reason.TOO_FEW_VALUES, True, 6)


def test_numbers_beside_are_withheld_by_the_same_minimum() -> None:
    def with_beside(scope: Scope) -> Number:
        return Number(1.0, n=10, beside={"few": Number(0.5, n=9), "many": Number(0.5, n=10)})

    (row,) = whole(question(with_beside, min_denominator=10), acts(5))

    assert row.value == 1
    assert (row.beside["few"].value, row.beside["few"].reason) == (None, Reason.TOO_FEW_VALUES)
    assert (row.beside["many"].value, row.beside["many"].reason) == (0.5, None)


def test_a_bucket_is_answered_as_of_its_end_or_as_of_what_is_known() -> None:
    told = [*acts(5), *acts(5, after=WEEK), *acts(5, after=2 * WEEK)]

    rows = whole(question(age_of_the_window, as_of=2.5 * WEEK), told, "week")

    assert [row.value for row in rows] == [7, 7, 3.5]


def test_what_follows_is_followed_until_as_of_and_only_where_it_was_opened() -> None:
    opened = [*acts(5), act("a", subject="t", opens=True)]
    following = {"t": [act("b", WEEK - DAY, subject="t"), act("c", WEEK, subject="t")], "u": [act("d")]}

    assert whole(question(number_following, following), opened, span=week(0))[0].value == 1
    assert whole(question(number_following, following), opened)[0].value == 2
    assert whole(question(number_following, following), acts(5))[0].value == 0


def test_groups_come_by_name_and_acts_without_a_course_belong_to_none() -> None:
    told = [*acts(5, course="c:b"), *acts(6, course="c:a"), *acts(9)]

    rows = by_course(question(counts=True), told)

    assert [(row.group, row.value, row.bucket) for row in rows] == [("c:a", 6, None), ("c:b", 5, None)]


def test_a_withheld_week_withholds_the_window_and_the_month_but_no_other_week() -> None:
    small = acts(2, course="c:a", after=WEEK)
    told = [*acts(5, course="c:a"), *acts(2, course="c:b", after=WEEK), *small, *acts(6, course="c:a", after=2 * WEEK)]

    assert [row.reason for row in by_course(question(counts=True), told, group="c:a")] == [Reason.TOO_FEW_PEOPLE]
    assert [row.reason for row in by_course(question(counts=True), told, "month", "c:a")] == [Reason.TOO_FEW_PEOPLE]
    weeks = by_course(question(counts=True), told, "week", "c:a")
    assert [(row.value, row.reason) for row in weeks] == [(5, None), (None, Reason.TOO_FEW_PEOPLE), (6, None)]
    assert (weeks[1].n_people, weeks[1].n_acts, weeks[1].suppressed) == (None, None, True)


def test_one_group_alone_is_withheld_as_it_is_among_the_others() -> None:
    told = [*acts(4, course="c:a"), *acts(6, course="c:b"), *acts(7, course="c:c")]

    for group in ("c:a", "c:b", "c:c"):
        alone = by_course(question(counts=True), told, group=group)
        assert alone == [row for row in by_course(question(counts=True), told) if row.group == group]


def test_an_unknown_group_has_nothing() -> None:
    (row,) = by_course(question(counts=True), acts(5, course="c:a"), group="c:none")

    assert (row.group, row.value, row.n_people) == ("c:none", 0, 0)


def test_what_was_returned_to_a_group_is_looked_for_among_everybodys_acts() -> None:
    def number_of_everyones(scope: Scope) -> Number:
        return Number(len(scope.everyone))

    back = [act("q", target="p1"), act("q", WEEK, target="p2"), act("q", target="r")]
    told = [*acts(5, course="c:a"), *acts(6, named="s", course="c:b", after=WEEK), *back]

    assert [row.value for row in by_course(question(number_of_everyones, counts=True), told)] == [2, 0]
    weeks = by_course(question(number_of_everyones, counts=True), told, "week", "c:a")
    assert [row.value for row in weeks] == [1, 0, 0]
