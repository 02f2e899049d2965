"""Mixing: whether ties stay within groups or cross from one to another, and what chance would give."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lrs.core.network.graph import SEED, Floats, Integers

PERMUTATIONS = 199
"""How often groups are drawn anew; the least p is 1 ÷ 200."""

ROUNDING = 1e-12


def ei_index(internal: int, external: int) -> float | None:
    """Return (external - internal) ÷ (external + internal) ties, from -1 (all within) to 1; None without any.

    Source: Krackhardt & Stern 1988.
    """
    ties = internal + external
    return (external - internal) / ties if ties else None


def expected(sizes: Sequence[int], people: int) -> float | None:
    """Return the E-I index of a network of people in groups of these sizes in which everybody chooses at random.

    Closed form: 1 - 2 Σ (size ÷ Σ size)(size - 1) ÷ (people - 1); of one group alone 1 - 2 (size - 1) ÷ (people - 1).
    None where there are no two people. Source: UCINET, E-I index.
    """
    if people < 2 or not sum(sizes):
        return None
    return 1 - 2 * sum(size * (size - 1) for size in sizes) / sum(sizes) / (people - 1)


@dataclass(frozen=True, slots=True)
class Permuted:
    """How often an index is as far from its mean as the one that was found, when groups are drawn anew. Range 0-1."""

    whole: float | None
    groups: Sequence[float | None]


def permuted(groups: Integers, source: Integers, sink: Integers, permutations: int = PERMUTATIONS) -> Permuted:
    """Return the two-sided p-values of the E-I indices, of the whole and of each group, by permutation.

    `groups` has the group (from 0) of each person, and the arrays the people of each tie. The groups are dealt out
    among all people anew, with the same seed each time; ties stay. p = (1 + as far) ÷ (1 + permutations).
    Source: the quadratic assignment procedure of UCINET; Phipson & Smyth 2010 (why 1 is added).
    """
    random = np.random.default_rng(SEED)
    number, given = int(groups.max(initial=-1)) + 1, np.bincount(source, minlength=len(groups))
    sink = sink[np.argsort(source, kind="stable")]  # by source: so the sources' groups need not be looked up
    small = groups.astype(np.min_scalar_type(-number))  # quicker to shuffle and to look up
    drawn = [_indices(small, given, sink, number)]
    drawn += [_indices(random.permutation(small), given, sink, number) for _ in range(permutations)]
    values = np.array(drawn)
    return Permuted(_p(values[:, number]), [_p(values[:, group]) for group in range(number)])


def _indices(groups: npt.NDArray[Any], given: Integers, sink: Integers, number: int) -> Floats:
    """Return the index of each group's own ties and, at the end, of all; not a number where there are none.

    `given` is how many ties each person is the source of, and `sink` has whom these lead to, person by person.
    """
    own = np.repeat(groups, given)
    inside = np.bincount(own[own == groups[sink]], minlength=number)
    of_groups = np.bincount(groups, weights=given, minlength=number)
    ties, internal = np.append(of_groups, of_groups.sum()), np.append(inside, inside.sum())
    indices: Floats = np.divide(ties - 2 * internal, ties, out=np.full(number + 1, np.nan), where=ties > 0)
    return indices


def _p(values: Floats) -> float | None:
    """Return the p of the first of the values, which was found, among the others, which were drawn."""
    others = values[1:][~np.isnan(values[1:])]
    if np.isnan(values[0]) or not len(others):
        return None
    far = np.abs(others - others.mean()) >= abs(values[0] - others.mean()) - ROUNDING
    return (1 + int(far.sum())) / (1 + len(others))
