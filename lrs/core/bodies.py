"""The bodies of requests, as what they hold."""

from typing import Any

import orjson

from lrs.errors import BadRequest


def parse(body: bytes) -> Any:
    """Return the JSON of a request's body. Raises: BadRequest with the place of the first fault."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _not_json(body, error) from error


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> BadRequest:
    what, where, why = "the body is not JSON", f"line {error.lineno}, column {error.colno}", error.msg
    if "depth" in error.msg:
        what, why = "the body is nested too deeply", "more than 1024 levels"
    try:
        body.decode()
    except UnicodeDecodeError as undecodable:  # orjson doesn't say where
        where, why = f"byte {undecodable.start + 1}", f"not UTF-8: {undecodable.reason}"
    return BadRequest(what, where=f"body, {where}", why=why, accepted="one JSON document in UTF-8")
