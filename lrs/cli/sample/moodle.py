"""Statements in the shapes of Moodle's logstore plugin: releases from 4.8 on, and 4.6-4.7 for older threads."""

from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import HOMES, Person
from lrs.cli.sample.threads import Post, Thread
from lrs.cli.sample.vocabulary import (
    ACROSSX,
    ACTIVITY_STREAMS,
    ACTIVITY_STREAMS_1,
    ADL,
    CMI5_COURSE,
    DISCUSSION,
    EDLM,
    EDLM_TYPE,
    FORUM_REPLY,
    TINCAN,
    TINCAN_TYPE,
    TLA,
    activity,
    verb,
)
from lrs.xapi import Json

_INFO = "http://lrs.learninglocker.net/define/extensions/info"
_SITE_NAME = "Example Campus"


def wrote(post: Post) -> Json:
    """Return the statement of a new thread or reply; no shape tells which post a reply answers."""
    if post.parent is None:
        return _discussion_created(post)
    return _replied_older(post) if post.thread.older else _replied(post)


def viewed_thread(person: Person, thread: Thread) -> Json:
    """Return `discussion_viewed`."""
    return {
        "actor": person.agent("moodle"),
        "verb": verb(TINCAN + "viewed", "Viewed"),
        "object": activity(thread.item, DISCUSSION, thread.title),
        "context": _thread_context(thread, "discussion_viewed"),
    }


def edited(post: Post) -> Json:
    """Return `post_updated` of a reply."""
    return _about_reply(post.author, post, verb(ACROSSX + "edited", "Edited"), "post_updated", text=post.text)


def deleted(person: Person, post: Post) -> Json:
    """Return `post_deleted` of a reply."""
    return _about_reply(person, post, verb(ACTIVITY_STREAMS + "delete", "Deleted"), "post_deleted")


def subscribed(person: Person, thread: Thread, *, undo: bool = False) -> Json:
    """Return `discussion_subscription_created`, or `_deleted`."""
    done, event = ("unsubscribed", "deleted") if undo else ("subscribed", "created")
    return {
        "actor": person.agent("moodle"),
        "verb": verb(EDLM + done, done.capitalize()),
        "object": activity(thread.item, DISCUSSION, thread.title),
        "context": _thread_context(thread, f"discussion_subscription_{event}"),
    }


def viewed_module(person: Person, course: Place, module: tuple[str, str, str]) -> Json:
    """Return `course_module_viewed`."""
    return _about_module(person, course, module, verb(TINCAN + "viewed", "Viewed"), "core\\course_module_viewed")


def completed_module(person: Person, course: Place, module: tuple[str, str, str]) -> Json:
    """Return `course_module_completion_updated`."""
    done = verb(ADL + "completed", "Completed")
    event = "core\\course_module_completion_updated"
    return _about_module(person, course, module, done, event) | {"result": {"completion": True}}


def graded(person: Person, course: Place, module: tuple[str, str, str], scaled: float) -> Json:
    """Return `assignment_graded`: the learner is the actor, and the grader only the context's instructor."""
    scored = verb(TLA + "scored", "Scored")
    statement = _about_module(person, course, module, scored, "mod_assign\\submission_graded")
    statement["object"] = activity(submission(module), EDLM_TYPE + "submission", f"{module[1]} Submission")
    statement["context"]["contextActivities"]["parent"].insert(0, activity(module[0], module[2], module[1]))
    statement["context"]["instructor"] = course.instructors[0].agent("moodle")
    score = {"scaled": scaled, "raw": round(scaled * 100, 2), "min": 0, "max": 100}
    return statement | {"result": {"score": score, "success": scaled >= 0.5}}


def submission(module: tuple[str, str, str]) -> str:
    """Return the activity id of what is graded."""
    return f"{module[0]}#submission"


