"""What an analyst asks of a metric, read from the request's parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast
from zoneinfo import ZoneInfo

from lrs.core.analytics.released import PARTITIONS
from lrs.core.analytics.windows import Bucket, Window, midnight
from lrs.errors import BadRequest
from lrs.xapi.values import parse_timestamp

PARAMETERS = ("since", "until", "bucket", "group_by", "group", "format")
MOST_BUCKETS = 5_000

_WIDTH = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=28)}
_YEARS = range(2, 9999)  # the bucket at either end of a window must begin and end in the calendar, in any time zone


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """One question: over which window, in which buckets, for which groups."""

    window: Window
    bucket: Bucket | None
    partition: str | None
    group: str | None
    format: Literal["json", "csv"]


def parse(pairs: Sequence[tuple[str, str]], *, default: timedelta, present: datetime, zone: ZoneInfo) -> MetricQuery:
    """Return the question that the parameters ask.

    `default` is the length of the window where it is not told. Raises: BadRequest naming the parameter.
    """
    given = _each_once(pairs)
    bucket = _choice(given, "bucket", ("day", "week", "month"))
    partition = _choice(given, "group_by", PARTITIONS)
    group = given.get("group")
    if group is not None and partition is None:
        raise BadRequest("a group is named without a partition", where="group", accepted="group_by beside it")
    if partition is not None and bucket == "day":
        raise BadRequest(
            "groups are not shown by day",
            where="bucket",
            why="a group is shown by whole weeks, so that nobody can be picked out",
            accepted="week, month, or none",
        )
    window = _window(given, default, present, zone)
    if bucket is not None and (window.end - window.start) / _WIDTH[bucket] > MOST_BUCKETS:
        raise BadRequest("too many buckets", where="bucket", why=f"more than {MOST_BUCKETS}", accepted="wider ones")
    if partition is not None and (window.end - window.start) / _WIDTH["week"] > MOST_BUCKETS:
        raise BadRequest("too many weeks", where="since", why=f"more than {MOST_BUCKETS}", accepted="a later one")
    form = _choice(given, "format", ("json", "csv")) or "json"
    return MetricQuery(window, cast(Bucket | None, bucket), partition, group, cast(Literal["json", "csv"], form))


def _each_once(pairs: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            raise BadRequest("unknown parameter", where=name, accepted=", ".join(PARAMETERS))
        if name in given:
            raise BadRequest("the parameter is given twice", where=name, accepted="one value")
        given[name] = value
    return given


def _choice(given: Mapping[str, str], name: str, choices: Sequence[str]) -> str | None:
    value = given.get(name)
    if value is not None and value not in choices:
        raise BadRequest("this value has no meaning", where=name, why=f"{value[:60]!r}", accepted=", ".join(choices))
    return value


def _window(given: Mapping[str, str], default: timedelta, present: datetime, zone: ZoneInfo) -> Window:
    until = _moment(given, "until", zone) or present
    try:
        since = _moment(given, "since", zone) or until - default
    except OverflowError as error:
        raise BadRequest("the window is out of the calendar", where="until", why=given["until"]) from error
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
