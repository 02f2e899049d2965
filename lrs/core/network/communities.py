"""Communities: parts of the network with more ties inside than chance would give."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]

from lrs.core.network.graph import SEED, Integers

SMALL = 20_000  # ties, as a matrix has them: up to here there are several runs, each until nothing gets better
RUNS, ROUNDS = 10, 100  # the best run counts; a run has up to so many rounds
LARGE_RUNS, LARGE_ROUNDS = 1, 2
GAIN = 1e-12  # of all weight, what a move must bring: less comes of rounding, and could go back and forth


@dataclass(frozen=True, slots=True, eq=False)
class Communities:
    """Which community each person is in, numbered from 0 by size, and the modularity of it all."""

    labels: Integers
    modularity: float
    runs: int


def communities(ties: sparse.csr_array, seed: int = SEED) -> Communities:
    """Return the communities by Louvain's method, with the local moves of Leiden's.

    The order in which people are looked at is drawn at random; in small networks the best of some runs counts.
    Source: Blondel et al. 2008; Traag, Waltman & van Eck 2019 (the queue of whom to look at).
    """
    random = np.random.default_rng(seed)
    runs, rounds = (RUNS, ROUNDS) if ties.nnz <= SMALL else (LARGE_RUNS, LARGE_ROUNDS)
    found = [_louvain(ties, random, rounds) for _ in range(runs)]
    best = max(found, key=lambda labels: modularity(ties, labels))  # the first of equals
    return Communities(_by_size(best), modularity(ties, best), runs)


def modularity(ties: sparse.csr_array, labels: Integers) -> float:
    """Return Σ_c (w_c ÷ W - (d_c ÷ W)²), w_c being the weight within a community and d_c of its people. Up to 1.

    The matrix has every tie twice, so W is twice the weight of all ties; without any the value is 0.
    Source: Newman & Girvan 2004.
    """
    total = float(ties.sum())
    if not total:
        return 0.0
    entries = ties.tocoo()
    inside = float(entries.data[labels[entries.row] == labels[entries.col]].sum())
    masses = np.bincount(labels, weights=ties.sum(axis=1))
    return inside / total - float(((masses / total) ** 2).sum())


def _louvain(ties: sparse.csr_array, random: np.random.Generator, rounds: int) -> Integers:
    """Find communities, and in further rounds better ones by moving people between those, while that helps."""
    best = _merged(ties, random, np.arange(ties.shape[0]))
    for _ in range(rounds - 1):
        labels = _merged(ties, random, best)
        if modularity(ties, labels) <= modularity(ties, best) + GAIN:
            break
        best = labels
    return best


def _merged(ties: sparse.csr_array, random: np.random.Generator, labels: Integers) -> Integers:
    """Move people between communities, then whole communities as if each was a person, until nothing moves."""
    moved = labels = _moved(ties, random, labels)
    while True:
        size, number = len(moved), int(moved.max(initial=-1)) + 1
        if number == size:
            return labels
        joined = sparse.csr_array((np.ones(size), (np.arange(size), moved)), shape=(size, number))
        ties = (joined.T @ ties @ joined).tocsr()
        moved = _moved(ties, random, np.arange(number))
        labels = moved[labels]


def _moved(ties: sparse.csr_array, random: np.random.Generator, labels: Integers) -> Integers:
    """Move each to the neighbouring community that gains most, until nobody moves; return communities from 0 on."""
    order, degree = random.permutation(len(labels)).tolist(), ties.sum(axis=1)
    total, of, mass = float(degree.sum()), labels.tolist(), np.bincount(labels, weights=degree).tolist()
    degrees, starts, neighbours = degree.tolist(), ties.indptr.tolist(), ties.indices.tolist()
    weights, waiting, is_waiting = ties.data.tolist(), deque(order), [True] * len(order)
    while waiting:
        one = waiting.popleft()
        is_waiting[one] = False
        around = neighbours[starts[one] : starts[one + 1]]
        links: dict[int, float] = {of[one]: 0.0}
        for other, weight in zip(around, weights[starts[one] : starts[one + 1]], strict=True):
            if other != one:
                links[of[other]] = links.get(of[other], 0.0) + weight
        mass[of[one]] -= degrees[one]
        best = _best(links, mass, of[one], degrees[one] / total if total else 0.0, GAIN * total)
        mass[best] += degrees[one]
        if best != of[one]:
            of[one] = best
            for other in around:
                if of[other] != best and not is_waiting[other]:
                    is_waiting[other] = True
                    waiting.append(other)
    return np.unique(np.array(of, dtype=np.int64), return_inverse=True)[1].astype(np.int64)


def _best(links: Mapping[int, float], mass: Sequence[float], own: int, share: float, least: float) -> int:
    """Return the community to be in: where the weight of ties exceeds most what chance would give."""
    best, most = own, links[own] - share * mass[own] + least
    for community, weight in links.items():
        if (gain := weight - share * mass[community]) > most:
            best, most = community, gain
    return best


def _by_size(labels: Integers) -> Integers:
    """Number communities by size, the greatest first; of equal ones that of the first person."""
    _, first, counts = np.unique(labels, return_index=True, return_counts=True)
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.lexsort((first, -counts))] = np.arange(len(counts))
    return ranks[labels]
