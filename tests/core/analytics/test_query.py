from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lrs.core.analytics.query import MetricQuery, parse
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


def test_so_many_weeks_of_groups_are_refused() -> None:
    with pytest.raises(BadRequest) as refused:
        ask(("since", "1900-01-01"), ("group_by", "course"))

    assert refused.value.where == "since"
    assert ask(("since", "1990-01-01"), ("group_by", "course")).partition == "course"
