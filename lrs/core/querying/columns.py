"""The columns of statements that analysts take away: their names, their types, and tables of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

Document = Mapping[str, Any]

TEXT, NUMBER, FLAG, TIME = pl.String(), pl.Float64(), pl.Boolean(), pl.Datetime("ms", "UTC")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is called in the store, its type, and whether it is taken where none are named."""

    field: str
    type: pl.DataType = TEXT
    usual: bool = True


COLUMNS: Mapping[str, Column] = {
    "id": Column("_id"),
    "stored": Column("stored", TIME),
    "timestamp": Column("timestamp", TIME),
    "actor": Column("actor"),
    "verb": Column("verb"),
    "object_id": Column("object_id"),
    "object_type": Column("object_type"),
    "activity_type": Column("activity_type"),
    "registration": Column("registration"),
    "success": Column("success", FLAG),
    "completion": Column("completion", FLAG),
    "score_scaled": Column("score_scaled", NUMBER),
    "score_raw": Column("score_raw", NUMBER),
    "duration_s": Column("duration_s", NUMBER),
    "platform": Column("platform"),
    "language": Column("language"),
    "ref": Column("ref", usual=False),
    "voids": Column("voids", usual=False),
    "statement": Column("raw", usual=False),
}
"""The columns by name; see `lrs.xapi.columns` for what they hold. `statement` is the whole as it is stored, in JSON."""

USUAL = tuple(name for name, column in COLUMNS.items() if column.usual)

_READ: Mapping[str, Callable[[Any], Any]] = {"_id": str, "ref": str, "voids": str, "raw": bytes.decode}


def fields(names: Sequence[str]) -> list[str]:
    """Return what has to be read of the store for some columns."""
    return [COLUMNS[name].field for name in names]


def table(statements: Sequence[Document], names: Sequence[str]) -> pl.DataFrame:
    """Return the table of some columns of statements, in their order; what a statement does not say is null."""
    values = {name: _values(statements, COLUMNS[name].field) for name in names}
    return pl.DataFrame(values, schema={name: COLUMNS[name].type for name in names})


def _values(statements: Sequence[Document], field: str) -> list[Any]:
    read = _READ.get(field)
    told = (each.get(field) for each in statements)
    return list(told) if read is None else [None if value is None else read(value) for value in told]
