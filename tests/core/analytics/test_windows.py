from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.core.analytics.windows import (
    Bucket,
    Window,
    beginning,
    buckets,
    closed_weeks,
    earlier,
    midnight,
    months_of,
    weeks_before,
)
from tests.core.analytics.samples import MONDAY, WEEK, week

BERLIN, NEW_YORK, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("UTC")
CAIRO = ZoneInfo("Africa/Cairo")  # its clocks go forward at midnight, so that one day a year begins at one

HOUR = timedelta(hours=1)


def window(since: str, until: str) -> Window:
    return Window(datetime.fromisoformat(since).astimezone(UTC), datetime.fromisoformat(until).astimezone(UTC))


def hours(found: list[Window]) -> list[float]:
    return [(each.end - each.start) / HOUR for each in found]


def test_days_begin_at_local_midnight_and_are_cut_to_the_window() -> None:
    asked = window("2026-03-02T12:30:00+00:00", "2026-03-04T01:00:00+00:00")

    assert buckets(asked, "day", BERLIN) == [
        window("2026-03-02T12:30:00+00:00", "2026-03-03T00:00:00+01:00"),
        window("2026-03-03T00:00:00+01:00", "2026-03-04T00:00:00+01:00"),
        window("2026-03-04T00:00:00+01:00", "2026-03-04T01:00:00+00:00"),
    ]


def test_a_window_that_ends_at_midnight_has_no_bucket_behind_it() -> None:
    asked = window("2026-03-02T00:00:00+01:00", "2026-03-04T00:00:00+01:00")

    assert hours(buckets(asked, "day", BERLIN)) == [24, 24]


@pytest.mark.parametrize(
    ("zone", "since", "until", "lengths"),
    [
        (BERLIN, "2026-03-23T00:00:00+01:00", "2026-04-06T00:00:00+02:00", [167, 168]),
        (BERLIN, "2026-10-19T00:00:00+02:00", "2026-11-02T00:00:00+01:00", [169, 168]),
        (NEW_YORK, "2026-03-02T00:00:00-05:00", "2026-03-16T00:00:00-04:00", [167, 168]),
        (NEW_YORK, "2026-10-26T00:00:00-04:00", "2026-11-09T00:00:00-05:00", [169, 168]),
    ],
)
def test_a_week_in_which_clocks_change_is_an_hour_shorter_or_longer(
    zone: ZoneInfo, since: str, until: str, lengths: list[float]
) -> None:
    asked = window(since, until)

    assert hours(buckets(asked, "week", zone)) == lengths
    assert closed_weeks(asked, zone, closed_by=asked.end) == buckets(asked, "week", zone)


def test_a_day_that_has_no_midnight_begins_when_the_clocks_have_gone_forward() -> None:
    asked = window("2026-04-23T00:00:00+02:00", "2026-04-25T00:00:00+03:00")

    assert hours(buckets(asked, "day", CAIRO)) == [24, 23]


def test_months_are_calendar_months() -> None:
    asked = window("2025-12-15T00:00:00+01:00", "2026-04-10T00:00:00+02:00")

    found = buckets(asked, "month", BERLIN)

    assert [each.start.astimezone(BERLIN).date() for each in found] == [
        date(2025, 12, 15),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
        date(2026, 4, 1),
    ]
    assert hours(found)[3] == 31 * 24 - 1


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


