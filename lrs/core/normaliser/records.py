"""Interactions as records: how an act is written down, and how what it looks up is filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.items import Items
from lrs.core.normaliser.repetitions import dedupe_key

Document: TypeAlias = dict[str, Any]

STATEMENT = "statement:"


def record(act: Act, statement_id: UUID, stored: datetime, rules_version: str) -> Document:
    """Return the interaction for an act, with nothing looked up yet."""
    interaction: Document = {
        "_id": f"{statement_id}:{act.kind}:{act.n}",
        "statement_id": statement_id,
        "rule_id": act.rule_id,
        "rule_version": rules_version,
        "source": act.source,
        "kind": act.kind,
        "polarity": act.polarity,
        "t": act.t.replace(microsecond=act.t.microsecond // 1000 * 1000),  # the database keeps milliseconds
        "t_stored": stored,
        "t_quality": act.t_quality,
        "actor": act.actor,
        "named_target": act.target,
        "named_target_via": act.target_via,
        "target_type": act.target_type,
        "target_ref": act.target_ref,
        "target_ref_via": act.target_ref_via,
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
        "platform": act.platform,
        "value": dict(act.value),
        "state": "live",
        "state_by": None,
    }
    interaction["needs"] = _needs(interaction)
    interaction["dedupe_key"] = dedupe_key(interaction)
    return interaction


def look_up(interaction: Document, items: Items, actors: Mapping[str, str]) -> None:
    """Fill in what depends on other statements: the target, the parent's author and time, the root.

    `actors` holds the actors of referenced statements, by `statement:<id>`.
    """
    place = items.place(interaction)
    parent = items.first(interaction["parent_id"])
    start = items.first(interaction["object_id"]) if interaction["is_thread"] else None
    interaction.update(
        root_id=place.root_id,
        on_thread=place.on_thread,
        depth=place.depth,
        is_root=start is not None and start["statement_id"] == interaction["statement_id"],
        parent_author=parent["actor"] if parent is not None else None,
        parent_t=parent["t"] if parent is not None else None,
    )
    _target(interaction, items, actors)


def _target(interaction: Document, items: Items, actors: Mapping[str, str]) -> None:
    reference = interaction["target_ref"]
    target, via = interaction["named_target"], interaction["named_target_via"]
    if target is None and reference is not None:
        author = items.first(reference)
        target = actors.get(reference) if reference.startswith(STATEMENT) else author and author["actor"]
        via = interaction["target_ref_via"]
    if target is None:
        status = "pending" if reference is not None else None
        via = None
    else:
        status = "self" if target == interaction["actor"] else "resolved"
    interaction.update(target=target, target_via=via, target_status=status)


def _needs(interaction: Document) -> list[str]:
    """Return the keys whose change changes this interaction."""
    keys = {interaction["parent_id"], interaction["target_ref"]}
    if interaction["is_thread"]:
        keys.add(interaction["object_id"])
    return sorted(key for key in keys if key is not None)
