"""From answers to a picture: which view is drawn, over which rows, and what stands above it.

A plugin's chart is a Vega-Lite view of rows. A metric that no chart of its plugin holds is drawn by a standard view: a
line over buckets, bars over groups. What is withheld or unknown has no value in the rows, so it leaves a gap.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

from lrs.core.analytics import vega
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.query import MetricQuery
from lrs.core.analytics.vega import View
from lrs.core.analytics.windows import Window
from lrs.errors import BadRequest
from lrs.plugin import Chart, Metric, Plugin

MOST_GROUPS = 100
MOST_ROWS = 5_000
WHOLE_STORE = "whole store"
"""What stands in the place of the group in the rows of a picture that is not by groups."""

_LINE = 100  # characters of a line above the picture
_BY = {"day": "by day", "week": "by week", "month": "by month", None: "over the whole window"}
_WHY: Mapping[Reason, str] = {
    Reason.TOO_FEW_PEOPLE: "too few people",
    Reason.COMPLEMENTARY: "so that no other can be found by subtraction",
    Reason.TOO_FEW_VALUES: "too few values",
    Reason.OPEN_WEEK: "no week of the window has ended",
    Reason.SOURCE_CANNOT_TELL: "no sender tells",
    Reason.NO_ROSTER: "nobody is known to belong there",
    Reason.NOT_ENOUGH_HISTORY: "not enough history",
    Reason.NO_DATA: "nothing it could be made of",
}


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to one question about one metric or several of a plugin."""

    query: MetricQuery
    zone: ZoneInfo
    answers: Sequence[tuple[Metric, MetricAnswer]]

    @property
    def window(self) -> Window:
        return self.answers[0][1].window

    @property
    def shown(self) -> list[tuple[Metric, MetricAnswer, Row]]:
        """All rows, but for the one that only says why no group is shown."""
        lone = self.query.partition is not None
        return [(m, answer, row) for m, answer in self.answers for row in answer.rows if row.group or not lone]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as a view gets them (see `lrs.plugin.charts`)."""
        return [self._row(metric, answer.window, row) for metric, answer, row in self.shown]

    def _row(self, metric: Metric, window: Window, row: Row) -> dict[str, Any]:
        span = row.bucket or window
        beside = {name: each.value for name, each in row.beside.items()}
        own = {
            "metric": metric.title,
            "group": row.group or WHOLE_STORE,
            "start": _by_the_clock(span.start, self.zone),
            "end": _by_the_clock(span.end, self.zone),
            "value": row.value,
            "reason": row.reason,
        }
        return {**beside, **own}

    def subtitle(self) -> Iterator[str]:
        """Yield what stands below the title: the window, what is missing and why."""
        yield f"{_days(self.window, self.zone)}, {_BY[self.query.bucket]}, {self._of()}"
        reasons = [row.reason for _, answer in self.answers for row in answer.rows if row.reason is not None]
        count = len(self.shown)
        withheld = Counter(reason for reason in reasons if reason.suppresses)
        unknown = Counter(reason for reason in reasons if not reason.suppresses)
        if not count:
            yield f"Nothing can be shown: {_reasons(withheld + unknown)}"
            return
        if withheld:
            yield f"{withheld.total()} of {count} withheld: {_reasons(withheld)}"
        if unknown:
            yield f"{unknown.total()} of {count} unknown: {_reasons(unknown)}"
        if any(answer.stale for _, answer in self.answers):
            yield "Something has changed; this is being computed anew"

    def _of(self) -> str:
        partition, group = self.query.partition, self.query.group
        return WHOLE_STORE if partition is None else f"by {partition}" if group is None else f"one {partition}"

    def about(self) -> dict[str, Any]:
        """Return what the picture rests on, for programs."""
        first = self.answers[0][1].as_dict()
        reasons = [row.reason for _, _, row in self.shown if row.reason is not None]
        return {
            "metrics": [answer.metric for _, answer in self.answers],
            "window": first["window"],
            "as_of": first["as_of"],
            "data_until": first["data_until"],
            "stale": any(answer.stale for _, answer in self.answers),
            "min_group": first["min_group"],
            "values": len(self.shown),
            "withheld": sum(reason.suppresses for reason in reasons),
            "unknown": sum(not reason.suppresses for reason in reasons),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A Vega-Lite view, its rows, and what stands above it."""

    name: str
    window: Window
    title: str
    subtitle: Sequence[str]
    description: str  # for who can't see it
    view: View
    rows: Sequence[Mapping[str, Any]]
    about: Mapping[str, Any]

    def spec(self) -> dict[str, Any]:
        """Return the Vega-Lite specification with everything in it."""
        return {
            **self.view,
            "$schema": vega.SCHEMA,
            "title": {"text": self.title, "subtitle": list(self.subtitle)},
            "description": self.description,
            "data": {"name": "rows"},
            "datasets": {**self.view.get("datasets", {}), "rows": list(self.rows)},
            "usermeta": dict(self.about),
        }


