"""Small raw statements about sharing, with minutes after a Monday midnight as their time, and short ways to ask."""

from typing import Any

from .acts import ADL, TINCAN, TINCAN_TYPE
from .asking import raw, rows
from .guard import Row
from .samples import COURSE, activity, statement
from .statements import Statement

NOTE = "http://activitystrea.ms/schema/1.0/note"
COMMENT = "http://activitystrea.ms/comment"
COMMUNITY = f"{TINCAN_TYPE}community-site"
SHARED, COMMENTED = f"{ADL}shared", f"{ADL}commented"
STREAMS_SHARE, UNSHARE = "http://activitystrea.ms/share", "http://activitystrea.ms/schema/1.0/unshare"
RETWEETED, VIEWED = f"{TINCAN}retweeted", f"{TINCAN}viewed"
LIKE, UNLIKE = "http://activitystrea.ms/schema/1.0/like", "http://activitystrea.ms/unlike"
DISLIKE = "https://w3id.org/xapi/acrossx/verbs/disliked"
DELETE = "http://activitystrea.ms/delete"
RECOMMENDED = "https://w3id.org/xapi/dod-isd/verbs/recommended"
TO = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/to"


def shared(
    number: int, actor: str, at: float, id: str, into: str | None = None, course: str | None = None
) -> Statement:
    """A post shared, perhaps into a community."""
    places = [activity(into, COMMUNITY)] if into else []
    places += [activity(course, COURSE)] if course else []
    return statement(number, actor, SHARED, activity(id, NOTE), at, grouping=places)


def passed_on(number: int, actor: str, at: float, id: str, of: str, verb: str = STREAMS_SHARE) -> Statement:
    """A post of one's own that passes on another."""
    return statement(number, actor, verb, activity(id, NOTE), at, parent=[activity(of, NOTE)])


def recommended(number: int, actor: str, at: float, id: str, *to: str) -> Statement:
    """Something recommended to a person, or to the members of a group."""
    told = statement(number, actor, RECOMMENDED, activity(id, NOTE), at)
    agents = [agent(name) for name in to]
    told["context"]["extensions"] = {TO: agents[0] if len(agents) == 1 else {"objectType": "Group", "member": agents}}
    return told


def viewed(number: int, actor: str, at: float, id: str, below: str | None = None, verb: str = VIEWED) -> Statement:
    """A view of something, perhaps with another thing as its parent."""
    return statement(number, actor, verb, activity(id), at, parent=[activity(below)] if below else [])


def did(number: int, actor: str, at: float, verb: str, id: str) -> Statement:
    """Anything done to a thing: liked, deleted, taken back."""
    return statement(number, actor, verb, activity(id, NOTE), at)


def commented(number: int, actor: str, at: float, id: str, on: str) -> Statement:
    """A comment with an id of its own."""
    return statement(number, actor, COMMENTED, activity(id, COMMENT), at, parent=[activity(on, NOTE)])


def agent(name: str) -> dict[str, Any]:
    """The agent that the samples call `name`."""
    return {"objectType": "Agent", "mbox": f"mailto:{name}@example.org"}


def member(id: str, *groups: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A person of the directory, known by the agent of the same name."""
    belonging = [{"kind": kind, "group": group} for kind, group in groups]
    return {"id": id, "name": id, "identifiers": [agent(id)], "groups": belonging} | more


def value(told: list[Statement], metric: str, **asked: Any) -> float | int | None:
    """The unguarded value of the whole store."""
    return raw(told, f"sharing.{metric}", **asked)


def row(told: list[Statement], metric: str, **asked: Any) -> Row:
    """The only row, guarded unless asked otherwise."""
    (found,) = rows(told, f"sharing.{metric}", **asked)
    return found


def beside(told: list[Statement], metric: str, **asked: Any) -> dict[str, float | int | None]:
    """The further values of the whole store, unguarded."""
    return {name: each.value for name, each in row(told, metric, guarded=False, **asked).beside.items()}


# A to B and C, B to D and E: size 5, depth 2, breadth 2, distances that add up to 18 over 10 pairs.
HAND_CASCADE = [
    shared(1, "a", 0, "n:A"),
    passed_on(2, "b", 10, "n:B", "n:A"),
    passed_on(3, "c", 20, "n:C", "n:A"),
    passed_on(4, "d", 30, "n:D", "n:B", RETWEETED),
    passed_on(5, "e", 40, "n:E", "n:B", "http://activitystrea.ms/schema/1.0/share"),
]
