"""Windows and buckets: calendar days, ISO weeks and months in a store's time zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

Bucket: TypeAlias = Literal["day", "week", "month"]

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A span of time, [start, end), in UTC."""

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


def buckets(window: Window, bucket: Bucket, zone: ZoneInfo) -> list[Window]:
    """Return the calendar buckets that the window touches, the first and last cut to it."""
    return [
        Window(max(start, window.start), min(end, window.end))
        for start, end in _calendar(window, bucket, zone)
        if end > window.start
    ]


def closed_weeks(window: Window, zone: ZoneInfo, closed_by: datetime) -> list[Window]:
    """Return the whole ISO weeks that the window touches and that had ended at `closed_by`."""
    return [
        Window(start, end) for start, end in _calendar(window, "week", zone) if start < window.end and end <= closed_by
    ]


def week_of(moment: datetime, zone: ZoneInfo) -> Window:
    """Return the ISO week that a moment lies in."""
    monday = _first_day(moment.astimezone(zone).date(), "week")
    return Window(midnight(monday, zone), midnight(_next(monday, "week"), zone))


def beginning(moment: datetime, bucket: Bucket, zone: ZoneInfo) -> datetime:
    """Return when the calendar bucket that a moment lies in begins."""
    return midnight(_first_day(moment.astimezone(zone).date(), bucket), zone)


def earlier(span: Window, window: Window, zone: ZoneInfo) -> Window:
    """Return the span that lies as long before another as a window lasts.

    A window of whole days in the zone moves by days, which stay days when the clocks change.
    Raises: OverflowError before the calendar.
    """
    first, last = window.start.astimezone(zone).date(), window.end.astimezone(zone).date()
    if Window(midnight(first, zone), midnight(last, zone)) == window:
        return Window(_days_before(span.start, last - first, zone), _days_before(span.end, last - first, zone))
    length = window.end - window.start
    return Window(span.start - length, span.end - length)


def weeks_before(weeks: Sequence[Window], zone: ZoneInfo) -> list[Window]:
    """Return as many whole weeks before those, by time."""
    monday = weeks[0].start.astimezone(zone).date()
    starts = [midnight(monday - number * WEEK, zone) for number in range(len(weeks), -1, -1)]
    return [Window(start, end) for start, end in pairwise(starts)]


def months_of(weeks: Sequence[Window], zone: ZoneInfo) -> list[list[Window]]:
    """Gather whole weeks by the month their Thursday lies in, as ISO 8601 gives weeks to years."""
    months: dict[tuple[int, int], list[Window]] = {}
    for week in weeks:
        thursday = week.start.astimezone(zone).date() + timedelta(days=3)
        months.setdefault((thursday.year, thursday.month), []).append(week)
    return list(months.values())


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant a calendar day begins in the time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _days_before(moment: datetime, days: timedelta, zone: ZoneInfo) -> datetime:
    """Return the same time of day so many days before; of a day's first moment the first moment."""
    local = moment.astimezone(zone)
    if midnight(local.date(), zone) == moment:
        return midnight(local.date() - days, zone)
    return (local - days).astimezone(UTC)


def _calendar(window: Window, bucket: Bucket, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    day = _first_day(window.start.astimezone(zone).date(), bucket)
    while (start := midnight(day, zone)) < window.end:
        day = _next(day, bucket)
        if start < (end := midnight(day, zone)):  # some zones left a day out, when they crossed the date line
            yield start, end


def _first_day(day: date, bucket: Bucket) -> date:
    if bucket == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if bucket == "month" else day


def _next(day: date, bucket: Bucket) -> date:
    if bucket == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + (WEEK if bucket == "week" else DAY)
