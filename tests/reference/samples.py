"""Small raw statements in the shapes that real senders use, with minutes after a Monday midnight as their time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .acts import ADL, FORUM_REPLY, POSTED, THREAD_TYPE_EXTENSION, TINCAN, TINCAN_TYPE
from .statements import VOIDED, Statement

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DAY, WEEK = 24 * 60, 7 * 24 * 60
DISCUSSION = f"{TINCAN_TYPE}discussion"
DOUBT = f"{TINCAN_TYPE}doubt"
STREAMS_QUESTION = "http://activitystrea.ms/question"
STREAMS_COMMENT = "http://activitystrea.ms/comment"
CREATE = "http://activitystrea.ms/create"
CREATE_OLD = "http://activitystrea.ms/schema/1.0/create"
REPLIED = f"{TINCAN}replied"
VIEWED = f"{TINCAN}viewed"
COMMENTED, ANSWERED, ASKED = f"{ADL}commented", f"{ADL}answered", f"{ADL}asked"
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"
ADL_COURSE = "http://adlnet.gov/expapi/activities/course"
FORUM = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/forum"
WIKI_PAGE = "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/wiki-page"

MOODLE = "https://moodle.example.org"
DISCUSS = f"{MOODLE}/mod/forum/discuss.php?d="
EDX = "https://edx.example.org/api/discussion/v1"


def minute(minutes: float) -> datetime:
    """The instant so many minutes after MONDAY."""
    return MONDAY + timedelta(minutes=minutes)


def uuid(number: int) -> str:
    """A statement id that sorts by its number."""
    return f"00000000-0000-4000-8000-{number:012d}"


def person(name: str) -> str:
    """The key of the agent that the samples call `name`."""
    return f"mbox:mailto:{name}@example.org"


def activity(id: str, type: str | None = None) -> dict[str, Any]:
    """An activity as an object or a context activity."""
    return {"objectType": "Activity", "id": id, **({"definition": {"type": type}} if type else {})}


def statement(
    number: int, actor: str, verb: str, about: dict[str, Any], at: float, **around: list[dict[str, Any]]
) -> Statement:
    """A statement by `actor` at minute `at`, with context activities by place."""
    when = minute(at).isoformat().replace("+00:00", "Z")
    return {
        "id": uuid(number),
        "actor": {"objectType": "Agent", "mbox": f"mailto:{actor}@example.org"},
        "verb": {"id": verb},
        "object": about,
        "context": {"contextActivities": around},
        "timestamp": when,
        "stored": when,
    }


def thread(number: int, actor: str, at: float, id: str, type: str = DISCUSSION, course: str | None = None) -> Statement:
    """A generic tool's new thread."""
    grouping = [activity(course, COURSE)] if course else []
    return statement(number, actor, CREATE, activity(id, type), at, grouping=grouping)


def reply(number: int, actor: str, at: float, id: str, to: str, course: str | None = None) -> Statement:
    """A generic tool's reply, which tells its true parent and leaves the thread to be found."""
    grouping = [activity(course, COURSE)] if course else []
    return statement(number, actor, REPLIED, activity(id, FORUM_REPLY), at, parent=[activity(to)], grouping=grouping)


def view(number: int, actor: str, at: float, id: str, type: str | None = None, course: str | None = None) -> Statement:
    """A generic tool's view of anything."""
    grouping = [activity(course, COURSE)] if course else []
    return statement(number, actor, VIEWED, activity(id, type), at, grouping=grouping)


def void(number: int, target: int, at: float = 0) -> Statement:
    """A statement that voids the one of that number."""
    return statement(number, "admin", VOIDED, {"objectType": "StatementRef", "id": uuid(target)}, at)


def moodle_thread(number: int, actor: str, at: float, d: int, verb: str = CREATE) -> Statement:
    """Moodle's discussion_created."""
    parents = [activity(f"{MOODLE}/mod/forum/view.php?id=1", FORUM), activity(f"{MOODLE}/course/view.php?id=2", COURSE)]
    return statement(number, actor, verb, activity(f"{DISCUSS}{d}", DISCUSSION), at, parent=parents)


