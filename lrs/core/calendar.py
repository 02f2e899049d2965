"""The ends of the calendar: statements may tell of any time in the years 1 to 9999, and there is none beyond."""

from datetime import UTC, datetime, timedelta

EVER = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

# Between them every time has a whole week around it, in every time zone.
FIRST, LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)


def moved(moment: datetime, by: timedelta) -> datetime:
    """Return the time so much later, or the end of the calendar that lies before it."""
    try:
        return moment + by
    except OverflowError:
        return NEVER if by > timedelta() else EVER
