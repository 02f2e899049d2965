import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.xapi.values import format_timestamp, in_utc, is_duration, is_timestamp, parse_duration, parse_timestamp


@pytest.mark.clause("Data 4.5")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-06-30T12:34:56Z", "2015-06-30T12:34:56.000Z"),
        ("2015-06-30t12:34:56.7z", "2015-06-30T12:34:56.700Z"),
        ("2015-06-30 12:34:56,78+02:00", "2015-06-30T10:34:56.780Z"),
        ("2008-09-15T15:53:00.601+00:00", "2008-09-15T15:53:00.601Z"),
        ("2008-09-15T15:53:00.601+0000", "2008-09-15T15:53:00.601Z"),
        ("2008-09-15T15:53:00.601-05", "2008-09-15T20:53:00.601Z"),
        ("2008-09-15T15:53:00.601-00:30", "2008-09-15T16:23:00.601Z"),
        ("2015-06-30T12:34Z", "2015-06-30T12:34:00.000Z"),
        ("2015-06-30T12:34:56.123456789Z", "2015-06-30T12:34:56.123Z"),
        ("2015-06-30T12:34:56", "2015-06-30T12:34:56.000Z"),
        ("20150630T123456.5+0100", "2015-06-30T11:34:56.500Z"),
        ("20150630T1234Z", "2015-06-30T12:34:00.000Z"),
        ("2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.000Z"),
        ("2017-01-01 00:59:60+01:00", "2017-01-01T00:00:00.000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_an_iso_8601_timestamp_names_an_instant(text: str, expected: str) -> None:
    assert format_timestamp(parse_timestamp(text)) == expected
    assert is_timestamp(text)


@pytest.mark.clause("Data 4.5")
@pytest.mark.parametrize(
    "text",
    ["", "should fail", "01/011/2015", "2015-06-30", "12:34:56", "2015-13-01T00:00:00Z", "2015-02-29T00:00:00Z"]
    + [
        f"2008-09-15T15:53:00.601{offset}"
        for offset in ("-00", "-0000", "-00:00", "+24:00", "+01:60", "+1", "+01:0", "ZZ")
    ]
    + [
        "2015-06-30T24:00:00Z",
        "2015-06-30T12:60:00Z",
        "2015-06-30T12:34:61Z",
        "2015-06-30T12:34:60Z",
        "2015-06-30T12:34:56.Z",
    ]
    + [
        "2015-06-30T12:34:56Z\n",
        "2015-06-30_12:34:56Z",
        "20150630T12:34:56Z",
        "2015-06-30T123456Z",
        "２015-06-30T12:34:56Z",
    ]
    + ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:60Z"]
    + ["+2015-06-30T12:34:56Z", "15-06-30T12:34:56Z", "20150630T123456.601-0000"],
)
def test_what_is_no_timestamp_is_refused(text: str) -> None:
    assert not is_timestamp(text)
    with pytest.raises(ValueError):
        parse_timestamp(text)


@pytest.mark.clause("Data 4.5")
@settings(max_examples=200, deadline=None, database=None)
@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_a_written_timestamp_reads_back_as_the_same_millisecond(time: datetime, minutes: int) -> None:
    aware = time.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    written = format_timestamp(aware)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", written)
    assert parse_timestamp(written) == aware.replace(microsecond=aware.microsecond // 1000 * 1000)
    assert parse_timestamp(written).tzinfo is UTC


@pytest.mark.clause("IEEE 9274.1.1 4.2.7")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-05-04T12:00:00-05:00", "2023-05-04T17:00:00.000Z"),
        ("2023-05-04T12:00:00.123456-05:00", "2023-05-04T17:00:00.123456Z"),
        ("2023-05-04T12:00:00.1234567Z", "2023-05-04T12:00:00.1234567Z"),
        ("2023-05-04T12:00:00Z", "2023-05-04T12:00:00Z"),
        ("2023-05-04T12:00:00", "2023-05-04T12:00:00.000Z"),
        ("20230504T120000Z", "2023-05-04T12:00:00.000Z"),
    ],
)
def test_in_utc_rewrites_only_what_is_not_in_utc_yet(text: str, expected: str) -> None:
    assert in_utc(text) == expected


@pytest.mark.clause("Data 4.6")
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT4H35M59.14S", 16559.14),
        ("PT16559.14S", 16559.14),
        ("P3Y1M29DT4H35M59.14S", (3 * 365 + 30 + 29) * 86400 + 16559.14),
        ("P3Y", 3 * 365 * 86400),
        ("P4W", 4 * 7 * 86400),
        ("P1.5W", 907200),
        ("PT0S", 0),
        ("PT1,5M", 90),
        ("P1M", 30 * 86400),
        ("PT1M", 60),
        ("P1DT12H36M0.12567S", 131760.12567),
    ],
)
def test_a_duration_counts_in_seconds(text: str, seconds: float) -> None:
    assert is_duration(text)
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.clause("Data 4.6")
@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1YT",
        "P4W1D",
        "P1D4W",
        "PA1H0M0S",
        "should fail",
        "1H",
        "PT1D",
        "P1H",
        "PT1S1M",
        "-PT1S",
        "pt1s",
        "PT1.5H3M",
        "P1.5DT1S",
        "PT.5S",
        "PT1.S",
        "PT1S\n",
        "P0003-01-29T04:35:59",
        "PT٣S",
        "PT" + "9" * 16 + "S",
    ],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    assert not is_duration(text)
    with pytest.raises(ValueError):
        parse_duration(text)


@pytest.mark.clause("Data 4.6")
@settings(max_examples=200, deadline=None, database=None)
@given(st.integers(0, 10**6), st.integers(0, 23), st.integers(0, 59), st.integers(0, 5999))
def test_a_written_duration_reads_back(days: int, hours: int, minutes: int, hundredths: int) -> None:
    text = f"P{days}DT{hours}H{minutes}M{hundredths // 100}.{hundredths % 100:02}S"

    assert parse_duration(text) == pytest.approx(days * 86400 + hours * 3600 + minutes * 60 + hundredths / 100)
