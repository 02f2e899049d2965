"""Shorthand: how interactions are written in the database, without what goes without saying.

A field with its usual value is left out, and so is one that is what the others make likely; reading puts both back. A
guess decides nothing, for a value that is another one is written: what is read is always what was saved.
"""

from collections.abc import Callable, Mapping
from itertools import compress
from operator import itemgetter, ne
from typing import Any, TypeAlias
from uuid import UUID

Document: TypeAlias = dict[str, Any]
Told: TypeAlias = Mapping[str, Any]

_WRITTEN = ("_id", "kind", "rule_id", "t", "t_stored", "actor", "repetition")
"""What is always written. The statement's id never is, because it begins the interaction's."""

_EMPTY: Mapping[str, type[Any]] = {"group_ids": list, "teams": list, "topics": list, "needs": list, "value": dict}
_USUAL: Mapping[str, Any] = {
    **dict.fromkeys(("actor_role", "named_target", "named_target_via", "target_type", "target_ref_via")),
    **dict.fromkeys(("object_id", "object_type", "parent_id", "course_id", "board_id", "platform", "voluntary")),
    **dict.fromkeys(("text_len", "repeats", "closed", "closes", "state_by", "state_t", "parent_author", "parent_t")),
    **dict.fromkeys(("creates", "is_thread", "in_thread", "on_thread", "is_root", "aggregate", "voided"), False),
    **{name: container() for name, container in _EMPTY.items()},
    "polarity": 0,
    "weight": 1.0,
    "t_quality": "ok",
    "parent_known": True,
    "state": "live",
}
"""What a field is when it isn't written."""


def _thread_id(told: Told) -> Any:
    return (told["parent_id"] or told["object_id"]) if told["on_thread"] else None


def _depth(told: Told) -> int | None:
    if told["is_thread"] or (told["parent_id"] is None and told["thread_id"] is None):
        return 0
    return 1 if told["parent_known"] else None


def _target_ref(told: Told) -> Any:
    via = told["target_ref_via"]
    return told["parent_id"] if via == "parent" else told["object_id"] if via == "object" else None


def _target_via(told: Told) -> Any:
    return told["named_target_via"] or (told["target_ref_via"] if told["target"] is not None else None)


def _target_status(told: Told) -> str | None:
    if told["target"] is not None:
        return "self" if told["target"] == told["actor"] else "resolved"
    return "pending" if told["target_ref"] is not None else "unresolvable" if told["aims"] else None


_LIKELY: Mapping[str, Callable[[Told], Any]] = {
    "source": lambda told: told["rule_id"].partition(".")[0],
    "visibility": lambda told: "group" if told["course_id"] or told["board_id"] else None,
    "thread_id": _thread_id,
    "root_id": lambda told: told["thread_id"] or told["parent_id"] or told["object_id"],
    "depth": _depth,
    "target_ref": _target_ref,
    "target": lambda told: told["named_target"] or told["parent_author"],
    "target_via": _target_via,
    "aims": lambda told: told["target_ref"] is not None or told["named_target"] is not None,
    "target_status": _target_status,
}
"""What a field is when it isn't written, by the fields above and those before it."""

FIELDS = (*_WRITTEN, *_USUAL, *_LIKELY)
"""All fields of an interaction but `statement_id`."""

_values = itemgetter(*FIELDS)
_ANYTHING = (object(),) * len(_WRITTEN)  # what no value is


def shortened(interaction: Told) -> Document:
    """Return an interaction as it is written. Its id begins with that of the statement."""
    values = _values(interaction)
    implied = (*_ANYTHING, *_USUAL.values(), *[guess(interaction) for guess in _LIKELY.values()])
    return dict(compress(zip(FIELDS, values, strict=True), map(ne, values, implied)))


def whole(written: Told) -> Document:
    """Return an interaction as it was saved."""
    told = {**_USUAL, **written, "statement_id": UUID(written["_id"][:36])}
    for name, container in _EMPTY.items():
        if name not in written:
            told[name] = container()  # one of its own
    for name, guess in _LIKELY.items():
        if name not in written:
            told[name] = guess(told)
    return told
