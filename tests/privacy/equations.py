"""What sums give away: unknown numbers that linear equations determine, or that bounds leave no choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

Unknown: TypeAlias = Any
"""Whatever names an unknown number, and can be looked up by."""


@dataclass(frozen=True)
class Equation:
    """That the sum of some unknown numbers is known; each stands in it once."""

    unknowns: frozenset[Unknown]
    total: Fraction


def determined(equations: Sequence[Equation]) -> dict[Unknown, Fraction]:
    """Return the unknowns that the equations determine, by elimination over rational numbers.

    One is determined exactly if the vector that is 1 at it and 0 elsewhere is in the row space: in reduced form some
    row holds it alone. Raises: ValueError where the equations contradict each other.
    """
    rows: list[tuple[dict[Unknown, Fraction], Fraction]] = []
    for equation in equations:
        row, total = dict.fromkeys(equation.unknowns, Fraction(1)), equation.total
        for known, known_total in rows:
            row, total = _without(row, total, _pivot(known), known, known_total)
        if not row:
            if total:
                raise ValueError(f"a contradiction: {equation} leaves {total}")
            continue
        pivot = next(iter(row))
        factor = row[pivot]
        row, total = {name: value / factor for name, value in row.items()}, total / factor
        rows = [_without(known, known_total, pivot, row, total) for known, known_total in rows]
        rows.append(({pivot: row.pop(pivot), **row}, total))
    return {_pivot(row): total for row, total in rows if len(row) == 1}


def _pivot(row: Mapping[Unknown, Fraction]) -> Unknown:
    return next(iter(row))


def _without(
    row: Mapping[Unknown, Fraction],
    total: Fraction,
    pivot: Unknown,
    known: Mapping[Unknown, Fraction],
    known_total: Fraction,
) -> tuple[dict[Unknown, Fraction], Fraction]:
    """Take so much of a known row from a row that its pivot is gone; the row's own pivot stays its first."""
    factor = row.get(pivot, Fraction(0))
    if not factor:
        return dict(row), total
    found = dict(row)
    for name, value in known.items():
        found[name] = found.get(name, Fraction(0)) - factor * value
    return {name: value for name, value in found.items() if value}, total - factor * known_total


def ranges(equations: Sequence[Equation], bounds: Mapping[Unknown, tuple[int, int]]) -> dict[Unknown, tuple[int, int]]:
    """Return between which whole numbers each unknown must lie, if it lies within its bounds.

    Each equation is applied until none tightens anything more.
    """
    found = dict(bounds)
    while True:
        before = dict(found)
        for equation in equations:
            least, most = (sum(found[name][end] for name in equation.unknowns) for end in (0, 1))
            for name in equation.unknowns:
                low, high = found[name]
                total = int(equation.total)
                found[name] = max(low, total - (most - high)), min(high, total - (least - low))
        if found == before:
            return found
