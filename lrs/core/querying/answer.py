"""The answer to a question about statements in groups, in the shapes that analysts get."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.analytics.windows import Window
from lrs.core.querying.columns import FLAG, NUMBER, TEXT, TIME
from lrs.core.querying.question import Question
from lrs.xapi.values import format_timestamp

WHOLE_NUMBERS = ("count", "people")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One group (None: what has no such thing, or all of it) in one bucket of time (None: the whole window)."""

    group: Mapping[str, str | None]  # by what it is grouped
    bucket: Window | None = None
    values: Mapping[str, float | int | None] = field(default_factory=dict)  # by measure
    reason: Reason | None = None  # why there are none at all
    reasons: Mapping[str, Reason] = field(default_factory=dict)  # why there is none of some measures

    @property
    def suppressed(self) -> bool:
        return self.reason is not None and self.reason.suppresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All rows of one answer, and what they rest on."""

    question: Question
    since: datetime | None
    until: datetime | None
    through: datetime
    computed_at: datetime
    min_group: int | None  # None: the answer is not guarded
    identified: float | None  # share of the statements that are an identified person's
    withheld: int | None  # rows that are withheld, listed or not; None where that is not told
    rows: Sequence[Row]

    def as_dict(self) -> dict[str, Any]:
        return {
            "group_by": list(self.question.by),
            "measures": list(self.question.measures),
            "window": {"since": _time(self.since), "until": _time(self.until)},
            "consistent_through": _time(self.through),
            "computed_at": _time(self.computed_at),
            "min_group": self.min_group,
            "coverage": {"identified": self.identified},
            "withheld": self.withheld,
            "rows": [self._row(row) for row in self.rows],
        }

    def as_csv(self) -> str:
        """Return the rows as CSV (RFC 4180) with one header line; an absent value is an empty field."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self._columns())
        for row in self._flat():
            writer.writerow([_written(value) for value in row])
        return text.getvalue()

    def as_parquet(self) -> bytes:
        """Return the rows as a Parquet file with the same columns."""
        file = io.BytesIO()
        pl.DataFrame(list(self._flat()), schema=self._columns(), orient="row").write_parquet(file)
        return file.getvalue()

    def _row(self, row: Row) -> dict[str, Any]:
        bucket = row.bucket and {"start": _time(row.bucket.start), "end": _time(row.bucket.end)}
        return {
            **{axis: row.group.get(axis) for axis in self.question.axes},
            "bucket": bucket,
            **{measure: row.values.get(measure) for measure in self.question.measures},
            "suppressed": row.suppressed,
            "reason": row.reason,
            "reasons": dict(row.reasons),
        }

    def _columns(self) -> dict[str, pl.DataType]:
        numbers = {each: pl.Int64() if each in WHOLE_NUMBERS else NUMBER for each in self.question.measures}
        axes: dict[str, pl.DataType] = dict.fromkeys(self.question.axes, TEXT)
        buckets: dict[str, pl.DataType] = {"bucket_start": TIME, "bucket_end": TIME}
        return {**axes, **buckets, **numbers, "suppressed": FLAG, "reason": TEXT, "reasons": TEXT}

    def _flat(self) -> Sequence[Sequence[Any]]:
        return [
            [
                *(row.group.get(axis) for axis in self.question.axes),
                *((None, None) if row.bucket is None else (row.bucket.start, row.bucket.end)),
                *(row.values.get(measure) for measure in self.question.measures),
                row.suppressed,
                row.reason,
                "; ".join(f"{measure}: {reason}" for measure, reason in row.reasons.items()) or None,
            ]
            for row in self.rows
        ]


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return format_timestamp(value) if isinstance(value, datetime) else value


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
