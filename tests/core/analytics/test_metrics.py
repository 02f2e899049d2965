from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lrs.core.analytics.answer import Row
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.guard import Reason, withheld_cells
from lrs.core.analytics.metrics import Question, group_rows, whole_store_rows
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.released import cells, tallied
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.windows import Window
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act, Metric, Number, Place, Scope, code
from tests.core.analytics.samples import DAY, MONDAY, WEEK, act, acts, table, week

UTC_ZONE = ZoneInfo("UTC")
SPAN = Window(MONDAY, MONDAY + 3 * WEEK)
NOBODY = Identity()


def released(told: list[Act], weeks: Sequence[Window], who: Identity = NOBODY) -> ReleasedGroups:
    """What is released of these acts."""
    everybody = {of: table([each for each in told if each.t in of]) for of in weeks}
    courses = {code(each.course): each.course for each in told if each.course is not None}
    found = {(cell.group, of): cell for of in weeks for cell in cells(everybody[of], directory(who), courses)}
    withheld = withheld_cells({place: tallied(cell) for place, cell in found.items()}, 5)
    return ReleasedGroups(weeks, withheld, found, everybody, table([]), early=table([]))


def number_of_acts(scope: Scope) -> Number:
    return Number(len(scope.acts), n=len(scope.acts))


def number_following(scope: Scope) -> Number:
    return Number(len(scope.following()), n=len(scope.following()))


def age_of_the_window(scope: Scope) -> Number:
    return Number((scope.as_of - scope.since) / DAY)


