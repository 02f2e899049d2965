"""Structural holes: how far somebody's ties lead to people who have ties to each other anyway."""

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from lrs.core.network.graph import Floats

MOST_WEDGES = 5_000_000
"""Two ties in a row that are looked at together: about 100 MB."""


def constraint(ties: sparse.csr_array) -> Floats:
    """Return Burt's constraint Σ_j (p_ij + Σ_q p_iq p_qj)² of each person i over the people j that i is tied to.

    p_ij is the tie's share of all of i's weight, both directions added up. From 0 (open) on; it can exceed 1, and is
    not a number for whoever has no tie. Source: Burt 1992.
    """
    degrees = ties.sum(axis=1)
    shares = (sparse.diags_array(np.divide(1, degrees, out=np.zeros(len(degrees)), where=degrees > 0)) @ ties).tocsr()
    known = ties.astype(bool)
    values = np.full(ties.shape[0], np.nan)
    for begin, end in _parts(ties):
        rows = shares[begin:end]
        indirect = (rows @ shares).multiply(known[begin:end])
        values[begin:end] = (rows + indirect).power(2).sum(axis=1)
    values[degrees == 0] = np.nan
    return values


def _parts(ties: sparse.csr_array) -> list[tuple[int, int]]:
    """Cut the people into parts, in each of which there are not too many ties of their ties to look at."""
    wedges = np.cumsum(ties.astype(bool).astype(np.int64) @ np.diff(ties.indptr).astype(np.int64))
    n, parts, begin = ties.shape[0], [], 0
    while begin < n:
        before = wedges[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(wedges, before + MOST_WEDGES, side="right")))
        parts.append((begin, end))
        begin = end
    return parts
