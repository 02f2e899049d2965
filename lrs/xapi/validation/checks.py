"""The building blocks of validation: what a value must be, and how a refusal reads.

A check takes a value and its path and raises `InvalidStatement` when the value breaks a rule. A `Shape` is the
specification's table of an object's properties, each with its check.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.values import is_iri, is_language_tag, is_timestamp

Path: TypeAlias = "str | tuple[Path, str | int]"
"""Where a value stands: the root's name, or the parent's path and a step. Written out only for a refusal."""

Check: TypeAlias = Callable[[object, Path], object]

_SHOWN = 60
_LEVELS = 100  # of nesting in an extension; far beyond any in use, and far below what JSON encoders take
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_\-]{1,60}")


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with known properties and no others. Calling it checks a value and returns it."""

    noun: str
    clause: str
    properties: Mapping[str, Check]
    required: tuple[str, ...] = ()

    def __call__(self, value: object, where: Path) -> Json:
        if not isinstance(value, dict):
            refuse(where, value, f"{self.noun}, which is an object", self.clause)
        properties = self.properties
        for key, item in value.items():
            check = properties.get(key)
            if check is None:
                self._refuse_key(key, where)
            check(item, (where, key))
        for key in self.required:
            if key not in value:
                raise invalid((where, key), f"{self.noun} needs it (xAPI Data {self.clause})")
        return value

    def _refuse_key(self, key: str, where: Path) -> NoReturn:
        why = f"{_quoted(key)} is not a property of {self.noun} (xAPI Data {self.clause})"
        raise invalid((where, key), why, ", ".join(self.properties))


def refuse(where: Path, value: object, expected: str, clause: str, accepted: str = "") -> NoReturn:
    """Raise InvalidStatement: the value at `where` is not what the clause expects."""
    null = "; null is allowed only inside extensions, Data 2.2" if value is None else ""
    raise invalid(where, f"{shown(value)} is not {expected} (xAPI Data {clause}{null})", accepted)


def invalid(where: Path, why: str, accepted: str = "") -> InvalidStatement:
    """Return the error for the value at `where`, its path written as `statements[3].actor.mbox`."""
    return InvalidStatement(_written(where), why, accepted)


def _written(where: Path) -> str:
    if isinstance(where, str):
        return where
    parent, step = where
    if isinstance(step, int):
        return f"{_written(parent)}[{step}]"
    return f"{_written(parent)}.{step}" if _PLAIN_KEY.fullmatch(step) else f"{_written(parent)}[{_quoted(step)}]"


def shown(value: object) -> str:
    """Return a value as an error message shows it: shortened, and an object or array by its kind only."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    return json.dumps(value)[:_SHOWN]


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return json.dumps(short.encode("utf-8", "replace").decode(), ensure_ascii=False)


def text(clause: str) -> Check:
    """Make a check for any string."""

    def check(value: object, where: Path) -> None:
        if not isinstance(value, str):
            refuse(where, value, "a string", clause)

    return check


def flag(clause: str) -> Check:
    """Make a check for true or false."""

    def check(value: object, where: Path) -> None:
        if value is not True and value is not False:
            refuse(where, value, "a boolean", clause, "true, false")

    return check


def one_of(clause: str, *choices: str) -> Check:
    """Make a check for one of the given words, spelt exactly so."""

    def check(value: object, where: Path) -> None:
        if value not in choices:
            refuse(where, value, "an allowed value", clause, ", ".join(choices))

    return check


def format_of(predicate: Callable[[object], bool], noun: str, clause: str, accepted: str = "") -> Check:
    """Make a check for a string of a particular format, which `predicate` tells."""

    def check(value: object, where: Path) -> None:
        if not predicate(value):
            refuse(where, value, noun, clause, accepted)

    return check


def iri(clause: str) -> Check:
    """Make a check for an absolute IRI (xAPI Data 4.3)."""
    return format_of(is_iri, "an absolute IRI", clause, "scheme:rest, such as https://example.org/a")


def timestamp(clause: str) -> Check:
    """Make a check for an ISO 8601 timestamp (xAPI Data 4.5)."""
    return format_of(is_timestamp, "an ISO 8601 timestamp", clause, "such as 2026-11-22T09:30:00.000Z")


def list_of(check_item: Check, noun: str, clause: str) -> Check:
    """Make a check for an array each item of which passes `check_item`."""

    def check(value: object, where: Path) -> None:
        if not isinstance(value, list):
            refuse(where, value, f"an array of {noun}", clause)
        for index, item in enumerate(value):
            check_item(item, (where, index))

    return check


def language_map(value: object, where: Path) -> None:
    """Check an object of language tags and strings; it may be empty (xAPI Data 4.2)."""
    if not isinstance(value, dict):
        refuse(where, value, "a language map", "4.2", 'such as {"en": "..."}')
    for tag, words in value.items():
        if not is_language_tag(tag):
            refuse((where, tag), tag, "an RFC 5646 language tag", "4.2", "such as en, de-CH, zh-Hant")
        if not isinstance(words, str):
            refuse((where, tag), words, "a string", "4.2")


def extensions(value: object, where: Path) -> None:
    """Check an object whose keys are IRIs; its values may be any JSON of up to 100 levels (xAPI Data 4.1)."""
    if not isinstance(value, dict):
        refuse(where, value, "an extensions object", "4.1", "{} when there are none")
    for key, item in value.items():
        if not is_iri(key):
            refuse((where, key), key, "an absolute IRI", "4.1")
        if _is_deeper(item, _LEVELS):
            why = f"its arrays and objects are nested more than {_LEVELS} levels deep (a limit of this LRS)"
            raise invalid((where, key), why, f"up to {_LEVELS} levels")


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        items: Iterable[object] = value.values()
    elif isinstance(value, list):
        items = value
    else:
        return False
    # Only what is nested again is a call: a typical extension holds strings and numbers.
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in items if isinstance(item, (dict, list)))
