"""An act: what one statement says that somebody did, before other statements are looked at."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Value: TypeAlias = Mapping[str, float | int | bool]

NO_VALUE: Value = MappingProxyType({})

EITHER = "either"
"""In `target_ref_via`: the object's author, or the parent's as long as nobody is known to have made the object."""


class Act(NamedTuple):
    """One act read from one statement by the mapping rules. Persons are actor keys, things are item keys.

    An *item key* is the activity id after the rules' key rewriting (Open edX names a thread under two paths).
    What depends on other statements (the author of the parent, the root of a chain) is only named here:
    `target_ref` and `parent_id` are looked up later, and looked up again when an earlier create arrives late.
    """

    kind: str  # create, ask, reply, comment, answer, react, view, share, mentor, ...
    n: int  # ordinal among the statement's interactions of this kind, for `<statement id>:<kind>:<n>`
    rule_id: str  # the mapping rule that decided
    actor: str
    t: datetime  # event time: the statement's timestamp, else stored
    t_quality: str  # "ok" | "ahead" (more than five minutes after stored: kept and flagged) | "missing"
    polarity: int = 0  # +1 and -1 for reactions, else 0
    object_id: str | None = None  # what was acted on or made: the reply's own item key where the sender gives one
    object_type: str | None = None  # canonical activity type, or "Agent" / "Group"
    object_group: str | None = None  # the key of the Group that the object is, whoever of it is addressed
    creates: bool = False  # whether the actor becomes an author of `object_id`
    is_thread: bool = False  # a create or ask on a thread type: `object_id` is a root
    in_thread: bool = False  # a type says that this is in a thread, even if nobody ever told how that began
    parent_id: str | None = None  # the item answered, reshared or commented, as near as the sender tells
    parent_known: bool = True  # False when the sender drops true parents and `parent_id` is the thread
    thread_id: str | None = None  # the thread the statement itself names (parent, grouping or object)
    target: str | None = None  # the other person, when the statement names one
    target_type: str | None = None  # "person" | "group"
    target_via: str | None = None  # rule of resolution: object, extension, context_agent, tag, instructor, ...
    target_ref: str | None = None  # item key or "statement:<uuid>" whose author is the target, if none is named
    target_ref_via: str | None = None  # what `target_via` becomes then: parent, object, statement_ref; or EITHER
    weight: float = 1.0  # 1 / members for a Group target that was fanned out
    course_id: str | None = None  # activity id of the course in the context
    board_id: str | None = None  # forum, channel or community the thread is in
    group_ids: tuple[str, ...] = ()  # group activities and teams named in the context
    platform: str | None = None
    source: str = "generic"  # the preset that decided: cmi5, moodle, openedx, generic, own; xapi-2.0 gave the target
    aggregate: bool = False  # a count of acts (`value.count`) nobody told one by one: never an edge, author or item
    actor_role: str | None = None  # "instructor" | "system"
    closes: str | None = None  # the kind of this actor's earlier acts on this object that this one takes back
    aims: bool = False  # the act is done toward somebody, also when nothing leads to the person
    teams: tuple[tuple[str, tuple[str, ...]], ...] = ()  # Groups the statement names, each with its members as told
    topics: tuple[str, ...] = ()  # ids of the tags
    voluntary: bool | None = None  # False where it was required, as far as a setting tells
    visibility: str | None = None  # "public" | "group" | "private"
    value: Value = NO_VALUE  # score, duration_s, text_len, count, ...
