"""The privacy guard: what of a plugin's acts may be shown. It decides after the plugin, never in it.

It stands against someone with `analytics/read`, unlimited queries and no roster. Groups are shown by whole closed
weeks; a cell (group, week) needs k distinct contributors and, where its acts have targets, k distinct targets.
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
    """How many people and acts are behind a cell: all that its decision rests on."""

    n_people: int = 0
    n_targets: int = 0
    n_acts: int = 0


Tallies: TypeAlias = Mapping[tuple[str, Window], Tally]
Withheld: TypeAlias = Mapping[tuple[str, Window], Reason]


def whole_store(seen: Collection[pl.DataFrame], k: int) -> Reason | None:
    """Return why a row of the whole store is withheld: each table of acts that it tells of needs k contributors.

    A table without any hides nobody.
    """
    contributors = [acts.filter("contributes")["actor"].n_unique() for acts in seen]
    return Reason.TOO_FEW_PEOPLE if any(0 < each < k for each in contributors) else None


def withheld_cells(cells: Tallies, k: int) -> Withheld:
    """Return the cells that are withheld, for all metrics of the plugin alike, in every window and roll-up.

    A cell withheld alone in its week could be found by taking the others from the whole, so the next smallest goes
    with it.
    """
    withheld = {cell: Reason.TOO_FEW_PEOPLE for cell, tallied in cells.items() if _is_small(tallied, k)}
    weeks: dict[Window, list[str]] = defaultdict(list)
    for (group, week), tallied in cells.items():
        if tallied.n_acts:
            weeks[week].append(group)
    for week, groups in weeks.items():
        hidden = [group for group in groups if (group, week) in withheld]
        shown = [group for group in groups if (group, week) not in withheld]
        if len(hidden) == 1 and shown:
            smallest = min(shown, key=lambda group: (cells[group, week].n_people, group))
            withheld[smallest, week] = Reason.COMPLEMENTARY
    return withheld


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


def _is_small(cell: Tally, k: int) -> bool:
    return 0 < cell.n_people < k or 0 < cell.n_targets < k
