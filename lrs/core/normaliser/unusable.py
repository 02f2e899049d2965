"""What is wrong with a mapping rule or a setting, and where in it."""

from collections.abc import Iterator
from contextlib import contextmanager


class Unusable(ValueError):
    """A value that can't be used: `where` in the data (`match.verbs[0]`), `why`, and what is `accepted`."""

    def __init__(self, why: str, *, where: str = "", accepted: str = "") -> None:
        super().__init__(f"{why} (accepted: {accepted})" if accepted else why)
        self.why, self.where, self.accepted = why, where, accepted


@contextmanager
def within(step: str) -> Iterator[None]:
    """Put the step (`match`, `[0]`) before the place of whatever turns out to be unusable inside."""
    try:
        yield
    except Unusable as error:
        joint = "" if not error.where or error.where.startswith("[") else "."
        raise Unusable(error.why, where=f"{step}{joint}{error.where}", accepted=error.accepted) from error
