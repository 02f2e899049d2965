"""Statements of Moodle's logstore plugin about groups in courses, and messages to persons and to groups."""

from dataclasses import dataclass

from lrs.cli.sample.moodle import in_course
from lrs.cli.sample.organisation import Place
from lrs.cli.sample.people import Person
from lrs.cli.sample.vocabulary import ACTIVITY_STREAMS, CHAT_MESSAGE, EDLM_TYPE, PREPOSITIONS, activity, verb
from lrs.xapi import Json


@dataclass(frozen=True, slots=True)
class Group:
    """A group in a course; its first instructor puts people in and takes them out."""

    id: str
    name: str
    course: Place
    members: list[Person]

    @property
    def teacher(self) -> Person:
        return self.course.instructors[0]

    @property
    def activity(self) -> Json:
        return activity(self.id, EDLM_TYPE + "group", self.name)


def joined(person: Person, group: Group, *, undo: bool = False) -> Json:
    """Return `group_member_added`, or `_removed`: the member is the actor, and who did it the context's instructor."""
    done, event = ("leave", "removed") if undo else ("join", "added")
    context = in_course(group.course, f"core\\group_member_{event}")
    return {
        "actor": person.agent("moodle"),
        "verb": verb(ACTIVITY_STREAMS + done, "Left" if undo else "Joined"),
        "object": group.activity,
        "context": context | {"instructor": group.teacher.agent("moodle")},
    }


def sent(person: Person, item: str, course: Place, recipient: Person) -> Json:
    """Return `message_sent`, without subject and text, which no store keeps."""
    context = in_course(course, "core\\message_sent")
    return _message(person, item, context, recipient.agent("moodle"))


def sent_to_group(person: Person, item: str, group: Group) -> Json:
    """Return `group_message_sent`: the group has no identifier, its members are listed."""
    context = in_course(group.course, "core\\group_message_sent")
    context["contextActivities"]["grouping"] = [group.activity]
    members = [member.agent("moodle") for member in group.members]
    return _message(person, item, context, {"objectType": "Group", "name": group.name, "member": members})


def _message(person: Person, item: str, context: Json, recipient: Json) -> Json:
    context["extensions"][PREPOSITIONS + "to"] = recipient
    return {
        "actor": person.agent("moodle"),
        "verb": verb(ACTIVITY_STREAMS + "send", "Sent"),
        "object": activity(item, CHAT_MESSAGE),
        "context": context,
    }
