"""Answers as files, and for a minute the files that clients read in pieces.

A client such as polars or DuckDB reads the end of a Parquet file first, then parts of it. Every answer is computed
anew, so its pieces would not fit together where something was stored in between.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypeAlias

from lrs import clock

Key: TypeAlias = tuple[str, ...]

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
SVG, PNG = "image/svg+xml", "image/png"

KEPT = timedelta(minutes=1)
MOST_BYTES = 32_000_000  # kept by one process


@dataclass(frozen=True, slots=True)
class File:
    """An answer as a file."""

    name: str
    media_type: str
    content: bytes

    @property
    def etag(self) -> str:
        """The strong validator of the content (RFC 9110, section 8.8.3)."""
        return f'"{blake2b(self.content, digest_size=16).hexdigest()}"'


class KeptFiles:
    """The files that a process has answered with in the last minute, by store and question."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._files: OrderedDict[Key, tuple[datetime, File]] = OrderedDict()
        self._most = most_bytes

    def get(self, key: Key) -> File | None:
        """Return the file if it is not older than a minute."""
        kept = self._files.get(key)
        return kept[1] if kept is not None and clock.now() - kept[0] <= KEPT else None

    def put(self, key: Key, file: File) -> None:
        """Keep a file in the place of the one before; the oldest go when there are too many bytes."""
        self._files.pop(key, None)
        if len(file.content) <= self._most:
            self._files[key] = (clock.now(), file)
        while self._files and (self._size() > self._most or self._is_old(next(iter(self._files)))):
            self._files.popitem(last=False)

    def _size(self) -> int:
        return sum(len(file.content) for _, file in self._files.values())

    def _is_old(self, key: Key) -> bool:
        return clock.now() - self._files[key][0] > KEPT
