"""Every way to break a statement at every place: what is taken away, nulled, retyped, misspelt, added, malformed."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from lrs.xapi import Json

Place: TypeAlias = tuple[str | int, ...]

OTHERS: tuple[Any, ...] = (None, True, 0, 27.0, -1, 1.5, "", "words", [], [None], {}, {"words": "words"})
"""Put in the place of any value: each is of the wrong type in most places."""

MALFORMED = {
    "iri": ["ABC101", "ab=c://should.fail", "//example.org", "http://a b", "urn:", "http://a\u2003b", "a:{b}", "a:b\n"],
    "mailto": ["mailto:should.fail.com", "mailto:a@b@c", "ada@example.org", "mailto:a@b,c@d", "MAILTO:a@b"],
    "uuid": ["fd41c918b88b4b20a0a5a4c32391aaa0", "{fd41c918-b88b-4b20-a0a5-a4c32391aaa0}", "fd41c918-b88b-4b20-a0a5"],
    "hash": ["cd9b", "z" * 40, "0" * 41, "0" * 64 + "\n"],
    "timestamp": [
        "2026-11-22",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "12:00",
        "2026-11-22T09:30:00-00:00",
        "2026-11-22T24:00:00Z",
        "2026-11-22T09:30:60Z",
        "2016-12-31T23:59:60Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "2026-W47-7T00:00:00Z",
        "2026-11-22T09:30:00Z\n",
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "20230229T000000Z",
        "2026-11-22t09:30z",
        "2026-11-22T09:30:61Z",
    ],
    "duration": [
        "P4W1D",
        "PT",
        "P",
        "1H",
        "PT1H.5S",
        "P1.5DT1H",
        "pt1h",
        "PT1M1H",
        "P1D\n",
        "PT1,5S",
        "P1Y2M3DT4H5M6.7S",
    ],
    "language": [
        "something",
        "a12345678",
        "en_US",
        "zh-z-aaa-z-bbb",
        "sl-rozaj-Rozaj",
        "de-x",
        "x-",
        "en-",
        "i-nothing",
    ],
    "media type": ["text", "text/", "text/plain;", 'text/plain; a="', "text/plain; a=b", "text /plain"],
    "version": ["0.9.9", "1.0.", "1.1.0", "2.0.0", "2.1.0", "1.0.0\n", "1.0.3-"],
    "object type": ["Agent", "Group", "Activity", "StatementRef", "SubStatement", "agent", "Statement", "contextAgent"],
    "interaction": ["choice", "likert", "performance", "choiCe"],
    "verb": ["http://adlnet.gov/expapi/verbs/voided"],
}
"""Strings that are no value of some format, and some that are, by a hair. Each is tried in every place of a string."""


def places(value: object, before: Place = ()) -> Iterator[Place]:
    """Yield the place of the value and of everything inside it."""
    yield before
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in inner:
        yield from places(part, (*before, step))


def at(value: Any, place: Place) -> Any:
    """Return what stands at a place."""
    for step in place:
        value = value[step]
    return value


def replaced(value: Any, place: Place, part: object) -> Any:
    """Return a copy with another part at a place."""
    if not place:
        return part
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = replaced(value[place[0]], place[1:], part)
    return copy


def mutations(statement: Json) -> Iterator[Any]:
    """Yield the statement broken in every way at every place, one change each. A few of the changes break nothing."""
    for place in places(statement):
        for part in _changed(at(statement, place)):
            yield replaced(statement, place, part)


def _changed(part: Any) -> Iterator[Any]:
    """Yield what may stand in the place of a part."""
    yield from OTHERS
    if isinstance(part, str):
        yield from (text for texts in MALFORMED.values() for text in texts)
        yield from (part.upper(), part[:-1], f"{part} ", f"{part}\n", [part], {"id": part})
    elif isinstance(part, list):
        yield from (part + part, {str(index): item for index, item in enumerate(part)}, [[each] for each in part])
    elif isinstance(part, dict):
        yield [part]
        yield from _changed_keys(part)
    elif part is not None:
        yield from (str(part), -part, 10**30, 1e308)


def _changed_keys(part: Json) -> Iterator[Json]:
    """Yield an object with a key taken away, misspelt, or added."""
    for key in part:
        rest = {other: value for other, value in part.items() if other != key}
        yield rest
        for misspelt in {key.swapcase(), key.capitalize(), f"{key} ", f"{key}s"} - {key}:
            yield {**rest, misspelt: part[key]}
    for key in (
        "words",
        "",
        "id",
        "name",
        "objectType",
        "zh-z-aaa-z-bbb",
        "urn:a",
        "mbox",
        "member",
        "revision",
        "steps",
    ):
        yield {**part, key: "urn:words"}
        yield {**part, key: []}
