"""The rules of the specification that bind an LRS, and which tests cover which."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INVENTORY = Path(__file__).with_name("clauses.json")
HERE = "tests/conformance/"


@dataclass(frozen=True, slots=True)
class Clause:
    """One rule, in our words: `also` is the section of 2.0 that says the same as the section of 1.0.3 in the id."""

    id: str
    rule: str
    versions: tuple[str, ...]
    also: str = ""
    not_testable: str = ""
    covered_by: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Collected:
    """A test as pytest found it: its id, the clauses it is marked with, the xAPI version it asks in, or none."""

    id: str
    clauses: tuple[str, ...]
    version: str | None

    @property
    def name(self) -> str:
        """The id without its parameters."""
        return self.id.partition("[")[0]


def read() -> list[Clause]:
    """Return the inventory in the order of the specification."""
    return [_clause(each) for each in json.loads(INVENTORY.read_text())]


def covering(clause: Clause, tests: Iterable[Collected]) -> Iterator[Collected]:
    """Yield the tests of a clause: those marked with its id, and those it names that are marked with its section."""
    for test in tests:
        named = test.name in clause.covered_by and clause.section in {each.partition("/")[0] for each in test.clauses}
        if named or clause.id in test.clauses:
            yield test


def untested_versions(clause: Clause, tests: Iterable[Collected]) -> list[str]:
    """Return the versions of xAPI that bind to the clause and in which no test of it asks."""
    found = list(covering(clause, tests))
    asked = {test.version for test in found}
    # A test elsewhere that the clause names speaks for every version: what it shows does not depend on one.
    return [] if None in asked else [version for version in clause.versions if version not in asked]


def _clause(told: dict[str, Any]) -> Clause:
    values: dict[str, Any] = {name: tuple(part) if isinstance(part, list) else part for name, part in told.items()}
    return Clause(**values)
