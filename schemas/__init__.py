"""The JSON files shipped with the project, by their path below this folder."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson


@cache
def load(path: str) -> Any:
    """Return the parsed file `schemas/<path>`, for example `plugins/discussion.json`.

    Callers share one object and must not change it. Raises: FileNotFoundError.
    """
    return orjson.loads(files(__name__).joinpath(path).read_bytes())
