"""Which statements open a thread or reply to something, and what they say about its place.

Kinds: create and ask open a thread; reply, comment and answer are posts only if their root turns out to be a thread.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from .learned import names_as_instructor
from .statements import (
    CONTEXT_PLACES,
    STREAMS,
    Statement,
    agent_key,
    around,
    course_of,
    extension,
    happened_at,
    statement_id,
    type_of,
)

ADL = "http://adlnet.gov/expapi/verbs/"
TINCAN = "http://id.tincanapi.com/verb/"
TINCAN_TYPE = "http://id.tincanapi.com/activitytype/"

POSTED = "https://w3id.org/xapi/acrossx/verbs/posted"
THREAD_TYPE_EXTENSION = "https://w3id.org/xapi/acrossx/extensions/type"
CREATES = {f"{base}create" for base in STREAMS} | {"http://www.w3.org/ns/activitystreams#Create"}
ASKS = {f"{ADL}asked", f"{TINCAN}requested-attention", "https://w3id.org/xapi/adb/verbs/requested"}
RESPONSES = {
    f"{TINCAN}replied": "reply",
    f"{ADL}responded": "reply",
    "https://w3id.org/xapi/dod-isd/verbs/responded": "reply",
    f"{ADL}commented": "comment",
    "https://w3id.org/xapi/acrossx/verbs/annotated": "comment",
    f"{ADL}answered": "answer",
}

QUESTION_TYPES = {f"{TINCAN_TYPE}doubt", *(f"{base}question" for base in STREAMS)}
THREAD_TYPES = {f"{TINCAN_TYPE}discussion", *QUESTION_TYPES}
FORUM_REPLY, SOLUTION = f"{TINCAN_TYPE}forum-reply", f"{TINCAN_TYPE}solution"

BOARD_TYPES = {
    "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/forum",
    *(f"{TINCAN_TYPE}{name}" for name in ("forum-topic", "chat-channel", "community-site")),
}

MOODLE_FORUM = "/mod/forum/discuss.php"
OPENEDX_POST = re.compile(r"/comments/([0-9a-f]{24})/?$")


@dataclass(frozen=True)
class Place:
    """An activity an act names: its id (an Open edX post always as `/threads/…`) and the type told with it."""

    id: str
    type: str | None


@dataclass(frozen=True)
class Act:
    """One opening or response as its own statement tells it.

    `names_parents` is False where the sender puts something else there (Open edX: its course), `drops_parent` where
    what is named is at best the thread (Open edX and Moodle's forum), so that nobody knows which post is answered.
    `board` is the forum, channel or community it was written in.
    `own_reply` is the reply's id where the object is the discussion (Moodle 4.6-4.7).
    """

    statement_id: str
    at: datetime
    actor: str
    kind: str
    object: Place
    parents: tuple[Place, ...]
    grouping: tuple[Place, ...]
    own_reply: str | None
    names_parents: bool
    drops_parent: bool
    is_question: bool
    course: str | None
    board: str | None
    by_instructor: bool

    @property
    def opens(self) -> bool:
        """Whether this is a create or an ask on a thread type."""
        return self.kind in ("create", "ask")

    @property
    def order(self) -> tuple[datetime, str]:
        """The one order of acts: by time, ties by statement id."""
        return self.at, self.statement_id


def read_act(statement: Statement) -> Act | None:
    """The act a statement tells, or None if it neither opens a thread nor responds to anything."""
    actor = agent_key(statement["actor"])
    if actor is None or statement["object"].get("objectType", "Activity") != "Activity":
        return None
    kind = _kind(statement)
    if kind is None:
        return None
    target = place_of(statement["object"])
    return Act(
        statement_id=statement_id(statement),
        at=happened_at(statement),
        actor=actor,
        kind=kind,
        object=target,
        parents=tuple(place_of(activity) for activity in around(statement, "parent")),
        grouping=tuple(place_of(activity) for activity in around(statement, "grouping")),
        own_reply=_own_reply(statement),
        names_parents=statement["verb"]["id"] != POSTED,
        drops_parent=statement["verb"]["id"] == POSTED or (kind == "reply" and MOODLE_FORUM in target.id),
        is_question=kind == "ask" or target.type in QUESTION_TYPES,
        course=course_of(statement),
        board=_board(statement),
        by_instructor=names_as_instructor(statement, actor),
    )


def _kind(statement: Statement) -> str | None:
    verb, object_type = statement["verb"]["id"], type_of(statement["object"])
    if verb == POSTED:
        return _openedx_kind(statement)
    if verb in CREATES and object_type in THREAD_TYPES:
        return "create"
    if verb in ASKS and object_type in QUESTION_TYPES:
        return "ask"
    kind = RESPONSES.get(verb)
    return "answer" if kind == "reply" and object_type == SOLUTION else kind


def _openedx_kind(statement: Statement) -> str | None:
    """Posted inside another discussion is a reply; posted alone opens a thread, which says whether it is a question."""
    itself = place_of(statement["object"]).id
    groups = [place_of(activity) for activity in around(statement, "grouping")]
    if any(group.type in THREAD_TYPES and group.id != itself for group in groups):
        return "reply"
    if type_of(statement["object"]) not in THREAD_TYPES:
        return None
    return "ask" if extension(statement, THREAD_TYPE_EXTENSION) == "question" else "create"


def _own_reply(statement: Statement) -> str | None:
    for activity in around(statement, "other"):
        if type_of(activity) == FORUM_REPLY:
            return str(activity["id"])
    return None


def _board(statement: Statement) -> str | None:
    """The first activity around an act that is a forum, a channel or a community."""
    for place in CONTEXT_PLACES:
        for activity in around(statement, place):
            if type_of(activity) in BOARD_TYPES:
                return str(activity["id"])
    return None


def place_of(activity: dict[str, object]) -> Place:
    return Place(OPENEDX_POST.sub(r"/threads/\1", str(activity["id"])), type_of(activity))
