"""An answer as a table: one line for each row, in typed columns that CSV and Parquet share.

group, bucket_start, bucket_end, value, n_people, n_acts, suppressed, reason; then a column for each number beside; then
`previous_value`, `previous_n_people` ... where rows are compared with the window before.
"""

import csv as _csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import polars as pl

from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.xapi.values import format_timestamp

Column: TypeAlias = tuple[pl.DataType, Callable[[Row], Any]]

_TIME = pl.Datetime("ms", "UTC")

_OWN: Mapping[str, Column] = {
    "group": (pl.String(), lambda row: row.group),
    "bucket_start": (_TIME, lambda row: row.bucket and row.bucket.start),
    "bucket_end": (_TIME, lambda row: row.bucket and row.bucket.end),
    "value": (pl.Float64(), lambda row: row.value),
    "n_people": (pl.Int64(), lambda row: row.n_people),
    "n_acts": (pl.Int64(), lambda row: row.n_acts),
    "suppressed": (pl.Boolean(), lambda row: row.suppressed),
    "reason": (pl.String(), lambda row: row.reason),
}
_COMPARED = ("value", "n_people", "n_acts", "suppressed", "reason")


def columns(answer: MetricAnswer) -> Mapping[str, Column]:
    """Return the columns of an answer's table: the same for the same question, whatever the rows are."""
    found = {name for row in answer.rows for name in row.beside}
    names = [*answer.beside, *sorted(found - set(answer.beside))]
    beside = {name: (pl.Float64(), _beside(name)) for name in names if name not in _OWN}
    previous = {} if answer.previous is None else {f"previous_{name}": _previous(name) for name in _COMPARED}
    return {**_OWN, **beside, **previous}


def table(answer: MetricAnswer) -> pl.DataFrame:
    """Return the rows as a table."""
    return pl.DataFrame(
        [pl.Series(name, map(value, answer.rows), type_) for name, (type_, value) in columns(answer).items()]
    )


def csv(answer: MetricAnswer) -> bytes:
    """Return the table as CSV (RFC 4180, UTF-8) with one header line; an absent value is an empty field."""
    told = columns(answer)
    text = io.StringIO()
    writer = _csv.writer(text)
    writer.writerow(told)
    writer.writerows([_written(value(row)) for _, value in told.values()] for row in answer.rows)
    return text.getvalue().encode()


def parquet(answer: MetricAnswer) -> bytes:
    """Return the table as Parquet, with the metric, its unit and definition in the file's metadata."""
    file = io.BytesIO()
    about = {"metric": answer.metric, "unit": answer.unit, "definition": answer.definition}
    table(answer).write_parquet(file, metadata=about)
    return file.getvalue()


def _beside(name: str) -> Callable[[Row], Any]:
    return lambda row: row.beside[name].value if name in row.beside else None


def _previous(name: str) -> Column:
    type_, value = _OWN[name]
    return type_, lambda row: None if row.previous is None else value(row.previous)


def _written(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return format_timestamp(value) if isinstance(value, datetime) else value
