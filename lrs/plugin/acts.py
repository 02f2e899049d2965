"""What a plugin reads (interactions, as changes) and what it keeps (acts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

Interaction: TypeAlias = Mapping[str, Any]
"""One interaction as the normaliser keeps it; the fields are described in the README under *Interactions*."""


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the numbered log of changes, with the interaction as it stands now.

    The log says that something changed, in order; `interaction` may be newer than the entry. A plugin that derives its
    acts from the interaction alone therefore ends in the same state for any order, repetition or late arrival.
    """

    seq: int
    op: Literal["insert", "state_change", "retarget"]
    interaction: Interaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act in a plugin's view: what the guard needs to know, and what the plugin's own metrics read.

    `subject` ties acts together that are answered as one thing: the thread of a post, the cascade of a share.
    Agents are kept; before a metric sees the act, the core puts the person behind each agent in its place.
    """

    id: str  # the interaction's id: an act replaces the one with the same id
    t: datetime  # event time
    actor: str  # the contributor, an agent's key
    target: str | None = None  # the other person as far as known; may turn out to be the actor, by another account
    parties: Mapping[str, str] = field(default_factory=dict)  # further agents' keys by the plugin's own names for them
    course: str | None = None  # activity id of the course the act belongs to
    subject: str | None = None
    opens: bool = False  # whether the act starts its subject (a thread's first post)
    detail: Mapping[str, Any] = field(default_factory=dict)  # the plugin's own values