def question(
    compute: Any = number_of_acts,
    early: Sequence[Act] = (),
    as_of: timedelta = 10 * WEEK,
    who: Identity = NOBODY,
    **told: Any,
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
    return Question(metric, {"hours": 3}, MONDAY + as_of, 5, directory(who), UTC_ZONE, table(early))


def by_course(asked: Question, told: list[Act], bucket: Any = None, group: str | None = None) -> list[Row]:
    query = MetricQuery(SPAN, bucket, "course", group, "json")
    weeks = [week(0), week(1), week(2)]
    return list(group_rows(asked, query, released(told, weeks), weeks))


def whole(asked: Question, told: list[Act], bucket: Any = None, span: Window = SPAN) -> list[Row]:
    return list(whole_store_rows(asked, MetricQuery(span, bucket, None, None, "json"), table(told)))


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


def test_what_counts_beside_needs_no_minimum() -> None:
    def with_beside(scope: Scope) -> Number:
        return Number(None, n=0, beside={"told": Number(3, n=None)}, why="no_roster")

    (row,) = whole(question(with_beside, min_denominator=10), acts(5))

    assert (row.value, row.reason) == (None, Reason.NO_ROSTER)
    assert (row.beside["told"].value, row.beside["told"].reason) == (3, None)


def test_rows_count_only_who_contributes_and_metrics_see_all() -> None:
    (row,) = whole(question(counts=True), acts(6) + acts(9, named="reader", contributes=False))

    assert (row.value, row.n_people, row.n_acts) == (15, 6, 6)


def test_what_follows_is_followed_until_as_of_and_only_where_it_was_opened() -> None:
    opened = [*acts(5), act("a", subject="t", opens=True)]
    later = [act("b", WEEK - DAY, subject="t"), *acts(5, after=WEEK), act("c", WEEK, subject="t"), act("d")]

    assert whole(question(number_following), opened + later, span=week(0))[0].value == 2
    assert whole(question(number_following), opened + later)[0].value == 3
    assert whole(question(number_following, as_of=WEEK), opened + later)[0].value == 2
    assert whole(question(number_following), acts(5) + later)[0].value == 0


def test_an_act_that_a_clock_puts_before_its_thread_follows_it_in_every_window() -> None:
    opened = [*acts(5, after=WEEK), act("a", WEEK, subject="t", opens=True)]
    early = [act("b", WEEK - DAY, subject="t", subject_t=MONDAY + WEEK)]

    asked = question(number_following, early)
    (alone,) = whole(asked, opened, span=week(1))
    weeks = whole(asked, [*acts(5), *early, *opened], "week", Window(MONDAY, MONDAY + 2 * WEEK))
    (month,) = whole(asked, [*acts(5), *early, *opened], span=Window(MONDAY, MONDAY + 2 * WEEK))

    assert alone.value == 2
    assert [row.value for row in weeks] == [0, 2]
    assert month.value == 2


def test_a_state_rests_on_everything_before_the_end_of_each_bucket() -> None:
    told = [*acts(5, after=-9 * WEEK), *acts(6, after=WEEK)]
    states = question(counts=True, looks_back=True)

    rows = whole(states, told, "week")

    assert [(row.value, row.n_acts) for row in rows] == [(5, 0), (11, 6), (11, 0)]


def test_a_state_that_rests_on_too_few_people_is_withheld_also_where_enough_acted_lately() -> None:
    told = [*acts(2, after=-9 * WEEK), *acts(6, after=WEEK)]

    rows = whole(question(counts=True, looks_back=True), told, "week")

    assert [(row.value, row.reason) for row in rows] == [(None, Reason.TOO_FEW_PEOPLE), (8, None), (8, None)]


def test_who_looks_back_counts_what_came_too_early_once() -> None:
    told = [*acts(5), act("b", WEEK - DAY, subject="t", subject_t=MONDAY + WEEK)]
    told += [act("a", WEEK, subject="t", opens=True), *acts(5, after=WEEK)]

    (row,) = whole(question(number_following, told[5:6], looks_back=True), told, span=week(1))

    assert row.value == 2


def test_a_metric_is_told_everything_about_where_and_when_it_is_asked() -> None:
    seen: list[Scope] = []

    def look(scope: Scope) -> Number:
        seen.append(scope)
        return Number(0)

    members = {"p0": (Membership("A"),), "z": (Membership("A"),)}
    who = Identity(imported=frozenset({"p0", "z", "y"}), memberships={"course": members})
    told = [*acts(5, course="A"), *acts(6, course="B")]
    by_course(question(look, who=who, as_of=WEEK / 2, counts=True), told, "week", "A")
    whole(question(look, who=who, counts=True), told)

    of_group, of_store = seen[0], seen[-1]
    assert (of_group.since, of_group.until, of_group.as_of) == (MONDAY, MONDAY + WEEK, MONDAY + WEEK / 2)
    assert (of_group.place, of_group.zone, of_group.config) == (Place("course", code("A")), "UTC", {"hours": 3})
    assert (len(of_group.acts), len(of_group.store)) == (5, 11)
    assert of_group.roster is not None
    assert set(of_group.roster) == {code("p0"), code("z")}
    assert set(of_group.memberships["person"]) == {code("p0"), code("z")}
    assert of_store.place is None
    assert of_store.roster is not None
    assert set(of_store.roster) == {code("p0"), code("z"), code("y")}


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


def test_a_group_is_seen_among_everybody() -> None:
    def number_of_others(scope: Scope) -> Number:
        return Number(len(scope.store) - len(scope.acts))

    told = [*acts(5, course="c:a"), *acts(6, named="s", course="c:b", after=WEEK), act("q"), act("q", WEEK)]

    assert [row.value for row in by_course(question(number_of_others, counts=True), told)] == [8, 7]
    weeks = by_course(question(number_of_others, counts=True), told, "week", "c:a")
    assert [row.value for row in weeks] == [1, 7, 0]


@pytest.mark.parametrize("bucket", [None, "week"])
def test_a_groups_state_leaves_weeks_out_that_are_withheld(bucket: Any) -> None:
    before, span = [week(-2), week(-1)], [week(0)]
    told = [
        *acts(7, course="c:a", after=-2 * WEEK),
        *acts(3, course="c:a", after=-WEEK),
        *acts(6, course="c:b", after=-WEEK),
        *acts(5, course="c:a"),
    ]
    groups = released(told, before + span)

    query = MetricQuery(week(0), bucket, "course", None, "json")
    (row,) = group_rows(question(counts=True, looks_back=True), query, groups, span)

    assert groups.withheld.keys() == {("c:a", week(-1)), ("c:b", week(-1))}
    assert (row.group, row.value, row.n_people, row.n_acts) == ("c:a", 12, 5, 5)
