"""What was made or acted on, what it answers, and in which thread and place: all from the statement alone."""

from typing import Any, NamedTuple

from lrs.core.normaliser.reading import Reading
from lrs.core.normaliser.rule import Rule
from lrs.core.normaliser.vocabulary import Activity
from lrs.xapi.values import is_iri

_RESPONSES = ("reply", "comment", "answer")
_PASSING_ON = ("share", "repost", "message")
_ANOTHERS = frozenset({"threads", "forum_replies", "containers", "courseware"})


class Things(NamedTuple):
    """The things of one act. Ids are item keys."""

    object_id: str | None
    object_type: str | None
    parent_id: str | None
    thread_id: str | None
    is_thread: bool
    in_thread: bool
    creates: bool


def things_of(reading: Reading, rule: Rule) -> Things:
    """Return the things of the act that the rule reads from the statement.

    The actor becomes an author only of what is not at the same time the thing answered: a sender that gives the reply
    no id of its own names the thread, and its starter stays its author. Who shares a thread did not start it.
    """
    object_id, object_type = _object(reading, rule)
    thread_id = _thread(reading, rule)
    parent_id = _parent(reading, rule, thread_id, object_id)
    starts = rule.kind in ("create", "ask") and reading.object is not None and reading.object.is_thread
    own = reading.object is not None and object_id != parent_id and not rule.value.get("undo")
    anothers = rule.kind in _PASSING_ON and _is_anothers(reading.object, object_id)
    return Things(
        object_id,
        object_type,
        parent_id,
        thread_id,
        is_thread=starts,
        in_thread=_is_forum_reply(reading, object_type) and (parent_id is not None or rule.kind in _RESPONSES),
        creates=rule.creates and own and not anothers,
    )


def _is_anothers(made: Activity | None, object_id: str | None) -> bool:
    """Whether the type of what is passed on says that it is no post of who does: a forum's, a place, courseware."""
    return made is not None and made.key == object_id and not made.sets.isdisjoint(_ANOTHERS)


def statement_key(statement_id: str) -> str:
    """Return the item key that stands for another statement: `statement:<uuid>`."""
    return f"statement:{statement_id.lower()}"


def _object(reading: Reading, rule: Rule) -> tuple[str | None, str | None]:
    if reading.object is None:
        refers = reading.object_kind == "StatementRef"
        key = statement_key(reading.statement["object"]["id"]) if refers else None
        return key, reading.object_kind
    if rule.item == "other":
        made = _first_post(reading) or reading.object
        return made.key, made.type
    if rule.item != "object":
        own = _own_id(reading.extension(reading.vocabulary.paths[rule.item]), reading.object)
        return (own, None) if own else (reading.object.key, reading.object.type)
    return reading.object.key, reading.object.type


def _is_forum_reply(reading: Reading, object_type: str | None) -> bool:
    """Whether the type of what is answered, else of the answer, is found in forum threads only."""
    answered = reading.item.type if reading.item is not None else None
    return (answered or object_type) in reading.vocabulary.type_sets["forum_replies"]


def _first_post(reading: Reading) -> Activity | None:
    return next((activity for activity in reading.other if "posts" in activity.sets), None)


def _own_id(value: Any, place: Activity) -> str | None:
    """The item key in an extension: an IRI, or an id that means something only below the object."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return value if is_iri(value) and isinstance(value, str) else f"{place.key}#{value}"


def _thread(reading: Reading, rule: Rule) -> str | None:
    target = reading.object
    if rule.thread == "none":
        return None
    if target is not None and (rule.thread == "object" or (rule.kind in ("create", "ask") and target.is_thread)):
        return target.key
    if reading.named_thread is not None:
        return reading.named_thread.key
    alone = reading.item is None or rule.parent == "object"
    return target.key if target is not None and target.is_thread and alone else None


def _parent(reading: Reading, rule: Rule, thread_id: str | None, object_id: str | None) -> str | None:
    if rule.parent == "object":
        return reading.object.key if reading.object else None
    if rule.parent == "context":
        return reading.item.key if reading.item else None
    return thread_id if rule.parent == "thread" and thread_id != object_id else None
