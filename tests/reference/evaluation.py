"""From raw statements to the rows of an answer, by the definitions and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, overload
from zoneinfo import ZoneInfo

from .asked import Act, Asked, within
from .calendar import Span, buckets, by_month, closed_weeks
from .cells import Cells
from .discussion import Discussion
from .domain import DOMAINS, Domain
from .guard import Row, empty_row, shown_row, whole_store_reason, withheld_row
from .people import EVER, People, Told
from .statements import Statement

PARTITIONS = ("course", "department", "team", "community", "role")


@dataclass(frozen=True)
class Question:
    """What is asked, with all times in UTC. `told_until` is the caller's `as_of`: no bucket looks beyond."""

    metric: str
    since: datetime
    until: datetime
    told_until: datetime | None
    bucket: str | None
    partition: str | None
    group: str | None
    zone: ZoneInfo
    min_group: int
    settings: Mapping[str, Any]
    guarded: bool
    minimums: bool

    def as_of(self, end: datetime) -> datetime:
        """The instant a window that ends at `end` is answered as of."""
        return min(end, self.told_until) if self.told_until else end


@overload
def read(
    statements: Iterable[Statement],
    *,
    people: Told = None,
    settings: Mapping[str, Any] | None = None,
    timezone: str = "UTC",
) -> Discussion: ...
@overload
def read(
    statements: Iterable[Statement],
    *,
    plugin: str,
    people: Told = None,
    settings: Mapping[str, Any] | None = None,
    timezone: str = "UTC",
) -> Domain: ...
def read(
    statements: Iterable[Statement],
    *,
    plugin: str = "discussion",
    people: Told = None,
    settings: Mapping[str, Any] | None = None,
    timezone: str = "UTC",
) -> Domain:
    """What a plugin looks at in a store, to ask several questions of one reading.

    `people` are told in the shape of `PUT /api/v1/people`; `settings` matter where they change what statements mean.
    """
    told = list(statements)
    known = People.of(people, ZoneInfo(timezone)).learning(told)
    return DOMAINS[plugin](told, known, settings or {})


def evaluate(
    statements: Iterable[Statement] | Domain,
    *,
    metric: str,
    since: datetime,
    until: datetime,
    now: datetime,
    as_of: datetime | None = None,
    bucket: str | None = None,
    group_by: str | None = None,
    group: str | None = None,
    timezone: str = "UTC",
    min_group: int = 5,
    grace_hours: float = 72,
    questions_only: bool = False,
    people: Told = None,
    settings: Mapping[str, Any] | None = None,
    guarded: bool = True,
    minimums: bool = True,
) -> list[Row]:
    """The rows of one metric, `<plugin>.<metric>`; without a plugin's name discussion is meant.

    `statements` are raw ones in any order, or what `read` made of them (then `people` were told to it).

    Times are aware. Times (median) are in seconds, rates from 0 to 1. A `group` alone means a course.
    With `guarded=False` nothing is withheld; the windows of groups are whole closed weeks all the same. With
    `minimums=False` a number may rest on any number of values.
    Raises ValueError for an unknown metric, partition or bucket, and for days with groups.
    """
    plugin, _, name = metric.rpartition(".")
    told = {"grace_hours": grace_hours, "questions_only": questions_only, **(settings or {})}
    question = Question(
        metric=name,
        since=since.astimezone(UTC),
        until=until.astimezone(UTC),
        told_until=as_of.astimezone(UTC) if as_of else None,
        bucket=bucket,
        partition=group_by or ("course" if group else None),
        group=group,
        zone=ZoneInfo(timezone),
        min_group=min_group,
        settings=told,
        guarded=guarded,
        minimums=guarded and minimums,
    )
    domain = _domain(statements, plugin or "discussion", people, told, timezone)
    if name not in domain.METRICS:
        raise ValueError(f"{metric!r} is no metric of {type(domain).__name__}")
    if question.partition is None:
        return _whole_store(domain, question)
    if question.partition not in PARTITIONS or bucket == "day":
        raise ValueError(f"groups are {', '.join(PARTITIONS)} by week or month: not {question.partition} by {bucket}")
    return _groups(domain, question, now.astimezone(UTC))


