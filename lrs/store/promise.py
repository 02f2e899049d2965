"""Times of storing, and the promise that nothing older will still appear (X-Experience-API-Consistent-Through).

`stored` is set before the commit, so a later `stored` can become visible first. A writer therefore counts what it has
in flight and promises: "I will commit nothing with `stored` below P".
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from lrs import clock

TICK = timedelta(milliseconds=1)


class Promise:
    """The promise of one process. `stored` never goes back, even when the machine's clock does."""

    def __init__(self) -> None:
        self._floor = self._last = clock.now()  # the least `stored` still to be given; the greatest given
        self._in_flight: Counter[datetime] = Counter()

    @contextmanager
    def storing(self) -> Iterator[datetime]:
        """Give the `stored` of a write and keep the promise at or below it until the block ends."""
        stored = self._floor = self._last = max(clock.now(), self._floor)
        self._in_flight[stored] += 1
        try:
            yield stored
        finally:
            self._in_flight[stored] -= 1
            if not self._in_flight[stored]:
                del self._in_flight[stored]

    def through(self) -> datetime:
        """Return P: everything with `stored` before it is committed or never will be (xAPI Communication 2.1.3)."""
        if self._in_flight:
            return min(self._in_flight)
        # One tick above the last write, so that what was just acknowledged lies below the promise.
        self._floor = max(clock.now(), self._last + TICK)
        return self._floor
