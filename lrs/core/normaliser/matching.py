"""When a mapping rule applies to a statement: conditions on verb, object and context, all of which must hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lrs.core.normaliser.reading import Activity, Reading
from lrs.core.normaliser.vocabulary import Vocabulary
from lrs.xapi import Json

Types = frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Match:
    """The conditions of one rule; what is None is not asked."""

    verbs: frozenset[str]
    object_kinds: frozenset[str] | None = None
    object_types: Types | None = None
    object_id: re.Pattern[str] | None = None
    object_extension: str | None = None
    result_extension: str | None = None
    context_extension: Mapping[str, Any] | None = None  # IRI -> value, or None for any value
    parent_types: Types | None = None  # any parent of one of these types
    grouping_types: Types | None = None
    other_types: Types | None = None
    parent_item: bool | None = None  # whether a parent is more than a place such as a course
    instructor: bool | None = None

    def holds(self, reading: Reading) -> bool:
        """Tell whether every condition holds; the verb is looked up before, in the rules' index."""
        return self._object_holds(reading) and self._context_holds(reading)

    def _object_holds(self, reading: Reading) -> bool:
        return (
            (self.object_kinds is None or reading.object_kind in self.object_kinds)
            and (self.object_types is None or _any_of((reading.object,), self.object_types))
            and (self.object_id is None or (reading.object is not None and _found(self.object_id, reading.object.id)))
            and (self.object_extension is None or self.object_extension in reading.extensions("object"))
            and (self.result_extension is None or self.result_extension in reading.extensions("result"))
        )

    def _context_holds(self, reading: Reading) -> bool:
        return (
            (self.context_extension is None or _extensions_hold(self.context_extension, reading.extensions("context")))
            and (self.parent_types is None or _any_of(reading.parent, self.parent_types))
            and (self.grouping_types is None or _any_of(reading.grouping, self.grouping_types))
            and (self.other_types is None or _any_of(reading.other, self.other_types))
            and (self.parent_item is None or self.parent_item == (reading.item is not None))
            and (self.instructor is None or self.instructor == ("instructor" in reading.context))
        )


def read_match(data: Json, vocabulary: Vocabulary) -> Match:
    """Build the conditions from a rule's `match`. Raises: ValueError for unknown conditions, sets and prefixes."""
    unknown = data.keys() - set(Match.__slots__)
    if unknown:
        raise ValueError(f"unknown condition {sorted(unknown)[0]!r} (accepted: {', '.join(Match.__slots__)})")
    conditions: dict[str, Any] = dict(data)
    for name in ("object_types", "parent_types", "grouping_types", "other_types"):
        if name in data:
            conditions[name] = vocabulary.types(data[name])
    for name in ("object_extension", "result_extension"):
        if name in data:
            conditions[name] = vocabulary.expand(data[name])
    if "context_extension" in data:
        wanted: Json = data["context_extension"]
        conditions["context_extension"] = {vocabulary.expand(name): value for name, value in wanted.items()}
    if "object_kinds" in data:
        conditions["object_kinds"] = frozenset(data["object_kinds"])
    if "object_id" in data:
        conditions["object_id"] = _pattern(data["object_id"])
    conditions["verbs"] = frozenset(vocabulary.verb(vocabulary.expand(verb)) for verb in data.get("verbs", ()))
    return Match(**conditions)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error


def _found(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


def _any_of(activities: tuple[Activity | None, ...], types: Types) -> bool:
    return any(activity is not None and activity.type in types for activity in activities)


def _extensions_hold(wanted: Mapping[str, Any], extensions: Json) -> bool:
    return all(name in extensions and (value is None or extensions[name] == value) for name, value in wanted.items())
