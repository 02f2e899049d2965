"""Closings: what a deletion or an un-act does to the acts before it, whichever of the two arrives first.

A deletion leaves what it deletes in every count and tree, and takes its text and the reactions on it. An un-act ends an
earlier act of the same actor from its own time on. Of several the first one after the act counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from lrs.core.normaliser import keys
from lrs.core.normaliser.acts import EITHER, Act

Document: TypeAlias = dict[str, Any]
Closers: TypeAlias = Mapping[int, Sequence[Mapping[str, Any]]]


def closed_by(interaction: Mapping[str, Any], act: Act, closable: bool) -> set[int]:
    """Return the keys of what may close an act. `closable` says that acts of its kind can be taken back."""
    closing: set[int] = set()
    if interaction["object_id"] is not None and (interaction["creates"] or interaction["kind"] == "react"):
        closing.add(keys.deletion(interaction["object_id"]))
    if act.target_ref_via == EITHER:
        closing.add(keys.deletion(str(act.parent_id)))
    if closable and interaction["closes"] is None:
        closing.add(keys.taking_back(act.actor, act.kind, _about(act)))
    return closing


def closing_key(act: Act) -> int | None:
    """Return the key of what an act closes, None for nothing."""
    if act.closes is not None:
        return keys.taking_back(act.actor, act.closes, _about(act))
    if act.kind == "delete" and act.object_id is not None:
        return keys.deletion(act.object_id)
    return None


def by_key(closers: Iterable[Mapping[str, Any]]) -> Closers:
    """Return what closes by its key, in order of time and statement id."""
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for each in sorted(closers, key=_order):
        found[each["closes"]].append(each)
    return found


def settle(interaction: Document, closers: Closers) -> None:
    """Say what closed an act: the first deletion or un-act after it, or None.

    A reaction on what is deleted already is closed from its beginning.
    """
    found = [each for key in _closing(interaction) if key in closers for each in closers[key]]
    if not found:
        interaction["closed"] = None
        return
    own = _order(interaction)
    is_reaction = interaction["kind"] == "react"
    closing = (each for each in found if _order(each) > own or (is_reaction and each["kind"] == "delete"))
    first = min(closing, key=_order, default=None)
    interaction["closed"] = (
        None
        if first is None
        else {
            "state": "deleted" if first["kind"] == "delete" else "undone",
            "by": first["statement_id"],
            "t": first["t"],
        }
    )


def _closing(interaction: Mapping[str, Any]) -> set[int]:
    """The keys of what may close an act. A reaction is not on its parent where somebody made its object."""
    closing = set(keys.closing(interaction["needs"]))
    if interaction["target_ref_via"] == EITHER and interaction["target_via"] == "object":
        closing.discard(keys.deletion(interaction["parent_id"]))
    return closing


def _about(act: Act) -> str | None:
    """What an act and its un-act name: a thing, else a Group, of which each may list other members, else a person."""
    return act.object_id or act.object_group or act.target


def _order(act: Mapping[str, Any]) -> tuple[Any, Any]:
    return act["t"], act["statement_id"]
