"""What an analyst asks of a metric or a chart, read from the request's parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from lrs.core.analytics.released import PARTITIONS
from lrs.core.analytics.windows import Bucket, Window, beginning, earlier, midnight
from lrs.core.asked import each_once
from lrs.errors import BadRequest
from lrs.xapi.values import parse_timestamp

Format: TypeAlias = Literal["json", "csv", "parquet", "svg", "png"]

PARAMETERS = ("since", "until", "bucket", "group_by", "group", "compare", "format")
FORMATS: Sequence[Format] = ("json", "csv", "parquet", "svg", "png")
PICTURES: Sequence[Format] = ("svg", "png")
CHART_PARAMETERS = ("since", "until", "group_by", "group", "format")
CHART_FORMATS: Sequence[Format] = ("json", "svg", "png")
BUCKETS: Sequence[Bucket] = ("day", "week", "month")
MOST_BUCKETS = 5_000
DRAWN_BUCKETS = 12  # at least so many are drawn where no beginning is told: fewer show no course of things

_Choice = TypeVar("_Choice", bound=str)

_WIDTH: Mapping[Bucket, timedelta] = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=28)}
_YEARS = range(2, 9999)  # the bucket at either end of a window must begin and end in the calendar, in any time zone


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """One question: over which window, in which buckets, for which groups."""

    window: Window
    bucket: Bucket | None
    partition: str | None
    group: str | None
    format: Format
    previous: Window | None = None  # the window before, where each row is compared with it


def parse(pairs: Sequence[tuple[str, str]], *, default: timedelta, present: datetime, zone: ZoneInfo) -> MetricQuery:
    """Return the question about a metric that the parameters ask.

    `default` is the length of the window where it is not told. A picture that compares no groups shows buckets: weeks,
    unless they are told. Raises: BadRequest naming the parameter.
    """
    given = each_once(pairs, PARAMETERS)
    form = _choice(given, "format", FORMATS) or "json"
    bucket = _choice(given, "bucket", BUCKETS)
    if form in PICTURES and bucket is None and ("group_by" not in given or "group" in given):
        bucket = "week"
    window = _window(given, default, present, zone, drawn=bucket if form in PICTURES else None)
    query = _question(given, window, bucket, form)
    return query if _choice(given, "compare", ("previous",)) is None else _compared(query, zone)


def parse_chart(
    pairs: Sequence[tuple[str, str]], *, bucket: Bucket | None, default: timedelta, present: datetime, zone: ZoneInfo
) -> MetricQuery:
    """Return the question that a chart, which has buckets of its own, asks of its metrics. Raises: as `parse`."""
    given = each_once(pairs, CHART_PARAMETERS)
    form = _choice(given, "format", CHART_FORMATS) or "json"
    return _question(given, _window(given, default, present, zone, drawn=bucket), bucket, form)


def _question(given: Mapping[str, str], window: Window, bucket: Bucket | None, form: Format) -> MetricQuery:
    partition, group = _choice(given, "group_by", PARTITIONS), given.get("group")
    if group is not None and partition is None:
        why, accepted = "a group of which partition?", f"group_by beside it: {', '.join(PARTITIONS)}"
        raise BadRequest("a group is named without a partition", where="group", why=why, accepted=accepted)
    if partition is not None and bucket == "day":
        raise BadRequest(
            "groups are not shown by day",
            where="bucket",
            why="a group is shown by whole weeks, so that nobody can be picked out",
            accepted="week, month, or none",
        )
    if bucket is not None and (window.end - window.start) / _WIDTH[bucket] > MOST_BUCKETS:
        raise BadRequest("too many buckets", where="bucket", why=f"more than {MOST_BUCKETS}", accepted="wider ones")
    if partition is not None and (window.end - window.start) / _WIDTH["week"] > MOST_BUCKETS:
        raise BadRequest("too many weeks", where="since", why=f"more than {MOST_BUCKETS}", accepted="a later one")
    return MetricQuery(window, bucket, partition, group, form)


def _compared(query: MetricQuery, zone: ZoneInfo) -> MetricQuery:
    if query.format in PICTURES:
        accepted = "format=json, csv or parquet"
        raise BadRequest("a picture shows one window", where="compare", why=f"format={query.format}", accepted=accepted)
    try:
        previous = earlier(query.window, query.window, zone)
    except OverflowError:
        previous = None
    if previous is None or previous.start.year not in _YEARS:
        why = "the window before it would begin before the calendar"
        raise BadRequest("there is nothing to compare with", where="compare", why=why, accepted="a later since")
    return replace(query, previous=previous)


def _choice(given: Mapping[str, str], name: str, choices: Sequence[_Choice]) -> _Choice | None:
    value = given.get(name)
    if value is None:
        return None
    chosen = next((each for each in choices if each == value), None)
    if chosen is None:
        raise BadRequest("this value has no meaning", where=name, why=f"{value[:60]!r}", accepted=", ".join(choices))
    return chosen


def _window(
    given: Mapping[str, str], default: timedelta, present: datetime, zone: ZoneInfo, *, drawn: Bucket | None
) -> Window:
    """Return the window; where buckets are drawn and no beginning is told, it begins with one.

    A part of a bucket would look like a bucket in which less happened.
    """
    if drawn is None:
        return _told(given, default, present, zone)
    window = _told(given, max(default, DRAWN_BUCKETS * _WIDTH[drawn]), present, zone)
    return window if "since" in given else Window(beginning(window.start, drawn, zone), window.end)


def _told(given: Mapping[str, str], default: timedelta, present: datetime, zone: ZoneInfo) -> Window:
    until = _moment(given, "until", zone) or present
    try:
        since = _moment(given, "since", zone) or until - default
    except OverflowError as error:
        why, accepted = f"it would begin {default.days} days before", f"years {_YEARS.start} to {_YEARS.stop - 1}"
        raise BadRequest("the window is out of the calendar", where="until", why=why, accepted=accepted) from error
    if since >= until:
        told = "until" if "until" in given else "since"
        why = f"it would last from {since.isoformat()} until {until.isoformat()}"
        raise BadRequest("the window ends before it starts", where=told, why=why, accepted="since earlier than until")
    for name, moment in (("since", since), ("until", until)):
        if moment.year not in _YEARS:
            told = name if name in given else "until"
            accepted = f"years {_YEARS.start} to {_YEARS.stop - 1}"
            raise BadRequest("the window is out of the calendar", where=told, why=moment.isoformat(), accepted=accepted)
    return Window(since, until)


def _moment(given: Mapping[str, str], name: str, zone: ZoneInfo) -> datetime | None:
    """Read a time, or a date, which stands for its beginning in the store's time zone."""
    text = given.get(name)
    if text is None:
        return None
    try:
        return midnight(date.fromisoformat(text), zone) if len(text) == 10 else parse_timestamp(text)
    except (ValueError, OverflowError) as error:
        accepted = "RFC 3339, for example 2026-11-01T00:00:00Z, or a date"
        raise BadRequest("this is no time", where=name, why=f"{text[:60]!r}", accepted=accepted) from error
