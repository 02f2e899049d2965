"""People as CSV: one row for each person and group, read into the shape that JSON has."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lrs.errors import BadRequest

COLUMNS = ("id", "name", "identifiers", *("kind", "group", "role", "from", "to", "with"), "opt_in", "opt_out", "active")
MEMBERSHIP = COLUMNS[3:9]
FLAGS = COLUMNS[9:]
FORMS = "mailto:ann@example.org; mbox_sha1sum:<hex>; openid:<uri>; account:<homePage> <name>"

_PLACE = re.compile(r"people\[(\d+)\](?:\.(groups|identifiers)\[(\d+)\])?(?:\.(\w+))?.*")


@dataclass(slots=True)
class Table:
    """What a table says, and in which of its lines each thing stands."""

    people: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, int]] = field(default_factory=list)  # by person: `name`, `groups[2]`, ... → line
    _positions: dict[str, int] = field(default_factory=dict)

    def add(self, row: Mapping[str, str], line: int) -> None:
        """Take a row; the rows of one id are one person. Raises: BadRequest with line and column."""
        person, lines = self._person(row["id"], line)
        for column in ("name", *FLAGS):
            self._set(person, lines, column, row[column], line)
        for identifier in _identifiers(row["identifiers"], line):
            if identifier not in person["identifiers"]:
                lines[f"identifiers[{len(person['identifiers'])}]"] = line
                person["identifiers"].append(identifier)
        membership = {column: row[column] for column in MEMBERSHIP if row[column]}
        if membership and membership not in person["groups"]:
            lines[f"groups[{len(person['groups'])}]"] = line
            person["groups"].append(membership)

    def place(self, where: str) -> str:
        """Return the line and column of a place such as `people[3].groups[0].from`."""
        found = _PLACE.fullmatch(where)
        if found is None:
            return where
        person, part, index, name = found.groups()
        lines = self.lines[int(person)]
        column = name if part == "groups" else part or name
        line = lines.get(f"{part}[{index}]" if part else name or "id", lines["id"])
        return f"line {line}, column {column or 'id'}"

    def _person(self, identity: str, line: int) -> tuple[dict[str, Any], dict[str, int]]:
        if identity not in self._positions:
            self._positions[identity] = len(self.people)
            self.people.append({"id": identity, "identifiers": [], "groups": []})
            self.lines.append({"id": line})
        position = self._positions[identity]
        return self.people[position], self.lines[position]

    def _set(self, person: dict[str, Any], lines: dict[str, int], column: str, text: str, line: int) -> None:
        if not text:
            return
        value = _flag(text, line, column) if column in FLAGS else text
        if person.setdefault(column, value) != value:
            why = f"{text[:60]!r}, but line {lines[column]} says otherwise of the same person"
            raise _unusable(line, column, why, "the same in all rows of a person, or once")
        lines.setdefault(column, line)


def read(text: str) -> Table:
    """Read a table with one header line (RFC 4180). Raises: BadRequest with line and column."""
    table = Table()
    rows = _rows(text.removeprefix("\ufeff"))
    _, header = next(rows, (1, []))
    _check_header(header)
    for line, cells in rows:
        if len(cells) != len(header):
            why = f"it has {len(cells)} cells, the header {len(header)}"
            raise BadRequest("a line can't be read", where=f"line {line}", why=why, accepted="one cell for each column")
        named = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        table.add({**dict.fromkeys(COLUMNS, ""), **named}, line)
    return table


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows with the line each begins in; empty ones are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadRequest("a line can't be read", where=f"line {line}", why=str(error), accepted="RFC 4180") from error


def _check_header(header: Sequence[str]) -> None:
    unknown = next((name for name in header if name not in COLUMNS), None)
    if unknown is not None:
        why = f"{unknown[:60]!r} is no column of this table"
        raise BadRequest("the header can't be used", where="line 1", why=why, accepted=", ".join(COLUMNS))
    if "id" not in header or len(set(header)) < len(header):
        why = "a column is there twice" if "id" in header else "there is no column id"
        raise BadRequest("the header can't be used", where="line 1", why=why, accepted=", ".join(COLUMNS))


def _identifiers(cell: str, line: int) -> Iterator[dict[str, Any]]:
    for text in filter(None, map(str.strip, cell.split(";"))):
        form, _, value = text.partition(":")
        homepage, _, name = value.partition(" ")
        if form == "mailto":
            yield {"mbox": text}
        elif form in ("mbox", "mbox_sha1sum", "openid"):
            yield {form: value}
        elif form == "account" and name:
            yield {"account": {"homePage": homepage, "name": name}}
        else:
            raise _unusable(line, "identifiers", f"{text[:60]!r} is no identifier", FORMS)


def _flag(text: str, line: int, column: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise _unusable(line, column, f"{text[:60]!r} is neither true nor false", "true, false")
    return text.lower() == "true"


def _unusable(line: int, column: str, why: str, accepted: str) -> BadRequest:
    return BadRequest("a cell can't be used", where=f"line {line}, column {column}", why=why, accepted=accepted)
