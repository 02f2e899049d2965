"""When a mapping rule applies to a statement: conditions on verb, object and context, all of which must hold."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lrs.core.normaliser.patterns import compile_pattern, found
from lrs.core.normaliser.reading import NOTHING, Reading
from lrs.core.normaliser.unusable import Unusable, within
from lrs.core.normaliser.vocabulary import Activity, Vocabulary
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
    category: frozenset[str] | None = None  # ids, any of which is among the categories
    parent_item: bool | None = None  # whether a parent is more than a place such as a course
    instructor: bool | None = None

    def fits_object(self, kind: str, activity_type: str | None) -> bool:
        """Tell whether an object of this kind and canonical type meets the conditions on both."""
        return (self.object_kinds is None or kind in self.object_kinds) and (
            self.object_types is None or (kind == "Activity" and activity_type in self.object_types)
        )

    def holds(self, reading: Reading) -> bool:
        """Tell whether every other condition holds; verb and object type are looked up before, in the rules' index."""
        return self._object_holds(reading) and self._context_holds(reading)

    def _object_holds(self, reading: Reading) -> bool:
        return (
            (
                self.object_id is None
                or (reading.object is not None and found(self.object_id, reading.object.id) is not None)
            )
            and (self.object_extension is None or self.object_extension in reading.extensions.get("object", NOTHING))
            and (self.result_extension is None or self.result_extension in reading.extensions.get("result", NOTHING))
        )

    def _context_holds(self, reading: Reading) -> bool:
        return (
            (
                self.context_extension is None
                or _extensions_hold(self.context_extension, reading.extensions.get("context", NOTHING))
            )
            and (self.parent_types is None or _any_of(reading.parent, self.parent_types))
            and (self.grouping_types is None or _any_of(reading.grouping, self.grouping_types))
            and (self.other_types is None or _any_of(reading.other, self.other_types))
            and (self.category is None or any(activity.id in self.category for activity in reading.category))
            and (self.parent_item is None or self.parent_item == (reading.item is not None))
            and (self.instructor is None or self.instructor == ("instructor" in reading.context))
        )


def read_match(data: Json, vocabulary: Vocabulary) -> Match:
    """Build the conditions from a rule's `match`. Raises: Unusable for unknown conditions, sets and prefixes."""
    unknown = data.keys() - set(Match.__slots__)
    if unknown:
        raise Unusable(f"unknown condition {sorted(unknown)[0]!r}", accepted=", ".join(Match.__slots__))
    conditions: dict[str, Any] = {"verbs": frozenset(), **data}
    for name, build in _BUILDERS.items():
        if name in data:
            with within(name):
                conditions[name] = build(data[name], vocabulary)
    return Match(**conditions)


def _verbs(told: list[str], vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(vocabulary.verb(iri) for iri in _expanded(told, vocabulary))


def _types(told: list[str], vocabulary: Vocabulary) -> Types:
    return vocabulary.types(told)


def _iri(told: str, vocabulary: Vocabulary) -> str:
    return vocabulary.expand(told)


def _iris(told: list[str], vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(_expanded(told, vocabulary))


def _values(told: Json, vocabulary: Vocabulary) -> dict[str, Any]:
    return {vocabulary.expand(name): value for name, value in told.items()}


def _expanded(told: list[str], vocabulary: Vocabulary) -> list[str]:
    expanded: list[str] = []
    for number, compact in enumerate(told):
        with within(f"[{number}]"):
            expanded.append(vocabulary.expand(compact))
    return expanded


_BUILDERS: Mapping[str, Callable[[Any, Vocabulary], Any]] = {
    "verbs": _verbs,
    "object_kinds": lambda told, _: frozenset(told),
    "object_types": _types,
    "object_id": lambda told, _: compile_pattern(told),
    "object_extension": _iri,
    "result_extension": _iri,
    "context_extension": _values,
    "parent_types": _types,
    "grouping_types": _types,
    "other_types": _types,
    "category": _iris,
}


def _any_of(activities: tuple[Activity, ...], types: Types) -> bool:
    return any(activity.type in types for activity in activities)


def _extensions_hold(wanted: Mapping[str, Any], extensions: Json) -> bool:
    return all(name in extensions and (value is None or extensions[name] == value) for name, value in wanted.items())
