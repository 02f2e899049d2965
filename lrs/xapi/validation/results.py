"""The rules of Results and Scores (xAPI Data 2.4.5)."""

from math import isfinite

from lrs.xapi.validation.checks import Path, Shape, extensions, flag, format_of, refuse, text
from lrs.xapi.values import is_duration


def _number(value: object, where: Path) -> None:
    # type() and not isinstance: True is an int.
    if type(value) is not int and not (type(value) is float and isfinite(value)):
        refuse(where, value, "a number", "2.4.5.1")


_SCORE = Shape("a Score", "2.4.5.1", dict.fromkeys(("scaled", "raw", "min", "max"), _number))


def _score(value: object, where: Path) -> None:
    score = _SCORE(value, where)
    scaled, raw = score.get("scaled"), score.get("raw")
    low, high = score.get("min"), score.get("max")
    if scaled is not None and not -1 <= scaled <= 1:
        refuse((where, "scaled"), scaled, "between -1 and 1", "2.4.5.1")
    if low is not None and high is not None and low >= high:
        refuse((where, "min"), low, f"less than max, {high}", "2.4.5.1")
    if raw is not None and low is not None and raw < low:
        refuse((where, "raw"), raw, f"at least min, {low}", "2.4.5.1")
    if raw is not None and high is not None and raw > high:
        refuse((where, "raw"), raw, f"at most max, {high}", "2.4.5.1")


RESULT = Shape(
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