def moodle_reply(number: int, actor: str, at: float, d: int) -> Statement:
    """Moodle's post_created since logstore 4.8: the parent post is dropped."""
    parents = [
        activity(f"{MOODLE}/mod/forum/view.php?id=1", FORUM),
        activity(f"{DISCUSS}{d}", DISCUSSION),
        activity(f"{MOODLE}/course/view.php?id=2", COURSE),
    ]
    return statement(number, actor, REPLIED, activity(f"{DISCUSS}{d}#p{number}", FORUM_REPLY), at, parent=parents)


def moodle_46_reply(number: int, actor: str, at: float, d: int, post: int | None = None) -> Statement:
    """Moodle's post_created of logstore 4.6-4.7: the object is the discussion, the reply is in `other`."""
    grouping = [
        activity(f"{MOODLE}/course/view.php?id=2", COURSE),
        activity(f"{MOODLE}/mod/forum/view.php?id=1", FORUM),
    ]
    own = [activity(f"{DISCUSS}{d}#p{post or number}", FORUM_REPLY)]
    return statement(number, actor, REPLIED, activity(f"{DISCUSS}{d}", DISCUSSION), at, grouping=grouping, other=own)


def edx_thread(number: int, actor: str, at: float, hex_id: str, kind: str = "discussion") -> Statement:
    """Open edX's thread.created."""
    course = [activity("https://edx.example.org/course/c1", ADL_COURSE)]
    told = statement(number, actor, POSTED, activity(f"{EDX}/threads/{hex_id}", DISCUSSION), at, parent=course)
    told["context"]["extensions"] = {THREAD_TYPE_EXTENSION: kind}
    return told


def edx_reply(number: int, actor: str, at: float, hex_id: str, named_under: str = "threads") -> Statement:
    """Open edX's response.created and comment.created, which look alike."""
    course = [activity("https://edx.example.org/course/c1", ADL_COURSE)]
    grouping = [activity(f"{EDX}/{named_under}/{hex_id}", DISCUSSION)]
    about = activity(f"{EDX}/comments/{number:024x}", DISCUSSION)
    return statement(number, actor, POSTED, about, at, parent=course, grouping=grouping)


def known(id: str, *accounts: str, groups: list[dict[str, Any]] | None = None, **flags: bool) -> dict[str, Any]:
    """A person as the people's document tells of one, with the accounts the samples call so (else by the id)."""
    identifiers = [{"mbox": f"mailto:{name}@example.org"} for name in accounts or (id,)]
    return {"id": id, "identifiers": identifiers, "groups": groups or [], **flags}


# A0, B→A 10, C→A 30, A→B 40, D→C 100, A to its own start 110; E alone.
HAND_THREAD = [
    thread(1, "a", 0, "t:A"),
    reply(2, "b", 10, "p:B", "t:A"),
    reply(3, "c", 30, "p:C", "t:A"),
    reply(4, "a", 40, "p:A2", "p:B"),
    reply(5, "d", 100, "p:D", "p:C"),
    reply(6, "a", 110, "p:A3", "t:A"),
    thread(7, "e", 5, "t:E"),
]
MOODLE_STARTS = [moodle_thread(1, "a", 0, 1), moodle_thread(7, "e", 5, 2, CREATE_OLD)]
MOODLE_REPLIES = [(2, "b", 10), (3, "c", 30), (4, "a", 40), (5, "d", 100), (6, "a", 110)]
MOODLE_HAND_THREAD = MOODLE_STARTS + [moodle_reply(n, who, at, 1) for n, who, at in MOODLE_REPLIES]
OLD_MOODLE_HAND_THREAD = MOODLE_STARTS + [moodle_46_reply(n, who, at, 1) for n, who, at in MOODLE_REPLIES]
