"""What is wrong with the schema of a configuration: a schema that can't be used would fail whoever configures it."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from lrs.errors import Fault, LRSError
from lrs.plugin.configuration import completed
from lrs.plugin.places import written
from lrs.plugin.reasons import reason

WHERE = "config_schema"
_DATA = ("default", "const", "enum", "examples")  # what stands there is no part of the schema


def schema_faults(schema: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a configuration's schema, as far as it can be told without a configuration."""
    accepted = "a JSON Schema of draft 2020-12"
    if not isinstance(schema, dict):
        yield Fault(WHERE, f"it is a {type(schema).__name__}", f"{accepted}, as a dict")
        return
    try:
        Draft202012Validator.check_schema(schema)
        found = [*_unresolved(schema)] or [*_own_defaults(schema)]
    except SchemaError as error:
        place = written(error.absolute_path)
        yield Fault(WHERE, error.message[:200] + ("" if place == "body" else f" at {place}"), accepted)
    except Exception as error:  # it may hold whatever a foreign module puts there
        yield Fault(WHERE, f"it can't be used: {reason(error)[:200]}", accepted)
    else:
        yield from found


def _unresolved(schema: Mapping[str, Any]) -> Iterator[Fault]:
    root = Resource.from_contents(schema, default_specification=DRAFT202012)
    resolver = Registry().resolver_with_root(root)
    for reference in dict.fromkeys(_references(schema)):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            yield Fault(WHERE, f"the reference {reference[:60]!r} leads nowhere", "references within the schema")


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, list | tuple):
        for each in part:
            yield from _references(each)
    elif isinstance(part, Mapping):
        for name, each in part.items():
            if name in ("$ref", "$dynamicRef") and isinstance(each, str):
                yield each
            elif name not in _DATA:
                yield from _references(each)


def _own_defaults(schema: Mapping[str, Any]) -> Iterator[Fault]:
    try:
        completed({}, schema)
    except LRSError as error:
        yield Fault(WHERE, f"its own defaults break it: {error}"[:500], "defaults that it takes, also all of them")
