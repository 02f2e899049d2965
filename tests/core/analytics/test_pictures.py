"""What is drawn of an answer: the view, its rows, and what stands above it. The drawing itself: test_drawing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lrs.core.analytics import pictures, vega
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason, Shown
from lrs.core.analytics.pictures import Answers, Picture
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.windows import Bucket, Window
from lrs.errors import BadRequest
from lrs.plugin import Chart, Metric, Number, Plugin
from tests.core.analytics.samples import MONDAY, WEEK, week
from tests.core.analytics.test_answer import answer

UTC_ZONE, BERLIN = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin")
SPAN = Window(MONDAY, MONDAY + 3 * WEEK)


def metric(id: str = "posts", unit: str = "n") -> Metric:
    return Metric(
        id=id,
        title=id.title(),
        unit=unit,
        range=(0, None),
        direction="neutral",
        definition="posts in the window",
        no_data="0",
        source="own",
        compute=lambda scope: Number(0),
    )


def plugin(*charts: Chart) -> Plugin:
    return Plugin(
        name="talk",
        version=1,
        title="Talk",
        description="Talk.",
        kinds=frozenset({"create"}),
        config_schema={},
        default_window=WEEK,
        metrics=(metric(), metric("likes")),
        apply=lambda change, config: None,
        coverage=lambda acts: {},
        charts=charts,
    )


def chart(bucket: Any = "week", **encoding: Any) -> Chart:
    x, y = {"field": "start", "type": "temporal"}, {"field": "value", "type": "quantitative"}
    spec = {"data": {"name": "rows"}, "mark": "area", "encoding": {"x": x, "y": y, **encoding}}
    ids = ("posts", "likes")
    return Chart(
        id="course", title="The course of things", description="How much.", metrics=ids, bucket=bucket, spec=spec
    )


def rows(*values: float | Reason, group: str | None = None, bucket: bool = True) -> list[Row]:
    return [
        Row(group=group, bucket=week(n) if bucket else None, reason=value)
        if isinstance(value, Reason)
        else Row(group=group, bucket=week(n) if bucket else None, value=value)
        for n, value in enumerate(values)
    ]


def told(
    found: Sequence[Row],
    *,
    bucket: Bucket | None = "week",
    by: str | None = None,
    group: str | None = None,
    of: Metric | None = None,
    span: Window = SPAN,
    zone: ZoneInfo = UTC_ZONE,
) -> Answers:
    asked = MetricQuery(span, bucket, by, group, "svg")
    return Answers(asked, zone, [(of or metric(), of_window(answer(*found), span))])


def of_window(given: MetricAnswer, span: Window) -> MetricAnswer:
    return replace(given, window=span, metric="talk.posts")


def drawn(found: Sequence[Row], *charts: Chart, **asked: Any) -> Picture:
    return pictures.of_metric(plugin(*charts), told(found, **asked))


def test_the_rows_are_what_a_plugins_view_expects() -> None:
    beside = Row(group="North", bucket=week(0), value=7, beside={"median": Shown(3.5, None)})

    first, second = told([beside, *rows(Reason.TOO_FEW_PEOPLE, group="South")], by="team", zone=BERLIN).rows()

    assert first == {
        "metric": "Posts",
        "group": "North",
        "start": "2026-03-02T01:00:00.000",
        "end": "2026-03-09T01:00:00.000",
        "value": 7,
        "reason": None,
        "median": 3.5,
    }
    assert (second["value"], second["reason"]) == (None, "too_few_people")


def test_without_groups_and_buckets_the_row_is_of_the_whole_store_and_window() -> None:
    (row,) = told(rows(7, bucket=False), bucket=None).rows()

    assert (row["group"], row["start"], row["end"]) == (
        "whole store",
        "2026-03-02T00:00:00.000",
        "2026-03-23T00:00:00.000",
    )


def test_a_specification_is_whole_and_holds_its_rows() -> None:
    spec = drawn(rows(1, 2, 3), chart()).spec()

    assert spec["$schema"] == vega.SCHEMA
    assert spec["data"] == {"name": "rows"}
    assert [row["value"] for row in spec["datasets"]["rows"]] == [1, 2, 3]
    assert spec["mark"] == "area"
    assert spec["description"] == "posts in the window"
    assert spec["usermeta"]["metrics"] == ["talk.posts"]
    assert spec["usermeta"]["window"] == {"since": "2026-03-02T00:00:00.000Z", "until": "2026-03-23T00:00:00.000Z"}


def test_a_metric_is_drawn_by_the_chart_that_holds_it_only_where_both_have_the_same_buckets() -> None:
    groups = [*rows(1, group="a", bucket=False), *rows(2, group="b", bucket=False)]

    assert drawn(rows(1), chart()).view["mark"] == "area"
    assert drawn(rows(1), chart("month")).view["mark"]["type"] == "line"
    assert drawn(rows(1), replace(chart(), metrics=("likes",))).view["mark"]["type"] == "line"
    assert drawn(groups, chart(), bucket=None, by="team").view["layer"][0]["mark"]["type"] == "bar"
    assert drawn(groups, chart(bucket=None), bucket=None, by="team").view["mark"] == "area"


def test_what_stands_above_says_the_window_and_how_much_is_withheld_and_why() -> None:
    hidden = rows(1, Reason.TOO_FEW_PEOPLE, Reason.TOO_FEW_PEOPLE, group="a") + rows(
        Reason.COMPLEMENTARY, Reason.NO_DATA, 2, group="b"
    )

    picture = drawn(hidden, by="department")

    assert picture.title == "Posts"
    assert list(picture.subtitle) == [
        "Posts in the window",
        "2 Mar – 22 Mar 2026, by week, by department",
        "3 of 6 withheld: too few people (2), so that no other can be found by subtraction (1)",
        "1 of 6 unknown: nothing it could be made of",
    ]
    about = picture.about
    assert (about["values"], about["withheld"], about["unknown"]) == (6, 3, 1)


def test_a_picture_of_one_group_names_it() -> None:
    picture = drawn(rows(1, group="North"), by="team", group="North")

    assert picture.title == "Posts – North"
    assert picture.subtitle[1] == "2 Mar – 22 Mar 2026, by week, one team"


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-01T23:00", "2026-03-02T23:00", "2 Mar 2026"),
        ("2025-12-28T23:00", "2026-01-04T23:00", "29 Dec 2025 – 4 Jan 2026"),
        ("2026-03-01T23:00", "2026-03-09T09:30", "2 Mar – 9 Mar 2026"),
    ],
)
def test_a_window_is_told_by_its_first_and_last_day_in_the_stores_time_zone(since: str, until: str, words: str) -> None:
    span = Window(*(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (since, until)))

    assert drawn(rows(1), span=span, zone=BERLIN).subtitle[1].startswith(f"{words}, ")


def test_a_picture_of_nothing_says_why() -> None:
    picture = drawn([Row(group=None, bucket=None, reason=Reason.NO_ROSTER)], by="team")

    assert picture.rows == []
    assert picture.subtitle[-1] == "Nothing can be shown: nobody is known to belong there"


def test_an_answer_that_is_being_computed_anew_is_drawn_with_that_word() -> None:
    asked = told(rows(1))
    ((of, given),) = asked.answers

    picture = pictures.of_metric(plugin(), replace(asked, answers=[(of, replace(given, stale=True))]))

    assert "computed anew" in picture.subtitle[-1]


def test_several_groups_over_time_get_a_panel_each_unless_the_view_tells_them_apart() -> None:
    two = rows(1, group="a") + rows(2, group="b")
    colour, detail = {"field": "group", "type": "nominal"}, {"field": "group"}

    assert drawn(two, chart(), by="team").view["facet"]["field"] == "group"
    assert drawn(two, by="team").view["facet"]["field"] == "group"
    assert drawn(two, chart(detail=detail), by="team").view["facet"]["field"] == "group"
    assert "facet" not in drawn(two, chart(color=colour), by="team").view
    assert "facet" not in drawn(rows(1, group="a"), chart(), by="team").view
    many = [row for n in range(8) for row in rows(1, group=f"group {n}")]
    assert "facet" in drawn(many, chart(color=colour), by="team").view


def test_a_panel_keeps_the_rows_of_the_whole() -> None:
    spec = drawn(rows(1, group="a") + rows(2, group="b"), chart(), by="team").spec()

    assert spec["data"] == {"name": "rows"}
    assert "data" not in spec["spec"]
    assert spec["spec"]["mark"] == "area"


def test_groups_come_by_name_and_never_by_value() -> None:
    bars = drawn(rows(1, group="a", bucket=False) + rows(2, group="b", bucket=False), bucket=None, by="team").view

    assert bars["encoding"]["y"]["sort"] == "ascending"


@pytest.mark.parametrize(
    ("unit", "most", "written", "title"),
    [
        ("n", 5, ",.4~r", "number"),
        ("people", 5, ",.4~r", "people"),
        ("0-1", 0.5, ".0%", "share"),
        ("s", 90.0, ",.4~r", "seconds"),
        ("s", 600.0, ",.4~r", "minutes"),
        ("s", 36_000.0, ",.4~r", "hours"),
        ("s", 900_000.0, ",.4~r", "days"),
    ],
)
def test_a_number_is_written_in_its_unit(unit: str, most: float, written: str, title: str) -> None:
    y = drawn(rows(most / 2, most), of=metric(unit=unit)).view["encoding"]["y"]

    assert (y["axis"]["format"], y["title"]) == (written, title)


def test_the_dates_on_the_axis_are_those_of_the_buckets_for_a_plugins_view_too() -> None:
    for charts in ((), (chart(),)):
        axis = drawn(rows(1, 2), *charts, zone=BERLIN).view["encoding"]["x"]["axis"]
        assert axis["values"] == [
            {"year": 2026, "month": 3, "date": 2},
            {"year": 2026, "month": 3, "date": 9},
        ]
    years = [Row(group=None, bucket=Window(MONDAY + n * WEEK, MONDAY + (n + 1) * WEEK), value=n) for n in range(100)]
    axis = drawn(years).view["encoding"]["x"]["axis"]
    assert (len(axis["values"]), axis["format"]) == (50, "%-d %b %Y")
    own = chart(x={"field": "start", "type": "temporal", "axis": {"format": "%V"}})
    assert drawn(rows(1, 2), own).view["encoding"]["x"]["axis"] == {"format": "%V"}


def test_a_chart_shows_all_its_metrics() -> None:
    asked = told(rows(1, 2))
    likes = (metric("likes"), of_window(answer(*rows(3, Reason.TOO_FEW_PEOPLE)), SPAN))

    picture = pictures.of_chart(plugin(), chart(), replace(asked, answers=[*asked.answers, likes]))

    assert picture.name == "talk.course"
    assert (picture.title, picture.description) == ("The course of things", "How much.")
    assert [(row["metric"], row["value"]) for row in picture.rows] == [
        *(("Posts", 1), ("Posts", 2)),
        *(("Likes", 3), ("Likes", None)),
    ]
    assert "1 of 4 withheld" in picture.subtitle[-1]


@pytest.mark.parametrize(
    ("found", "where"),
    [
        ([row for n in range(101) for row in rows(1, group=f"{n}")], "group_by"),
        ([Row(group=None, bucket=Window(MONDAY, MONDAY + timedelta(n)), value=n) for n in range(1, 5_002)], "since"),
    ],
    ids=["groups", "values"],
)
def test_what_is_too_much_for_a_picture_is_refused(found: list[Row], where: str) -> None:
    with pytest.raises(BadRequest) as refused:
        drawn(found, by="team" if where == "group_by" else None)

    assert refused.value.where == where
    assert "format=csv" in refused.value.accepted
