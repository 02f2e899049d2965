"""A statement as the rules see it: canonical verb and types, item keys, and which activity plays which part."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lrs.core.normaliser.vocabulary import ExtensionPath, Vocabulary
from lrs.xapi import Json


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity of the statement: its id as sent, its item key and its canonical type."""

    id: str
    key: str
    type: str | None
    is_thread: bool


@dataclass(frozen=True)
class Reading:
    """One statement read through a vocabulary. Made by `read`."""

    statement: Json
    vocabulary: Vocabulary
    verb: str
    object_kind: str  # Activity, Agent, Group, StatementRef, SubStatement
    object: Activity | None  # None when the object is no activity
    parent: tuple[Activity, ...]
    grouping: tuple[Activity, ...]
    other: tuple[Activity, ...]

    @property
    def context(self) -> Json:
        return dict_at(self.statement, "context")

    @property
    def result(self) -> Json:
        return dict_at(self.statement, "result")

    def extension(self, path: ExtensionPath) -> Any:
        """Return the raw JSON value of an extension, or None when it is absent."""
        return self.extensions(path.place).get(path.iri)

    def extensions(self, place: str) -> Json:
        """Return the extensions of the `context`, the `result` or the `object`'s definition."""
        if place == "object":
            return dict_at(dict_at(self.statement["object"], "definition"), "extensions")
        return dict_at(dict_at(self.statement, place), "extensions")

    @cached_property
    def item(self) -> Activity | None:
        """The nearest thing the object hangs below, by type and never by position: None when only places are named.

        A post is nearer than the thread it is in; an activity without a type counts as a post whose type was left out.
        """
        containers = self.vocabulary.type_sets["containers"]
        own = self.object.key if self.object else None
        items = [activity for activity in self.parent if activity.type not in containers and activity.key != own]
        return min(items, key=self._distance, default=None)

    def _distance(self, activity: Activity) -> int:
        if activity.type in self.vocabulary.type_sets["posts"]:
            return 0
        if activity.type is None:
            return 1
        return 2 if activity.is_thread else 3

    @cached_property
    def named_thread(self) -> Activity | None:
        """The first thread among the parents, else in the grouping."""
        return next((activity for activity in self.parent + self.grouping if activity.is_thread), None)

    def places(self, type_set: str) -> Iterator[Activity]:
        """Yield the activities of the context whose type is in the set; categories are no places."""
        wanted = self.vocabulary.type_sets[type_set]
        return (activity for activity in self.parent + self.grouping + self.other if activity.type in wanted)


def read(statement: Json, vocabulary: Vocabulary) -> Reading:
    """Return the reading of one valid statement."""
    target: Json = statement["object"]
    kind = target.get("objectType", "Activity")
    activities = dict_at(dict_at(statement, "context"), "contextActivities")
    return Reading(
        statement=statement,
        vocabulary=vocabulary,
        verb=vocabulary.verb(statement["verb"]["id"]),
        object_kind=kind,
        object=_activity(target, vocabulary) if kind == "Activity" else None,
        parent=_activities(activities.get("parent"), vocabulary),
        grouping=_activities(activities.get("grouping"), vocabulary),
        other=_activities(activities.get("other"), vocabulary),
    )


def dict_at(parent: Json, key: str) -> Json:
    """Return the JSON object at the key, or an empty one: extensions and optional parts need no case of their own."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _activities(value: Json | list[Json] | None, vocabulary: Vocabulary) -> tuple[Activity, ...]:
    listed = [value] if isinstance(value, dict) else value or []  # xAPI 1.0 allowed one activity without a list
    return tuple(_activity(activity, vocabulary) for activity in listed)


def _activity(activity: Json, vocabulary: Vocabulary) -> Activity:
    activity_id: str = activity["id"]
    activity_type = vocabulary.activity_type(dict_at(activity, "definition").get("type"))
    return Activity(
        id=activity_id,
        key=vocabulary.item_key(activity_id),
        type=activity_type,
        is_thread=vocabulary.is_thread(activity_id, activity_type),
    )
