"""Regular expressions of rules and settings: only such as can't keep the normaliser busy for long.

Python's engine tries again from every place it might have stopped at, so `(a+)+b` takes 2^n steps on n letters. What
an admin writes is held to expressions whose steps grow slowly, and only the first `SUBJECT` characters are searched.
"""

import re
from dataclasses import dataclass

from lrs.core.normaliser.unusable import Unusable

SUBJECT = 1_000
_LONGEST = 200
_REPEATS = 4

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\((?:\?(?:[:=!]|<[=!]|P<\w+>))?)|(?P<close>\))"
    r"|(?P<repeat>(?:[*+]|\{\d*,\d*\}|\{\d+\}|\?)[?+]?)|(?P<other>.)",
    re.DOTALL,
)
_UNBOUNDED = re.compile(r"[*+]|\{\d*,(?:|\d{2,})\}|\{\d{2,}\}")


@dataclass(slots=True)
class _Group:
    """A group of the expression while it is read, and what makes it dear to repeat."""

    repeats: bool = False
    branches: bool = False


def compile_pattern(text: str) -> re.Pattern[str]:
    """Return the compiled expression. Raises: Unusable for one that is none, or may take too long."""
    if len(text) > _LONGEST:
        raise Unusable(f"the regular expression has {len(text)} characters", accepted=f"up to {_LONGEST}")
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise Unusable(f"{text!r} is no regular expression: {error}", accepted="the syntax of Python's re") from error
    _refuse_slow(text)
    return pattern


def found(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the first match within the first `SUBJECT` characters."""
    return pattern.search(text, 0, SUBJECT)


def checked_replacement(text: str, pattern: re.Pattern[str]) -> str:
    """Return the replacement if the pattern has the groups it names. Raises: Unusable."""
    try:
        re.compile(f"(?:{pattern.pattern})|").sub(text, "")
    except (re.error, IndexError) as error:
        why = f"{text!r} is no replacement for {pattern.pattern!r}: {error}"
        raise Unusable(why, accepted=r"text with \1 and so on for the groups of the pattern") from error
    return text


def _refuse_slow(text: str) -> None:
    groups, closed = [_Group()], _Group()
    before, wide, repeats = "", 0, 0
    for token in _TOKEN.finditer(text):
        kind, written = token.lastgroup, token.group()
        if kind == "escape" and written[1].isdigit():
            raise _too_slow(text, "it refers back to a group")
        if kind == "open":
            groups.append(_Group())
        elif kind == "close":
            closed = groups.pop()
            groups[-1].repeats |= closed.repeats
            groups[-1].branches |= closed.branches
        elif kind == "other" and written == "|":
            groups[-1].branches = True
        elif kind == "repeat" and _UNBOUNDED.match(written):
            if before == ")" and (closed.repeats or closed.branches):
                raise _too_slow(text, "it repeats a group that itself repeats or branches")
            repeats += 1
            wide += before == "."
            groups[-1].repeats = True
        before = written if kind != "repeat" else ""
    if repeats > _REPEATS or wide > (2 if text.startswith("^") else 1):
        raise _too_slow(text, "it repeats too much")


def _too_slow(text: str, why: str) -> Unusable:
    accepted = "no repeated group with a repetition or a choice in it, no back references"
    return Unusable(
        f"{text!r} may take too long: {why}",
        accepted=f"{accepted}, up to {_REPEATS} repetitions and one `.*` (two after `^`)",
    )
