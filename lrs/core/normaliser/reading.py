"""A statement as the rules see it: canonical verb and types, item keys, and which activity plays which part."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lrs.core.normaliser.agents import acting_key
from lrs.core.normaliser.vocabulary import Activity, ExtensionPath, Vocabulary
from lrs.xapi import Json

_NOTHING: Json = {}


@dataclass(frozen=True)
class Reading:
    """One statement read through a vocabulary. Made by `read`."""

    statement: Json
    vocabulary: Vocabulary
    verb: str
    actor: str | None  # key of who acts
    object_kind: str  # Activity, Agent, Group, StatementRef, SubStatement
    object: Activity | None  # None when the object is no activity
    context: Json
    result: Json
    parent: tuple[Activity, ...]
    grouping: tuple[Activity, ...]
    other: tuple[Activity, ...]
    category: tuple[Activity, ...]

    def extension(self, path: ExtensionPath) -> Any:
        """Return the raw JSON value of an extension, or None when it is absent."""
        return self.extensions(path.place).get(path.iri)

    def extensions(self, place: str) -> Json:
        """Return the extensions of the `context`, the `result` or the `object`'s definition."""
        if place == "object":
            return dict_at(dict_at(self.statement["object"], "definition"), "extensions")
        return dict_at(self.context if place == "context" else self.result, "extensions")

    @cached_property
    def places(self) -> tuple[Activity, ...]:
        """The activities of the context that say where this was; categories are no places."""
        return self.parent + self.grouping + self.other

    @cached_property
    def item(self) -> Activity | None:
        """The nearest thing the object hangs below, by type and never by position: None when only places are named.

        A post is nearer than the thread it is in; an activity without a type counts as a post whose type was left out.
        """
        own = self.object.key if self.object else None
        items = [each for each in self.parent if "containers" not in each.sets and each.key != own]
        return min(items, key=_distance) if items else None

    @cached_property
    def named_thread(self) -> Activity | None:
        """The first thread among the parents, else in the grouping."""
        for activity in self.parent + self.grouping:
            if activity.is_thread:
                return activity
        return None

    def tag_names(self) -> Iterator[str]:
        """Yield the names, in every language, of the tags among the other activities."""
        listed = dict_at(self.context, "contextActivities").get("other") or ()
        for sent, activity in zip([listed] if isinstance(listed, dict) else listed, self.other, strict=True):
            if "tags" in activity.sets:
                yield from dict_at(dict_at(sent, "definition"), "name").values()


def read(statement: Json, vocabulary: Vocabulary) -> Reading:
    """Return the reading of one valid statement."""
    target: Json = statement["object"]
    kind = target.get("objectType", "Activity")
    context = dict_at(statement, "context")
    activities = dict_at(context, "contextActivities")
    return Reading(
        statement,
        vocabulary,
        vocabulary.verb(statement["verb"]["id"]),
        acting_key(statement["actor"]),
        kind,
        _activity(target, vocabulary) if kind == "Activity" else None,
        context,
        dict_at(statement, "result"),
        _activities(activities.get("parent"), vocabulary),
        _activities(activities.get("grouping"), vocabulary),
        _activities(activities.get("other"), vocabulary),
        _activities(activities.get("category"), vocabulary),
    )


def dict_at(parent: Json, key: str) -> Json:
    """Return the JSON object at the key, or an empty one: extensions and optional parts need no case of their own."""
    value = parent.get(key)
    return value if isinstance(value, dict) else _NOTHING


def _distance(activity: Activity) -> int:
    if "posts" in activity.sets:
        return 0
    if activity.type is None:
        return 1
    return 2 if activity.is_thread else 3


def _activities(value: Json | list[Json] | None, vocabulary: Vocabulary) -> tuple[Activity, ...]:
    if not value:
        return ()
    if isinstance(value, dict):  # xAPI 1.0 allowed one activity without a list
        return (_activity(value, vocabulary),)
    return tuple([_activity(activity, vocabulary) for activity in value])


def _activity(activity: Json, vocabulary: Vocabulary) -> Activity:
    return vocabulary.activity(activity["id"], dict_at(activity, "definition").get("type"))
