"""Interactions of one's own making, whole as the normaliser keeps them: for tests of a plugin's `apply`."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.items import Items
from lrs.core.normaliser.records import interaction_id, look_up, record, settle_state
from lrs.plugin import Change, Interaction

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
_STATEMENT = UUID(int=1, version=4)


def interaction(kind: str, **told: Any) -> Interaction:
    """Return a live interaction of a kind, by somebody at a Monday in 2026, with the fields that are told.

    `lrs.plugin.FIELDS` lists the fields; without `target` and so on they are as in a statement that tells none.
    Raises: TypeError naming a field that no interaction has.
    """
    act = Act(kind=kind, n=0, rule_id=f"kit.{kind}", actor="mbox:mailto:ann@example.org", t=MONDAY, t_quality="ok")
    made = record(act, interaction_id(_STATEMENT, act), _STATEMENT, MONDAY, ())
    items = Items()
    look_up(made, items.of_act(made), items, {})
    settle_state(made)
    unknown = told.keys() - made.keys()
    if unknown:
        raise TypeError(f"no interaction has a field {min(unknown)!r}")
    return {**made, **told}


def change(kind: str, **told: Any) -> Change:
    """Return the insertion of such an interaction, as `apply` is given it."""
    return Change(seq=1, op="insert", interaction=interaction(kind, **told))
