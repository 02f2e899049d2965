"""Organisations to measure with, as many as it takes: each has a domain of its own, so that they share nobody.

30 % of the statements are social acts, 5 % voids and deletes, and 10 % of the replies arrive before what they answer.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from lrs.cli.sample import Mix, Sample, generate
from lrs.xapi import Json

SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
MIX = Mix(voids=0.025, deletes=0.025, early_replies=0.1)
PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """One organisation: what it is made from, and its number."""

    number: int
    statements: int
    people: int = PEOPLE

    @property
    def domain(self) -> str:
        return f"o{self.number}.example.org"

    def sample(self) -> Sample:
        """Make it up, on the domain that all samples share."""
        return generate(
            people=self.people, statements=self.statements, seed=self.number, start=SINCE, end=UNTIL, mix=MIX
        )

    def lists(self, size: int) -> list[bytes]:
        """Return its statements in their order of arrival, as JSON lists of `size`."""
        told = self.sample().statements
        return [self._own(orjson.dumps(told[begin : begin + size])) for begin in range(0, len(told), size)]

    def roster(self) -> list[Json]:
        """Return its people, in the shape of `PUT /api/v1/people`; their ids are its own too."""
        people = self.sample().organisation.roster()["people"]
        own: list[Json] = orjson.loads(self._own(orjson.dumps(people)))
        return [self._renamed(each) for each in own]

    def truth(self) -> Json:
        """Return the truth about it."""
        told: Json = orjson.loads(self._own(orjson.dumps(self.sample().truth.as_dict())))
        return told

    def _renamed(self, person: Json) -> Json:
        groups = [{**each, "with": self._id(each["with"])} if each.get("with") else each for each in person["groups"]]
        return {**person, "id": self._id(person["id"]), "groups": groups}

    def _id(self, person: str) -> str:
        return f"{person}@{self.number}"

    def _own(self, text: bytes) -> bytes:
        return text.replace(b"example.org", self.domain.encode())


def plans(statements: int, each: int) -> list[Plan]:
    """Return organisations of `each` statements that come to `statements`."""
    return [Plan(number, min(each, statements - done)) for number, done in enumerate(range(0, statements, each), 1)]