@settings(max_examples=200, deadline=None, database=None)
@given(
    start=MOMENTS,
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=100)),
    bucket=st.sampled_from(get_args(Bucket)),
    zone=st.sampled_from([BERLIN, NEW_YORK, UTC_ZONE, CAIRO, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu")]),
)
def test_buckets_cover_the_window_without_gap_or_overlap(
    start: datetime, length: timedelta, bucket: Bucket, zone: ZoneInfo
) -> None:
    asked = Window(start, start + length)

    found = buckets(asked, bucket, zone)

    assert (found[0].start, found[-1].end) == (asked.start, asked.end)
    assert [each.start for each in found[1:]] == [each.end for each in found[:-1]]
    assert all(each.start < each.end for each in found)
    assert all(each.start == midnight(each.start.astimezone(zone).date(), zone) for each in found[1:])


def test_a_day_that_a_zone_left_out_is_no_bucket() -> None:
    apia = ZoneInfo("Pacific/Apia")
    asked = Window(midnight(date(2011, 12, 29), apia), midnight(date(2012, 1, 1), apia))

    days = [each.start.astimezone(apia).day for each in buckets(asked, "day", apia)]

    assert days == [29, 31]


def test_closed_weeks_are_whole_even_where_the_window_cuts_them() -> None:
    asked = Window(MONDAY + WEEK / 2, MONDAY + 2.5 * WEEK)

    assert closed_weeks(asked, UTC_ZONE, closed_by=MONDAY + 10 * WEEK) == [week(0), week(1), week(2)]


def test_a_week_is_closed_at_its_end_and_not_before() -> None:
    asked = Window(MONDAY, MONDAY + 2 * WEEK)

    assert closed_weeks(asked, UTC_ZONE, closed_by=MONDAY + 2 * WEEK) == [week(0), week(1)]
    assert closed_weeks(asked, UTC_ZONE, closed_by=MONDAY + 2 * WEEK - timedelta(milliseconds=1)) == [week(0)]


def test_a_week_belongs_to_the_month_of_its_thursday() -> None:
    # 30 March 2026 is a Monday, its Thursday is 2 April.
    weeks = [week(number) for number in range(5)]

    assert months_of(weeks, UTC_ZONE) == [weeks[:4], weeks[4:]]


def test_the_thursday_is_the_stores_own() -> None:
    # Monday 30 November 2026 begins in Auckland while it is Sunday in UTC; Thursday is 3 December in both.
    auckland = ZoneInfo("Pacific/Auckland")
    (found,) = closed_weeks(
        window("2026-12-01T00:00:00+13:00", "2026-12-02T00:00:00+13:00"), auckland, datetime.max.replace(tzinfo=UTC)
    )

    assert found.start == datetime(2026, 11, 29, 11, tzinfo=UTC)
    assert months_of([week(-1), found], auckland) == [[week(-1)], [found]]


def test_a_window_holds_its_start_and_not_its_end() -> None:
    assert week(0).start in week(0)
    assert week(0).end not in week(0)


def test_what_lies_before_a_window_is_as_long() -> None:
    asked = window("2026-03-04T12:30:00+00:00", "2026-03-06T01:00:00+00:00")

    assert earlier(asked, asked, BERLIN) == window("2026-03-03T00:00:00+00:00", "2026-03-04T12:30:00+00:00")
    part = window("2026-03-05T00:00:00+00:00", "2026-03-06T00:00:00+00:00")
    assert earlier(part, asked, BERLIN) == window("2026-03-03T11:30:00+00:00", "2026-03-04T11:30:00+00:00")


@pytest.mark.parametrize(
    ("zone", "since", "until", "before"),
    [
        (BERLIN, "2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00", "2026-03-23T00:00:00+01:00"),
        (BERLIN, "2026-10-26T00:00:00+01:00", "2026-10-28T00:00:00+01:00", "2026-10-24T00:00:00+02:00"),
        (CAIRO, "2026-04-24T01:00:00+03:00", "2026-05-01T00:00:00+03:00", "2026-04-17T00:00:00+02:00"),
        (CAIRO, "2026-05-01T00:00:00+03:00", "2026-05-08T00:00:00+03:00", "2026-04-24T01:00:00+03:00"),
    ],
)
def test_days_stay_days_when_the_clocks_change(zone: ZoneInfo, since: str, until: str, before: str) -> None:
    asked = window(since, until)

    assert earlier(asked, asked, zone) == window(before, since)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, UTC_ZONE, CAIRO])
@pytest.mark.parametrize("number", range(1, 9))
def test_before_weeks_lie_as_many_weeks(zone: ZoneInfo, number: int) -> None:
    for since in ("2026-03-16T00:00:00+00:00", "2026-04-27T00:00:00+00:00", "2026-11-02T00:00:00+00:00"):
        end = datetime.fromisoformat(since) + number * WEEK
        weeks = closed_weeks(window(since, end.isoformat()), zone, closed_by=end + WEEK)

        found = weeks_before(weeks, zone)

        assert len(found) == len(weeks)
        assert found[-1].end == weeks[0].start
        everything = Window(found[0].start, weeks[-1].end)
        assert [*found, *weeks] == closed_weeks(everything, zone, closed_by=everything.end)


@pytest.mark.parametrize("bucket", get_args(Bucket))
def test_a_bucket_begins_where_the_calendar_says(bucket: Bucket) -> None:
    asked = window("2026-03-04T12:30:00+01:00", "2026-03-05T00:00:00+01:00")
    begins = {"day": "2026-03-04", "week": "2026-03-02", "month": "2026-03-01"}[bucket]

    assert beginning(asked.start, bucket, BERLIN) == datetime.fromisoformat(f"{begins}T00:00:00+01:00")
