"""The privacy guard: what of a plugin's acts may be shown. It decides after the plugin, never in it.

It stands against someone with `analytics/read`, unlimited queries and no roster. Groups are shown by whole closed
weeks; a cell (group, week) needs k distinct contributors and, where its acts have targets, k distinct targets.

The whole store is shown exactly, so whoever takes the groups that are shown from it has what is withheld, in one sum.
So that sum must be of k people and k targets too, and must leave open how many people each of its small cells has.
What it can't keep: where all of them together did something never, none of them did. README: *What is never shown*.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import polars as pl

from lrs.core.analytics.windows import Window
from lrs.plugin import Metric, Number


class Reason(StrEnum):
    """Why a row has no value."""

    TOO_FEW_PEOPLE = "too_few_people"
    COMPLEMENTARY = "complementary"
    TOO_FEW_VALUES = "too_few_values"
    OPEN_WEEK = "open_week"
    SOURCE_CANNOT_TELL = "source_cannot_tell"
    NO_ROSTER = "no_roster"
    NOT_ENOUGH_HISTORY = "not_enough_history"
    NO_DATA = "no_data"

    @property
    def suppresses(self) -> bool:
        """Whether there is something that is not shown, rather than nothing to show."""
        return self in (self.TOO_FEW_PEOPLE, self.COMPLEMENTARY, self.TOO_FEW_VALUES, self.OPEN_WEEK)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people and acts are behind a cell: all that its decision rests on.

    `people` and `targets` are who they are, where they are few: in two cells they may be the same. `withheld` says that
    the cell was withheld when its week was released, and so it stays.
    """

    n_people: int = 0
    n_targets: int = 0
    n_acts: int = 0
    people: frozenset[int] = frozenset()
    targets: frozenset[int] = frozenset()
    withheld: bool = False


Tallies: TypeAlias = Mapping[tuple[str, Window], Tally]
Withheld: TypeAlias = Mapping[tuple[str, Window], Reason]


def whole_store(seen: Collection[pl.DataFrame], k: int) -> Reason | None:
    """Return why a row of the whole store is withheld: each table of acts that it tells of needs k contributors.

    A table without any hides nobody.
    """
    contributors = [acts.filter("contributes")["actor"].n_unique() for acts in seen]
    return Reason.TOO_FEW_PEOPLE if any(0 < each < k for each in contributors) else None


def withheld_cells(cells: Tallies, k: int) -> Withheld:
    """Return the cells that are withheld, for all metrics of the plugin alike, in every window and roll-up."""
    weeks: dict[Window, dict[str, Tally]] = defaultdict(dict)
    for (group, week), tally in cells.items():
        if tally.n_acts or tally.withheld:
            weeks[week][group] = tally
    return {(group, week): why for week, of_week in weeks.items() for group, why in _withheld(of_week, k).items()}


def too_few(tally: Tally, k: int) -> bool:
    """Tell whether a cell has too few people, or aims at too few, to be shown. One in which nobody acted has not."""
    return 0 < tally.n_people < k or 0 < tally.n_targets < k


def why_withheld(withheld: Withheld, group: str, weeks: Sequence[Window]) -> Reason | None:
    """Return why a row over several weeks of a group is withheld: one withheld week withholds the whole."""
    reasons = {withheld[group, week] for week in weeks if (group, week) in withheld}
    return min(reasons, key=list(Reason).index, default=None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it is shown: its value, or why there is none."""

    value: float | None
    reason: Reason | None


def minimum_counts(metric: Metric, number: Number) -> Shown:
    """Withhold a number that rests on too few values or too small a denominator."""
    if number.value is None:
        return Shown(None, Reason(number.why))
    if (number.n or 0) < max(metric.min_values, metric.min_denominator):
        return Shown(None, Reason.TOO_FEW_VALUES)
    return Shown(number.value, None)


def _withheld(groups: Mapping[str, Tally], k: int) -> dict[str, Reason]:
    """Return the groups that are withheld in one week: those too few, and the smallest others until these are hidden.

    The others go by their number of people, then by name.
    """
    found = {group: Reason.TOO_FEW_PEOPLE for group, tally in groups.items() if too_few(tally, k)}
    found |= {group: Reason.COMPLEMENTARY for group, tally in groups.items() if tally.withheld and group not in found}
    others = sorted(groups.keys() - found.keys(), key=lambda group: (groups[group].n_people, group))
    while found and others and _gives_away({group: groups[group] for group in found}, others[0], groups[others[0]], k):
        found[others.pop(0)] = Reason.COMPLEMENTARY
    return found


def _gives_away(withheld: Mapping[str, Tally], following: str, smallest: Tally, k: int) -> bool:
    """Tell whether the sum of what is withheld tells of fewer than k people, or how many there are in a small cell.

    Whoever knows the rule knows that a small cell has 1 to k - 1 people, and that each other cell has k or more and
    comes before the one `following`, the smallest that is shown. Where all must have the least or the greatest number
    of people, or only one can have another, the number of each is known.
    """
    if too_few(_together(withheld.values()), k):
        return True
    if all(each.n_people >= k for each in withheld.values()):
        return False
    ranges = [
        (1, k - 1) if each.n_people < k else (k, max(each.n_people, smallest.n_people - (group > following)))
        for group, each in withheld.items()
    ]
    spare = sum(each.n_people for each in withheld.values()) - sum(least for least, _ in ranges)
    rooms = [greatest - least for least, greatest in ranges if greatest > least]
    return len(rooms) < 2 or not 0 < spare < sum(rooms)


def _together(cells: Collection[Tally]) -> Tally:
    """Return how many people and targets cells have at least, all together."""
    people = frozenset[int]().union(*(each.people for each in cells))
    targets = frozenset[int]().union(*(each.targets for each in cells))
    return Tally(
        n_people=max(len(people), *(each.n_people for each in cells)),
        n_targets=max(len(targets), *(each.n_targets for each in cells)),
    )
