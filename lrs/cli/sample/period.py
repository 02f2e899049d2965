"""When things happen: the sampled period, its working rhythm, and how each sender writes a time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from lrs.errors import BadRequest

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
DEFAULT_END = datetime(2026, 11, 1, tzinfo=UTC)
DEFAULT_LENGTH = timedelta(weeks=12)
SHORTEST = timedelta(days=1)

# The last minutes stay empty so that a twin or a void of the last act still lies within the period.
MARGIN = 15 * MINUTE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SITE_ZONE = timezone(timedelta(hours=1))
_LUNCH_TO_EVENING = {12: 0.6, 18: 0.4, 19: 0.3, 20: 0.4, 21: 0.3, 22: 0.15}


def instant(at: int) -> datetime:
    """Return the UTC datetime of `at` milliseconds since 1970."""
    return _EPOCH + timedelta(milliseconds=at)


def iso(at: int) -> str:
    """Return `at` as the truth writes times: UTC, milliseconds, `Z`."""
    return instant(at).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def week(at: int) -> str:
    """Return the ISO week of `at` in UTC, `2026-W35`."""
    year, number, _ = instant(at).isocalendar()
    return f"{year}-W{number:02d}"


def weekday(at: int) -> int:
    """Return the day of the week of `at` in UTC, Monday 0; 1970 began on a Thursday."""
    return (at // DAY + 3) % 7


def stamp(at: int, sender: str) -> str:
    """Return `at` as the sender writes a timestamp: Moodle in the site's zone, Open edX with microseconds."""
    if sender == "moodle":
        return instant(at).astimezone(_SITE_ZONE).isoformat(timespec="seconds")
    if sender == "openedx":
        return instant(at).isoformat(timespec="microseconds")
    return iso(at)


def delay(rng: Random, *, median: int, spread: float, least: int = 45 * SECOND, most: int = 21 * DAY) -> int:
    """Draw a log-normal waiting time in ms; `spread` is the standard deviation of its logarithm."""
    return max(least, min(most, int(median * rng.lognormvariate(0.0, spread))))


@dataclass(frozen=True, slots=True)
class Period:
    """The time between `start` and `end`, in ms since 1970; acts happen before `last`."""

    start: int
    end: int

    @property
    def last(self) -> int:
        return self.end - MARGIN

    def holds(self, at: int) -> bool:
        """Tell whether an act may happen at `at`."""
        return self.start <= at < self.last

    def moment(self, rng: Random) -> int:
        """Draw a time, most likely in working hours of a working day."""
        for _ in range(60):
            at = rng.randrange(self.start, self.last)
            if rng.random() < _liveliness(at):
                return at
        return at

    def weeks(self) -> list[str]:
        """Return every ISO week the period touches, in order."""
        return list(dict.fromkeys(week(at) for at in (*range(self.start, self.end, DAY), self.end - 1)))


def _liveliness(at: int) -> float:
    hour = at // HOUR % 24
    by_hour = 1.0 if 8 <= hour < 18 else 0.05
    return (0.18 if weekday(at) > 4 else 1.0) * _LUNCH_TO_EVENING.get(hour, by_hour)


def period(start: datetime | None, end: datetime | None) -> Period:
    """Return the period asked for: 12 weeks when one side is open, those before 2026-11-01 when both are.

    Raises BadRequest for a time without a zone and for a period under a day.
    """
    for name, value in (("start", start), ("end", end)):
        if value is not None and value.tzinfo is None:
            raise BadRequest("a time without a zone", where=name, accepted="an aware datetime")
    if end is None:
        end = DEFAULT_END if start is None else start + DEFAULT_LENGTH
    if start is None:
        start = end - DEFAULT_LENGTH
    if end - start < SHORTEST:
        raise BadRequest("the period is too short", where="end", accepted="at least a day after start")
    return Period(*((moment - _EPOCH) // timedelta(milliseconds=1) for moment in (start, end)))
