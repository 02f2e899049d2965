"""What one raw statement tells about sharing: what was shared, passed on, recommended, viewed, liked, answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .acts import ASKS, FORUM_REPLY, POSTED, QUESTION_TYPES, SOLUTION, THREAD_TYPES, place_of
from .sharing_verbs import KINDS, POST_TYPES, QUALITY_RATING, RATED, SENT_TO, SHARES, STREAMS_SHARE
from .statements import Statement, agent_key, around, course_of, extension, happened_at, statement_id, type_of
from .threads import CONTAINER_TYPES, REPLY_TYPES

RESPONDING = ("comment", "reply", "answer")
OF_OTHERS = {*THREAD_TYPES, FORUM_REPLY, *CONTAINER_TYPES}
LARGEST_GROUP = 25
"""Something sent to more people than these is sent to nobody in particular."""


@dataclass(frozen=True, eq=False)
class Deed:
    """One thing that somebody did. All people are agent keys until `settle` has made them persons.

    `kind` is one of `sharing_verbs.KINDS`. `makes` is the id of the item it is the making of. `about` are the ids it
    belongs to besides its object, `parent` the post that a repost passes on. `places` are the ids of all activities
    and groups around it. `number` counts the deeds of one statement.
    `target` is the recipient of a recommendation, and the parent's author of a repost once it is settled.
    `of_others` says that it shares a thing of a forum or a place, which its sharer is never taken for the maker of.
    `ended_at` is when a share or reaction was taken back, or a reaction's object deleted.
    """

    statement_id: str
    number: int
    at: datetime
    actor: str
    kind: str
    object: str | None
    makes: str | None
    parent: str | None
    about: tuple[str, ...]
    target: str | None
    places: frozenset[str]
    course: str | None
    of_others: bool = False
    ended_at: datetime | None = None

    @property
    def order(self) -> tuple[datetime, str, int]:
        """The one order of deeds: by time, ties by statement id."""
        return self.at, self.statement_id, self.number

    @property
    def is_share(self) -> bool:
        """Whether this counts as a share: shared, passed on, recommended."""
        return self.kind in SHARES

    def stands(self, as_of: datetime) -> bool:
        """Whether it had happened before `as_of`, and was not taken back by then."""
        return self.at < as_of and (self.ended_at is None or self.ended_at > as_of)


def read_deeds(statement: Statement, context_roles: Mapping[str, str]) -> list[Deed]:
    """The deeds a statement tells, one for each person something was recommended to, else one; none if it is not ours.

    `context_roles` says which relevantTypes of xAPI 2.0's contextAgents mean an `addressee`.
    """
    actor, kind = agent_key(statement["actor"]), _kind(statement)
    if actor is None or kind is None:
        return []
    about = _about(statement, kind)
    recipients = _recipients(statement, context_roles) if kind == "recommend" else [None]
    return [
        Deed(
            statement_id=statement_id(statement),
            number=number,
            at=happened_at(statement),
            actor=actor,
            kind=kind,
            object=_own_id(statement),
            makes=_makes(statement, kind, about),
            parent=_passed_on_by(statement, about) if kind == "repost" else None,
            about=about,
            target=recipient,
            places=_places(statement),
            course=course_of(statement),
            of_others=kind in SHARES and type_of(statement["object"]) in OF_OTHERS,
        )
        for number, recipient in enumerate(recipients)
    ]


def _kind(statement: Statement) -> str | None:
    verb, object_type = statement["verb"]["id"], type_of(statement["object"])
    if statement["object"].get("objectType") == "SubStatement":
        return None  # a plan, nothing done
    if verb in STREAMS_SHARE:
        return "repost" if _passed_on(statement) else "share"
    if verb in ASKS:
        return "create" if object_type in QUESTION_TYPES else None
    if verb == POSTED:
        return "reply" if _threads_around(statement) else "create"
    if verb == RATED and not _has_rating(statement):
        return None
    kind = KINDS.get(verb)
    return "answer" if kind == "reply" and object_type == SOLUTION else kind


def _passed_on(statement: Statement) -> list[str]:
    """The parents that Activity Streams' share may pass on, posts before what has no type."""
    posts = [each for each in around(statement, "parent") if type_of(each) in POST_TYPES]
    untyped = [each for each in around(statement, "parent") if type_of(each) is None]
    return [_id(each) for each in posts + untyped]


