"""The normaliser's settings of one store: what an admin adds to the shipped vocabulary and rules, without code.

`schemas/plugins/interactions.json` describes them. What is wrong is told by its path in the settings.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

import schemas
from lrs.core.normaliser.agents import acting_key, members
from lrs.core.normaliser.patterns import compile_pattern, found
from lrs.core.normaliser.unusable import Unusable, within
from lrs.xapi import Json

Settings = Mapping[str, Any]

SCHEMA = "plugins/interactions.json"
"""The JSON Schema of the settings, below `schemas`."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Agents by key, or by a regular expression on their keys."""

    agents: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()

    def holds(self, agent: str) -> bool:
        """Tell whether the agent of this key is one of them."""
        return agent in self.agents or any(found(pattern, agent) for pattern in self.patterns)


NOBODY = Roster()


def check_shape(settings: Settings) -> None:
    """Hold the settings to their JSON Schema. Raises: Unusable for the place that is furthest off."""
    found_wrong = best_match(Draft202012Validator(schemas.load(SCHEMA)).iter_errors(settings))
    if found_wrong is not None:
        raise Unusable(
            found_wrong.message, where=_path(found_wrong.absolute_path), accepted=_accepted(found_wrong.schema)
        )


def without_defaults(settings: Settings) -> Json:
    """Return the settings that change anything: with the defaults written out the rules are the same ones."""
    described: Json = schemas.load(SCHEMA)["properties"]
    return {name: value for name, value in settings.items() if value != described.get(name, {}).get("default", ...)}


def extended_vocabulary(vocabulary: Json, settings: Settings) -> Json:
    """Return the vocabulary's JSON with the settings in it; an admin's own entries are tried first."""
    own_paths: Json = settings.get("person_paths", {})
    unknown = settings.get("types", {}).keys() - vocabulary["types"].keys()
    if unknown:
        name = sorted(unknown)[0]
        raise Unusable("there is no such set of types", where=f"types.{name}", accepted=", ".join(vocabulary["types"]))
    own_types: Json = settings.get("types", {})
    return {
        **vocabulary,
        "verb_aliases": vocabulary["verb_aliases"] | settings.get("verb_aliases", {}),
        "type_aliases": vocabulary["type_aliases"] | settings.get("type_aliases", {}),
        "types": {name: [*own_types.get(name, ()), *types] for name, types in vocabulary["types"].items()},
        "item_keys": [*settings.get("item_keys", ()), *vocabulary["item_keys"]],
        "profiles": [*settings.get("profiles", ()), *vocabulary["profiles"]],
        "paths": vocabulary["paths"] | {name: [path["place"], path["extension"]] for name, path in own_paths.items()},
        "person_paths": [*own_paths, *vocabulary["person_paths"]],
        "profile_paths": [*own_paths, *vocabulary["profile_paths"]],
        "required": settings.get("required_activities", ()),
    }


def roster(name: str, shipped: Json, settings: Settings) -> Roster:
    """Return the agents of a setting that lists them by agent or pattern. Raises: Unusable."""
    own: Json = settings.get(name, {})
    with within(name):
        listed = agent_keys("agents", own.get("agents", ()))
        patterns = tuple(_compiled([*own.get("patterns", ()), *shipped.get("patterns", ())]))
    return Roster(listed, patterns)


def agent_keys(name: str, listed: Iterable[Json]) -> frozenset[str]:
    """Return the keys of listed agents; a Group without an identifier stands for its members. Raises: Unusable."""
    keys: set[str] = set()
    for number, agent in enumerate(listed):
        key = acting_key(agent)
        if key is None:
            accepted = "an xAPI agent with exactly one of account, mbox, mbox_sha1sum, openid"
            raise Unusable("this names no agent", where=f"{name}[{number}]", accepted=accepted)
        keys.update(members(agent) if "member" in agent else (key,))
    return frozenset(keys)


def _compiled(patterns: Iterable[str]) -> Iterable[re.Pattern[str]]:
    for number, pattern in enumerate(patterns):
        with within(f"patterns[{number}]"):
            yield compile_pattern(pattern)


def _path(steps: Iterable[str | int]) -> str:
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return path.removeprefix(".")


def _accepted(schema: Any) -> str:
    if not isinstance(schema, dict):
        return ""
    names = schema.get("enum") or schema.get("properties", ())
    return ", ".join("null" if name is None else str(name) for name in names) or str(schema.get("description", ""))
