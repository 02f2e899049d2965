"""Shorthand: how interactions are written in the database, without what goes without saying.

A field with its usual value is left out and put back when it is read, so that what is read is what was saved.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = dict[str, Any]

_EMPTY: Mapping[str, type[Any]] = {"group_ids": list, "teams": list, "topics": list, "needs": list, "value": dict}
_USUAL: Mapping[str, Any] = {
    **dict.fromkeys(("actor_role", "named_target", "named_target_via", "target_type", "target_ref", "target_ref_via")),
    **dict.fromkeys(("object_id", "object_type", "parent_id", "thread_id", "course_id", "board_id", "platform")),
    **dict.fromkeys(("voluntary", "visibility", "text_len", "repeats", "closed", "closes", "state_by", "state_t")),
    **dict.fromkeys(("root_id", "depth", "parent_author", "parent_t", "target", "target_via", "target_status")),
    **dict.fromkeys(
        ("aims", "creates", "is_thread", "in_thread", "aggregate", "voided", "on_thread", "is_root"), False
    ),
    **{name: container() for name, container in _EMPTY.items()},
    "polarity": 0,
    "weight": 1.0,
    "t_quality": "ok",
    "parent_known": True,
    "state": "live",
}
"""What a field is when it isn't written. Those that are missing here are always written."""

_ALWAYS = object()  # equals nothing


def shortened(interaction: Mapping[str, Any]) -> Document:
    """Return an interaction as it is written. Its id begins with that of the statement."""
    return {
        name: value
        for name, value in interaction.items()
        if value != _USUAL.get(name, _ALWAYS) and name != "statement_id"
    }


def whole(written: Mapping[str, Any]) -> Document:
    """Return an interaction as it was saved."""
    told = {**_USUAL, **written, "statement_id": UUID(written["_id"][:36])}
    for name, container in _EMPTY.items():
        if name not in written:
            told[name] = container()  # one of its own
    return told
