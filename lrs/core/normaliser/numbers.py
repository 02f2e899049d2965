"""Numbers that statements tell in places nobody validates."""

from typing import Any, TypeGuard

_BEYOND = 2**63


def is_number(value: Any) -> TypeGuard[float]:
    """Tell whether the JSON value is a number that can be kept: in 64 bits, as the database does."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, float) or -_BEYOND <= value < _BEYOND
