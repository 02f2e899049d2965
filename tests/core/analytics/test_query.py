from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lrs.core.analytics.query import FORMATS, MetricQuery, parse, parse_chart
from lrs.core.analytics.windows import Window
from lrs.errors import BadRequest

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
UTC_ZONE, BERLIN, NEW_YORK = ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


def ask(*pairs: tuple[str, str], zone: ZoneInfo = UTC_ZONE) -> MetricQuery:
    return parse(pairs, default=timedelta(days=28), present=NOW, zone=zone)


def test_the_default_window_ends_now() -> None:
    assert ask() == MetricQuery(Window(NOW - timedelta(days=28), NOW), None, None, None, "json")


def test_since_alone_ends_now_and_until_alone_begins_a_default_window_before() -> None:
    assert ask(("since", "2026-11-01T00:00:00Z")).window == Window(datetime(2026, 11, 1, tzinfo=UTC), NOW)
    until = datetime(2026, 3, 29, tzinfo=UTC)
    assert ask(("until", "2026-03-29T00:00:00Z")).window == Window(until - timedelta(days=28), until)


def test_a_date_is_the_beginning_of_that_day_in_the_stores_time_zone() -> None:
    window = ask(("since", "2026-03-29"), ("until", "2026-03-30"), zone=BERLIN).window

    assert window.start == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert window.end == datetime(2026, 3, 29, 22, tzinfo=UTC)


def test_everything_told_is_read() -> None:
    asked = ask(("bucket", "week"), ("group_by", "course"), ("group", "https://e.org/c"), ("format", "csv"))

    assert (asked.bucket, asked.partition, asked.group, asked.format) == ("week", "course", "https://e.org/c", "csv")


@pytest.mark.parametrize(
    ("pairs", "where"),
    [
        ([("sinse", "2026-01-01")], "sinse"),
        ([("since", "2026-01-01"), ("since", "2026-01-01")], "since"),
        ([("since", "yesterday")], "since"),
        ([("since", "2026-13-01")], "since"),
        ([("until", "1793491200")], "until"),
        ([("since", "")], "since"),
        ([("since", "2026-11-02"), ("until", "2026-11-01")], "until"),
        ([("since", "2026-11-01"), ("until", "2026-11-01")], "until"),
        ([("since", "2027-01-01")], "since"),
        ([("bucket", "hour")], "bucket"),
        ([("bucket", "")], "bucket"),
        ([("group_by", "programme")], "group_by"),
        ([("group", "a")], "group"),
        ([("group_by", "course"), ("bucket", "day")], "bucket"),
        ([("format", "xml")], "format"),
        ([("compare", "next")], "compare"),
        ([("compare", "previous"), ("format", "png")], "compare"),
        ([("compare", "previous"), ("since", "0002-01-03"), ("until", "0003-01-01")], "compare"),
        ([("since", "2000-01-01"), ("bucket", "day")], "bucket"),
    ],
)
def test_a_question_without_meaning_is_refused_by_its_parameter(pairs: list[tuple[str, str]], where: str) -> None:
    with pytest.raises(BadRequest) as refused:
        ask(*pairs)

    assert refused.value.where == where
    assert refused.value.why or refused.value.accepted


@pytest.mark.parametrize(
    "pairs",
    [
        [("until", "0001-01-02")],
        [("since", "0001-01-01"), ("until", "0001-01-02")],
        [("since", "0001-01-01T00:00:00Z"), ("until", "0001-01-02T00:00:00Z"), ("bucket", "day")],
        [("since", "9999-12-30T00:00:00Z"), ("until", "9999-12-31T23:59:59Z"), ("bucket", "day")],
        [("since", "9999-12-30T00:00:00Z"), ("until", "9999-12-31T23:59:59Z"), ("group_by", "course")],
        [("since", "9999-12-31"), ("until", "9999-12-31T23:59:59Z")],
        [("since", "0001-01-02T00:00:00Z"), ("group_by", "course")],
    ],
)
@pytest.mark.parametrize("zone", [UTC_ZONE, BERLIN, NEW_YORK])
def test_a_window_at_the_end_of_the_calendar_is_refused(pairs: list[tuple[str, str]], zone: ZoneInfo) -> None:
    with pytest.raises(BadRequest) as refused:
        ask(*pairs, zone=zone)

    assert refused.value.where in ("since", "until")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_read(form: str) -> None:
    assert ask(("format", form)).format == form


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_picture_shows_weeks_unless_it_compares_groups_or_is_told_otherwise(form: str) -> None:
    told, by = ("format", form), ("group_by", "team")

    assert ask(told).bucket == "week"
    assert ask(told, ("bucket", "day")).bucket == "day"
    assert ask(told, by).bucket is None
    assert ask(told, by, ("group", "Red")).bucket == "week"


def test_a_picture_without_a_beginning_shows_twelve_whole_weeks_and_the_open_one() -> None:
    drawn, table = ask(("format", "svg"), zone=BERLIN).window, ask(("format", "csv"), zone=BERLIN).window

    assert drawn == Window(datetime(2026, 8, 23, 22, tzinfo=UTC), NOW)
    assert table == Window(NOW - timedelta(days=28), NOW)
    told = ask(("format", "svg"), ("since", "2026-11-18T12:00:00Z")).window
    assert told.start == datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_a_chart_has_its_own_buckets_and_asks_in_them() -> None:
    def chart(*pairs: tuple[str, str]) -> MetricQuery:
        return parse_chart(pairs, bucket="month", default=timedelta(days=28), present=NOW, zone=UTC_ZONE)

    assert (chart().bucket, chart().format) == ("month", "json")
    assert chart().window == Window(datetime(2025, 12, 1, tzinfo=UTC), NOW)
    assert chart(("group_by", "team"), ("format", "png")).partition == "team"
    for refused in (("bucket", "week"), ("compare", "previous"), ("format", "csv")):
        with pytest.raises(BadRequest) as error:
            chart(refused)
        assert error.value.where == refused[0]


def test_rows_are_compared_with_the_window_as_long_before() -> None:
    asked = ask(("since", "2026-03-30"), ("until", "2026-04-06"), ("compare", "previous"), zone=BERLIN)

    assert asked.previous == Window(datetime(2026, 3, 22, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    assert ask().previous is None


def test_so_many_weeks_of_groups_are_refused() -> None:
    with pytest.raises(BadRequest) as refused:
        ask(("since", "1900-01-01"), ("group_by", "course"))

    assert refused.value.where == "since"
    assert ask(("since", "1990-01-01"), ("group_by", "course")).partition == "course"
