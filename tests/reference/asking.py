"""Short ways to ask the reference about the week of the samples."""

from typing import Any

from .evaluation import evaluate
from .guard import Row
from .samples import MONDAY, WEEK, minute
from .statements import Statement


def rows(statements: list[Statement], metric: str, **asked: Any) -> list[Row]:
    """The rows over the week from MONDAY unless asked otherwise, looked at long after."""
    window: dict[str, Any] = {"since": MONDAY, "until": minute(WEEK), "now": minute(100 * WEEK)}
    return evaluate(statements, metric=metric, **(window | asked))


def raw(statements: list[Statement], metric: str, **asked: Any) -> float | int | None:
    """The unguarded value of the whole store."""
    (row,) = rows(statements, metric, guarded=False, **asked)
    return row.value
