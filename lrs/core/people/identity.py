"""Identity at a moment: which person an agent is, and which groups that person is in. A value, made once and only read.

Interactions and views keep agents' keys. An agent whom nobody imported is a person of its own, by its key.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from lrs.core.calendar import EVER, NEVER
from lrs.core.people.learned import Event, spans

Document: TypeAlias = dict[str, Any]

INSTRUCTOR = "instructor"


@dataclass(frozen=True, slots=True)
class Membership:
    """That a person belongs to a group in [since, until), as what, and with whom."""

    group: str
    since: datetime = EVER
    until: datetime = NEVER
    role: str | None = None
    partner: str | None = None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Identity:
    """Who is who and belongs where, under the version of the edit that it came with."""

    version: int = 0
    persons: Mapping[str, str] = field(default_factory=dict)  # by agent's key; whoever is missing is a person alone
    imported: frozenset[str] = frozenset()
    opted_in: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()
    inactive: frozenset[str] = frozenset()
    memberships: Mapping[str, Mapping[str, tuple[Membership, ...]]] = field(default_factory=dict)  # kind → person

    def person(self, agent: str) -> str:
        """Return the person whom an agent's key stands for."""
        return self.persons.get(agent, agent)

    def groups(self, person: str, kind: str, t: datetime) -> list[str]:
        """Return the groups of a kind that a person is in at a moment, each once."""
        known = self.memberships.get(kind, {}).get(person, ())
        return list(dict.fromkeys(each.group for each in known if each.since <= t < each.until))

    def is_instructor(self, person: str, course: str, t: datetime) -> bool:
        """Tell whether a person is an instructor of a course at a moment."""
        known = self.memberships.get("course", {}).get(person, ())
        return any(each.group == course and each.role == INSTRUCTOR and each.since <= t < each.until for each in known)

    def has(self, kind: str) -> bool:
        """Tell whether anybody has a membership of a kind, at any time."""
        return bool(self.memberships.get(kind))

    def roster(self, kind: str, group: str, since: datetime, until: datetime) -> frozenset[str]:
        """Return who belongs to a group at some time of [since, until), those apart who left the store or opted out."""
        members = self.memberships.get(kind, {})
        return frozenset(
            person
            for person, known in members.items()
            if self._is_counted(person)
            and any(each.group == group and each.since < until and since < each.until for each in known)
        )

    def everybody(self) -> frozenset[str] | None:
        """Return the roster of the whole store: who was imported, is active and did not opt out; None if nobody was
        imported, for then nobody knows who is missing.
        """
        return frozenset(filter(self._is_counted, self.imported)) if self.imported else None

    def _is_counted(self, person: str) -> bool:
        return person not in self.inactive and person not in self.opted_out


def identity(version: int, people: Iterable[Document], learned: Iterable[Document]) -> Identity:
    """Return the identity that people (see `lrs.store.people`) and learned groups (`lrs.store.learned`) make.

    What was learned counts for those who have no imported membership of that kind.
    """
    people = list(people)
    persons = {key: person["_id"] for person in people for key in person.get("identifiers", ())}
    memberships = _imported(people)
    for kind, members in _learned(learned, persons).items():
        told = memberships.setdefault(kind, {})
        memberships[kind] = {person: tuple(known) for person, known in members.items() if person not in told} | told
    return Identity(
        version=version,
        persons=persons,
        imported=frozenset(person["_id"] for person in people),
        opted_in=_those(people, "opt_in"),
        opted_out=_those(people, "opt_out"),
        inactive=frozenset(person["_id"] for person in people if not person["active"]),
        memberships=memberships,
    )


def _imported(people: Collection[Document]) -> dict[str, dict[str, tuple[Membership, ...]]]:
    kinds: dict[str, dict[str, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    for person in people:
        for each in person["memberships"]:
            kinds[each["kind"]][person["_id"]].append(
                Membership(each["group"], each["from"] or EVER, each["to"] or NEVER, each["role"], each["with"])
            )
    return {kind: {person: tuple(known) for person, known in members.items()} for kind, members in kinds.items()}


def _learned(groups: Iterable[Document], persons: Mapping[str, str]) -> dict[str, dict[str, list[Membership]]]:
    """Return what was learned, of persons: what one account joins, another of the same person may leave."""
    kinds: dict[str, dict[str, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    for group in groups:
        events: dict[str, list[Event]] = defaultdict(list)
        for agent, t, statement, joins in group["events"]:
            events[persons.get(agent, agent)].append(Event(t, statement, agent, joins))
        for person, happened in events.items():
            kinds[group["kind"]][person] += [
                Membership(group["group"], since, until or NEVER, group["role"]) for since, until in spans(happened)
            ]
    return kinds


def _those(people: Collection[Document], flag: str) -> frozenset[str]:
    return frozenset(person["_id"] for person in people if person[flag])