def _about(statement: Statement, kind: str) -> tuple[str, ...]:
    """The ids of the parents, the direct one first; those of a repost or response are never its forum or course."""
    parents = around(statement, "parent")
    if kind == "repost":
        others = [_id(each) for each in parents if type_of(each) not in CONTAINER_TYPES]
        return tuple(dict.fromkeys([*_passed_on(statement), *others]))
    if kind == "view":
        return tuple(sorted({_id(each) for each in parents}))
    if kind not in RESPONDING:
        return ()
    # Open edX puts its course there, others may name only the thread around.
    named = [] if statement["verb"]["id"] == POSTED else parents
    direct = [_id(each) for each in named if type_of(each) not in CONTAINER_TYPES]
    return tuple(direct or _threads_around(statement))


def _threads_around(statement: Statement) -> list[str]:
    own = _own_id(statement)
    threads = [each for each in around(statement, "grouping") if type_of(each) in THREAD_TYPES]
    return [_id(each) for each in threads if _id(each) != own]


def _passed_on_by(statement: Statement, about: tuple[str, ...]) -> str | None:
    """What a repost passes on: its parent, or its object where it has no id of its own."""
    return about[0] if about else _own_id(statement)


def _has_rating(statement: Statement) -> bool:
    result = statement.get("result") or {}
    return "score" in result or QUALITY_RATING in (result.get("extensions") or {})


def _own_id(statement: Statement) -> str | None:
    """The id of the object if it is an activity."""
    target = statement["object"]
    return _id(target) if target.get("objectType", "Activity") == "Activity" else None


def _id(activity: dict[str, Any]) -> str:
    return place_of(activity).id


def _makes(statement: Statement, kind: str, about: tuple[str, ...]) -> str | None:
    """The id of the item that a deed is the making of, if any."""
    if kind in ("create", "share", "repost"):
        own = _own_id(statement)
        return None if kind == "repost" and own == _passed_on_by(statement, about) else own
    if kind not in RESPONDING:
        return None
    replies = [each for each in around(statement, "other") if type_of(each) == FORUM_REPLY]
    if replies:
        return _id(replies[0])  # Moodle 4.6-4.7: the object is the thread
    # A response that names nothing it answers, and is no response by its type, is about its object.
    return _own_id(statement) if about or type_of(statement["object"]) in REPLY_TYPES else None


def _places(statement: Statement) -> frozenset[str]:
    """The ids of the activities above and around, and the keys of the groups named with it."""
    context = statement.get("context") or {}
    activities = [_id(each) for place in ("parent", "grouping") for each in around(statement, place)]
    groups = [context.get("team"), *(each.get("group") for each in context.get("contextGroups") or [])]
    return frozenset([*activities, *(_group_key(group) for group in groups if group)])


def _group_key(group: dict[str, Any]) -> str:
    """A group's identifier as a membership names it; empty for a group without one."""
    account = group.get("account")
    if account:
        return f"account:{account['homePage']} {account['name']}"
    return agent_key({**group, "objectType": "Agent"}) or ""


def _recipients(statement: Statement, context_roles: Mapping[str, str]) -> list[str | None]:
    """Whom something was recommended to; [None] if nobody is told, or too many to be meant one by one."""
    definition = statement["object"].get("definition") or {}
    told = [statement["object"]]
    told += [extension(statement, iri) for iri in SENT_TO]
    told += [(definition.get("extensions") or {}).get(iri) for iri in SENT_TO]
    told.append(_addressees(statement, context_roles))
    found = next(filter(None, map(_people, told)), [])
    return [*found] if 0 < len(found) <= LARGEST_GROUP else [None]


def _addressees(statement: Statement, context_roles: Mapping[str, str]) -> list[Any]:
    agents = (statement.get("context") or {}).get("contextAgents") or []
    return [
        each["agent"]
        for each in agents
        if any(context_roles.get(iri) == "addressee" for iri in each.get("relevantTypes") or [])
    ]


def _people(value: Any) -> list[str]:
    """The keys of one agent, of the members of a group, or of a list of either; each once."""
    if isinstance(value, list):
        return list(dict.fromkeys(key for each in value for key in _people(each)))
    if not isinstance(value, dict):
        return []
    if value.get("objectType") == "Group":
        return _people(value.get("member") or [])
    identifiers = [name for name in ("mbox", "mbox_sha1sum", "openid", "account") if name in value]
    key = agent_key(value) if len(identifiers) == 1 else None
    return [key] if key else []
