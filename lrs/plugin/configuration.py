"""A configuration as its owner sends it: completed with the defaults of its schema, and checked, place by place."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry

from lrs.errors import BadRequest, Fault, InvalidConfiguration, TooLarge
from lrs.plugin.places import written

Schema: TypeAlias = Mapping[str, Any]

MOST_BYTES = 1_000_000  # of a configuration as JSON: the audit keeps it together with the one before
MOST_FAULTS = 100  # told in one answer

_NOWHERE: Registry[Any] = Registry()  # a reference that leads out of the schema is an error, never a download

_TYPES = {
    "object": "an object",
    "array": "a list",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}
_LIMITS = {
    "minimum": "at least",
    "exclusiveMinimum": "above",
    "maximum": "at most",
    "exclusiveMaximum": "below",
    "multipleOf": "a multiple of",
    "minLength": "least characters",
    "maxLength": "most characters",
    "pattern": "matching",
    "format": "in the form of",
    "minItems": "least entries",
    "maxItems": "most entries",
    "minProperties": "least names",
    "maxProperties": "most names",
}


def completed(sent: object, schema: Schema) -> dict[str, Any]:
    """Return a configuration with the defaults of its schema where it says nothing; what was sent is not changed.

    `sent` is parsed JSON and needs to hold only what differs from the defaults. `schema` is a JSON Schema of draft
    2020-12; defaults are filled in below properties, items and local references.
    Raises: InvalidConfiguration with every place that is wrong, BadRequest for what is no object, TooLarge.
    """
    if not isinstance(sent, dict):
        raise BadRequest("the configuration can't be used", where="body", why="it is no object", accepted="an object")
    try:
        _limit(sent)
        whole: dict[str, Any] = _filled(sent, schema, schema)
        _limit(whole)
        errors = list(Draft202012Validator(schema, registry=_NOWHERE).iter_errors(whole))
    except (TypeError, RecursionError) as error:  # an integer beyond 64 bits, or nothing but brackets
        why = "it is nested too deeply, or holds an integer of more than 64 bits"
        accepted = "up to 100 levels, and integers of 64 bits"
        raise BadRequest("the configuration can't be used", where="body", why=why, accepted=accepted) from error
    faults = _distinct(fault for error in errors for fault in _faults(error))
    if faults:
        raise InvalidConfiguration("the configuration can't be used", faults)
    return whole


def _limit(config: Mapping[str, Any]) -> None:
    size = len(orjson.dumps(config))  # it is kept as JSON
    if size > MOST_BYTES:
        why, accepted = f"it has {size} bytes as JSON, with its defaults", f"up to {MOST_BYTES} bytes"
        raise TooLarge("the configuration is too large", where="body", why=why, accepted=accepted)


def _filled(value: Any, schema: Any, root: Schema) -> Any:
    """Return the value with the defaults that its part of the schema gives to names it does not hold."""
    schema = _resolved(schema, root)
    if isinstance(value, list):
        return [_filled(each, schema.get("items", {}), root) for each in value]
    if not isinstance(value, dict):
        return value
    properties: Mapping[str, Any] = schema.get("properties", {})
    others = schema.get("additionalProperties", {})
    told = {name: _filled(each, properties.get(name, others), root) for name, each in value.items()}
    defaults = {name: _resolved(rule, root)["default"] for name, rule in properties.items() if _has_default(rule, root)}
    return {**told, **{name: default for name, default in defaults.items() if name not in told}}


def _has_default(schema: Any, root: Schema) -> bool:
    return "default" in _resolved(schema, root)


def _resolved(schema: Any, root: Schema) -> Schema:
    """Return a part of the schema with what its reference, if it is a local one, leads to."""
    if not isinstance(schema, dict):
        return {}
    reference = schema.get("$ref", "")
    if not reference.startswith("#/"):
        return schema
    found: Any = root
    for step in reference[2:].split("/"):
        found = found.get(step.replace("~1", "/").replace("~0", "~"), {}) if isinstance(found, dict) else {}
    return {**_resolved(found, root), **schema} if found is not schema else schema


def _faults(error: ValidationError) -> Iterator[Fault]:
    """Return what an error of the validator means in the words of whoever wrote the configuration."""
    path, value, schema = list(error.absolute_path), error.instance, error.schema
    rules: Mapping[str, Any] = schema if isinstance(schema, dict) else {}
    if error.context and (closest := best_match([error])) is not error:
        yield from _faults(closest)
    elif error.validator == "additionalProperties" and isinstance(value, dict):
        known, patterns = rules.get("properties", {}), rules.get("patternProperties", {})
        allowed = ", ".join([*known, *patterns]) or "no names"
        for name in value.keys() - known.keys():
            if not any(re.search(pattern, name) for pattern in patterns):
                yield Fault(written([*path, name]), "it has no meaning here", allowed)
    elif error.validator == "required" and isinstance(value, dict):
        for name in rules["required"]:
            if name not in value:
                yield Fault(written([*path, name]), "it is missing", _accepted(rules.get("properties", {}).get(name)))
    else:
        yield Fault(written(path), f"it is {_shown(value)}", _accepted(rules) or error.message[:200])


def _accepted(schema: Any) -> str:
    """Return in words what a part of a schema takes, such as "a number, at least 0"."""
    if not isinstance(schema, dict):
        return ""
    if "const" in schema:
        return _shown(schema["const"])
    if "enum" in schema:
        return ", ".join(_shown(each) for each in schema["enum"])
    types: Sequence[str] = [told] if isinstance(told := schema.get("type", []), str) else told
    words = [" or ".join(_TYPES.get(each, each) for each in types)]
    words += [f"{word} {_shown(schema[name])}" for name, word in _LIMITS.items() if name in schema]
    if schema.get("uniqueItems"):
        words.append("each entry once")
    return ", ".join(filter(None, words))


def _shown(value: Any) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 80 else f"{text[:80]}..."


def _distinct(faults: Iterable[Fault]) -> list[Fault]:
    """Return each fault once, in the order of their places."""
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.where)[:MOST_FAULTS]
