"""Statistics of lists of numbers, as the metrics define them."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that a share of the sorted values lies below, interpolated linearly; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the middle two; None without values."""
    return percentile(values, 0.5)


def mean(values: Sequence[float]) -> float | None:
    """The arithmetic mean; None without values."""
    return sum(values) / len(values) if values else None


def ratio(part: float, whole: float) -> float | None:
    """Part of a whole; None of nothing."""
    return part / whole if whole else None


def gini(values: Sequence[float]) -> float | None:
    """Gini's coefficient, sum of (2i - n - 1) x_i ÷ (n × sum of x), zeros included; None if there is only zero."""
    ordered, n = sorted(values), len(values)
    total = sum(ordered)
    return sum((2 * i - n - 1) * x for i, x in enumerate(ordered, 1)) / (n * total) if total else None
