"""What a plugin is asked, and what it answers with, before any guard."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from .people import People


class Act(Protocol):
    """Something a person did, perhaps toward another. Persons, not agents; who opted out is nobody (None)."""

    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def target(self) -> str | None: ...
    @property
    def course(self) -> str | None: ...


Some = TypeVar("Some", bound=Act)


@dataclass(frozen=True)
class Measurement:
    """A raw value and how many values (median) or what denominator (ratio) it rests on; None for a count.

    A value of None means `no_data` unless it has a reason of its own. `beside` are further values shown with it.
    """

    value: float | int | None
    basis: int | None = None
    reason: str | None = None
    beside: Mapping[str, "Measurement"] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """One metric of one row, with all times in UTC.

    `acts` are the row's among those the guard counts: in [since, as_of), of the group. `history` are the row's acts
    however old: of a group those in its shown weeks before `until`, of the whole store all before `as_of`.
    """

    metric: str
    since: datetime
    until: datetime
    as_of: datetime
    acts: Sequence[Any]
    group: tuple[str, str] | None  # (partition, name); None for the whole store
    history: Sequence[Any]
    people: People
    zone: ZoneInfo
    settings: Mapping[str, Any]

    def roster(self) -> set[str] | None:
        """Who is on the row's roster; None if nobody is."""
        partition, group = self.group or (None, None)
        return self.people.roster(partition, group, self.since, self.until)

    def own(self, acts: Sequence[Some]) -> list[Some]:
        """Of acts of any kind, sorted by time, those of the row: in [since, as_of), and of the group."""
        found = within(acts, self.since, self.as_of)
        if self.group is None:
            return found
        partition, group = self.group
        return [act for act in found if group in groups_of(act, partition, self.people)]


def within(acts: Sequence[Some], start: datetime, end: datetime) -> list[Some]:
    """Of acts sorted by time, those in [start, end)."""
    first, last = (bisect_left(acts, moment, key=lambda act: act.at) for moment in (start, end))
    return list(acts[first:last])


def groups_of(act: Act, partition: str, people: People) -> set[str]:
    """The groups of a partition that an act belongs to: its course, or where its actor is a member at that time."""
    if partition == "course":
        return {act.course} if act.course else set()
    return people.memberships(act.actor, partition, act.at)
