"""A statement as the rules see it: canonical verb and types, item keys, and which activity plays which part."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lrs.core.normaliser.agents import acting_key
from lrs.core.normaliser.vocabulary import Activity, ExtensionPath, Vocabulary
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

NOTHING: Json = {}


class Reading(NamedTuple):
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
    places: tuple[Activity, ...]  # parent, grouping and other: categories are no places
    item: Activity | None  # the nearest thing the object hangs below; None when only places are named
    named_thread: Activity | None  # the first thread among the parents, else in the grouping
    extensions: Mapping[str, Json]  # of the `context`, the `result` and the `object`'s definition, where there are any

    def extension(self, path: ExtensionPath) -> Any:
        """Return the raw JSON value of an extension, or None when it is absent."""
        return self.extensions.get(path.place, NOTHING).get(path.iri)

    def name_tags(self) -> Iterator[tuple[str, str]]:
        """Yield the tags that name a person, `@ben`, as id and name without the @, once for each language."""
        listed = dict_at(self.context, "contextActivities").get("other") or ()
        for sent, activity in zip([listed] if isinstance(listed, dict) else listed, self.other, strict=True):
            if "tags" in activity.sets:
                for name in dict_at(dict_at(sent, "definition"), "name").values():
                    if name.startswith("@") and len(name) > 1:
                        yield activity.id, name[1:]


def read(statement: Json, vocabulary: Vocabulary) -> Reading:
    """Return the reading of one valid statement."""
    target: Json = statement["object"]
    kind = target.get("objectType", "Activity")
    made = _activity(target, vocabulary) if kind == "Activity" else None
    context = statement.get("context", NOTHING)
    result = statement.get("result", NOTHING)
    activities = context.get("contextActivities", NOTHING)
    parent = _activities(activities.get("parent"), vocabulary)
    grouping = _activities(activities.get("grouping"), vocabulary)
    other = _activities(activities.get("other"), vocabulary)
    return Reading(
        statement,
        vocabulary,
        vocabulary.verb(statement["verb"]["id"]),
        actor_key(statement["actor"]) or acting_key(statement["actor"]),
        kind,
        made,
        context,
        result,
        parent,
        grouping,
        other,
        _activities(activities.get("category"), vocabulary),
        parent + grouping + other,
        _item(parent, made),
        next((activity for activity in parent + grouping if activity.is_thread), None),
        _extensions(context, result, target),
    )


def dict_at(parent: Json, key: str) -> Json:
    """Return the JSON object at the key, or an empty one: extensions and optional parts need no case of their own."""
    value = parent.get(key)
    return value if isinstance(value, dict) else NOTHING


def _extensions(context: Json, result: Json, target: Json) -> dict[str, Json]:
    told: dict[str, Json] = {}
    if extensions := context.get("extensions"):
        told["context"] = extensions
    if extensions := result.get("extensions"):
        told["result"] = extensions
    if extensions := target.get("definition", NOTHING).get("extensions"):
        told["object"] = extensions
    return told


def _item(parent: tuple[Activity, ...], made: Activity | None) -> Activity | None:
    """The nearest parent that is more than a place, by type and never by position.

    A post is nearer than the thread it is in; an activity without a type counts as a post whose type was left out.
    """
    own = made.key if made is not None else None
    items = [each for each in parent if "containers" not in each.sets and each.key != own]
    return min(items, key=_distance) if items else None


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
    definition = activity.get("definition")
    return vocabulary.activity(activity["id"], definition.get("type") if definition else None)
