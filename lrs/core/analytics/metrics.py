"""Computing a metric: acts of a view → numbers → guarded rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from lrs.core.analytics import guard
from lrs.core.analytics.answer import Row
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.windows import Window, buckets, months_of
from lrs.plugin import Act, Metric, Scope


class GroupActs(Protocol):
    """The acts of the groups of one partition, week by week, and which cells are withheld."""

    @property
    def withheld(self) -> guard.Withheld:
        """The cells that are not shown, and why."""

    def names(self) -> Sequence[str]:
        """Return the groups in which anything happened, by name."""

    def acts(self, group: str, week: Window) -> Sequence[Act]:
        """Return the acts of a group in a week, by time."""

    def toward(self, people: Collection[str], weeks: Sequence[Window]) -> Sequence[Act]:
        """Return the acts that anybody aimed at these people, in weeks."""


@dataclass(frozen=True, slots=True)
class Question:
    """A metric asked of acts: the metric, its configuration, and the present as far as it is known."""

    metric: Metric
    config: Mapping[str, Any]
    as_of: datetime
    min_group: int
    following: Mapping[str, Sequence[Act]]  # by subject, for metrics that follow what the acts opened

    def row(
        self,
        acts: Sequence[Act],
        span: Window,
        *,
        group: str | None,
        bucket: Window | None,
        everyone: Sequence[Act] = (),
    ) -> Row:
        """Compute one row over acts that may be shown; beside those of a group, those toward it are looked at."""
        as_of = min(span.end, self.as_of)
        following = self._following(acts, as_of)
        number = self.metric.compute(Scope(span.start, span.end, as_of, acts, following, self.config, everyone))
        shown = guard.Shown(number.value, None) if self.metric.counts else guard.minimum_counts(self.metric, number)
        return Row(
            group=group,
            bucket=bucket,
            value=shown.value,
            reason=shown.reason,
            n_people=len({act.actor for act in acts}),
            n_acts=len(acts),
            beside={name: guard.minimum_counts(self.metric, each) for name, each in number.beside.items()},
            acts=acts,
        )

    def _following(self, acts: Sequence[Act], as_of: datetime) -> list[Act]:
        opened = {act.subject for act in acts if act.opens and act.subject is not None}
        return [each for subject in opened for each in self.following.get(subject, ()) if each.t < as_of]


def whole_store_rows(question: Question, query: MetricQuery, acts: Sequence[Act], zone: ZoneInfo) -> Iterator[Row]:
    """Yield the rows of the whole store: live and exact, each with enough people."""
    spans = [query.window] if query.bucket is None else buckets(query.window, query.bucket, zone)
    for span, inside in zip(spans, _split(acts, spans), strict=True):
        bucket = None if query.bucket is None else span
        if reason := guard.whole_store(inside, question.min_group):
            yield Row(group=None, bucket=bucket, reason=reason)
        else:
            yield question.row(inside, span, group=None, bucket=bucket)


def group_rows(
    question: Question, query: MetricQuery, groups: GroupActs, weeks: Sequence[Window], zone: ZoneInfo
) -> Iterator[Row]:
    """Yield the rows of the groups of a partition, over whole released weeks."""
    parts = _spans(query, weeks, zone)
    for group in groups.names() if query.group is None else [query.group]:
        for span_weeks in parts:
            span = Window(span_weeks[0].start, span_weeks[-1].end)
            bucket = None if query.bucket is None else span
            if reason := guard.why_withheld(groups.withheld, group, span_weeks):
                yield Row(group=group, bucket=bucket, reason=reason)
            else:
                inside = [act for week in span_weeks for act in groups.acts(group, week)]
                everyone = groups.toward({act.actor for act in inside}, span_weeks)
                yield question.row(inside, span, group=group, bucket=bucket, everyone=everyone)


def _spans(query: MetricQuery, weeks: Sequence[Window], zone: ZoneInfo) -> Sequence[Sequence[Window]]:
    if query.bucket is None:
        return [weeks]
    return [[week] for week in weeks] if query.bucket == "week" else months_of(weeks, zone)


def _split(acts: Sequence[Act], spans: Sequence[Window]) -> list[list[Act]]:
    """Give each act, which come by time, to the span it lies in; spans come by time and don't overlap."""
    split: list[list[Act]] = [[] for _ in spans]
    position = 0
    for act in acts:
        while position < len(spans) and act.t >= spans[position].end:
            position += 1
        if position < len(spans) and act.t >= spans[position].start:
            split[position].append(act)
    return split
