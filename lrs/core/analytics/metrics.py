"""Computing a metric: tables of acts → numbers → guarded rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics import blame, guard
from lrs.core.analytics.answer import Row
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.resolved import Directory
from lrs.core.analytics.windows import Window, buckets, earlier, months_of
from lrs.plugin import Metric, Number, Place, Scope, code


@dataclass(frozen=True, slots=True)
class Part:
    """What the rows of one span of time have in common."""

    span: Window
    bucket: Window | None  # the span, where rows are by bucket
    store: pl.DataFrame  # everybody's acts; they reach back before the span where the metric looks back
    early: pl.DataFrame  # what a sender's clock puts before it, on subjects that were opened in it
    rosters: Mapping[int | None, pl.Series]  # by group
    known: dict[Any, Any] = field(default_factory=dict)  # what the metric keeps between its groups


@dataclass(frozen=True, slots=True)
class Question:
    """A metric asked of acts: the metric, its configuration, who is who, and the present as far as it is known."""

    metric: Metric
    config: Mapping[str, Any]
    as_of: datetime
    min_group: int
    who: Directory
    zone: ZoneInfo
    early: pl.DataFrame  # what a sender's clock puts before the subject it is on
    name: str = ""  # of the metric, with its plugin's

    def part(self, span: Window, query: MetricQuery, store: pl.DataFrame) -> Part:
        """Return what the rows of a span share."""
        early = self.early.clear() if self.metric.looks_back else self.early  # who looks back has it among the acts
        if len(early):
            early = _within(early, span, "subject_t").filter(pl.col("t") < span.start)
        rosters: dict[int | None, pl.Series] = {}
        if query.partition is not None:
            rosters.update(self.who.rosters(query.partition, span))
        elif self.who.everybody is not None:
            rosters[None] = self.who.everybody
        return Part(span, None if query.bucket is None else span, store, early, rosters)

    def row(self, part: Part, acts: pl.DataFrame, group: str | None = None, kind: str = "") -> Row:
        """Compute one row over acts that may be shown."""
        place = None if group is None else Place(kind, code(group))
        span = part.span
        number = blame.number(
            self.metric,
            self.name,
            Scope(
                since=span.start,
                until=span.end,
                as_of=min(span.end, self.as_of),
                acts=acts,
                store=part.store,
                early=part.early,
                config=self.config,
                roster=part.rosters.get(None if place is None else place.group),
                memberships=self.who.memberships,
                place=place,
                zone=str(self.zone),
                min_group=self.min_group,
                known=part.known,
            ),
        )
        shown = self._shown(number, counts=self.metric.counts)
        counted = (_within(acts, span) if self.metric.looks_back else acts).filter("contributes")
        return Row(
            group=group,
            bucket=part.bucket,
            value=shown.value,
            reason=shown.reason,
            n_people=counted["actor"].n_unique(),
            n_acts=len(counted),
            beside={name: self._shown(each, counts=each.n is None) for name, each in number.beside.items()},
            acts=acts,
        )

    def _shown(self, number: Number, *, counts: bool) -> guard.Shown:
        if counts and number.value is not None:
            return guard.Shown(number.value, None)
        return guard.minimum_counts(self.metric, number)


def whole_store_rows(question: Question, query: MetricQuery, acts: pl.DataFrame) -> Iterator[Row]:
    """Yield the rows of the whole store: live and exact, each with enough people."""
    spans = [query.window] if query.bucket is None else buckets(query.window, query.bucket, question.zone)
    for span in spans:
        row = _whole_store_row(question, query, acts, span)
        if query.previous is None:
            yield row
        else:
            before = earlier(span, query.window, question.zone)
            yield replace(row, previous=_whole_store_row(question, query, acts, before))


def _whole_store_row(question: Question, query: MetricQuery, acts: pl.DataFrame, span: Window) -> Row:
    inside = _within(acts, span)
    seen = acts.filter(pl.col("t") < span.end) if question.metric.looks_back else inside
    part = question.part(span, query, seen)
    if reason := guard.whole_store([seen, inside], question.min_group):
        return Row(group=None, bucket=part.bucket, reason=reason)
    return question.row(part, seen)


def group_rows(
    question: Question,
    query: MetricQuery,
    groups: ReleasedGroups,
    weeks: Sequence[Window],
    previous: Sequence[Window] = (),
) -> Iterator[Row]:
    """Yield the rows of the groups of a partition, over whole released weeks.

    `previous` are as many weeks before, if each row is compared with those.
    """
    before = dict(zip(weeks, previous, strict=True)) if previous else {}
    spans = []
    for inside in _spans(query, weeks, question.zone):
        earlier_weeks = [before[week] for week in inside if before]
        over = _Weeks.of(question, query, groups, inside)
        spans.append((over, _Weeks.of(question, query, groups, earlier_weeks) if earlier_weeks else None))
    for group in groups.names(weeks) if query.group is None else [query.group]:
        for over, over_before in spans:
            row = over.row(group)
            yield row if over_before is None else replace(row, previous=over_before.row(group))


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Whole weeks that one row of each group is over."""

    question: Question
    kind: str
    groups: ReleasedGroups
    inside: Sequence[Window]
    seen: Sequence[Window]  # these, and all before where the metric looks back
    part: Part

    @classmethod
    def of(cls, question: Question, query: MetricQuery, groups: ReleasedGroups, inside: Sequence[Window]) -> "_Weeks":
        span = Window(inside[0].start, inside[-1].end)
        seen = _seen(question.metric, groups, span, inside)
        part = question.part(span, query, groups.of_all(seen))
        return cls(question, str(query.partition), groups, inside, seen, part)

    def row(self, group: str) -> Row:
        if reason := guard.why_withheld(self.groups.withheld, group, self.inside):
            return Row(group=group, bucket=self.part.bucket, reason=reason)
        return self.question.row(self.part, self.groups.acts(group, self.seen), group, self.kind)


def _seen(metric: Metric, groups: ReleasedGroups, span: Window, weeks: Sequence[Window]) -> Sequence[Window]:
    return [week for week in groups.weeks if week.end <= span.end] if metric.looks_back else weeks


def _spans(query: MetricQuery, weeks: Sequence[Window], zone: ZoneInfo) -> Sequence[Sequence[Window]]:
    if query.bucket is None:
        return [weeks]
    return [[week] for week in weeks] if query.bucket == "week" else months_of(weeks, zone)


def _within(acts: pl.DataFrame, span: Window, column: str = "t") -> pl.DataFrame:
    return acts.filter(pl.col(column) >= span.start, pl.col(column) < span.end)
