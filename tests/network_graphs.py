"""Networks whose measures are published, as ties between people by name.

Zachary 1977 (karate), Krackhardt 1990 (kite), Padgett & Ansell 1993 (marriages of Florentine families, without Pucci, who
had none), Borgatti 1997 (holes).
"""

import rustworkx

from lrs.core.network.graph import Graph
import numpy as np

KARATE = [(str(one), str(other)) for one, other in rustworkx.generators.karate_club_graph().edge_list()]
MR_HI = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "10", "11", "12", "13", "16", "17", "19", "21"}
"""Whose club each member joined after the split, by numbers from 0; the others joined the officer's."""

KITE = [tuple(tie) for tie in "01 02 03 05 13 14 16 23 25 34 35 36 46 56 57 67 78 89".split()]

FLORENTINE = [
    tuple(tie.split("-"))
    for tie in """
    Acciaiuoli-Medici Castellani-Peruzzi Castellani-Strozzi Castellani-Barbadori Medici-Barbadori Medici-Ridolfi
    Medici-Tornabuoni Medici-Albizzi Medici-Salviati Salviati-Pazzi Peruzzi-Strozzi Peruzzi-Bischeri Strozzi-Ridolfi
    Strozzi-Bischeri Ridolfi-Tornabuoni Tornabuoni-Guadagni Albizzi-Ginori Albizzi-Guadagni Bischeri-Guadagni
    Guadagni-Lamberteschi
    """.split()
]

HOLES = {"AB": 2, "AF": 3, "AG": 5, "AE": 2, "EG": 8, "FG": 3, "BG": 4, "BD": 1, "DG": 3, "GC": 10}
