"""A week's cells: which acts belong to which group of which partition, and what the guard decides by.

Acts are of persons (see `resolved`). An act belongs to its course, and to the groups its actor was in at its time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from lrs.core.analytics.guard import Tally, tally
from lrs.core.people.identity import Identity, Membership
from lrs.plugin import Act
from lrs.store.released import Cell, Fields, Pack, pack

Document: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str, str]
"""A partition and a group of it."""

MEMBERSHIPS = ("department", "team", "community", "role")
PARTITIONS = ("course", *MEMBERSHIPS)


def cells(acts: Sequence[Act], identity: Identity) -> list[Cell]:
    """Return the cells of one week's acts in every partition."""
    members: dict[Place, list[int]] = defaultdict(list)
    belonging: dict[str, list[tuple[Place, Membership]]] = {}
    for position, act in enumerate(acts):
        if act.course is not None:
            members["course", act.course].append(position)
        if act.actor not in belonging:  # looked up once: a hundred thousand acts are by some thousand people
            belonging[act.actor] = list(_memberships(act.actor, identity))
        for place, known in belonging[act.actor]:
            if known.since <= act.t < known.until:
                of_place = members[place]
                if not of_place or of_place[-1] != position:  # whoever is in a group twice counts once
                    of_place.append(position)
    return [_cell(place, acts, positions) for place, positions in members.items()]


def packed(acts: Sequence[Act], identity: Identity) -> list[Document]:
    """Return the documents of the same, with the acts that they point into."""
    return pack([_fields(act) for act in acts], cells(acts, identity))


def unpacked(pack: Pack, positions: Sequence[int] | None = None) -> list[Act]:
    """Return all acts of a week, or those at positions."""
    return [_act(*fields) for fields in (pack.all() if positions is None else pack.some(positions))]


def tallied(cell: Cell) -> Tally:
    """Return what the guard decides by."""
    return Tally(cell.n_people, cell.n_targets, cell.n_acts)


def _memberships(person: str, identity: Identity) -> Iterator[tuple[Place, Membership]]:
    for kind in MEMBERSHIPS:
        for membership in identity.memberships.get(kind, {}).get(person, ()):
            yield (kind, membership.group), membership


def _cell(place: Place, acts: Sequence[Act], positions: Sequence[int]) -> Cell:
    counted = tally([acts[position] for position in positions])
    return Cell(*place, counted.n_people, counted.n_targets, counted.n_acts, positions)


def _fields(act: Act) -> Fields:
    """Return an act as `_act` takes it: a cell of a course has thousands, so names are left out."""
    named = (act.id, act.t, act.actor, act.target, dict(act.parties))
    return [*named, act.course, act.subject, act.opens, dict(act.detail)]


def _act(
    id: str,
    t: datetime,
    actor: str,
    target: str | None,
    parties: Mapping[str, str],
    course: str | None,
    subject: str | None,
    opens: bool,
    detail: Mapping[str, Any],
) -> Act:
    return Act(
        id=id,
        t=t,
        actor=actor,
        target=target,
        parties=parties,
        course=course,
        subject=subject,
        opens=opens,
        detail=detail,
    )
