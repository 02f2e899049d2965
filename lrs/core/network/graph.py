"""The network as arrays: who is tied to whom, and how much."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse  # type: ignore[import-untyped]

Integers: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]

SEED = 1
"""Of everything that is drawn at random: the same question has the same answer."""


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """People 0 to n - 1 and the arcs between them, from `source` to `sink`, each once and none to oneself."""

    n: int
    source: Integers
    sink: Integers
    weight: Floats

    def undirected(self) -> sparse.csr_array:
        """Return the ties as a symmetric matrix: the weights of both directions added up."""
        arcs = sparse.coo_array((self.weight, (self.source, self.sink)), shape=(self.n, self.n)).tocsr()
        ties = (arcs + arcs.T).tocsr()
        ties.sort_indices()
        return ties


def graph(arcs: pl.DataFrame, people: pl.Series) -> Graph:
    """Return the graph of arcs (`actor`, `target`, `weight`) between people, whose order is that of the numbers."""
    numbered = pl.DataFrame({"person": people}).with_row_index("number")
    ends = arcs.join(numbered.rename({"number": "source"}), left_on="actor", right_on="person")
    ends = ends.join(numbered.rename({"number": "sink"}), left_on="target", right_on="person")
    source, sink = (ends[name].cast(pl.Int64).to_numpy() for name in ("source", "sink"))
    return Graph(len(people), source, sink, ends["weight"].cast(pl.Float64).to_numpy())
