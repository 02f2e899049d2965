"""The rules of Activities and their interactions (xAPI Data 2.4.4.1)."""

from typing import NoReturn

from lrs.xapi import Json
from lrs.xapi.validation.checks import (
    Broken,
    Check,
    extensions,
    iri,
    language_map,
    list_of,
    one_of,
    refuse,
    shape,
    text,
)

_CLAUSE = "2.4.4.1"
_LISTS_OF: dict[str, frozenset[str]] = {
    "choice": frozenset({"choices"}),
    "sequencing": frozenset({"choices"}),
    "likert": frozenset({"scale"}),
    "matching": frozenset({"source", "target"}),
    "performance": frozenset({"steps"}),
    "true-false": frozenset(),
    "fill-in": frozenset(),
    "long-fill-in": frozenset(),
    "numeric": frozenset(),
    "other": frozenset(),
}
COMPONENT_LISTS = frozenset().union(*_LISTS_OF.values())
_INTERACTION = COMPONENT_LISTS | {"correctResponsesPattern"}

_component = shape("an interaction component", _CLAUSE, {"id": text(_CLAUSE), "description": language_map}, ("id",))


_components = list_of(_component, "interaction components", _CLAUSE)


def has_distinct_components(definition: Json) -> bool:
    """Tell whether each id is there once in each list of an interaction's components (xAPI Data 2.4.4.1)."""
    for name in _LISTS_OF[definition["interactionType"]]:
        components = definition.get(name, ())
        if len({component["id"] for component in components}) < len(components):
            return False
    return True


def _refuse_repeated(definition: Json) -> NoReturn:
    for name in sorted(COMPONENT_LISTS & definition.keys()):
        ids = [component["id"] for component in definition[name]]
        for index, each in enumerate(ids):
            if ids.index(each) < index:
                refuse(each, "distinct within its list", _CLAUSE, below=(name, index, "id"))
    raise AssertionError(definition)


_PROPERTIES: dict[str, Check] = {
    "name": language_map,
    "description": language_map,
    "type": iri,
    "moreInfo": iri,
    "interactionType": one_of(_CLAUSE, *_LISTS_OF),
    "correctResponsesPattern": list_of(text(_CLAUSE), "strings", _CLAUSE),
    **dict.fromkeys(("choices", "scale", "source", "target", "steps"), _components),
    "extensions": extensions,
}
_plain_definition = shape("an Activity Definition", _CLAUSE, _PROPERTIES)


def _definition(value: object) -> None:
    definition = _plain_definition(value)
    if _INTERACTION.isdisjoint(definition):
        return
    interaction_type = definition.get("interactionType")
    if interaction_type is None:
        why = f"{', '.join(sorted(_INTERACTION & definition.keys()))} can't be without it (xAPI Data {_CLAUSE})"
        raise Broken(why, ", ".join(_LISTS_OF), below=("interactionType",))
    for name in sorted(COMPONENT_LISTS & definition.keys() - _LISTS_OF[interaction_type]):
        refuse(name, f"a component list of {interaction_type} interactions", _CLAUSE, below=(name,))
    if not has_distinct_components(definition):
        _refuse_repeated(definition)


activity = shape(
    "an Activity",
    _CLAUSE,
    {"objectType": one_of(_CLAUSE, "Activity"), "id": iri, "definition": _definition},
    ("id",),
)
"""Check an Activity with its definition."""
