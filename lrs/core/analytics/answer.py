"""The answer to a question about a metric, in the shape that analysts get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from lrs.core.analytics.guard import Reason, Shown
from lrs.core.analytics.windows import Window
from lrs.xapi.values import format_timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number of one group (None: the whole store) in one bucket (None: the whole window)."""

    group: str | None
    bucket: Window | None
    value: float | None = None
    n_people: int | None = None
    n_acts: int | None = None
    reason: Reason | None = None
    beside: Mapping[str, Shown] = field(default_factory=dict)
    previous: "Row | None" = None  # the same of the span before, where that was asked for
    acts: pl.DataFrame | None = field(default=None, compare=False, repr=False)  # it rests on them; in no answer

    @property
    def suppressed(self) -> bool:
        return self.reason is not None and self.reason.suppresses

    def as_dict(self) -> dict[str, Any]:
        bucket = self.bucket and {"start": _time(self.bucket.start), "end": _time(self.bucket.end)}
        row: dict[str, Any] = {"group": self.group, "bucket": bucket, **self._told()}
        if self.beside:
            row["beside"] = {name: {"value": each.value, "reason": each.reason} for name, each in self.beside.items()}
        if self.previous is not None:
            row["previous"] = self.previous._told()
        return row

    def _told(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "n_people": self.n_people,
            "n_acts": self.n_acts,
            "suppressed": self.suppressed,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricAnswer:
    """All rows of one answer, and what they rest on."""

    metric: str
    unit: str
    definition: str
    window: Window
    as_of: datetime | None
    data_until: datetime | None
    computed_at: datetime
    stale: bool
    coverage: Mapping[str, float | None] | None
    min_group: int
    rows: Sequence[Row]
    previous: Window | None = None  # what each row is compared with, where that was asked for
    beside: Sequence[str] = ()  # the names of the numbers that may be shown beside

    def as_dict(self) -> dict[str, Any]:
        before = {} if self.previous is None else {"previous_window": _span(self.previous)}
        return {
            "metric": self.metric,
            "unit": self.unit,
            "window": _span(self.window),
            **before,
            "as_of": _time(self.as_of),
            "data_until": _time(self.data_until),
            "computed_at": _time(self.computed_at),
            "stale": self.stale,
            "coverage": self.coverage,
            "min_group": self.min_group,
            "definition": self.definition,
            "rows": [row.as_dict() for row in self.rows],
        }


def _span(window: Window) -> dict[str, Any]:
    return {"since": _time(window.start), "until": _time(window.end)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
