"""Statements of a sender without a preset of its own: Activity Streams and Tin Can verbs, true parents."""

from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import Person
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.vocabulary import (
    ACROSSX_EXTENSION,
    ACTIVITY_STREAMS,
    ACTIVITY_STREAMS_1,
    ADL,
    COMMUNITY_SITE,
    COURSE,
    DISCUSSION,
    FORUM_REPLY,
    QUESTION,
    TINCAN,
    activity,
    verb,
)
from lrs.xapi import Json

_PLATFORM = "Commons"


def wrote(post: Post) -> Json:
    """Return the statement of a new thread, question or reply; a reply names its true parent."""
    statement = _opened(post) if post.parent is None else _replied(post, post.parent)
    if post.mentions is not None:
        mentioned = {ACROSSX_EXTENSION + "mentionedagent": post.mentions.agent("generic")}
        statement["context"]["extensions"] = mentioned
    return statement


def viewed_thread(person: Person, thread: Thread) -> Json:
    """Return a view of a thread."""
    thing = activity(thread.item, _thread_type(thread), thread.title)
    return statement(person, verb(TINCAN + "viewed", "viewed"), thing, grouping=[place_activity(thread.place)])


def reacted(person: Person, post: Post, iri: str) -> Json:
    """Return a like or an up-vote on a post, or an unlike."""
    return _about_post(person, post, verb(iri, iri.rpartition("/")[2]))


def edited(post: Post) -> Json:
    """Return an edit by the author."""
    return _about_post(post.author, post, verb(ACTIVITY_STREAMS + "update", "updated"))


def deleted(person: Person, post: Post) -> Json:
    """Return a delete: a statement like any other, no void."""
    return _about_post(person, post, verb(ACTIVITY_STREAMS + "delete", "deleted"))


def flagged(person: Person, post: Post) -> Json:
    """Return a report of a post."""
    return _about_post(person, post, verb(ACTIVITY_STREAMS_1 + "flag-as-inappropriate", "flagged"))


def followed(person: Person, other: Person, *, undo: bool = False) -> Json:
    """Return that a person follows another, or no longer does."""
    done = "stop-following" if undo else "follow"
    # No platform here: it is not allowed when the object is an Agent (xAPI Data 2.4.6).
    return {
        "actor": person.agent("generic"),
        "verb": verb(ACTIVITY_STREAMS + done, done),
        "object": other.agent("generic"),
    }


def joined(person: Person, place: Place, *, undo: bool = False) -> Json:
    """Return that a person joins a community, or leaves it."""
    done = "leave" if undo else "join"
    return statement(person, verb(ACTIVITY_STREAMS_1 + done, done), place_activity(place))


def did_module(person: Person, course: Place, module: tuple[str, str, str], iri: str, result: Json | None) -> Json:
    """Return a view or course work on a module; `result` is left out when None."""
    thing = activity(module[0], module[2], module[1])
    done = statement(person, verb(iri, iri.rpartition("/")[2]), thing, grouping=[place_activity(course)])
    return done if result is None else done | {"result": result}


def place_activity(place: Place) -> Json:
    """Return the course or community as a context activity."""
    return activity(place.id, COURSE if place.is_course else COMMUNITY_SITE, place.name)


def statement(
    person: Person, done: Json, thing: Json, *, parent: list[Json] | None = None, grouping: list[Json] | None = None
) -> Json:
    """Return a statement about an activity, with the context activities that are given."""
    around = {name: things for name, things in (("parent", parent), ("grouping", grouping)) if things}
    context: Json = {"platform": _PLATFORM}
    if around:
        context["contextActivities"] = around
    return {"actor": person.agent("generic"), "verb": done, "object": thing, "context": context}


def _opened(post: Post) -> Json:
    thread = post.thread
    spelling = ACTIVITY_STREAMS_1 if thread.older else ACTIVITY_STREAMS
    done = verb(ADL + "asked", "asked") if thread.question and thread.older else verb(spelling + "create", "created")
    thing = activity(thread.item, _thread_type(thread), thread.title, text=post.text)
    return statement(post.author, done, thing, grouping=[place_activity(thread.place)])


def _replied(post: Post, parent: Post) -> Json:
    thread = post.thread
    answered = activity(parent.item, FORUM_REPLY if parent.parent else _thread_type(thread))
    grouping = [place_activity(thread.place)]
    if post.names_thread:
        grouping.insert(0, activity(thread.item, _thread_type(thread), thread.title))
    replied = verb(TINCAN + "replied", "replied")
    thing = activity(post.item, FORUM_REPLY)
    return statement(post.author, replied, thing, parent=[answered], grouping=grouping) | {
        "result": {"response": post.text}
    }


def _about_post(person: Person, post: Post, done: Json) -> Json:
    kind = FORUM_REPLY if post.parent else _thread_type(post.thread)
    return statement(person, done, activity(post.item, kind), grouping=[place_activity(post.thread.place)])


def _thread_type(thread: Thread) -> str:
    return QUESTION if thread.question else DISCUSSION
