"""Statements in the shapes of Open edX's event-routing-backends."""

from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import HOMES, Person
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.vocabulary import (
    ACROSSX,
    ACROSSX_EXTENSION,
    ADL,
    COURSE,
    DISCUSSION,
    DOD_ISD,
    OPENEDX,
    TINCAN,
    TINCAN_TYPE,
    activity,
    verb,
)
from lrs.xapi import Json


def wrote(post: Post) -> Json:
    """Return the statement of a new thread, response or comment; the last two look the same and name the thread."""
    thread = post.thread
    if post.parent is None:
        statement = _statement(
            post.author, ACROSSX + "posted", thread.place, activity(thread.item, DISCUSSION, thread.title)
        )
        statement["context"]["extensions"][ACROSSX_EXTENSION + "type"] = "question" if thread.question else "discussion"
        return statement
    statement = _statement(post.author, ACROSSX + "posted", thread.place, activity(post.item, DISCUSSION))
    statement["context"]["contextActivities"]["grouping"] = [activity(thread.item, DISCUSSION)]
    return statement


def viewed_thread(person: Person, thread: Thread) -> Json:
    """Return `thread.viewed`, which names the thread under `/comments/`."""
    item = f"{HOMES['openedx']}/api/discussion/v1/comments/{thread.serial}"
    return _statement(person, TINCAN + "viewed", thread.place, activity(item, DISCUSSION, thread.title))


def voted(person: Person, post: Post) -> Json:
    """Return an up-vote; whose post it is is not said."""
    statement = _statement(person, OPENEDX + "verb/voted", post.thread.place, activity(post.item, DISCUSSION))
    statement["context"]["extensions"][ACROSSX_EXTENSION + "type"] = "up"
    return statement


def edited(post: Post) -> Json:
    """Return an edit by the author."""
    return _statement(post.author, ACROSSX + "edited", post.thread.place, activity(post.item, DISCUSSION))


def deleted(person: Person, post: Post) -> Json:
    """Return a delete: a statement like any other, no void."""
    return _statement(person, DOD_ISD + "deleted", post.thread.place, activity(post.item, DISCUSSION))


def reported(person: Person, post: Post, *, undo: bool = False) -> Json:
    """Return a report of a post, or a report taken back."""
    done = OPENEDX + "verb/unreported" if undo else ACROSSX + "reported"
    return _statement(person, done, post.thread.place, activity(post.item, DISCUSSION))


def viewed_module(person: Person, course: Place, module: tuple[str, str, str]) -> Json:
    """Return a view of a unit."""
    return _statement(person, ADL + "experienced", course, activity(module[0], module[2], module[1]))


def did_module(person: Person, course: Place, module: tuple[str, str, str], done: str, result: Json) -> Json:
    """Return course work with a verb of ADL: `completed`, `answered`, `passed`."""
    return _statement(person, ADL + done, course, activity(module[0], module[2], module[1])) | {"result": result}


def asked_for_solution(person: Person, course: Place, module: tuple[str, str, str]) -> Json:
    """Return a click on "show answer": the verb says asked, and nobody was asked."""
    return _statement(person, ADL + "asked", course, activity(f"{module[0]}/answer", TINCAN_TYPE + "solution"))


def _statement(person: Person, iri: str, course: Place, thing: Json) -> Json:
    return {
        "actor": person.agent("openedx"),
        "verb": verb(iri, iri.rpartition("/")[2]),
        "object": thing,
        "context": {
            "contextActivities": {"parent": [activity(course.id, COURSE, course.name, language="en-US")]},
            "extensions": {OPENEDX + "extension/transformer-version": "event-routing-backends@9.3.0"},
        },
        "version": "1.0.3",
    }