def _domain(
    statements: Iterable[Statement] | Domain, plugin: str, people: Told, settings: Mapping[str, Any], timezone: str
) -> Domain:
    if not isinstance(statements, Domain):
        return read(statements, plugin=plugin, people=people, settings=settings, timezone=timezone)
    if people is not None:
        raise ValueError("people are told to `read`, not asked about what was read without them")
    return statements


def _whole_store(domain: Domain, question: Question) -> list[Row]:
    if question.bucket is None:
        return [_store_row(domain, question, (question.since, question.until), None)]
    spans = buckets(question.since, question.until, question.bucket, question.zone)
    return [_store_row(domain, question, span, span) for span in spans]


def _store_row(domain: Domain, question: Question, span: Span, bucket: Span | None) -> Row:
    as_of = question.as_of(span[1])
    acts = within(domain.acts, span[0], as_of)
    before = within(domain.acts, EVER, as_of)
    rests_on = [acts, before] if question.metric in domain.LOOK_BACK else [acts]
    reasons = [whole_store_reason(each, question.min_group) for each in rests_on if question.guarded]
    if reason := next(filter(None, reasons), None):
        return withheld_row(None, bucket, reason)
    return _measured(domain, question, span, bucket, None, acts, before)


def _groups(domain: Domain, question: Question, now: datetime) -> list[Row]:
    partition = question.partition or "course"
    weeks = closed_weeks(question.since, question.until, now, question.zone)
    if not weeks:
        return [empty_row("open_week", suppressed=True)]
    if partition != "course" and partition not in domain.people.kinds:
        return [empty_row("no_roster", suppressed=False)]
    least = question.min_group if question.guarded else 0
    cells = Cells(domain.acts, partition, domain.people, least, question.as_of)
    groups = sorted({group for week in weeks for group in cells.of(week)})
    if not groups:
        return [empty_row("source_cannot_tell" if partition == "course" else "no_data", suppressed=False)]
    return [
        _group_row(domain, question, cells, group, part)
        for group in (groups if question.group is None else [question.group])
        for part in _parts(weeks, question)
    ]


def _parts(weeks: list[Span], question: Question) -> list[list[Span]]:
    """The weeks that each row of a group is made of."""
    if question.bucket == "week":
        return [[week] for week in weeks]
    if question.bucket == "month":
        return by_month(weeks, question.zone)
    if question.bucket is None:
        return [weeks]
    raise ValueError(f"bucket is {question.bucket!r}, not week or month")


def _group_row(domain: Domain, question: Question, cells: Cells, group: str, weeks: list[Span]) -> Row:
    span = weeks[0][0], weeks[-1][1]
    bucket = span if question.bucket else None
    reasons = {cells.withheld(week).get(group) for week in weeks}
    for reason in ("too_few_people", "complementary"):
        if reason in reasons:
            return withheld_row(group, bucket, reason)
    first = min(domain.acts[0].at, span[0])
    # All these weeks are closed: they lie before the end of one that is.
    earlier = closed_weeks(first, span[1], span[1], question.zone)
    acts, history = cells.acts_of(group, weeks), cells.shown(group, earlier)
    return _measured(domain, question, span, bucket, group, acts, history)


def _measured(
    domain: Domain,
    question: Question,
    span: Span,
    bucket: Span | None,
    group: str | None,
    acts: Sequence[Act],
    history: Sequence[Act],
) -> Row:
    asked = Asked(
        metric=question.metric,
        since=span[0],
        until=span[1],
        as_of=question.as_of(span[1]),
        acts=acts,
        group=(question.partition or "course", group) if group is not None else None,
        history=history,
        people=domain.people,
        zone=question.zone,
        settings=question.settings,
    )
    found = domain.measure(asked)
    return shown_row(group, bucket, acts, found, domain.METRICS[question.metric] if question.minimums else 0)
