"""Times of storing, and the promise that nothing older will still appear (X-Experience-API-Consistent-Through).

`stored` is set before the commit, so a later `stored` can become visible first. A writer therefore counts what it has
in flight and promises: "I will commit nothing with `stored` below P".

Several processes on one database are several writers (`writers`). Each keeps a record (`registry`) with its P and a
bound U: "I tell nobody a time above U". It tells the least of its own P, every other P on record, and its U. That is
true whatever the clocks say, and whoever is late:

- P never falls, so a record that was read a while ago is only too careful.
- A writer writes a higher U first and then reads the records. A new writer writes its record first, then reads every U,
  and stores nothing below the greatest. One of the two sees the other: who tells a time without knowing of a new writer
  tells none above what that one stores.
- Writes go through sessions that are on record. To end a writer that died or fell silent, its record is marked, so that
  no session is added, and its sessions are fenced (`fences`): what it still sends is refused. Only then does its P go.
- A writer that can't know whether a write of its own came through gives its record up, to be ended likewise, and takes
  a new one. Until it has that, it tells nothing new. The greatest U of what is gone is kept.

No clock is trusted for this. One that is slow holds the told time back by as much; a new writer whose clock lies behind
what was told stores at that time until its clock gets there.
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
        self.since = clock.EPOCH  # the least `stored` of the present record

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
        in_flight = [stored for stored in self._in_flight if stored >= self.since]
        if in_flight:
            return min(in_flight)
        # One tick above the last write, so that what was just acknowledged lies below the promise.
        self._floor = max(clock.now(), self._floor, self._last + TICK)
        return self._floor

    def begin_again(self, since: datetime) -> None:
        """Give no `stored` below `since` any more, and let go what is in flight below it: it may not be written."""
        self.since = since
        self._floor = max(self._floor, since)

    def covers(self, stored: datetime) -> bool:
        """Whether a write may still take place; not when its `stored` was given under an earlier record."""
        return stored >= self.since or stored not in self._in_flight