def attempted_quiz(person: Person, course: Place, module: tuple[str, str, str], scaled: float) -> Json:
    """Return a finished quiz attempt, passed or failed."""
    outcome = "passed" if scaled >= 0.5 else "failed"
    event = "mod_quiz\\attempt_submitted"
    statement = _about_module(person, course, module, verb(ADL + outcome, outcome.capitalize()), event)
    return statement | {"result": {"score": {"scaled": scaled}, "success": scaled >= 0.5, "completion": True}}


def in_course(course: Place, event: str) -> Json:
    """Return the context of what happens in a course and in no module of it."""
    return _context([activity(course.id, CMI5_COURSE, course.name)], event)


def _discussion_created(post: Post) -> Json:
    thread = post.thread
    spelling = ACTIVITY_STREAMS_1 if thread.older else ACTIVITY_STREAMS
    return {
        "actor": post.author.agent("moodle"),
        "verb": verb(spelling + "create", "Created"),
        "object": activity(thread.item, DISCUSSION, thread.title),
        "context": _older_context(thread) if thread.older else _thread_context(thread, "discussion_created"),
    }


def _replied(post: Post) -> Json:
    return _about_reply(post.author, post, verb(TINCAN + "replied", "Replied"), "post_created", text=post.text)


def _about_reply(person: Person, post: Post, done: Json, event: str, text: str | None = None) -> Json:
    context = _thread_context(post.thread, event)
    context["contextActivities"]["parent"].insert(0, activity(post.thread.item, DISCUSSION, post.thread.title))
    return {
        "actor": person.agent("moodle"),
        "verb": done,
        "object": activity(post.item, FORUM_REPLY, f"Re: {post.thread.title}", text=text),
        "context": context,
    }


def _replied_older(post: Post) -> Json:
    context = _older_context(post.thread)
    context["contextActivities"]["other"] = [activity(post.item, FORUM_REPLY, text="the forum discussion post")]
    return {
        "actor": post.author.agent("moodle"),
        "verb": verb(TINCAN + "replied", "replied to"),
        "object": activity(post.thread.item, DISCUSSION, post.thread.title),
        "result": {"response": post.text},
        "context": context,
    }


def _about_module(person: Person, course: Place, module: tuple[str, str, str], done: Json, event: str) -> Json:
    iri, name, kind = module
    return {
        "actor": person.agent("moodle"),
        "verb": done,
        "object": activity(iri, kind, name),
        "context": _context(_section_and_course(course), event),
    }


def _thread_context(thread: Thread, event: str) -> Json:
    forum = [activity(thread.board[0], EDLM_TYPE + "forum", thread.board[1])] if thread.board else []
    return _context(forum + _section_and_course(thread.place), f"mod_forum\\{event}")


def _section_and_course(course: Place) -> list[Json]:
    section = course.id.replace("/view.php", "/section.php")
    return [
        activity(section, TINCAN_TYPE + "section", f"{course.name} Section 0"),
        activity(course.id, CMI5_COURSE, course.name),
    ]


def _context(parents: list[Json], event: str) -> Json:
    component, _, name = event.partition("\\")
    return {
        "contextActivities": {
            "category": [activity(HOMES["moodle"], TINCAN_TYPE + "lms", _SITE_NAME)],
            "parent": parents,
        },
        "extensions": {_INFO: {"event_name": f"\\{component}\\event\\{name}"}},
        "language": "en",
    }


def _older_context(thread: Thread) -> Json:
    grouping = [
        activity(HOMES["moodle"], TINCAN_TYPE + "lms", _SITE_NAME),
        activity(thread.place.id, TINCAN_TYPE + "lms/course", thread.place.name),
    ]
    if thread.board:
        grouping.append(activity(thread.board[0], TINCAN_TYPE + "forum-topic", thread.board[1]))
    return {
        "platform": "Moodle",
        "language": "en",
        "contextActivities": {
            "grouping": grouping,
            "category": [activity("http://moodle.org", TINCAN_TYPE + "source", "Moodle")],
        },
    }
