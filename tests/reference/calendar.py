"""Days, ISO weeks and months of a time zone, as pairs of instants in UTC."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]


def bucket_start(instant: datetime, bucket: str, zone: ZoneInfo) -> datetime:
    """The beginning of the calendar day, ISO week or month an instant lies in."""
    day = instant.astimezone(zone).date()
    if bucket == "week":
        day -= timedelta(days=day.weekday())
    elif bucket == "month":
        day = day.replace(day=1)
    elif bucket != "day":
        raise ValueError(f"bucket is {bucket!r}, not day, week or month")
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def bucket_end(instant: datetime, bucket: str, zone: ZoneInfo) -> datetime:
    """The end of the calendar day, ISO week or month an instant lies in: the next one's beginning."""
    start = bucket_start(instant, bucket, zone)
    # A step that certainly ends inside the next one, even where clocks change.
    step = {"day": timedelta(hours=36), "week": timedelta(days=10), "month": timedelta(days=40)}[bucket]
    return bucket_start(start + step, bucket, zone)


def buckets(since: datetime, until: datetime, bucket: str, zone: ZoneInfo) -> list[Span]:
    """All buckets that touch [since, until), cut to it."""
    found, start = [], since
    while start < until:
        end = min(bucket_end(start, bucket, zone), until)
        found.append((start, end))
        start = end
    return found


def closed_weeks(since: datetime, until: datetime, now: datetime, zone: ZoneInfo) -> list[Span]:
    """The whole ISO weeks that touch [since, until), without those that still run at `now`."""
    return [
        week
        for week in buckets(bucket_start(since, "week", zone), _week_up(until, zone), "week", zone)
        if week[1] <= now
    ]


def _week_up(until: datetime, zone: ZoneInfo) -> datetime:
    start = bucket_start(until, "week", zone)
    return until if start == until else bucket_end(until, "week", zone)


def by_month(weeks: list[Span], zone: ZoneInfo) -> list[list[Span]]:
    """The weeks of each month in turn: a week belongs to the month of its Thursday."""
    months: dict[datetime, list[Span]] = {}
    for week in weeks:
        thursday = week[0] + timedelta(days=3, hours=12)
        months.setdefault(bucket_start(thursday, "month", zone), []).append(week)
    return list(months.values())
