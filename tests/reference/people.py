"""Who is who and who belongs where: persons in the place of agents, memberships with dates, rosters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from .learned import Event, read_events, spans
from .statements import Statement, agent_key

EVER, NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

Told = Mapping[str, Any] | Iterable[Mapping[str, Any]] | None


@dataclass(frozen=True)
class Membership:
    """That a person belongs to a group in [since, until), as what, and with whom (a person's id)."""

    kind: str
    group: str
    role: str | None = None
    since: datetime = EVER
    until: datetime = NEVER
    partner: str | None = None

    def covers(self, at: datetime) -> bool:
        """Whether it holds at a moment."""
        return self.since <= at < self.until

    def overlaps(self, since: datetime, until: datetime) -> bool:
        """Whether it holds at some moment of [since, until)."""
        return max(self.since, since) < min(self.until, until)


@dataclass(frozen=True)
class People:
    """The people told of, and everybody's memberships; who opted out has none.

    An agent whom nobody claims is a person by its own key.
    """

    persons: Mapping[str, str] = field(default_factory=dict)  # by agent's key
    told_of: frozenset[str] = frozenset()
    inactive: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()
    belonging: Mapping[str, tuple[Membership, ...]] = field(default_factory=dict)  # by person
    kinds: frozenset[str] = frozenset()  # of which anybody's membership is known, of who opted out too

    @classmethod
    def of(cls, document: Told, zone: ZoneInfo | None = None) -> "People":
        """The people of a `PUT /api/v1/people`, or of its list. A plain date begins in the zone (UTC unless told)."""
        listed = document["people"] if isinstance(document, Mapping) else document or ()
        people: dict[str, Mapping[str, Any]] = {str(each["id"]): each for each in listed}
        return cls(
            persons={
                key: name
                for name, person in people.items()
                for agent in person.get("identifiers") or ()
                if (key := agent_key(agent)) is not None
            },
            told_of=frozenset(people),
            inactive=frozenset(name for name, person in people.items() if person.get("active") is False),
            opted_out=frozenset(name for name, person in people.items() if person.get("opt_out")),
            belonging={
                name: tuple(_membership(each, zone or ZoneInfo("UTC")) for each in person.get("groups") or ())
                for name, person in people.items()
                if not person.get("opt_out")
            },
            kinds=frozenset(each["kind"] for person in people.values() for each in person.get("groups") or ()),
        )

    def learning(self, statements: Iterable[Statement]) -> "People":
        """The same people, and what statements say of memberships for those of whom none of that kind was told."""
        happened: dict[tuple[str, str, str, str | None], list[Event]] = {}
        for event in read_events(statements):
            happened.setdefault((self.person(event.agent), event.kind, event.group, event.role), []).append(event)
        belonging = dict(self.belonging)
        for (person, kind, group, role), events in happened.items():
            known = self.belonging.get(person, ())
            if person not in self.opted_out and not any(each.kind == kind for each in known):
                learned = (Membership(kind, group, role, since, until or NEVER) for since, until in spans(events))
                belonging[person] = (*belonging.get(person, ()), *learned)
        return replace(self, belonging=belonging, kinds=self.kinds | {kind for _, kind, _, _ in happened})

    def person(self, agent: str) -> str:
        """The id of the person an agent's key stands for, else the key."""
        return self.persons.get(agent, agent)

    def counted(self, agent: str | None) -> str | None:
        """The person an agent's key stands for; None if there is none or that one opted out."""
        person = None if agent is None else self.person(agent)
        return None if person in self.opted_out else person

    def memberships(self, person: str, kind: str, at: datetime) -> set[str]:
        """The groups of a kind that a person is in at a moment."""
        return {each.group for each in self.belonging.get(person, ()) if each.kind == kind and each.covers(at)}

    def has(self, kind: str) -> bool:
        """Whether anybody has a membership of a kind, at any time."""
        return any(each.kind == kind for known in self.belonging.values() for each in known)

    def roster(self, partition: str | None, group: str | None, since: datetime, until: datetime) -> set[str] | None:
        """Who belongs to a group at some time of [since, until); without a group all told of; None if that is nobody.

        Who is not active or opted out is on no roster.
        """
        found = {
            person
            for person, known in self.belonging.items()
            if any(each.kind == partition and each.group == group and each.overlaps(since, until) for each in known)
        }
        everybody = set(self.told_of) if partition is None else found
        return everybody - self.inactive - self.opted_out or None


def _membership(told: Mapping[str, Any], zone: ZoneInfo) -> Membership:
    since, until = (_moment(told[name], zone) if told.get(name) else None for name in ("from", "to"))
    return Membership(
        told["kind"], told["group"], told.get("role"), since or EVER, until or NEVER, told.get("with") or None
    )


def _moment(told: str, zone: ZoneInfo) -> datetime:
    """RFC 3339, or a date, which begins in the zone."""
    if len(told) == len("2026-03-02"):
        return datetime.combine(date.fromisoformat(told), time(), tzinfo=zone).astimezone(UTC)
    return datetime.fromisoformat(told).astimezone(UTC)
