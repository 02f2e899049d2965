"""The answer to a question for a table of people: who is in it by name or pseudonym, in the shape that analysts get.

A row names people only where all of its people opted in. Beside a name a pseudonym would be a riddle that every
colleague can solve: who else could it be that Ann mentors?
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import polars as pl

from lrs import clock
from lrs.core.analytics.pseudonyms import pseudonym
from lrs.core.analytics.source import Known
from lrs.plugin import PersonTable
from lrs.plugin.frames import CODE
from lrs.xapi.values import format_timestamp

NAME = "_name"
"""Ends the name of the column that tells the name, or nothing, of the people in the column before."""

_TIME = "%Y-%m-%dT%H:%M:%S%.3fZ"


@dataclass(frozen=True, slots=True)
class KnownRows(Known):
    """The rows that were found, with persons as codes."""

    rows: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Naming:
    """Who is called by name: id and name by the codes of those who opted in; and the key of the others' pseudonyms."""

    named: Mapping[int, tuple[str, str]]
    key: bytes

    def called(self, people: Sequence[int]) -> pl.DataFrame:
        """Return what people are called: code, pseudonym, and id and name where they opted in."""
        told = [(each, pseudonym(each, self.key), *self.named.get(each, (None, None))) for each in people]
        schema = {"code": CODE, "pseudonym": pl.String(), "id": pl.String(), "name": pl.String()}
        return pl.DataFrame(told, schema=schema, orient="row")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAnswer:
    """A table as it is shown. Rows come by what their people are called: any other order would tell something."""

    table: str
    about: PersonTable
    known: KnownRows
    rows: pl.DataFrame
    people: int
    named: int
    computed_at: datetime = field(default_factory=clock.now)

    @classmethod
    def of(cls, name: str, table: PersonTable, known: KnownRows, naming: Naming) -> Self:
        """Return the answer with names and pseudonyms in the place of persons."""
        people = people_in(known.rows, table.persons)
        rows, named = _named(known.rows, table, naming)
        return cls(table=name, about=table, known=known, rows=rows, people=len(people), named=named)

    def as_dict(self) -> dict[str, Any]:
        window = self.known.window
        return {
            "table": self.table,
            "window": {"since": format_timestamp(window.start), "until": format_timestamp(window.end)},
            "as_of": _time(self.known.as_of),
            "data_until": _time(self.known.data_until),
            "computed_at": _time(self.computed_at),
            "stale": self.known.stale,
            "definition": self.about.definition,
            "columns": described(self.about),
            "people": self.people,
            "named": self.named,
            "rows": self.rows.to_dicts(),
        }

    def as_csv(self) -> str:
        """Return the rows as CSV (RFC 4180) with one header line; an absent value is an empty field."""
        return self.rows.write_csv(line_terminator="\r\n")


def people_in(rows: pl.DataFrame, columns: Sequence[str]) -> frozenset[int]:
    """Return the codes of all people in some columns."""
    return frozenset(pl.concat([rows[name] for name in columns]).drop_nulls().to_list())


def described(table: PersonTable) -> dict[str, str]:
    """Return what each column of the answer means, in their order."""
    told = {name: column.meaning for name, column in table.columns.items()}
    names = {f"{name}{NAME}": "name, in rows whose people have all opted in" for name in table.persons}
    return {**told, **names}


def _named(rows: pl.DataFrame, table: PersonTable, naming: Naming) -> tuple[pl.DataFrame, int]:
    """Return the rows with names and pseudonyms, and how many people are shown by name."""
    calls = naming.called(sorted(people_in(rows, table.persons)))
    opted_in = calls.drop_nulls("id")["code"].implode()
    is_open = pl.all_horizontal(pl.col(name).is_in(opted_in) | pl.col(name).is_null() for name in table.persons)
    rows = rows.with_columns(_open=is_open)
    named = people_in(rows.filter("_open"), table.persons)
    for name in table.persons:
        rows = rows.join(calls, left_on=name, right_on="code", how="left")
        called = pl.when("_open").then("id").otherwise("pseudonym").alias(name)
        rows = rows.with_columns(called, pl.when("_open").then("name").alias(f"{name}{NAME}"))
        rows = rows.drop("pseudonym", "id", "name")
    times = [pl.col(name).dt.strftime(_TIME) for name, column in table.columns.items() if column.kind == "time"]
    return rows.with_columns(times).select(list(described(table))).sort(table.persons), len(named)


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_timestamp(moment)
