"""Two networks with weights: who met whom at how many events, and who appears with whom in how many chapters.

The events are those that 18 women of a town went to in the 1930s (Davis, Gardner & Gardner 1941, *Deep South*), the
chapters those of *Les Misérables* (Knuth 1993, *The Stanford GraphBase*, data of coappearance).
"""

from itertools import combinations

from tests.network_graphs import Tie

_WENT = {
    "Evelyn": "1 2 3 4 5 6 8 9",
    "Laura": "1 2 3 5 6 7 8",
    "Theresa": "2 3 4 5 6 7 8 9",
    "Brenda": "1 3 4 5 6 7 8",
    "Charlotte": "3 4 5 7",
    "Frances": "3 5 6 8",
    "Eleanor": "5 6 7 8",
    "Pearl": "6 8 9",
    "Ruth": "5 7 8 9",
    "Verne": "7 8 9 12",
    "Myra": "8 9 10 12",
    "Katherina": "8 9 10 12 13 14",
    "Sylvia": "7 8 9 10 12 13 14",
    "Nora": "6 7 9 10 11 12 13 14",
    "Helen": "7 8 10 11 12",
    "Dorothy": "8 9",
    "Olivia": "9 11",
    "Flora": "9 11",
}
ATTENDED: dict[str, frozenset[int]] = {name: frozenset(map(int, events.split())) for name, events in _WENT.items()}
"""Which of the 14 events each woman went to."""

MET: dict[Tie, int] = {
    (one, other): len(both) for one, other in combinations(ATTENDED, 2) if (both := ATTENDED[one] & ATTENDED[other])
}
"""At how many events two of them met."""

