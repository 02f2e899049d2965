"""Generated organisations that are hard to guard: small departments, overlapping teams, people who come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.reference.mentoring_samples import mentored
from tests.reference.samples import DAY, WEEK, reply, thread
from tests.reference.sharing_samples import passed_on, shared
from tests.reference.statements import Statement

WEEKS = 3
FIRST_WEEK, LATER = "2026-03-09", "2026-03-11"  # the second week's Monday, and a day amid it

Membership = dict[str, Any]


@dataclass(frozen=True)
class Organisation:
    """What is told to a store: people in the shape of `PUT /api/v1/people`, and statements."""

    groups: Mapping[str, Sequence[Membership]]  # by person
    statements: Sequence[Statement]
    kinds: Mapping[str, bool] = field(default_factory=dict)  # whether everybody is in one group of it at any time

    @property
    def people(self) -> list[dict[str, Any]]:
        return [person(name, *groups) for name, groups in self.groups.items()]


def person(name: str, *groups: Membership, **flags: Any) -> dict[str, Any]:
    """A person with the account of that name."""
    return {"id": name, "identifiers": [{"mbox": f"mailto:{name}@example.org"}], "groups": list(groups), **flags}


def member(kind: str, group: str, **more: str) -> Membership:
    """A membership."""
    return {"kind": kind, "group": group, **more}


def organisation(seed: int, sizes: Sequence[int]) -> Organisation:
    """Return an organisation with departments of these sizes, everybody in one of them at any time.

    Some change their department: between two weeks, or amid one. Teams overlap, and some are in none.
    """
    chance = Random(seed)
    names = {f"D{n}": [f"p{n}x{m}" for m in range(size)] for n, size in enumerate(sizes)}
    groups: dict[str, list[Membership]] = {name: [] for each in names.values() for name in each}
    for department, people in names.items():
        for name in people:
            groups[name] += _career(department, list(names), chance)
    everybody = list(groups)
    for n in range(2 * len(sizes)):
        for name in chance.sample(everybody, chance.randint(2, 9)):
            groups[name].append(member("team", f"T{n}"))
    return Organisation(groups, _statements(everybody, chance), {"department": True, "team": False, "course": True})


def _career(department: str, departments: Sequence[str], chance: Random) -> list[Membership]:
    if chance.random() > 0.05:
        return [member("department", department)]
    moved = chance.choice((FIRST_WEEK, LATER))
    return [
        member("department", department, to=moved),
        member("department", chance.choice(departments), **{"from": moved}),
    ]


def _statements(people: Sequence[str], chance: Random) -> list[Statement]:
    """Return what people tell: in each week everybody writes, and most do more, aimed at anybody."""
    told: list[Statement] = []
    threads, shares = ["t:0"], ["n:0"]
    for week in range(WEEKS):
        for name in people:
            for nth in range(chance.choice((1, 1, 1, 2, 3, 5))):
                number, at = len(told) + 1, week * WEEK + chance.randrange(6 * DAY)
                course = f"c:{chance.choice('1112234')}"
                kind = chance.choice(("thread", "reply", "reply", *(("share", "repost", "mentor") if nth else ())))
                if kind == "thread":
                    told.append(thread(number, name, at, f"t:{number}", course=course))
                    threads.append(f"t:{number}")
                elif kind == "reply":
                    told.append(reply(number, name, at, f"p:{number}", chance.choice(threads[-30:]), course))
                elif kind == "share":
                    told.append(shared(number, name, at, f"n:{number}", course=course))
                    shares.append(f"n:{number}")
                elif kind == "repost":
                    told.append(passed_on(number, name, at, f"n:{number}", chance.choice(shares[-30:])))
                else:
                    told.append(mentored(number, name, chance.choice(people), at / DAY))
    return told
