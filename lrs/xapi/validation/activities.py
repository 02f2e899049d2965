"""The rules of Activities and their interactions (xAPI Data 2.4.4.1)."""

from lrs.xapi.validation.checks import (
    Check,
    Path,
    Shape,
    extensions,
    invalid,
    iri,
    language_map,
    list_of,
    one_of,
    refuse,
    text,
)

_CLAUSE = "2.4.4.1"
_COMPONENT_LISTS: dict[str, frozenset[str]] = {
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
_ANY_COMPONENT_LIST = frozenset().union(*_COMPONENT_LISTS.values())
_INTERACTION = _ANY_COMPONENT_LIST | {"correctResponsesPattern"}

_COMPONENT = Shape("an interaction component", _CLAUSE, {"id": text(_CLAUSE), "description": language_map}, ("id",))


def _components(value: object, where: Path) -> None:
    if not isinstance(value, list):
        refuse(where, value, "an array of interaction components", _CLAUSE)
    seen: set[str] = set()
    for index, item in enumerate(value):
        component_id = _COMPONENT(item, (where, index))["id"]
        if component_id in seen:
            refuse(((where, index), "id"), component_id, "distinct within its list", _CLAUSE)
        seen.add(component_id)


_PROPERTIES: dict[str, Check] = {
    "name": language_map,
    "description": language_map,
    "type": iri(_CLAUSE),
    "moreInfo": iri(_CLAUSE),
    "interactionType": one_of(_CLAUSE, *_COMPONENT_LISTS),
    "correctResponsesPattern": list_of(text(_CLAUSE), "strings", _CLAUSE),
    **dict.fromkeys(("choices", "scale", "source", "target", "steps"), _components),
    "extensions": extensions,
}
_DEFINITION = Shape("an Activity Definition", _CLAUSE, _PROPERTIES)


def _definition(value: object, where: Path) -> None:
    definition = _DEFINITION(value, where)
    if _INTERACTION.isdisjoint(definition):
        return
    interaction_type = definition.get("interactionType")
    if interaction_type is None:
        why = f"{', '.join(sorted(_INTERACTION & definition.keys()))} can't be without it (xAPI Data {_CLAUSE})"
        raise invalid((where, "interactionType"), why, ", ".join(_COMPONENT_LISTS))
    for name in sorted(_ANY_COMPONENT_LIST & definition.keys() - _COMPONENT_LISTS[interaction_type]):
        refuse((where, name), name, f"a component list of {interaction_type} interactions", _CLAUSE)


ACTIVITY = Shape(
    "an Activity",
    _CLAUSE,
    {"objectType": one_of(_CLAUSE, "Activity"), "id": iri(_CLAUSE), "definition": _definition},
    ("id",),
)
"""Check an Activity with its definition."""
