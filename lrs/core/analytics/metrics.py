"""Computing a metric: acts of a view → numbers → guarded rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lrs.core.analytics import guard
from lrs.core.analytics.answer import Row
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.windows import Window, buckets, months_of
from lrs.plugin import Act, Metric, Scope


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
        """Compute one row over acts that may be shown; beside those of a group, `everyone`'s are looked at."""
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
    question: Question, query: MetricQuery, acts: Sequence[Act], weeks: Sequence[Window], zone: ZoneInfo
) -> Iterator[Row]:
    """Yield the rows of the groups of a partition, over whole closed weeks."""
    cells = _cells(acts, weeks)
    groups = sorted({group for group, _ in cells})
    if not groups and query.group is None:
        yield Row(group=None, bucket=None, reason=Reason.SOURCE_CANNOT_TELL)
        return
    withheld = guard.withheld_cells(cells, question.min_group)
    parts = _spans(query, weeks, zone)
    spans = [Window(part[0].start, part[-1].end) for part in parts]
    everyone_in = _split(acts, spans)
    for group in groups if query.group is None else [query.group]:
        for span_weeks, span, everyone in zip(parts, spans, everyone_in, strict=True):
            bucket = None if query.bucket is None else span
            if reason := guard.why_withheld(withheld, group, span_weeks):
                yield Row(group=group, bucket=bucket, reason=reason)
            else:
                inside = [act for week in span_weeks for act in cells.get((group, week), ())]
                yield question.row(inside, span, group=group, bucket=bucket, everyone=everyone)


def _spans(query: MetricQuery, weeks: Sequence[Window], zone: ZoneInfo) -> Sequence[Sequence[Window]]:
    if query.bucket is None:
        return [weeks]
    return [[week] for week in weeks] if query.bucket == "week" else months_of(weeks, zone)


def _cells(acts: Sequence[Act], weeks: Sequence[Window]) -> dict[tuple[str, Window], list[Act]]:
    cells: dict[tuple[str, Window], list[Act]] = defaultdict(list)
    for week, inside in zip(weeks, _split(acts, weeks), strict=True):
        for act in inside:
            if act.course is not None:
                cells[act.course, week].append(act)
    return dict(cells)


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
