"""A week's cells: which acts belong to which group of which partition, and what the guard decides by.

Acts are of persons (see `resolved`). An act belongs to its course, and to the groups its actor was in at its time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from lrs.core.analytics.guard import Tally, tally
from lrs.core.people.identity import Identity
from lrs.plugin import Act
from lrs.store.released import STORE, Cell, pack, unpack

Document: TypeAlias = dict[str, Any]

MEMBERSHIPS = ("department", "team", "community", "role")
PARTITIONS = ("course", *MEMBERSHIPS)


def cells(acts: Sequence[Act], identity: Identity) -> list[Cell]:
    """Return the cells of one week's acts in every partition, and the one of the whole store."""
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    for position, act in enumerate(acts):
        for cell in _cells_of(act, identity):
            members[cell].append(position)
    return [_cell(*cell, acts, positions) for cell, positions in members.items()]


def packed(acts: Sequence[Act], identity: Identity) -> list[Document]:
    """Return the documents of the same."""
    return pack([_document(act) for act in acts], cells(acts, identity))


def unpacked(documents: bytes) -> list[Act]:
    """Return the acts of a cell."""
    return [Act(id=found.pop("_id"), **found) for found in unpack(documents)]


def tallied(cell: Cell) -> Tally:
    """Return what the guard decides by."""
    return Tally(cell.n_people, cell.n_targets, cell.n_acts)


def _cells_of(act: Act, identity: Identity) -> Iterator[tuple[str, str]]:
    yield STORE, ""
    if act.course is not None:
        yield "course", act.course
    for kind in MEMBERSHIPS:
        for group in identity.groups(act.actor, kind, act.t):
            yield kind, group


def _cell(partition: str, group: str, acts: Sequence[Act], positions: Sequence[int]) -> Cell:
    counted = tally([acts[position] for position in positions])
    return Cell(partition, group, counted.n_people, counted.n_targets, counted.n_acts, positions)


def _document(act: Act) -> Document:
    """`dataclasses.asdict` copies deeply, which takes five times as long."""
    return {
        "_id": act.id,
        "t": act.t,
        "actor": act.actor,
        "target": act.target,
        "parties": act.parties,
        "course": act.course,
        "subject": act.subject,
        "opens": act.opens,
        "detail": act.detail,
    }
