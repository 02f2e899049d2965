"""What statements say of who belongs where, for those of whom no admin says it: pure functions on interactions.

A join makes somebody a member and a leave ends it; acting for a team (`context.team`, a statement by the group) counts
as joining it, and an instructor's act in a course as becoming its instructor. Everything follows from the events in
the order of (time, statement id), so the order in which they arrived makes no difference.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = dict[str, Any]
Order: TypeAlias = tuple[datetime, UUID]

COMMUNITY_TYPES = frozenset({"http://id.tincanapi.com/activitytype/community-site"})
TEAM_TYPES = frozenset(
    {"https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/group", "http://activitystrea.ms/group"}
)


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """Somebody joins or leaves. Events are ordered by time and statement id."""

    t: datetime
    statement: UUID
    agent: str
    joins: bool

    @property
    def order(self) -> Order:
        return self.t, self.statement


@dataclass(frozen=True, slots=True)
class Group:
    """A group whose members are learned: of which kind, and what they are in it."""

    kind: str
    name: str

    @property
    def role(self) -> str | None:
        return "instructor" if self.kind == "course" else None


def events(interaction: Mapping[str, Any]) -> Iterator[tuple[Group, Event]]:
    """Yield what an interaction says of memberships, whether it still stands or not."""
    t, statement, actor = interaction["t"], interaction["statement_id"], interaction["actor"]
    if interaction.get("actor_role") == "system":
        return
    kind = _kind_of_group(interaction)
    if kind is not None:
        yield Group(kind, interaction["object_id"]), Event(t, statement, actor, interaction["kind"] == "join")
    for team in _teams(interaction):
        for member in team["members"]:
            yield Group("team", team["group"]), Event(t, statement, member, True)
    if interaction.get("actor_role") == "instructor" and interaction["course_id"] is not None:
        yield Group("course", interaction["course_id"]), Event(t, statement, actor, True)


def stands(interaction: Mapping[str, Any]) -> bool:
    """Tell whether an interaction happened; one that repeats another did, too."""
    return bool(interaction["state"] != "voided")


def telling(happened: Collection[Event]) -> list[Event]:
    """Return those of a group's events, in order, from which the members at any time follow.

    Between two leaves of the group only the first join of each agent tells anything. That holds for persons too,
    whichever agents they turn out to be.
    """
    kept: list[Event] = []
    joined: set[str] = set()
    for event in sorted(set(happened)):
        if not event.joins:
            joined.clear()
        elif event.agent in joined:
            continue
        else:
            joined.add(event.agent)
        kept.append(event)
    return kept


class Told:
    """A group's telling events, to ask what another would add."""

    def __init__(self, kept: Collection[Event]) -> None:
        self._kept = frozenset(kept)
        self._leaves = sorted(event.order for event in kept if not event.joins)
        self._joins: dict[str, list[Order]] = defaultdict(list)
        for event in sorted(kept):
            if event.joins:
                self._joins[event.agent].append(event.order)

    def __contains__(self, event: Event) -> bool:
        return event in self._kept

    def implies(self, event: Event) -> bool:
        """Tell whether an event that stands is among them, or tells no more than they do."""
        if event in self._kept:
            return True
        joined = _last(self._joins.get(event.agent, ()), event.order)
        left = _last(self._leaves, event.order)
        return event.joins and joined is not None and (left is None or left < joined)


def spans(happened: Collection[Event]) -> list[tuple[datetime, datetime | None]]:
    """Return when one person was a member, [since, until) each; the last may be open."""
    found: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for event in sorted(happened):
        if event.joins and since is None:
            since = event.t
        elif not event.joins and since is not None:
            if since < event.t:
                found.append((since, event.t))
            since = None
    return [*found, (since, None)] if since is not None else found


def _teams(interaction: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the teams somebody acts for; whoever leaves one is not acting for it, whatever the context says."""
    if interaction["kind"] not in ("join", "leave"):
        yield from (team for team in interaction.get("teams") or () if team["group"] is not None)


def _kind_of_group(interaction: Mapping[str, Any]) -> str | None:
    if interaction["kind"] not in ("join", "leave"):
        return None
    if interaction["object_type"] in COMMUNITY_TYPES:
        return "community"
    return "team" if interaction["object_type"] in TEAM_TYPES else None


def _last(orders: Sequence[Order], until: Order) -> Order | None:
    """Return the last of sorted orders that is not after `until`."""
    position = bisect_right(orders, until)
    return orders[position - 1] if position else None
