"""The building blocks of validation: what a value must be, and how a refusal reads.

A check takes a value and raises `Broken` when it breaks a rule. Where it stands is nobody's business until then: each
object and array that a refusal leaves adds its step to the place, so statements without a fault pay nothing for it.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from json.encoder import encode_basestring
from typing import NoReturn, TypeAlias

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.values import is_iri, is_language_tag, is_timestamp

Step: TypeAlias = str | int
Check: TypeAlias = Callable[[object], object]

_SHOWN = 60
_LEVELS = 100  # of nesting in an extension; far beyond any in use, and far below what JSON encoders take


class Broken(Exception):
    """A rule that a value breaks; `steps` lead from the root to it, the last one first."""

    def __init__(self, why: str, accepted: str = "", below: tuple[Step, ...] = ()) -> None:
        super().__init__(why)
        self.why, self.accepted, self.steps = why, accepted, list(reversed(below))

    def at(self, root: str) -> InvalidStatement:
        """Return the error for a root's name, its place written as `statements[3].actor.mbox`."""
        return InvalidStatement(root + "".join(map(_written, reversed(self.steps))), self.why, self.accepted)


def _written(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    is_plain = len(step) <= _SHOWN and step.isascii() and step.replace("_", "").replace("-", "").isalnum()
    return f".{step}" if is_plain else f"[{_quoted(step)}]"


def refuse(value: object, expected: str, clause: str, accepted: str = "", below: tuple[Step, ...] = ()) -> NoReturn:
    """Raise Broken: the value, which stands `below` the one that is being checked, is not what the clause expects."""
    null = "; null is allowed only inside extensions, Data 2.2" if value is None else ""
    raise Broken(f"{shown(value)} is not {expected} (xAPI Data {clause}{null})", accepted, below)


def shown(value: object) -> str:
    """Return a value as an error message shows it: shortened, and an object or array by its kind only."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    return json.dumps(value)[:_SHOWN]


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return encode_basestring(short if short.isascii() else short.encode("utf-8", "replace").decode())


def shape(
    noun: str, clause: str, properties: Mapping[str, Check], required: tuple[str, ...] = ()
) -> Callable[[object], Json]:
    """Make a check for an object with known properties and no others; it returns the object."""
    checks = dict(properties)

    def check(value: object) -> Json:
        if not isinstance(value, dict):
            refuse(value, f"{noun}, which is an object", clause)
        key = ""
        try:
            for key, part in value.items():
                checks[key](part)
        except KeyError:
            why = f"{_quoted(key)} is not a property of {noun} (xAPI Data {clause})"
            raise Broken(why, ", ".join(checks), below=(key,)) from None
        except Broken as broken:
            broken.steps.append(key)
            raise
        for key in required:
            if key not in value:
                raise Broken(f"{noun} needs it (xAPI Data {clause})", below=(key,))
        return value

    return check


def list_of(check_item: Check, noun: str, clause: str) -> Check:
    """Make a check for an array each item of which passes `check_item`."""

    def check(value: object) -> None:
        if not isinstance(value, list):
            refuse(value, f"an array of {noun}", clause)
        each_of(value, check_item)

    return check


def each_of(items: list[object], check: Check) -> None:
    """Check the items of an array."""
    index = -1
    try:
        for index, item in enumerate(items):  # noqa: B007
            check(item)
    except Broken as broken:
        broken.steps.append(index)
        raise


def text(clause: str) -> Check:
    """Make a check for any string."""

    def check(value: object) -> None:
        if not isinstance(value, str):
            refuse(value, "a string", clause)

    return check


def flag(clause: str) -> Check:
    """Make a check for true or false."""

    def check(value: object) -> None:
        if value is not True and value is not False:
            refuse(value, "a boolean", clause, "true, false")

    return check


def one_of(clause: str, *choices: str) -> Check:
    """Make a check for one of the given words, spelt exactly so."""

    def check(value: object) -> None:
        if value not in choices:
            refuse(value, "an allowed value", clause, ", ".join(choices))

    return check


def format_of(predicate: Callable[[object], bool], noun: str, clause: str, accepted: str = "") -> Check:
    """Make a check for a string of a particular format, which `predicate` tells."""

    def check(value: object) -> None:
        if not predicate(value):
            refuse(value, noun, clause, accepted)

    return check


iri = format_of(is_iri, "an absolute IRI", "4.3", "scheme:rest, such as https://example.org/a")
"""Check an absolute IRI (xAPI Data 4.3)."""

timestamp = format_of(is_timestamp, "an ISO 8601 timestamp", "4.5", "such as 2026-11-22T09:30:00.000Z")
"""Check an ISO 8601 timestamp (xAPI Data 4.5)."""


_TAGS = "such as en, de-CH, zh-Hant"

language_tag = format_of(is_language_tag, "an RFC 5646 language tag", "4.2", _TAGS)
"""Check a language tag (xAPI Data 4.2)."""


def language_map(value: object) -> None:
    """Check an object of language tags and strings; it may be empty (xAPI Data 4.2)."""
    if not isinstance(value, dict):
        refuse(value, "a language map", "4.2", 'such as {"en": "..."}')
    for tag, words in value.items():
        if not is_language_tag(tag):
            refuse(tag, "an RFC 5646 language tag", "4.2", _TAGS, below=(tag,))
        if not isinstance(words, str):
            refuse(words, "a string", "4.2", below=(tag,))


def extensions(value: object) -> None:
    """Check an object whose keys are IRIs; its values may be any JSON of up to 100 levels (xAPI Data 4.1)."""
    if not isinstance(value, dict):
        refuse(value, "an extensions object", "4.1", "{} when there are none")
    for key, item in value.items():
        if not is_iri(key):
            refuse(key, "an absolute IRI", "4.1", below=(key,))
        if isinstance(item, (dict, list)) and _is_deeper(item, _LEVELS):
            why = f"its arrays and objects are nested more than {_LEVELS} levels deep (a limit of this LRS)"
            raise Broken(why, f"up to {_LEVELS} levels", below=(key,))


def _is_deeper(value: dict[str, object] | list[object], levels: int) -> bool:
    items: Iterable[object] = value.values() if isinstance(value, dict) else value
    # Only what is nested again is a call: a typical extension holds strings and numbers.
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in items if isinstance(item, (dict, list)))
