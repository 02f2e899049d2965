"""A view's acts as they are written: those of one day that a batch of changes tells of, in one document.

A column holds what `lrs.plugin.frames.coded` makes of the acts, one after another as numpy lays numbers out: a document
of a thousand acts costs little more than one of a single act, and a year of them becomes a table without any of them
having been an object. A column in which everything goes without saying is left out. An act takes the place of the one
with its id in an earlier document; one without an actor is gone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrs.plugin import Act, Column, code
from lrs.plugin.frames import CODE, TIME, coded, schema

Document: TypeAlias = dict[str, Any]

FORM = 2
"""Which way of writing views this is: a view that was written in another way is derived anew."""

TOGETHER = 1000  # acts in one document
MOST_NAMED = 4_000_000  # characters of courses named in one document, unless it is of a single act

_EPOCH, _DAY, _MS = datetime(1970, 1, 1, tzinfo=UTC), timedelta(days=1), timedelta(milliseconds=1)
_DAY_MS = _DAY // _MS
_UNKNOWN = -(2**63)  # in place of a number that is not known: no time, and no code but one of 2**64
_USUAL: Mapping[str, bool] = {"opens": False, "contributes": True}


def packed(
    acts: Sequence[Act], gone: Mapping[str, datetime], seq: int, columns: Mapping[str, Column]
) -> list[Document]:
    """Return the documents of acts, and of those that are `gone` with their times, as changes up to `seq` left them.

    Raises: ValueError for a value that is none of the columns.
    """
    if not acts and not gone:
        return []
    told = coded(acts, columns)
    told["id"] += gone
    told["t"] += gone.values()
    named = [*(act.course for act in acts), *[None] * len(gone)]
    for name, values in told.items():
        values += [_USUAL.get(name)] * (len(named) - len(values))
    laid_out = {name: _LAID_OUT[type_](told[name]) for name, type_ in schema(columns).items() if name != "id"}
    days = laid_out["t"] // _DAY_MS
    parts = [part for day in np.unique(days) for part in _parts(np.flatnonzero(days == day), named)]
    return [_document(seq, part, told["id"], named, laid_out) for part in parts]


def unpacked(documents: Sequence[Document], columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the acts of documents as a table, in their order; those that are gone have no actor."""
    types = schema(columns)
    sizes = [len(each["id"]) for each in documents]
    found = {name: _series(name, type_, documents, sizes) for name, type_ in types.items() if name != "id"}
    ids = [key for each in documents for key in each["id"]]
    return pl.DataFrame({"id": ids, **found}, schema=types)


def latest(tables: Sequence[pl.DataFrame], columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the acts of tables as they are by now, those gone among them, by (t, id)."""
    found = pl.concat([pl.DataFrame(schema=schema(columns)), *tables])
    return found.unique("id", keep="last", maintain_order=True).sort("t", "id")


def standing(acts: pl.DataFrame) -> pl.DataFrame:
    """Return those acts that are not gone."""
    return acts.filter(pl.col("actor").is_not_null())


def courses(documents: Iterable[Document]) -> dict[int, str]:
    """Return the names of the courses in documents, by their codes."""
    return {code(name): name for each in documents for name in each.get("courses", ())}


def _parts(rows: NDArray[np.int64], named: Sequence[str | None]) -> list[NDArray[np.int64]]:
    size = sum(map(len, _courses(rows, named)))
    if len(rows) <= TOGETHER and (size <= MOST_NAMED or len(rows) == 1):
        return [rows]
    first = min(TOGETHER, len(rows) // 2)
    return [*_parts(rows[:first], named), *_parts(rows[first:], named)]


def _document(
    seq: int,
    rows: NDArray[np.int64],
    ids: Sequence[str],
    named: Sequence[str | None],
    laid_out: Mapping[str, NDArray[Any]],
) -> Document:
    columns = {name: column[rows] for name, column in laid_out.items()}
    t, opened = columns["t"], columns["subject_t"]
    document: Document = {"day": _EPOCH + int(t[0] // _DAY_MS) * _DAY, "seq": seq, "id": [ids[row] for row in rows]}
    if courses := _courses(rows, named):
        document["courses"] = sorted(courses)
    if len(early := opened[opened > t]):
        document["early"] = {"from": _EPOCH + int(early.min()) * _MS, "until": _EPOCH + int(early.max()) * _MS}
    told = {name: column.tobytes() for name, column in columns.items() if not _is_usual(name, column)}
    return {**document, "columns": told}


def _courses(rows: NDArray[np.int64], named: Sequence[str | None]) -> set[str]:
    return {name for row in rows if (name := named[row]) is not None}


def _is_usual(name: str, column: NDArray[Any]) -> bool:
    if column.dtype == np.float64:
        return bool(np.isnan(column).all())
    return bool((column == _USUAL.get(name, _UNKNOWN if column.dtype == np.int64 else -1)).all())


def _series(name: str, type_: pl.DataType, documents: Sequence[Document], sizes: Sequence[int]) -> pl.Series:
    usual = _LAID_OUT[type_]([_USUAL.get(name)])
    parts = [each["columns"].get(name) or usual.tobytes() * size for each, size in zip(documents, sizes, strict=True)]
    values = pl.Series(name, np.frombuffer(b"".join(parts), usual.dtype))
    if type_ == pl.Float64():
        return values.fill_nan(None)
    unknown = values == (_UNKNOWN if usual.dtype == np.int64 else -1)
    return values.set(unknown, None).cast(type_)


def _numbers(values: Sequence[Any]) -> NDArray[np.int64]:
    return np.array([_UNKNOWN if value is None else value for value in values], np.dtype("<i8"))


def _times(values: Sequence[Any]) -> NDArray[np.int64]:
    return _numbers([None if value is None else (value - _EPOCH) // _MS for value in values])


def _floats(values: Sequence[Any]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values], np.dtype("<f8"))


def _flags(values: Sequence[Any]) -> NDArray[np.int8]:
    return np.array([-1 if value is None else value for value in values], np.int8)


_LAID_OUT: Mapping[pl.DataType, Callable[[Sequence[Any]], NDArray[Any]]] = {
    CODE: _numbers,
    TIME: _times,
    pl.Float64(): _floats,
    pl.Boolean(): _flags,
}
