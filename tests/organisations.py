"""Generated organisations, and the same told otherwise: later, by other names, up to a moment, without what is void."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import orjson

from lrs.cli.sample import Mix, generate
from tests.reference.statements import VOIDED, Statement, standing

MUCH_GOES_WRONG = Mix(voids=0.04, deletes=0.02, undone=0.3, late=0.05, early_replies=0.1)


@dataclass(frozen=True)
class Organisation:
    """What is told of an organisation, in the order of arrival, and who is in it."""

    statements: list[Statement]
    people: list[dict[str, Any]]

    def in_batches(self, size: int = 500) -> list[list[Statement]]:
        """As it arrives."""
        return [self.statements[n : n + size] for n in range(0, len(self.statements), size)]

    def in_disorder(self, chance: Random) -> list[list[Statement]]:
        """In any order, in batches of any size, and some batches twice."""
        left, batches = chance.sample(self.statements, len(self.statements)), []
        while left:
            size = chance.choice((1, 2, 30, 200, 400))
            batches.append(left[:size])
            left = left[size:]
        return [*batches, *chance.sample(batches, len(batches) // 3)]

    def without_voids(self) -> "Organisation":
        """What stands: as if nothing had been told that was voided in the end."""
        return replace(self, statements=standing(self.statements))

    def until(self, moment: datetime) -> "Organisation":
        """What happened before a moment. What is voided later never happened."""
        return replace(self, statements=[each for each in self.statements if _is_void(each) or _at(each) < moment])

    def later(self, by: timedelta) -> "Organisation":
        """All of it so much later."""
        return replace(
            self, statements=[{**each, "timestamp": (_at(each) + by).isoformat()} for each in self.statements]
        )

    def elsewhere(self) -> "Organisation":
        """By other names: no person, account, group or thing is of another organisation."""
        people = orjson.loads(_renamed(orjson.dumps(self.people)))
        for person in people:
            person["id"] = _other(person["id"])
            person["groups"] = [_moved_group(each) for each in person["groups"]]
        return Organisation(orjson.loads(_renamed(orjson.dumps(self.statements))), people)

    def beside(self, other: "Organisation") -> "Organisation":
        """Both in one."""
        return Organisation([*self.statements, *other.statements], [*self.people, *other.people])


def organisation(*, people: int, statements: int, seed: int) -> Organisation:
    """Generate one, in which more goes wrong than usual."""
    sample = generate(people=people, statements=statements, seed=seed, mix=MUCH_GOES_WRONG)
    return Organisation(sample.statements, sample.organisation.roster()["people"])


def _renamed(text: bytes) -> bytes:
    return re.sub(rb"example\.org", b"example.net", text)


def _moved_group(membership: Mapping[str, Any]) -> dict[str, Any]:
    """Courses and communities have other names already: those of their activities."""
    moved = {"group": _other(membership["group"])} if membership["kind"] == "department" else {}
    partner = {"with": _other(membership["with"])} if "with" in membership else {}
    return {**membership, **moved, **partner}


def _other(name: str) -> str:
    return f"other {name}"


def _is_void(statement: Statement) -> bool:
    return bool(statement["verb"]["id"] == VOIDED)


def _at(statement: Statement) -> datetime:
    return datetime.fromisoformat(statement["timestamp"])
