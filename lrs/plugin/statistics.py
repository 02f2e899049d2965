"""Statistics over sorted values, defined once for all plugins."""

from collections.abc import Sequence


def median(values: Sequence[float]) -> float | None:
    """Return the median by linear interpolation, in the values' unit; None without values."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
