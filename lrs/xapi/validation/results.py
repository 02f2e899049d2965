"""The rules of Results and Scores (xAPI Data 2.4.5)."""

from math import inf, isfinite

from lrs.xapi import Json
from lrs.xapi.validation.checks import extensions, flag, format_of, refuse, shape, text
from lrs.xapi.values import is_duration


def _number(value: object) -> None:
    # type() and not isinstance: True is an int.
    if type(value) is not int and not (type(value) is float and isfinite(value)):
        refuse(value, "a number", "2.4.5.1")


_numbers = shape("a Score", "2.4.5.1", dict.fromkeys(("scaled", "raw", "min", "max"), _number))


def is_ordered(score: Json) -> bool:
    """Tell whether min is less than max and raw lies between them, where they are given (xAPI Data 2.4.5.1)."""
    low, high = score.get("min", -inf), score.get("max", inf)
    return bool(low < high and low <= score.get("raw", low) and score.get("raw", high) <= high)


def _score(value: object) -> None:
    score = _numbers(value)
    scaled, raw = score.get("scaled"), score.get("raw")
    low, high = score.get("min"), score.get("max")
    if scaled is not None and not -1 <= scaled <= 1:
        refuse(scaled, "between -1 and 1", "2.4.5.1", below=("scaled",))
    if is_ordered(score):
        return
    if low is not None and high is not None and low >= high:
        refuse(low, f"less than max, {high}", "2.4.5.1", below=("min",))
    bound = f"at least min, {low}" if low is not None and raw < low else f"at most max, {high}"
    refuse(raw, bound, "2.4.5.1", below=("raw",))


result = shape(
    "a Result",
    "2.4.5",
    {
        "score": _score,
        "success": flag("2.4.5"),
        "completion": flag("2.4.5"),
        "response": text("2.4.5"),
        "duration": format_of(is_duration, "an ISO 8601 duration", "4.6", "such as PT1H30M or P4W"),
        "extensions": extensions,
    },
)
"""Check a Result with its Score."""
