"""The answer to a question about a metric, in the shape that analysts get."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from lrs.core.analytics.guard import Reason, Shown
from lrs.core.analytics.windows import Window
from lrs.xapi.values import format_timestamp

COLUMNS = ("group", "bucket_start", "bucket_end", "value", "n_people", "n_acts", "suppressed", "reason")


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
    acts: pl.DataFrame | None = field(default=None, compare=False, repr=False)  # it rests on them; in no answer

    @property
    def suppressed(self) -> bool:
        return self.reason is not None and self.reason.suppresses

    def as_dict(self) -> dict[str, Any]:
        bucket = self.bucket and {"start": _time(self.bucket.start), "end": _time(self.bucket.end)}
        row: dict[str, Any] = {
            "group": self.group,
            "bucket": bucket,
            "value": self.value,
            "n_people": self.n_people,
            "n_acts": self.n_acts,
            "suppressed": self.suppressed,
            "reason": self.reason,
        }
        if self.beside:
            row["beside"] = {name: {"value": each.value, "reason": each.reason} for name, each in self.beside.items()}
        return row


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

    def as_dict(self) -> dict[str, Any]:
        return {
            "metric": self.metric,
            "unit": self.unit,
            "window": {"since": _time(self.window.start), "until": _time(self.window.end)},
            "as_of": _time(self.as_of),
            "data_until": _time(self.data_until),
            "computed_at": _time(self.computed_at),
            "stale": self.stale,
            "coverage": self.coverage,
            "min_group": self.min_group,
            "definition": self.definition,
            "rows": [row.as_dict() for row in self.rows],
        }

    def as_csv(self) -> str:
        """Return the rows as CSV (RFC 4180) with one header line; an absent value is an empty field."""
        beside = sorted({name for row in self.rows for name in row.beside})
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([*COLUMNS, *beside])
        for row in self.rows:
            bounds = (None, None) if row.bucket is None else (_time(row.bucket.start), _time(row.bucket.end))
            told = [row.group, *bounds, row.value, row.n_people, row.n_acts, str(row.suppressed).lower(), row.reason]
            writer.writerow([*told, *(row.beside[name].value if name in row.beside else None for name in beside)])
        return text.getvalue()


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
