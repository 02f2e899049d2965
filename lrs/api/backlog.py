"""Back-pressure: how much of the requests under way one process holds in memory.

A database that is slow makes requests wait, and each of them holds what it sent. Beyond a limit new ones are sent away
with 503 and Retry-After, so that those that wait are served and the process never grows without end.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from lrs.errors import Unavailable

LEAST_BYTES = 32_000_000  # of bodies; read and ready to be written they take several times as much
REQUEST_BYTES = 16_000  # what a request with a small body takes all the same


class Share:
    """What one request holds."""

    def __init__(self, backlog: "Backlog") -> None:
        self._backlog = backlog
        self.size = 0

    def add(self, size: int) -> None:
        """Hold more. Raises: Unavailable when all requests together hold too much, unless this one is alone."""
        held = self._backlog.held
        if held + size > self._backlog.most and held > self.size:
            why = f"{held} bytes of other requests wait to be written"
            raise Unavailable("the store can't keep up", why=why, accepted="the same request again in a moment")
        self.size += size
        self._backlog.held += size

    def read(self) -> None:
        """Count what a request takes beside its body, once that is read: until then it may just be slow."""
        self.add(max(REQUEST_BYTES - self.size, 0))


class Backlog:
    """What all requests of a process hold; a body may have `most_of_one` bytes."""

    def __init__(self, most_of_one: int) -> None:
        self.most = max(LEAST_BYTES, 2 * most_of_one)
        self.held = 0

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Give the share of one request, which ends with the block."""
        share = Share(self)
        try:
            yield share
        finally:
            self.held -= share.size
