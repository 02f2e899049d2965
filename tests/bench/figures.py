"""Times that were measured, in a few figures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Times:
    """In s."""

    count: int
    median: float
    p99: float
    most: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        told = sorted(seconds)
        return cls(len(told), told[len(told) // 2], told[min(int(len(told) * 0.99), len(told) - 1)], told[-1])

    def as_dict(self) -> dict[str, float]:
        """Return the figures for JSON."""
        return asdict(self)
