"""What statements tell of activities and agents, merged: the latest statement wins, property by property.

Each mention of an activity or an agent tells facts. Merged, they are layers, the latest first, and a fact stands only
in the latest layer that tells it. So the result is the same for any order of the mentions, and for any repetition.
Source: xAPI Communication 2.4 and 2.5; Data 2.4.4.1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson

from lrs.xapi import Json
from lrs.xapi.actors import IDENTIFIERS, actor_key, is_group
from lrs.xapi.formats import INTERACTION_COMPONENTS

Path: TypeAlias = tuple[str, ...]
Facts: TypeAlias = Mapping[Path, Any]
Stamp: TypeAlias = tuple[datetime, str]
"""When a statement was stored, and its id in lower case."""

OLDEST: Stamp = (datetime(1, 1, 1, tzinfo=UTC), "")
MOST_BYTES = 1_000_000  # of what is kept of one activity; facts that would go beyond it, the oldest first, are not
MOST_NAMES = 100  # of one agent, the latest


@dataclass(frozen=True, slots=True)
class Layer:
    """What one statement tells and no later one does."""

    stamp: Stamp
    facts: Facts


Layers: TypeAlias = tuple[Layer, ...]
"""All that is known of one activity or agent, the latest first."""


def activities(statement: Json) -> Iterator[Json]:
    """Yield the Activities a statement names: its object, context activities, and those of its SubStatement."""
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield target
    for related in statement.get("context", {}).get("contextActivities", {}).values():
        yield from [related] if isinstance(related, dict) else related
    if kind == "SubStatement":
        yield from activities(target)


def agents(statement: Json) -> Iterator[Json]:
    """Yield the Agents a statement names, wherever in it; of Groups only the members."""
    target, context = statement["object"], statement.get("context", {})
    actors = [statement["actor"], statement.get("authority"), context.get("instructor"), context.get("team")]
    actors += [entry["agent"] for entry in context.get("contextAgents", ())]
    actors += [entry["group"] for entry in context.get("contextGroups", ())]
    if target.get("objectType") in ("Agent", "Group"):
        actors.append(target)
    for actor in actors:
        if actor is not None:
            yield from actor.get("member", ()) if is_group(actor) else (actor,)
    if target.get("objectType") == "SubStatement":
        yield from agents(target)


def definitions_told(statement: Json) -> Iterator[tuple[str, Json]]:
    """Yield the id and the definition of each Activity that has one."""
    return ((each["id"], each["definition"]) for each in activities(statement) if each.get("definition"))


def names_told(statement: Json) -> Iterator[tuple[str, str]]:
    """Yield the key (see `actors.actor_key`) and the name of each Agent that has one."""
    return ((actor_key(each) or "", each["name"]) for each in agents(statement) if "name" in each)


def with_definition(layers: Layers, stamp: Stamp, definition: Json) -> Layers:
    """Return what is known of an activity with one more statement's definition.

    Each language of a language map and each extension is a fact of its own. What belongs to an interaction is kept
    with its interactionType, so that a quiz that became a survey has no choices left over. Of two mentions in one
    statement the first counts; a statement that was merged before changes nothing.
    """
    return _merged(layers, stamp, dict(_definition_facts(definition)))


def with_name(layers: Layers, stamp: Stamp, name: str) -> Layers:
    """Return what is known of an agent with the name one more statement gives it: the latest MOST_NAMES names."""
    return _merged(layers, stamp, {("name", name): None})[:MOST_NAMES]


def definition_of(layers: Layers) -> Json:
    """Return the merged definition of an activity, {} if nothing is known."""
    maps: dict[Path, Json] = {}
    for layer in layers:
        for path, value in layer.facts.items():
            maps.setdefault(path[:-1], {})[path[-1]] = value
    single = maps.get((), {})
    found = {
        **{name: maps.get((name,)) for name in ("name", "description")},
        **{name: single.get(name) for name in ("type", "moreInfo", "interactionType")},
        **_interaction(maps, single.get("interactionType", "")),
        "extensions": maps.get(("extensions",)),
    }
    return {name: value for name, value in found.items() if value is not None}


def names_of(layers: Layers) -> list[str]:
    """Return the names of an agent, the latest first."""
    return [name for layer in layers for _, name in layer.facts]


def activity(activity_id: str, layers: Layers) -> Json:
    """Return an Activity with all that is known of it (xAPI Communication 2.5)."""
    known = definition_of(layers)
    return {"objectType": "Activity", "id": activity_id, **({"definition": known} if known else {})}


def person(agent: Json, layers: Layers) -> Json:
    """Return the Person of an Agent: its identifier, and every name it was given, the latest first.

    An Agent whose name is not known has the one it was asked for with (xAPI Communication 2.4).
    """
    known = names_of(layers) or ([agent["name"]] if "name" in agent else [])
    identifiers = {each: [agent[each]] for each in IDENTIFIERS if each in agent}
    return {"objectType": "Person", **({"name": known} if known else {}), **identifiers}


def dump(layers: Layers) -> bytes:
    """Return the layers as JSON, up to about MOST_BYTES."""
    text = _dump(layers)
    return text if len(text) <= MOST_BYTES else _dump(_reduced(layers, MOST_BYTES))


def load(text: bytes) -> Layers:
    """Return the layers that `dump` wrote."""
    return tuple(
        Layer((datetime.fromisoformat(stored), statement_id), {tuple(path): value for path, value in facts})
        for stored, statement_id, facts in orjson.loads(text)
    )


def told(layers: Layers) -> bytes:
    """Return what the layers tell, whoever told it when: equal for layers that need not be written again."""
    return orjson.dumps([list(layer.facts.items()) for layer in layers])


def _definition_facts(definition: Json) -> Iterator[tuple[Path, Any]]:
    kind = definition.get("interactionType", "")
    for name, value in definition.items():
        if name in ("name", "description", "extensions"):
            yield from (((name, key), each) for key, each in value.items())
        elif name in INTERACTION_COMPONENTS:
            yield (name, kind), [component["id"] for component in value]
            for component in value:
                language_map = component.get("description", {}).items()
                yield from (((name, kind, component["id"], tag), text) for tag, text in language_map)
        else:
            yield (name, kind) if name == "correctResponsesPattern" else (name,), value


def _interaction(maps: Mapping[Path, Json], kind: str) -> Json:
    found = {"correctResponsesPattern": maps.get(("correctResponsesPattern",), {}).get(kind)}
    for name in INTERACTION_COMPONENTS:
        ids = maps.get((name,), {}).get(kind)
        if ids is not None:
            found[name] = [_component(each, maps.get((name, kind, each))) for each in ids]
    return found


def _component(component_id: str, description: Json | None) -> Json:
    return {"id": component_id, **({"description": description} if description else {})}


def _merged(layers: Layers, stamp: Stamp, facts: Facts) -> Layers:
    newer = tuple(layer for layer in layers if layer.stamp >= stamp)
    fresh = {path: value for path, value in facts.items() if not any(path in layer.facts for layer in newer)}
    if not fresh:
        return layers
    older = (_filtered(layer, lambda path, value: path not in fresh) for layer in layers[len(newer) :])
    return (*newer, Layer(stamp, fresh), *(layer for layer in older if layer.facts))


def _filtered(layer: Layer, keep: Callable[[Path, Any], bool]) -> Layer:
    return Layer(layer.stamp, {path: value for path, value in layer.facts.items() if keep(path, value)})


def _dump(layers: Iterable[Layer]) -> bytes:
    return orjson.dumps([[*layer.stamp, list(layer.facts.items())] for layer in layers])


def _reduced(layers: Layers, most: int) -> Iterator[Layer]:
    left = most

    def fits(path: Path, value: Any) -> bool:
        nonlocal left
        size = len(orjson.dumps([path, value]))
        if size > left:
            return False
        left -= size
        return True

    return (_filtered(layer, fits) for layer in layers)
