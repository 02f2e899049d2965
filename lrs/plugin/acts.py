"""What a plugin reads (interactions, as changes) and what it keeps (acts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeAlias

Interaction: TypeAlias = Mapping[str, Any]
"""One interaction as the normaliser keeps it: who did what toward whom, about what. `FIELDS` lists its fields."""

FIELDS: Mapping[str, str] = {
    "_id": "`<statement id>:<kind>:<n>`: the same for the same statement, whatever comes before and after it",
    "statement_id": "UUID of the statement it was read from",
    "source": "the preset whose rule decided: cmi5, moodle, openedx, generic, own (the store's); or xapi-2.0",
    "rule_id": "the mapping rule that decided",
    "kind": "what was done: create, reply, view, share, ... (`lrs plugins show interactions` lists the kinds)",
    "polarity": "1 or -1 for a reaction for or against, else 0",
    "state": "live; superseded: told once more, does not count; deleted, undone: by a later act, from state_t on; "
    "voided: never happened",
    "state_by": "UUID of the statement that brought the state about, or None",
    "state_t": "when the act was deleted or undone, else None",
    "t": "when it happened, in UTC, to the millisecond",
    "t_stored": "when its statement was stored: it says nothing about the act, and must decide nothing",
    "t_quality": "ok; ahead: the sender's clock runs ahead; missing: the time is that of storing",
    "actor": "key of the agent who acted, such as `mbox:mailto:ann@example.org`",
    "actor_role": "instructor, system, or None",
    "target": "key of the other person's agent, or of a Group; None as long as nobody is known",
    "target_type": "person, group, or None",
    "target_status": "resolved; self: the actor; pending: its thing was not told of yet; unresolvable; None: nobody",
    "target_via": "how the target was found: object, parent, extension, instructor, ...",
    "weight": "1, or 1 / members for each member of a Group that it was aimed at",
    "aggregate": "whether it counts many acts (`value.count`) that nobody told one by one; no plugin is given these",
    "object_id": "key of the thing made or acted on: its activity id, rewritten where senders use several",
    "object_type": "its activity type, after aliases; or Agent, Group",
    "creates": "whether the actor made the thing",
    "parent_id": "key of the thing that is answered, reshared or commented on",
    "parent_known": "whether the sender tells true parents; if not, the thread's start stands for them",
    "parent_author": "key of the agent who made the parent, None if that is not known",
    "parent_t": "when the parent was made, or None",
    "root_id": "key of the start of the thread or cascade",
    "root_t": "when that start was made; None if it was not seen, or the act makes nothing and leads to nobody",
    "is_root": "whether this act starts it",
    "on_thread": "whether that is a discussion thread",
    "depth": "steps from the start, None where the sender can't tell",
    "course_id": "activity id of the course, or None",
    "board_id": "activity id of the forum, channel or community, or None",
    "group_ids": "activity ids and keys of groups and teams that the context names",
    "teams": "Groups that the statement names: {group, members}; if very many, only one of its acts tells them",
    "topics": "activity ids of the tags",
    "platform": "what the sender says it is, or None",
    "voluntary": "false where it was required, as far as is told; None: not known",
    "visibility": "public, group, private, or None",
    "value": "numbers: score (scaled), duration_s, text_len (characters), count, ... as far as told; never a text",
}
"""What a plugin may read of an interaction, and what it means. Others are the normaliser's own, and may change.

A text is never among them: what people wrote stays in the statements. Source: README, *Interactions*.
"""


class Change(NamedTuple):
    """One entry of the numbered log of changes, with the interaction as it stands now.

    `op` is `insert` for a new interaction; `state_change` when it was voided, deleted, undone or found to repeat
    another, or no longer is; `retarget` when anything that is looked up in other statements has changed: its target,
    its parent's author, its place in a thread. The log says that something changed, in order; `interaction` may be
    newer than the entry. So a plugin that derives its act from the interaction alone, and not from `seq`, `op` or what
    it was given before, ends in the same view for any order, repetition or late arrival.
    """

    seq: int
    op: Literal["insert", "state_change", "retarget"]
    interaction: Interaction


Column: TypeAlias = Literal["person", "key", "number", "flag", "time"]
"""What a value of an act's own is: an agent's key, another key (of a thing, a board, ...), a number, yes or no, a time.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act in a plugin's view: what the guard needs to know, and what the plugin's own metrics read.

    It takes the place of the one with the same id. `subject` ties acts together that are answered as one thing: the
    thread of a post, the cascade of a share. Agents are kept; before a metric sees the act, the core puts the person
    behind each agent in its place.
    """

    id: str  # the interaction's id: an act replaces the one with the same id
    t: datetime  # event time: the interaction's
    actor: str  # who contributes, an agent's key: the act belongs to the groups this person is in
    target: str | None = None  # the other person as far as known; may turn out to be the actor, by another account
    course: str | None = None  # activity id of the course the act belongs to
    subject: str | None = None
    subject_t: datetime | None = None  # when the subject was opened, if that is known
    opens: bool = False  # whether the act starts its subject (a thread's first post)
    contributes: bool = True  # whether it is one of the acts that rows count; a view of a post, say, is not
    detail: Mapping[str, Any] = field(default_factory=dict)  # the plugin's own values, by its columns; None: not known
