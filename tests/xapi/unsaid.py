"""The rules of the data model that a JSON Schema can't say, each told in code of its own.

The published schemas name each rule where it belongs, in a `$comment` that begins with `not said: `. With these rules
the schemas and the validator agree on everything: `tests/xapi/test_schemas.py`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from lrs.xapi import Json

_TIME = re.compile(
    r"(?P<year>....)-?(?P<month>..)-?(?P<day>..).(?P<hour>..):?(?P<minute>..)(?::?(?P<second>[0-9]{2})[.,]?[0-9]*)?"
    r"(?P<offset>[Zz]|(?P<sign>[+-])(?P<hours>..):?(?P<minutes>[0-9]{2})?)?"
)
_LANGUAGE_MAPS = ("display", "name", "description")


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A rule, the clause that makes it, a statement's part that breaks it, and whether a statement breaks it.

    `is_broken` is asked about statements that the schema accepts only, so it may rely on their shape.
    """

    name: str
    clause: str
    example: Json  # parts of a statement
    is_broken: Callable[[Json], bool]


def _parts(statement: Json) -> Iterator[tuple[str, Any]]:
    """Yield the key and value of every property at any depth, but nothing inside extensions and language maps."""
    for key, value in statement.items():
        yield key, value
        inner = value if isinstance(value, list) else [value]
        if key not in ("extensions", *_LANGUAGE_MAPS):
            for each in inner:
                if isinstance(each, dict):
                    yield from _parts(each)


def _repeats_subtags(statement: Json) -> bool:
    maps = (part for key, part in _parts(statement) if key in _LANGUAGE_MAPS and isinstance(part, dict))
    tags = [tag for each in maps for tag in each]
    tags += [part["language"] for key, part in _parts(statement) if key == "context" and "language" in part]
    return any(_repeats(tag.lower()) for tag in tags)


def _repeats(tag: str) -> bool:
    """Tell whether a well-formed tag has a variant or a singleton twice; behind `x` everything is private use."""
    subtags = tag.partition("-x-")[0].split("-")[1:]
    singletons = [index for index, each in enumerate(subtags) if len(each) == 1]
    before = subtags[: singletons[0]] if singletons else subtags
    variants = [each for each in before if len(each) >= 5 or (len(each) == 4 and each[0].isdigit())]
    letters = [subtags[index] for index in singletons]
    return len(set(variants)) < len(variants) or len(set(letters)) < len(letters)


def _times(statement: Json) -> Iterator[dict[str, str | None]]:
    for key, value in _parts(statement):
        if key in ("timestamp", "stored"):
            match = _TIME.fullmatch(value)
            assert match is not None, value
            yield match.groupdict()


def _day(time: dict[str, Any]) -> date | None:
    try:
        return date(int(time["year"]), int(time["month"]), int(time["day"]))
    except ValueError:
        return None


def _in_utc(time: dict[str, Any]) -> datetime | None:
    """Return the minute of a time whose day exists, in UTC; None outside the years 1 to 9999."""
    day = _day(time)
    assert day is not None
    offset = timedelta(hours=int(time["hours"] or 0), minutes=int(time["minutes"] or 0))
    zone = timezone(-offset if time["sign"] == "-" else offset)
    try:
        return datetime(day.year, day.month, day.day, int(time["hour"]), int(time["minute"]), tzinfo=zone).astimezone(
            UTC
        )
    except OverflowError:
        return None


def _no_such_day(statement: Json) -> bool:
    return any(_day(time) is None for time in _times(statement))


def _beyond_years(statement: Json) -> bool:
    return any(_day(time) is not None and _is_beyond(time) for time in _times(statement))


def _is_beyond(time: dict[str, Any]) -> bool:
    minute = _in_utc(time)
    # The last leap second there could be would end after the year 9999.
    return minute is None or (time["second"] == "60" and minute >= datetime(9999, 12, 31, 23, 59, tzinfo=UTC))


def _no_such_leap_second(statement: Json) -> bool:
    leaps = (time for time in _times(statement) if time["second"] == "60" and _day(time) is not None)
    return any(minute is not None and (minute.hour, minute.minute) != (23, 59) for minute in map(_in_utc, leaps))


def _no_whole_length(statement: Json) -> bool:
    return any(key == "length" and type(value) is not int for key, value in _parts(statement))


def _repeats_components(statement: Json) -> bool:
    lists = (part for key, part in _parts(statement) if key in ("choices", "scale", "source", "target", "steps"))
    return any(len({component["id"] for component in each}) < len(each) for each in lists)


def _score_out_of_order(statement: Json) -> bool:
    return any(_is_out_of_order(**part) for key, part in _parts(statement) if key == "score")


def _is_out_of_order(min: float | None = None, raw: float | None = None, max: float | None = None, **_: float) -> bool:
    if min is not None and max is not None and min >= max:
        return True
    return raw is not None and ((min is not None and raw < min) or (max is not None and raw > max))


def _nests_deeply(statement: Json) -> bool:
    extensions = (part for key, part in _parts(statement) if key == "extensions")
    return any(_levels(value) > 100 for each in extensions for value in each.values())


def _levels(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(_levels, inner), default=0)


def _deep(levels: int) -> Any:
    return [] if levels == 1 else [_deep(levels - 1)]


UNSAID = (
    Unsaid(
        "language-tag-repeats",
        "Data 4.2; RFC 5646 2.2.9",
        {"verb": {"id": "urn:did", "display": {"zh-z-aaa-z-bbb": "did"}}},
        _repeats_subtags,
    ),
    Unsaid("no-such-day", "Data 4.5", {"timestamp": "2026-02-30T09:30:00Z"}, _no_such_day),
    Unsaid("no-such-leap-second", "Data 4.5", {"timestamp": "2026-11-22T09:30:60Z"}, _no_such_leap_second),
    Unsaid("beyond-years", "Data 4.5", {"timestamp": "9999-12-31T23:30:00-01:00"}, _beyond_years),
    Unsaid(
        "whole-length",
        "Data 2.4.11",
        {
            "attachments": [
                {
                    "usageType": "urn:essay",
                    "display": {},
                    "contentType": "text/plain",
                    "length": 27.0,
                    "sha2": "0" * 64,
                }
            ]
        },
        _no_whole_length,
    ),
    Unsaid(
        "distinct-components",
        "Data 2.4.4.1",
        {"object": {"id": "urn:a", "definition": {"interactionType": "likert", "scale": [{"id": "a"}, {"id": "a"}]}}},
        _repeats_components,
    ),
    Unsaid("score-order", "Data 2.4.5.1", {"result": {"score": {"raw": 11, "max": 10}}}, _score_out_of_order),
    Unsaid("nesting", "a limit of this LRS", {"context": {"extensions": {"urn:deep": _deep(101)}}}, _nests_deeply),
)
"""All of them."""
