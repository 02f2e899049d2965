"""Networks whose measures are published, as ties between people by name.

Zachary 1977 (karate), Krackhardt 1990 (kite), Padgett & Ansell 1993 (marriages of Florentine families without Pucci,
who made none), Borgatti 1997 (holes, with weights).
"""

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import rustworkx

from lrs.core.network.graph import Graph

Tie: TypeAlias = tuple[str, str]

KARATE: list[Tie] = [(str(one), str(other)) for one, other in rustworkx.generators.karate_club_graph().edge_list()]
KARATE_WEIGHTS = [float(weight) for _, _, weight in rustworkx.generators.karate_club_graph().weighted_edge_list()]
MR_HI = frozenset(map(str, (*range(9), *range(10, 14), 16, 17, 19, 21)))
"""Who stayed with Mr. Hi when the club split, by numbers from 0; the others went with the officer."""

_KITE = "01 02 03 05 13 14 16 23 25 34 35 36 46 56 57 67 78 89"
KITE: list[Tie] = [(tie[0], tie[1]) for tie in _KITE.split()]

_MARRIAGES = """
    Acciaiuoli-Medici Castellani-Peruzzi Castellani-Strozzi Castellani-Barbadori Medici-Barbadori Medici-Ridolfi
    Medici-Tornabuoni Medici-Albizzi Medici-Salviati Salviati-Pazzi Peruzzi-Strozzi Peruzzi-Bischeri Strozzi-Ridolfi
    Strozzi-Bischeri Ridolfi-Tornabuoni Tornabuoni-Guadagni Albizzi-Ginori Albizzi-Guadagni Bischeri-Guadagni
    Guadagni-Lamberteschi
"""
FLORENTINE: list[Tie] = [(one, other) for one, _, other in (tie.partition("-") for tie in _MARRIAGES.split())]

HOLES = {"AB": 2, "AF": 3, "AG": 5, "AE": 2, "EG": 8, "FG": 3, "BG": 4, "BD": 1, "DG": 3, "GC": 10}


def graph_of(ties: Iterable[Tie], weights: Iterable[float] | None = None) -> tuple[Graph, list[str]]:
    """Return a graph with an arc for each tie, and the people in the order of their numbers."""
    arcs = list(ties)
    people = sorted({person for arc in arcs for person in arc})
    source, sink = (np.array([people.index(arc[end]) for arc in arcs], dtype=np.int64) for end in (0, 1))
    weight = np.ones(len(arcs)) if weights is None else np.array(list(weights), dtype=np.float64)
    return Graph(len(people), source, sink, weight), people
