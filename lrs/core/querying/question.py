"""What an analyst asks of statements in groups, read from the request's parameters, and who may ask it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from lrs.core.analytics.released import PARTITIONS
from lrs.core.analytics.windows import Window, midnight, week_of
from lrs.core.calendar import FIRST, LAST
from lrs.core.querying.filters import FILTERS, Given, chosen, filtered, listed, refused
from lrs.errors import Forbidden
from lrs.store.statement_groups import TOLD
from lrs.xapi.query import StatementQuery
from lrs.xapi.values import parse_timestamp

PARAMETERS = (*FILTERS, "since", "until", "group_by", "measures", "format")
OF_STATEMENTS = ("verb", "activity", "type")
UNITS = ("day", "week", "month")
GROUPS = (*OF_STATEMENTS, *PARTITIONS, *UNITS)
MEASURES = ("count", "people", *TOLD)
FORMATS = ("json", "csv", "parquet")
MOST_TOGETHER = 3

_OF_PERSONS = ("agent", "registration", "related_agents")
_GUARDED_FILTERS = "verb, activity, since, until"
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: of which statements, in which groups, what is measured.

    `since` is inclusive and `until` exclusive, on the time that a statement tells (`timestamp`), as with metrics.
    """

    filters: StatementQuery
    since: datetime | None
    until: datetime | None
    by: Sequence[str]
    measures: Sequence[str]
    format: str

    @property
    def partition(self) -> str | None:
        return next((name for name in self.by if name in PARTITIONS), None)

    @property
    def unit(self) -> str | None:
        return next((name for name in self.by if name in UNITS), None)

    @property
    def axes(self) -> Sequence[str]:
        """What rows are told apart by, beside their time."""
        return [name for name in self.by if name not in UNITS]

    @property
    def told(self) -> Sequence[str]:
        """The measures of what only some statements tell."""
        return [name for name in self.measures if name in TOLD]

    @property
    def chosen(self) -> Mapping[str, str]:
        """The filters as they hold for who is guarded against: groups of what a statement is about itself."""
        told = {"verb": self.filters.verb, "activity": self.filters.activity}
        return {axis: value for axis, value in told.items() if value is not None}

    @property
    def looked_at(self) -> Sequence[str]:
        """What has to be told apart to answer who is guarded against: by what is grouped, and by what is chosen."""
        return [*self.axes, *(axis for axis in self.chosen if axis not in self.axes)]

    @property
    def window(self) -> Window:
        return Window(max(self.since or FIRST, FIRST), min(self.until or LAST, LAST))

    def closed_weeks(self, zone: ZoneInfo, present: datetime) -> Window:
        """Return the span of the whole ISO weeks that the window touches and that have ended; it may be empty."""
        window = self.window
        start = FIRST if window.start == FIRST else week_of(window.start, zone).start
        touched = window.end if window.end == LAST else week_of(window.end - _TICK, zone).end
        return Window(start, min(touched, week_of(present, zone).start))


def read_question(given: Given, zone: ZoneInfo) -> Question:
    """Return the question that the parameters ask. Raises: BadRequest naming the parameter."""
    by = listed(given, "group_by", GROUPS, ())
    for kind, names in (("partition", PARTITIONS), ("unit of time", UNITS)):
        if len(several := [name for name in by if name in names]) > 1:
            raise refused("group_by", f"{' and '.join(several)} stand side by side", f"one {kind}: {', '.join(names)}")
    if len(by) > MOST_TOGETHER:
        raise refused("group_by", f"these are {len(by)}", f"up to {MOST_TOGETHER} of {', '.join(GROUPS)}")
    since, until = _moment(given, "since", zone), _moment(given, "until", zone)
    if since is not None and until is not None and since >= until:
        raise refused("until", "the window ends before it starts", "since earlier than until")
    return Question(
        filters=filtered(given),
        since=since,
        until=until,
        by=by,
        measures=listed(given, "measures", MEASURES, ("count", "people")),
        format=chosen(given, "format", FORMATS),
    )


def require_groups(given: Given, question: Question) -> None:
    """Raise Forbidden where the answer could be about a person: it takes `statements/read` to ask that."""
    for name in _OF_PERSONS:
        if name in given:
            raise _forbidden(name, "it picks out a person", _GUARDED_FILTERS)
    if question.filters.related_activities:
        why = "activities lie in each other, so the difference of two answers could be about a person"
        raise _forbidden("related_activities", why, _GUARDED_FILTERS)
    if question.unit in ("day", "month"):
        others = [name for name in GROUPS if name not in ("day", "month")]
        raise _forbidden("group_by", f"groups are not shown by {question.unit}, but by whole weeks", ", ".join(others))


def _forbidden(name: str, why: str, accepted: str) -> Forbidden:
    what = "the credential may not ask this"
    return Forbidden(what, where=name, why=why, accepted=f"{accepted}; or a credential with the scope statements/read")


def _moment(given: Given, name: str, zone: ZoneInfo) -> datetime | None:
    """Read a time, or a date, which stands for its beginning in the store's time zone."""
    text = given.get(name)
    if text is None:
        return None
    try:
        # An unescaped "+" of an offset arrives as a space; a timestamp has none behind its date.
        told = text[:11] + text[11:].replace(" ", "+")
        moment = midnight(date.fromisoformat(text), zone) if len(text) == 10 else parse_timestamp(told)
    except (ValueError, OverflowError) as error:
        raise refused(name, f"{text[:60]!r} is no time", "RFC 3339, or a date") from error
    if not FIRST <= moment <= LAST:
        raise refused(name, "it is out of the calendar", f"{FIRST.date()} to {LAST.date()}")
    return moment
