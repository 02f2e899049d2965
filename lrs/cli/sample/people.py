"""The people of the sample organisation: their accounts, and how much each talks and reads."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar
from uuid import UUID

from lrs.cli.sample import words
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

HOMES = {
    "moodle": "https://moodle.example.org",
    "openedx": "https://courses.example.org",
    "generic": "https://commons.example.org",
}

_SILENT = 0.25  # people who never write; a fifth of them does not even read

Thing = TypeVar("Thing")


@dataclass(eq=False, slots=True)
class Person:
    """Somebody with one account per platform. `talk` and `read` are weights: 0 is silent, and the rest is skewed."""

    id: str
    name: str
    department: str
    mail: str
    moodle_id: str
    edx_id: str
    talk: float
    read: float
    groups: list[Json] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {sender: actor_key(self.agent(sender)) or "" for sender in HOMES}

    def agent(self, sender: str) -> Json:
        """Return the person as the sender names them: Moodle by number, Open edX by opaque id, others by mail."""
        if sender == "moodle":
            return {"account": {"homePage": HOMES["moodle"], "name": self.moodle_id}, "name": self.name}
        if sender == "openedx":
            return {"objectType": "Agent", "account": {"homePage": HOMES["openedx"], "name": self.edx_id}}
        return {"objectType": "Agent", "mbox": f"mailto:{self.mail}", "name": self.name}

    def join(self, kind: str, group: str, role: str, **more: str) -> None:
        """Note a membership, in the shape of `PUT /api/v1/people`."""
        self.groups.append({"kind": kind, "group": group, "role": role, **more})

    def record(self) -> Json:
        """Return the person in the shape of `PUT /api/v1/people`."""
        identifiers = [self.agent(sender) for sender in HOMES]
        return {"id": self.id, "name": self.name, "identifiers": identifiers, "groups": self.groups}


class Draw(Generic[Thing]):
    """A weighted choice from fixed things; uniform when no weight is above zero."""

    def __init__(self, things: Sequence[Thing], weight: Callable[[Thing], float]) -> None:
        self.things = list(things)
        self._cumulative = list(accumulate(weight(thing) for thing in self.things))
        if self.things and self._cumulative[-1] <= 0:
            self._cumulative = [float(number + 1) for number in range(len(self.things))]

    def one(self, rng: Random) -> Thing:
        """Draw one."""
        return rng.choices(self.things, cum_weights=self._cumulative)[0]

    def other_than(self, taken: Thing, rng: Random) -> Thing:
        """Draw one that is not `taken`, unless four draws in a row hit it."""
        for _ in range(4):
            thing = self.one(rng)
            if thing is not taken:
                break
        return thing


def hire(count: int, departments: Sequence[str], rng: Random) -> list[Person]:
    """Return `count` people, every department staffed as far as they go round, and the first ones largest."""
    by_size = Draw(departments, lambda name: (departments.index(name) + 1) ** -0.8)
    people, mails = [], set[str]()
    for number, name in enumerate(words.full_names(count, rng)):
        mail = _mail(name)
        mail = f"{mail}.{number}@example.org" if mail in mails else f"{mail}@example.org"
        mails.add(mail.partition("@")[0])
        department = departments[number] if number < len(departments) else by_size.one(rng)
        talk, read = _activity(rng)
        person = Person(
            id=f"p{number + 1:04d}",
            name=name,
            department=department,
            mail=mail,
            moodle_id=str(number + 11),
            edx_id=str(UUID(int=rng.getrandbits(128), version=4)),
            talk=talk,
            read=read,
        )
        person.join("department", department, "lead" if number < len(departments) else "member")
        people.append(person)
    return people


def _activity(rng: Random) -> tuple[float, float]:
    talk, read = rng.lognormvariate(0.0, 1.2), rng.lognormvariate(0.5, 0.9)
    if rng.random() >= _SILENT:
        return talk, read
    return 0.0, read if rng.random() < 0.8 else 0.0


def _mail(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.lower().replace(". ", "-").replace(" ", ".")
