"""Settings as they are given on the command line: a JSON file, or SETTING=VALUE."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from lrs.errors import BadRequest
from lrs.xapi import Json


def read(given: Sequence[str], changed: Json) -> Any:
    """Return what a file holds, or what was chosen before with the settings that are given.

    Raises: BadRequest for a file that can't be read, and for what is neither.
    """
    pairs = [each.partition("=") for each in given]
    if len(given) == 1 and not pairs[0][1]:
        try:
            return orjson.loads(Path(given[0]).read_bytes())
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise BadRequest("the file can't be read", where=given[0], why=why, accepted="a JSON object") from error
    for setting, equals, _ in pairs:
        if not equals or not setting:
            accepted = "one JSON file, or SETTING=VALUE as often as needed"
            raise BadRequest("this is no setting", where=setting, why="it has no name and =", accepted=accepted)
    if not given:
        raise BadRequest("nothing is configured", where="arguments", accepted="a JSON file, or SETTING=VALUE")
    return {**changed, **{setting: _value(text) for setting, _, text in pairs}}


def _value(text: str) -> Any:
    """Return the JSON that a text is, or the text itself."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
