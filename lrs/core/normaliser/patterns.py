"""Regular expressions of rules and settings: only such as can't keep the normaliser busy for long.

Python's engine tries again from every place it might have stopped at, so `(a+)+b` takes 2^n steps on n letters, and
`a*a*a*b` n^4. What an admin writes is held to expressions whose steps grow slowly, and only the first `SUBJECT`
characters of a text are searched.
"""

import re
from collections.abc import Sequence

from lrs.core.normaliser.unusable import Unusable

SUBJECT = 500
"""How much of an id is searched: `a*a*b`, the worst that is taken, needs some 0.2 s for that many letters."""

_LONGEST = 200
_REPEATS = 1  # with a place to start at (`^`) one more
_OPTIONS = 10  # 2^10 ways
_BACK = "it refers back to a group"

_TOKEN = re.compile(
    r"(?P<escape>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\((?:\?(?:[:=!>]|<[=!]|P<\w+>))?)|(?P<close>\))"
    r"|(?P<exact>\{\d+\})|(?P<option>\?[?+]?)|(?P<repeat>(?:[*+]|\{\d*,\d*\})[?+]?)|(?P<other>.)",
    re.DOTALL,
)


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
        re.compile(f"{pattern.pattern}|").sub(text, "")
    except (re.error, IndexError) as error:
        why = f"{text!r} is no replacement for {pattern.pattern!r}: {error}"
        raise Unusable(why, accepted=r"text with \1 and so on for the groups of the pattern") from error
    return text


def _refuse_slow(text: str) -> None:
    if "(?P=" in text:
        raise _too_slow(text, _BACK)
    tokens = [(str(token.lastgroup), token.group()) for token in _TOKEN.finditer(text)]
    varies, closed = [False], False  # whether each open group, and the last closed one, can match in several ways
    repeats = options = 0
    for place, (kind, written) in enumerate(tokens):
        if kind == "escape" and written[1].isdigit():
            raise _too_slow(text, _BACK)
        if kind == "open":
            varies.append(False)
        elif kind == "close":
            closed = varies.pop()
            varies[-1] |= closed
        elif kind in ("exact", "repeat", "option"):
            if kind != "option" and tokens[place - 1][0] == "close" and closed:
                raise _too_slow(text, "it repeats a group that can match in several ways")
            options += kind == "option"
            repeats += kind == "repeat" and _may_go_on(tokens, place)
            varies[-1] |= kind != "exact"
        elif written == "|" and kind == "other":
            varies[-1] = True
    if repeats > _REPEATS + text.startswith("^") or options > _OPTIONS:
        raise _too_slow(text, "it leaves too many ways to try")


def _may_go_on(tokens: Sequence[tuple[str, str]], place: int) -> bool:
    """Whether what is repeated could also match what comes next: `[^/]+/` can stop at one place only."""
    atom = tokens[place - 1]
    after = [token for token in tokens[place + 1 :] if token[0] != "close"]
    if not after:
        return False
    kind, follows = after[0]
    literal = (kind == "other" and follows not in ".^$|") or (kind == "escape" and not follows[1].isalnum())
    optional = len(after) > 1 and after[1][0] in ("option", "repeat")
    return atom[0] == "close" or not literal or optional or re.fullmatch(atom[1], follows[-1]) is not None


def _too_slow(text: str, why: str) -> Unusable:
    groups = "no repeated group with a repetition or a choice in it, no references back to a group"
    once = "one repetition that doesn't end at the character after it (two after ^)"
    return Unusable(f"{text!r} may take too long: {why}", accepted=f"{groups}, {once}")
