"""Acts as a table: what metrics compute on.

Persons and keys stand in it as numbers, the same for the same text in every process: quick to compare and to join, and
nobody's name. Rows come by (t, id), which breaks every tie.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import polars as pl

from lrs.plugin.acts import Act, Column

CODE = pl.Int64()
TIME = pl.Datetime("ms", "UTC")

_TYPES: Mapping[Column, pl.DataType] = {
    "person": CODE,
    "key": CODE,
    "number": pl.Float64(),
    "flag": pl.Boolean(),
    "time": TIME,
}

_VALUES: Mapping[Column, tuple[type, ...]] = {
    "person": (str,),
    "key": (str,),
    "number": (int, float),
    "flag": (bool,),
    "time": (datetime,),
}

_OWN: Mapping[str, pl.DataType] = {
    "id": pl.String(),
    "t": TIME,
    "actor": CODE,
    "target": CODE,
    "course": CODE,
    "subject": CODE,
    "subject_t": TIME,
    "opens": pl.Boolean(),
    "contributes": pl.Boolean(),
}
PERSONS = ("actor", "target")
"""The columns of every act that hold a person."""

MEMBERSHIPS: Mapping[str, pl.DataType] = {
    "person": CODE,
    "kind": pl.String(),
    "group": CODE,
    "role": pl.String(),
    "partner": CODE,
    "since": TIME,
    "until": TIME,
    "active": pl.Boolean(),
}
"""The table of who belongs to which group of which partition in [since, until), as what, and with whom.

Whoever is not `active` has left the organisation: what they did stays, and they are on no roster.
"""


@lru_cache(maxsize=200_000)
def code(text: str) -> int:
    """Return the number that stands for a person's or another key: 64 bits of its BLAKE2b digest, signed.

    Two of a million different texts have the same one with a probability of 3e-8.
    """
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def schema(columns: Mapping[str, Column]) -> dict[str, pl.DataType]:
    """Return the names and types of the columns of a plugin's acts: those of every act, and its own."""
    return {**_OWN, **{name: _TYPES[column] for name, column in columns.items()}}


def persons(columns: Mapping[str, Column]) -> tuple[str, ...]:
    """Return the columns that hold a person."""
    return (*PERSONS, *(name for name, column in columns.items() if column == "person"))


def coded(acts: Sequence[Act], columns: Mapping[str, Column]) -> dict[str, list[Any]]:
    """Return the columns of the table: the values of acts, with codes for persons and keys.

    Raises: ValueError for a value in `detail` that is none of the columns, or not of its column's kind.
    """
    for act in acts:
        if not act.detail.keys() <= columns.keys():
            unknown = min(act.detail.keys() - columns.keys())
            raise ValueError(f"{unknown!r} is none of the plugin's columns: {', '.join(columns) or 'it has none'}")
    return {
        "id": [act.id for act in acts],
        "t": [act.t for act in acts],
        "actor": [code(act.actor) for act in acts],
        "target": _codes([act.target for act in acts]),
        "course": _codes([act.course for act in acts]),
        "subject": _codes([act.subject for act in acts]),
        "subject_t": [act.subject_t for act in acts],
        "opens": [act.opens for act in acts],
        "contributes": [act.contributes for act in acts],
        **{name: _own(name, [act.detail.get(name) for act in acts], column) for name, column in columns.items()},
    }


def frame(acts: Iterable[Act], columns: Mapping[str, Column]) -> pl.DataFrame:
    """Return the table of acts, by (t, id). Raises: as `coded`."""
    return pl.DataFrame(coded(list(acts), columns), schema=schema(columns)).sort("t", "id")


def _own(name: str, values: list[Any], column: Column) -> list[Any]:
    """Return a column of a plugin's own."""
    kinds = {*_VALUES[column], type(None)}
    if not kinds.issuperset(map(type, values)):
        value = next(each for each in values if type(each) not in kinds)
        raise ValueError(f"{name!r} is a column of kind {column}, and can't hold {value!r}")
    return _codes(values) if column in ("person", "key") else values


def _codes(texts: Sequence[str | None]) -> list[int | None]:
    return [None if text is None else code(text) for text in texts]
