"""What the matrix of groups says of each group: how much stays inside, what comes back, who bridges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import polars as pl

from lrs.core.analytics.guard import Reason, Shown
from lrs.core.network.chance import Chance
from lrs.core.network.counts import BRIDGED, Counts, counts_of, counts_of_all
from lrs.core.network.flows import NOWHERE
from lrs.core.network.matrix import Matrix
from lrs.core.network.mixing import ei_index
from lrs.core.network.suppression import DIAGONAL, INSIDE, OUTSIDE, ROW

LEAST_TIES = 10  # of a ratio
LEAST_ROSTER = 10  # people, of a density

DEFINITIONS: Mapping[str, str] = {
    "acts": "acts by people of the source toward people of the target, as they belonged at that time",
    "ties": "ordered pairs of people of whom the one did something toward the other",
    "internal": "ties to people of the same group",
    "external": "ties to people of other groups, and not of the same",
    "ei_index": "(external - internal) / (external + internal), from -1 (all inside) to 1 (all outside)",
    "expected": "the E-I index if everybody chose at random, by the sizes of the groups alone",
    "p": "how often the index is as far from its mean when groups are dealt out among people anew (two-sided)",
    "density": "ties between members / n(n - 1), n being how many members there are, silent ones included",
    "reciprocity": "ties whose reverse is there too, from whatever group / ties",
    "brokers": f"people with ties to {BRIDGED} or more other groups",
}
FIGURES = ("internal", "external", "ei_index", "expected", "p", "density", "reciprocity", "brokers")
OF_ALL = ("ei_index", "expected", "p")
BETWEEN = ("external", "ei_index", "expected", "p", "brokers")  # groups; there is nothing between courses

Figures: TypeAlias = Mapping[str, Shown]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What figures need besides the matrix."""

    everybody: pl.DataFrame  # the arcs (`actor`, `target`) of all people, whatever group they are in
    members: pl.DataFrame | None  # who was where in the window (`person`, `group`, `since`, `until`); None: of courses
    rosters: Mapping[int | None, pl.Series]  # the active ones of them, by group


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why figures are withheld, by group: all of its row, what stays inside, what goes outside; and of the whole.

    How much goes outside tells, beside what stays inside and what goes to no group, what the row's withheld entries add
    up to. Of all kinds together that may be known; through a filter nothing is told that the entries don't tell.
    """

    row: Mapping[int, Reason]
    inside: Mapping[int, Reason]
    outside: Mapping[int, Reason]
    whole: Reason | None
    k: int

    @classmethod
    def of(cls, matrix: Matrix, counts: Mapping[int, Counts]) -> Self:
        decided, k = matrix.decided, matrix.decided.k
        lost = [] if matrix.is_filtered else decided.unsafe(ROW)["source"].to_list()
        few = [group for group, n in counts.items() if 0 < n["actors"] < k or 0 < n["targets"] < k]
        row = dict.fromkeys([*few, *lost], Reason.TOO_FEW_PEOPLE)
        inside = matrix.hidden(INSIDE) | row
        outside = matrix.hidden(OUTSIDE if matrix.is_filtered else pl.col("sink") == NOWHERE) | inside
        is_told = not (matrix.hidden(INSIDE | OUTSIDE) if matrix.is_filtered else len(decided.unsafe(DIAGONAL)))
        return cls(row, inside, outside, None if is_told else Reason.COMPLEMENTARY, k)


def figures(matrix: Matrix, groups: Sequence[int], around: Surroundings) -> Mapping[int | None, Figures]:
    """Return the figures of groups by their codes; under None the E-I index of the whole network, and its chance."""
    pairs = matrix.pairs
    counts, chance = counts_of(pairs, around.everybody, around.rosters), Chance.of(pairs, around.members)
    withheld = Withheld.of(matrix, counts)
    found: dict[int | None, Figures] = {
        group: _of_group(group, counts[group], len(around.rosters.get(group, ())), chance, withheld) for group in groups
    }
    found[None] = _index(counts_of_all(pairs), None, chance, withheld.whole)
    if around.members is None:
        return {group: {name: _between(name, shown) for name, shown in each.items()} for group, each in found.items()}
    return found


def _between(name: str, shown: Shown) -> Shown:
    return Shown(None, Reason.SOURCE_CANNOT_TELL) if name in BETWEEN else shown


def _of_group(group: int, n: Counts, roster: int, chance: Chance, withheld: Withheld) -> Figures:
    row, inside, outside = (each.get(group) for each in (withheld.row, withheld.inside, withheld.outside))
    few = Reason.TOO_FEW_PEOPLE if 0 < n["brokers"] < withheld.k else None
    return {
        "internal": _shown(n["internal"], inside),
        "external": _shown(n["external"], outside),
        **_index(n, group, chance, outside),
        "density": _density(n["between_members"], roster, inside),
        "reciprocity": _ratio(n["returned"], n["ties"], row),
        "brokers": _shown(n["brokers"], row, few),
    }


def _index(n: Counts, group: int | None, chance: Chance, reason: Reason | None) -> Figures:
    """Return the E-I index with what it would be at random, and how likely it is then."""
    ties = n["internal"] + n["external"]
    why = reason or (Reason.NO_DATA if not ties else Reason.TOO_FEW_VALUES if ties < LEAST_TIES else None)
    values = {"ei_index": ei_index(n["internal"], n["external"]), "expected": chance.expected(group)}
    return {name: _shown(value, why) for name, value in {**values, "p": chance.p.get(group)}.items()}


def _density(ties: int, roster: int, reason: Reason | None) -> Shown:
    if not roster:
        return Shown(None, reason or Reason.NO_ROSTER)
    return _shown(
        ties / max(roster * (roster - 1), 1), reason, Reason.TOO_FEW_VALUES if roster < LEAST_ROSTER else None
    )


def _ratio(part: int, whole: int, reason: Reason | None) -> Shown:
    if not whole:
        return Shown(None, reason or Reason.NO_DATA)
    return _shown(part / whole, reason, Reason.TOO_FEW_VALUES if whole < LEAST_TIES else None)


def _shown(value: float | None, *reasons: Reason | None) -> Shown:
    """Return a value, or the first of the reasons why there is none."""
    reason = next((each for each in reasons if each is not None), Reason.NO_DATA if value is None else None)
    return Shown(value if reason is None else None, reason)
