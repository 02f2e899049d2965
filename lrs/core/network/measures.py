"""What is said of each person in the network: who stands where in it, and who is tied to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any, Self

import numpy as np
import polars as pl

from lrs import __version__
from lrs.core.network import centrality
from lrs.core.network.communities import communities
from lrs.core.network.flows import ARC, asked, standing
from lrs.core.network.graph import SEED, graph
from lrs.core.network.holes import constraint

DEFINITIONS: Mapping[str, str] = {
    "in_degree": "people who did something toward this one",
    "out_degree": "people toward whom this one did something",
    "in_weight": "acts toward this one; one aimed at all n members of a Group counts 1/n for each",
    "out_weight": "acts by this one toward others, likewise",
    "betweenness": "share of the shortest paths between others that lead through this one, whatever direction; 0-1",
    "betweenness_error": "standard error of the betweenness where it was sampled, else null",
    "constraint": "Burt's constraint by weight: how far those around this one are tied to each other; may exceed 1",
    "pagerank": "PageRank by weight, damping 0.85: rank flows to whom is turned to; sums up to 1",
    "core": "greatest k for which this one is in a part of the network where everybody has k ties",
    "community": "part of the network with more ties inside than chance would give, numbered by size",
}
EDGES = ("source", "target", "acts", "weight")


@dataclass(frozen=True, slots=True)
class Ties:
    """Who did how much toward whom (`actor`, `target`, `acts`, `weight`), and all people in it, by their codes."""

    arcs: pl.DataFrame
    people: pl.Series

    @classmethod
    def of(cls, acts: pl.DataFrame, as_of: datetime, kinds: Sequence[str] | None) -> Self:
        """Return the ties that acts make, of some kinds or of all that are not passive."""
        told = standing(acts, as_of).filter(asked(kinds)).group_by(ARC)
        arcs = told.agg(acts=pl.len(), weight=pl.col("weight").sum()).sort(ARC)
        return cls(arcs, pl.concat([arcs["actor"], arcs["target"]]).unique().sort())


def nodes(arcs: pl.DataFrame, people: pl.Series) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Return the measures of each person (see DEFINITIONS), in the order of the people, and how they were made."""
    network = graph(arcs, people)
    around, n = network.undirected(), network.n
    between, found = centrality.betweenness(around), communities(around)
    table = pl.DataFrame(
        {
            "in_degree": np.bincount(network.sink, minlength=n),
            "out_degree": np.bincount(network.source, minlength=n),
            "in_weight": np.bincount(network.sink, network.weight, minlength=n),
            "out_weight": np.bincount(network.source, network.weight, minlength=n),
            "betweenness": between.values,
            "betweenness_error": pl.Series(between.errors, dtype=pl.Float64) if between.errors is not None else None,
            "constraint": constraint(around),
            "pagerank": centrality.pagerank(network),
            "core": centrality.core_numbers(around),
            "community": found.labels,
        }
    )
    return table, _methods(between, found.modularity, found.runs)


def _methods(between: centrality.Betweenness, modularity: float, runs: int) -> dict[str, Any]:
    rustworkx, scipy = (f"{name} {version(name)}" for name in ("rustworkx", "scipy"))
    exact = between.errors is None
    return {
        "betweenness": {
            "algorithm": "Brandes 2001, exact" if exact else "Brandes & Pich 2007, sampled",
            "library": rustworkx if exact else scipy,
            "pivots": between.pivots,
            "longest_path": None if exact else centrality.LONGEST,
            "seed": None if exact else SEED,
            "standard_error": None if between.errors is None else float(between.errors.max(initial=0)),
        },
        "constraint": {"algorithm": "Burt 1992, by weight, both directions added up", "library": scipy},
        "pagerank": {"algorithm": "Brin & Page 1998", "damping": centrality.DAMPING, "library": rustworkx},
        "core": {"algorithm": "k-core, Seidman 1983", "library": rustworkx},
        "community": {
            "algorithm": "Louvain, Blondel et al. 2008, by weight, with a queue of whom to look at and further rounds",
            "library": f"social-lrs {__version__}",
            "seed": SEED,
            "runs": runs,
            "modularity": modularity,
        },
    }
