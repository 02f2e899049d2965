"""Interactions as records: how an act is written down, how what it looks up is filled in, and what state it is in."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from lrs.core.normaliser import keys
from lrs.core.normaliser.acts import EITHER, Act
from lrs.core.normaliser.closings import closed_by, closing_key
from lrs.core.normaliser.items import Items, Place
from lrs.core.normaliser.keys import STATEMENT

Document: TypeAlias = dict[str, Any]


def interaction_id(statement_id: UUID | str, act: Act) -> str:
    """Return the id of the interaction for an act: reading a statement again gives the same ones."""
    return f"{statement_id}:{act.kind}:{act.n}"


def record(act: Act, key: str, statement_id: UUID, stored: datetime, closable: Collection[str]) -> Document:
    """Return the interaction for an act, with nothing looked up yet. Its `key` is what `interaction_id` returns.

    Acts of `closable` kinds can be taken back.
    """
    value = {**act.value}
    interaction: Document = {
        "_id": key,
        "statement_id": statement_id,
        "rule_id": act.rule_id,
        "source": act.source,
        "kind": act.kind,
        "polarity": act.polarity,
        "t": _to_milliseconds(act.t),
        "t_stored": stored,
        "t_quality": act.t_quality,
        "actor": act.actor,
        "actor_role": act.actor_role,
        "named_target": act.target,
        "named_target_via": act.target_via,
        "target_type": act.target_type,
        "target_ref": act.target_ref,
        "target_ref_via": act.target_ref_via,
        "aims": act.aims,
        "weight": act.weight,
        "object_id": act.object_id,
        "object_type": act.object_type,
        "creates": act.creates and act.object_id is not None,
        "is_thread": act.is_thread,
        "in_thread": act.in_thread,
        "parent_id": act.parent_id,
        "parent_known": act.parent_known,
        "thread_id": act.thread_id,
        "course_id": act.course_id,
        "board_id": act.board_id,
        "group_ids": list(act.group_ids),
        "teams": [{"group": group, "members": list(members)} for group, members in act.teams] if act.teams else [],
        "topics": list(act.topics),
        "platform": act.platform,
        "voluntary": act.voluntary,
        "visibility": act.visibility,
        "aggregate": act.aggregate,
        "text_len": value.pop("text_len", None),
        "value": value,
        "voided": False,
        "repeats": None,
        "closed": None,
    }
    interaction["repetition"] = keys.repetition(interaction, act.object_group)
    interaction["closes"] = closing_key(act)
    interaction["needs"] = sorted(closed_by(interaction, act, act.kind in closable))
    return interaction


def look_up(interaction: Document, place: Place, items: Items, actors: Mapping[str, str]) -> None:
    """Fill in what depends on other statements: the target, the parent's author and time, the root and its time.

    `place` is where the act stands, `actors` holds the actors of referenced statements, by `statement:<id>`.
    """
    start = start_looked_up(interaction, place)
    parent, root = items.first(interaction["parent_id"]), items.first(start)
    interaction.update(
        root_id=place.root_id,
        root_t=root["t"] if root is not None else None,
        on_thread=place.on_thread,
        depth=place.depth,
        is_root=interaction["is_thread"] and root is not None and root["statement_id"] == interaction["statement_id"],
        parent_author=parent["actor"] if parent is not None else None,
        parent_t=parent["t"] if parent is not None else None,
    )
    _target(interaction, items, actors)
    told = {interaction["parent_id"], interaction["target_ref"], start} - {None}
    interaction["needs"] = sorted({*map(keys.needed, told), *keys.closing(interaction["needs"])})


def start_looked_up(interaction: Mapping[str, Any], place: Place) -> str | None:
    """Return the start of the thread or cascade that an act stands in.

    None for an act that only uses a thing, such as a course: it makes nothing and leads to nobody. Whoever tells of
    such a thing late would otherwise change all that was ever done with it.
    """
    root = place.root_id
    makes = interaction["creates"] or interaction["is_thread"]
    leads = interaction["aims"] or interaction["target_ref"] is not None
    return root if makes or leads or root != interaction["object_id"] else None


def settle_state(interaction: Document) -> None:
    """Derive the state from what has happened to an act, the gravest first. The text of what was deleted is gone."""
    state: str = "live"
    by: UUID | None = None
    t: datetime | None = None
    if interaction["voided"]:
        state = "voided"
    elif interaction["repeats"] is not None:
        state, by = "superseded", interaction["repeats"]
    elif interaction["closed"] is not None:
        closed = interaction["closed"]
        state, by, t = closed["state"], closed["by"], closed["t"]
    interaction.update(state=state, state_by=by, state_t=t)
    text_len = interaction["text_len"] if state != "deleted" else None
    if interaction["value"].get("text_len") != text_len:
        value = {name: each for name, each in interaction["value"].items() if name != "text_len"}
        interaction["value"] = value if text_len is None else {**value, "text_len": text_len}


def _to_milliseconds(t: datetime) -> datetime:
    """The time as the database keeps it."""
    finer = t.microsecond % 1000
    return t.replace(microsecond=t.microsecond - finer) if finer else t


def _target(interaction: Document, items: Items, actors: Mapping[str, str]) -> None:
    reference = interaction["target_ref"]
    target, via = interaction["named_target"], interaction["named_target_via"]
    if target is None and reference is not None:
        author, via = items.first(reference), interaction["target_ref_via"]
        if via == EITHER:
            via = "object" if author is not None else "parent"
            author = author or items.first(interaction["parent_id"])
        target = actors.get(reference) if reference.startswith(STATEMENT) else author and author["actor"]
    status: str | None
    if target is not None:
        status = "self" if target == interaction["actor"] else "resolved"
    else:
        via = None
        status = "pending" if reference is not None else "unresolvable" if interaction["aims"] else None
    interaction.update(target=target, target_via=via, target_status=status)
