"""Places in a JSON document as errors name them: `rules[2].match["http://example.org/verb"]`."""

import re
from collections.abc import Iterable

import orjson

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def written(path: Iterable[str | int]) -> str:
    """Return the path of a value from names and numbers; `body` for the whole document."""
    steps = [_step(step) for step in path]
    return "".join(steps).removeprefix(".") or "body"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN.fullmatch(step) else f"[{orjson.dumps(step[:200]).decode()}]"
