"""Computing a metric: tables of acts → numbers → guarded rows."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.answer import Row
from lrs.core.analytics.groups import ReleasedGroups
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.resolved import Directory
from lrs.core.analytics.windows import Window, buckets, months_of
from lrs.plugin import Metric, Number, Place, Scope, code

Early: TypeAlias = Callable[[Window], pl.DataFrame]


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

    def row(
        self, span: Window, acts: pl.DataFrame, store: pl.DataFrame, *, bucket: bool, group: str | None, kind: str = ""
    ) -> Row:
        """Compute one row over acts that may be shown, beside everybody's; both may reach back before the span."""
        roster = self.who.everybody if group is None else self.who.roster(kind, code(group), span.start, span.end)
        number = self.metric.compute(
            Scope(
                since=span.start,
                until=span.end,
                as_of=min(span.end, self.as_of),
                acts=acts,
                store=store,
                early=_within(self.early, span, "subject_t").filter(pl.col("t") < span.start),
                config=self.config,
                roster=roster,
                memberships=self.who.memberships,
                place=None if group is None else Place(kind, code(group)),
                zone=str(self.zone),
            )
        )
        shown = self._shown(number, counts=self.metric.counts)
        counted = _within(acts, span).filter("contributes")
        return Row(
            group=group,
            bucket=span if bucket else None,
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
    bucket = query.bucket is not None
    spans = [query.window] if query.bucket is None else buckets(query.window, query.bucket, question.zone)
    for span in spans:
        seen = acts.filter(pl.col("t") < span.end) if question.metric.looks_back else _within(acts, span)
        reasons = {guard.whole_store(each, question.min_group) for each in (seen, _within(seen, span))} - {None}
        if reasons:
            yield Row(group=None, bucket=span if bucket else None, reason=reasons.pop())
        else:
            yield question.row(span, seen, seen, bucket=bucket, group=None)


def group_rows(
    question: Question, query: MetricQuery, groups: ReleasedGroups, weeks: Sequence[Window]
) -> Iterator[Row]:
    """Yield the rows of the groups of a partition, over whole released weeks."""
    kind, bucket = str(query.partition), query.bucket is not None
    parts = [(Window(each[0].start, each[-1].end), each) for each in _spans(query, weeks, question.zone)]
    seen = {span: _seen(question.metric, groups, span, each) for span, each in parts}
    store = {span: groups.of_all(weeks) for span, weeks in seen.items()}
    for group in groups.names(weeks) if query.group is None else [query.group]:
        for span, inside in parts:
            if reason := guard.why_withheld(groups.withheld, group, inside):
                yield Row(group=group, bucket=span if bucket else None, reason=reason)
            else:
                acts = groups.acts(group, seen[span])
                yield question.row(span, acts, store[span], bucket=bucket, group=group, kind=kind)


def _seen(metric: Metric, groups: ReleasedGroups, span: Window, weeks: Sequence[Window]) -> Sequence[Window]:
    return [week for week in groups.weeks if week.end <= span.end] if metric.looks_back else weeks


def _spans(query: MetricQuery, weeks: Sequence[Window], zone: ZoneInfo) -> Sequence[Sequence[Window]]:
    if query.bucket is None:
        return [weeks]
    return [[week] for week in weeks] if query.bucket == "week" else months_of(weeks, zone)


def _within(acts: pl.DataFrame, span: Window, column: str = "t") -> pl.DataFrame:
    return acts.filter(pl.col(column) >= span.start, pl.col(column) < span.end)
