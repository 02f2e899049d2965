"""Centrality: who stands between others, and who is turned to."""

from dataclasses import dataclass

import numpy as np
import rustworkx
from scipy import sparse  # type: ignore[import-untyped]

from lrs.core.network.graph import SEED, Floats, Graph, Integers

EXACT_WORK = 40_000_000
"""People times ties up to which betweenness is exact: about half a second."""

LEAST_PIVOTS = 256
LONGEST = 64  # steps of a path that is followed from a pivot; people are hardly ever that far from each other
TOGETHER = 64  # pivots at a time: what is known of them stays in the processor's cache

DAMPING = 0.85


@dataclass(frozen=True, slots=True, eq=False)
class Betweenness:
    """Betweenness of each person, and where it was sampled from how many pivots, and each value's standard error."""

    values: Floats
    pivots: int | None = None
    errors: Floats | None = None


def betweenness(ties: sparse.csr_array, exact_work: int = EXACT_WORK) -> Betweenness:
    """Return Σ σ_st(v) ÷ σ_st over pairs s, t of others, ÷ (n - 1)(n - 2) ÷ 2. Range 0-1.

    σ_st counts the shortest paths between s and t, σ_st(v) those through v; a tie is one step, whatever its weight and
    direction. Source: Freeman 1977; exact by Brandes 2001, in large networks sampled as Brandes & Pich 2007 do.
    """
    n = ties.shape[0]
    if n < 3:
        return Betweenness(np.zeros(n))
    if n * ties.nnz <= exact_work:
        found = rustworkx.betweenness_centrality(_undirected(ties), normalized=True, parallel_threshold=n + 1)
        return Betweenness(np.fromiter((found[each] for each in range(n)), np.float64, n))
    pivots = min(n, max(LEAST_PIVOTS, exact_work // ties.nnz))
    return sampled(ties, np.random.default_rng(SEED).permutation(n)[:pivots])


def sampled(ties: sparse.csr_array, pivots: Integers) -> Betweenness:
    """Return betweenness as estimated by the shortest paths from some people, the pivots, to all others.

    The estimate is n ÷ k times what k pivots give; its standard error comes of how far they differ, and is 0 when
    everybody is one. Paths of more than LONGEST steps are left out. Source: Brandes & Pich 2007.
    """
    n, k = ties.shape[0], len(pivots)
    steps = sparse.csr_array((np.ones(ties.nnz), ties.indices, ties.indptr), shape=ties.shape)
    total, squares = np.zeros(n), np.zeros(n)
    for begin in range(0, k, TOGETHER):
        dependencies = _dependencies(steps, pivots[begin : begin + TOGETHER])
        total += dependencies.sum(axis=1)
        squares += (dependencies**2).sum(axis=1)
    pairs = (n - 1) * (n - 2)
    variance = np.maximum(squares - total**2 / k, 0) / max(k - 1, 1)
    errors = n / pairs * np.sqrt(variance / k * (1 - k / n))
    return Betweenness(total * n / k / pairs, k, errors)


def pagerank(graph: Graph) -> Floats:
    """Return the PageRank of each person, damping 0.85, over arcs by weight: rank flows to whom is turned to. Sum 1.

    Source: Brin & Page 1998.
    """
    arcs = rustworkx.PyDiGraph(multigraph=False)
    arcs.add_nodes_from(range(graph.n))
    arcs.add_edges_from(
        list(zip(graph.source.tolist(), graph.sink.tolist(), graph.weight.tolist(), strict=True)),
    )
    found = rustworkx.pagerank(arcs, alpha=DAMPING, weight_fn=float, max_iter=200)
    return np.fromiter((found[each] for each in range(graph.n)), np.float64, graph.n)


def core_numbers(ties: sparse.csr_array) -> Integers:
    """Return the greatest k of each person for which all in a part of the network have k ties within it. Unit: ties.

    Source: Seidman 1983.
    """
    found: dict[int, int] = rustworkx.core_number(_undirected(ties))  # type: ignore[assignment]  # it says int
    return np.fromiter((found[each] for each in range(ties.shape[0])), np.int64, ties.shape[0])


def _dependencies(steps: sparse.csr_array, pivots: Integers) -> Floats:
    """Return the dependency of each pivot (column) on each person (row): a breadth-first search, and back again."""
    columns = np.arange(len(pivots))
    paths = np.zeros((steps.shape[0], len(pivots)))
    paths[pivots, columns] = 1
    seen, levels = paths > 0, [paths]
    while len(levels) <= LONGEST:
        paths = steps @ levels[-1]
        paths[seen] = 0
        if not paths.any():
            break
        seen |= paths > 0
        levels.append(paths)
    dependencies = np.zeros(paths.shape)
    for nearer, further in zip(levels[-2::-1], levels[:0:-1], strict=True):
        share = np.divide(1 + dependencies, further, out=np.zeros(further.shape), where=further > 0)
        dependencies += nearer * (steps @ share)
    dependencies[pivots, columns] = 0
    return dependencies


def _undirected(ties: sparse.csr_array) -> rustworkx.PyGraph[None, None]:
    """Return the ties as a graph of the library, each once."""
    once = sparse.triu(ties, k=1).tocoo()
    made: rustworkx.PyGraph[None, None] = rustworkx.PyGraph(multigraph=False)
    made.add_nodes_from([None] * ties.shape[0])
    made.add_edges_from_no_data(list(zip(once.row.tolist(), once.col.tolist(), strict=True)))
    return made
