"""The bodies of requests, as what they hold."""

import json
from typing import Any

import orjson

from lrs.errors import BadRequest


def parse(body: bytes, *, names_once: bool = False) -> Any:
    """Return the JSON of a request's body; with `names_once` no object in it may have a name twice.

    Raises: BadRequest with the place of the first fault.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _not_json(body, error) from error
    if names_once and _may_repeat_names(body, parsed):
        try:
            json.loads(body, object_pairs_hook=_refuse_repeated, parse_int=str)
        except RecursionError as error:
            why, accepted = "names can't be compared so far in", "up to 100 levels"
            raise BadRequest("the body is nested too deeply", where="body", why=why, accepted=accepted) from error
    return parsed


def _may_repeat_names(body: bytes, parsed: Any) -> bool:
    """Tell whether a name in the text may be gone in what was read of it, the last of equal ones being kept."""
    try:
        written = orjson.dumps(parsed)
    except TypeError:  # an integer beyond 64 bits
        return True
    # Each name and string has two quotes, however the text is spaced; written otherwise is only \u0022 for one.
    return body.count(b'"') != written.count(b'"') or b"\\u0022" in body


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(pairs)
    if len(named) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        why = f"{json.dumps(twice[:60], ensure_ascii=False)} is there twice in one object (IEEE 9274.1.1 4.2.1)"
        raise BadRequest("the body is ambiguous", where="body", why=why, accepted="each name once in an object")
    return named


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> BadRequest:
    what, where, why = "the body is not JSON", f"line {error.lineno}, column {error.colno}", error.msg
    if "depth" in error.msg:
        what, why = "the body is nested too deeply", "more than 1024 levels"
    try:
        body.decode()
    except UnicodeDecodeError as undecodable:  # orjson doesn't say where
        where, why = f"byte {undecodable.start + 1}", f"not UTF-8: {undecodable.reason}"
    return BadRequest(what, where=f"body, {where}", why=why, accepted="one JSON document in UTF-8")