_TOGETHER = """
    Myriel: Napoleon 1, Baptistine 8, Magloire 10, Countess 1, Geborand 1, Champtercier 1, Cravatte 1, Count 2, Old 1
    Baptistine: Magloire 6
    Valjean: Labarre 1, Magloire 3, Baptistine 3, Myriel 5, Marguerite 1, DeR 1, Isabeau 1, Gervais 1, Fantine 9,
        MmeThenardier 7, Thenardier 12, Cosette 31, Javert 17, Fauchelevent 8, Bamatabois 2, Simplice 3, Scaufflaire 1,
        Woman1 2, Judge 3, Champmathieu 3, Brevet 2, Chenildieu 2, Cochepaille 2, Woman2 3, Innocent 1, Gavroche 1,
        Gillenormand 2, MlleGillenormand 2, Marius 19, Enjolras 4, Bossuet 1, Gueulemer 1, Babet 1, Claquesous 1,
        Montparnasse 1, Toussaint 1
    Tholomyes: Listolier 4, Fameuil 4, Blacheville 4, Favourite 3, Dahlia 3, Zephine 3, Fantine 3, Cosette 1, Marius 1
    Listolier: Fameuil 4, Blacheville 4, Favourite 3, Dahlia 3, Zephine 3, Fantine 3
    Fameuil: Blacheville 4, Favourite 3, Dahlia 3, Zephine 3, Fantine 3
    Blacheville: Favourite 4, Dahlia 3, Zephine 3, Fantine 3
    Favourite: Dahlia 5, Zephine 4, Fantine 4
    Dahlia: Zephine 4, Fantine 4
    Fantine: Zephine 4, Marguerite 2, MmeThenardier 2, Thenardier 1, Javert 5, Bamatabois 1, Perpetue 1, Simplice 2
    Thenardier: MmeThenardier 13, Cosette 1, Javert 5, Pontmercy 1, Boulatruelle 1, Eponine 3, Anzelma 2, Gavroche 1,
        Marius 2, Gueulemer 5, Babet 6, Claquesous 4, Montparnasse 1, Brujon 3
    MmeThenardier: Cosette 4, Javert 1, Eponine 2, Anzelma 1, Magnon 1, Gueulemer 1, Babet 1, Claquesous 1
    Cosette: Javert 1, Woman2 1, Gillenormand 3, MlleGillenormand 2, LtGillenormand 1, Marius 21, Toussaint 2
    Javert: Fauchelevent 1, Bamatabois 1, Simplice 1, Woman1 1, Woman2 1, Gavroche 1, Enjolras 6, Gueulemer 1, Babet 2,
        Claquesous 1, Montparnasse 1, Toussaint 1
    Perpetue: Simplice 2
    Bamatabois: Judge 2, Champmathieu 2, Brevet 1, Chenildieu 1, Cochepaille 1
    Judge: Champmathieu 3, Brevet 2, Chenildieu 2, Cochepaille 2
    Champmathieu: Brevet 2, Chenildieu 2, Cochepaille 2
    Brevet: Chenildieu 2, Cochepaille 2
    Chenildieu: Cochepaille 2
    Eponine: Anzelma 2, Marius 5, Mabeuf 1, Courfeyrac 1, Gueulemer 1, Babet 1, Claquesous 1, Montparnasse 1, Brujon 1
    Fauchelevent: Innocent 3, Gribier 2
    Burgon: Jondrette 1, Gavroche 2
    Gillenormand: Magnon 1, MlleGillenormand 9, LtGillenormand 1, Marius 12, Baroness 1
    MlleGillenormand: MmePontmercy 1, Vaubois 1, LtGillenormand 2, Marius 6
    Pontmercy: MmePontmercy 1, Marius 1
    Marius: LtGillenormand 1, Gavroche 4, Baroness 1, Mabeuf 1, Enjolras 7, Combeferre 5, Feuilly 1, Courfeyrac 9,
        Bahorel 1, Bossuet 5, Joly 2
    Gavroche: Mabeuf 1, Enjolras 7, Combeferre 6, Prouvaire 1, Feuilly 2, Courfeyrac 7, Bahorel 5, Bossuet 5, Joly 3,
        Grantaire 1, Gueulemer 1, Babet 1, Montparnasse 1, Child1 2, Child2 2, Brujon 1, Hucheloup 1
    Enjolras: Mabeuf 1, Combeferre 15, Prouvaire 4, Feuilly 6, Courfeyrac 17, Bahorel 4, Bossuet 10, Joly 5,
        Grantaire 3, Claquesous 1, Hucheloup 1
    Combeferre: Mabeuf 2, Prouvaire 2, Feuilly 5, Courfeyrac 13, Bahorel 5, Bossuet 9, Joly 5, Grantaire 1
    Prouvaire: Feuilly 2, Courfeyrac 3, Bahorel 2, Bossuet 2, Joly 2, Grantaire 1
    Feuilly: Mabeuf 1, Courfeyrac 6, Bahorel 3, Bossuet 6, Joly 5, Grantaire 1
    Courfeyrac: Mabeuf 2, Bahorel 6, Bossuet 12, Joly 5, Grantaire 2, Hucheloup 1
    Bahorel: Mabeuf 2, Bossuet 4, Joly 5, Grantaire 1, Hucheloup 1
    Bossuet: Mabeuf 1, Joly 7, Grantaire 3, Hucheloup 1
    Joly: Mabeuf 1, Grantaire 2, Hucheloup 1
    Grantaire: Hucheloup 1
    Mabeuf: Plutarch 3
    Gueulemer: Babet 6, Claquesous 4, Montparnasse 2, Brujon 3
    Babet: Claquesous 4, Montparnasse 2, Brujon 3
    Claquesous: Montparnasse 2, Brujon 1
    Montparnasse: Brujon 1
    Child1: Child2 3
"""


def _weights(text: str) -> dict[Tie, int]:
    """The weights of ties that are told as `one: other weight, ...`; a line that is indented more goes on."""
    found: dict[Tie, int] = {}
    one, other = "", ""
    for word in text.replace(",", " ").replace(":", ": ").split():
        if word.endswith(":"):
            one = word[:-1]
        elif word.isdigit():
            found[one, other] = int(word)
        else:
            other = word
    return found


MISERABLES = _weights(_TOGETHER)
"""In how many chapters two of the novel's people appear together."""