def of_metric(plugin: Plugin, told: Answers) -> Picture:
    """Return the picture of the one metric: by the plugin's chart that holds it, if that has the buckets of the answer.

    Raises: BadRequest where it would be too much for one picture.
    """
    ((metric, answer),) = told.answers
    rows, bucket = told.rows(), told.query.bucket
    chart = next((each for each in plugin.charts if metric.id in each.metrics and each.bucket == bucket), None)
    if chart is not None:
        view = chart.spec
    elif bucket is not None:
        view = vega.line(metric, bucket, rows)
    else:
        view = vega.bars(metric, rows)
    return _picture(answer.metric, metric.title, metric.definition, view, told, rows)


def of_chart(plugin: Plugin, chart: Chart, told: Answers) -> Picture:
    """Return the picture of a plugin's chart. Raises: BadRequest where it would be too much for one picture."""
    name = f"{plugin.name}.{chart.id}"
    return _picture(name, chart.title, chart.description, chart.spec, told, told.rows())


def _picture(
    name: str, title: str, description: str, view: View, told: Answers, rows: Sequence[Mapping[str, Any]]
) -> Picture:
    groups = {row["group"] for row in rows}
    if len(groups) > MOST_GROUPS:
        raise _too_much("group_by", f"{len(groups)} groups, more than {MOST_GROUPS}", "one group")
    if len(rows) > MOST_ROWS:
        raise _too_much("since", f"{len(rows)} values, more than {MOST_ROWS}", "a later one, wider buckets")
    query = told.query
    if query.bucket is not None:
        view = vega.dated(view, query.bucket, rows)
        view = vega.by_group(view, len(groups)) if len(groups) > 1 else view
    return Picture(
        name=name,
        window=told.window,
        title=title if query.group is None else f"{title} – {query.group}",
        subtitle=[*wrap(description[:1].upper() + description[1:], _LINE), *told.subtitle()],
        description=description,
        view=view,
        rows=rows,
        about={"name": name, **told.about()},
    )


def _too_much(where: str, why: str, accepted: str) -> BadRequest:
    tables = "a table: format=csv or parquet of the metric"
    return BadRequest("this is too much for one picture", where=where, why=why, accepted=f"{accepted}, or {tables}")


def _reasons(counted: Counter[Reason]) -> str:
    if len(counted) == 1:
        return _WHY[next(iter(counted))]
    return ", ".join(f"{_WHY[reason]} ({count})" for reason, count in counted.most_common())


def _days(window: Window, zone: ZoneInfo) -> str:
    """Return a window in words: its first and its last day."""
    first = window.start.astimezone(zone)
    last = (window.end - timedelta(milliseconds=1)).astimezone(zone)
    if first.date() == last.date():
        return f"{_day(first)} {first:%Y}"
    return f"{_day(first)}{'' if first.year == last.year else f' {first:%Y}'} – {_day(last)} {last:%Y}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def _by_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Return a time as clocks in the store's time zone show it.

    Without an offset: whoever draws it, wherever, then writes a week's Monday on the axis, not the Sunday it was there.
    """
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="milliseconds")
