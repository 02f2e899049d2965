"""A table of people, one by one: what a plugin may tell to whoever may see persons, and to nobody else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import polars as pl

from lrs.plugin.frames import CODE, TIME
from lrs.plugin.metrics import Scope

Shown: TypeAlias = Literal["person", "count", "number", "flag", "time"]
"""What a value of a table is: a person (a code in, a name or a pseudonym out), a whole number, a number, yes or no, a
time. A key or a text is never among them: it may say who it is.
"""

_TYPES: Mapping[Shown, pl.DataType] = {
    "person": CODE,
    "count": pl.Int64(),
    "number": pl.Float64(),
    "flag": pl.Boolean(),
    "time": TIME,
}


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: what its values are, and what they mean, with the unit."""

    kind: Shown
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTable:
    """One table of a plugin, as `GET /api/v1/tables` lists it.

    `compute(scope)` returns the rows, whose columns are `columns`. The scope is the whole store's: `acts` and `store`
    hold all acts before `until`, as for a metric that looks back. It is pure, and decides nothing about who may be
    shown: the core puts names and pseudonyms in the place of persons, and refuses a table of too few people.
    """

    id: str  # without the plugin's name
    title: str
    definition: str  # what a row is, and which rows there are
    columns: Mapping[str, TableColumn]  # in their order; at least one is a person
    compute: Callable[[Scope], pl.DataFrame]

    @property
    def persons(self) -> tuple[str, ...]:
        """The columns that hold a person."""
        return tuple(name for name, column in self.columns.items() if column.kind == "person")

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Names and types of the columns that `compute` returns."""
        return {name: _TYPES[column.kind] for name, column in self.columns.items()}
