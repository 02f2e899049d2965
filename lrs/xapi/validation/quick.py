"""Whether a statement is surely valid, told in a third of the time that the checks take.

Most statements are right and need no explanation. A compiled JSON Schema knows that: the published one, made stricter
wherever a schema can't say a rule, so that what it accepts keeps every rule. It need not accept all that is valid;
the checks decide about the rest, and they alone say why something is refused.
"""

from collections.abc import Callable
from typing import Any, TypeGuard

import jsonschema_rs

import schemas
from lrs.xapi import Json
from lrs.xapi.validation.activities import COMPONENT_LISTS, has_distinct_components
from lrs.xapi.validation.results import is_ordered
from lrs.xapi.validation.statement import VOIDED
from lrs.xapi.values import COMMON_TIMESTAMP
from lrs.xapi.versions import Version

_LEVELS = 4  # of arrays and objects in an extension
_TAG = "^[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2})?$"  # language, script and region: each is there once
_INTERACTION = {"interactionType", "correctResponsesPattern", *COMPONENT_LISTS}


def _map(key: str, value: Json) -> Json:
    return {"type": "object", "patternProperties": {key: value}, "additionalProperties": False}


def _nested(levels: int) -> Json:
    inner = _nested(levels - 1) if levels else {"type": ["string", "number", "boolean", "null"]}
    return {"items": inner, "additionalProperties": inner}


def _stricter(published: Json) -> Json:
    """Return the schema of statements about Activities that break no rule which a schema can't say."""
    names = published["$defs"]
    activity, definition, verb = names["activity"], names["definition"], names["verb"]
    plain = {key: part for key, part in definition["properties"].items() if key not in _INTERACTION}
    stricter: Json = {
        # Hardly any has other characters, and the smaller class is faster.
        "iri": names["uri"],
        "timestamp": {"type": "string", "pattern": f"^{COMMON_TIMESTAMP}$"},
        "languageMap": _map(_TAG, {"type": "string"}),
        "languageTag": {"type": "string", "pattern": _TAG},
        "extensions": _map(names["uri"]["pattern"], _nested(_LEVELS)),
        "verb": {**verb, "properties": verb["properties"] | {"id": {"$ref": "#/$defs/iri", "not": {"const": VOIDED}}}},
        "object": {"$ref": "#/$defs/activity"},
        # Only the components of the object are looked at below.
        "activities": {"type": "array", "items": {"$ref": "#/$defs/plainActivity"}},
        "plainActivity": {
            **activity,
            "properties": activity["properties"] | {"definition": {"$ref": "#/$defs/plainDefinition"}},
        },
        "plainDefinition": {"type": "object", "properties": plain, "additionalProperties": False},
        "attachments": False,
    }
    rest = {key: part for key, part in published.items() if key != "allOf"}  # of voiding and other objects
    return {**rest, "$defs": names | stricter}


def _acceptor(file: str) -> Callable[[Any], bool]:
    return jsonschema_rs.Draft202012Validator(_stricter(schemas.load(file))).is_valid


_ACCEPTS = {Version.V1: _acceptor("statement-1.0.3.json"), Version.V2: _acceptor("statement-2.0.json")}


def is_surely_valid(statement: Any, version: Version) -> TypeGuard[Json]:
    """Tell whether a value is a statement that keeps every rule; False when that takes a closer look."""
    try:
        if not _ACCEPTS[version](statement):
            return False
    except ValueError:  # what is no JSON: lone surrogates, nesting without end
        return False
    definition = statement["object"].get("definition")
    if definition is not None and "interactionType" in definition and not has_distinct_components(definition):
        return False
    score = statement["result"].get("score") if "result" in statement else None
    return score is None or is_ordered(score)
