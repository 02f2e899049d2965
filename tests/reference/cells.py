"""The acts of each group in each week, and which of these cells are withheld."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from .asked import Act, groups_of, within
from .calendar import Span
from .guard import withheld_cells
from .people import People


@dataclass(frozen=True)
class Cells:
    """The cells of one partition. `as_of` tells the instant a week that ends then is looked at as of."""

    acts: Sequence[Act]
    partition: str
    people: People
    min_group: int  # 0: nothing is withheld
    as_of: Callable[[datetime], datetime]
    _by_week: dict[Span, dict[str, list[Act]]] = field(default_factory=dict)
    _withheld: dict[Span, dict[str, str]] = field(default_factory=dict)

    def of(self, week: Span) -> dict[str, list[Act]]:
        """The acts of each group in a week, by the groups that have any."""
        if week not in self._by_week:
            found: dict[str, list[Act]] = {}
            for act in within(self.acts, week[0], self.as_of(week[1])):
                for group in groups_of(act, self.partition, self.people):
                    found.setdefault(group, []).append(act)
            self._by_week[week] = found
        return self._by_week[week]

    def withheld(self, week: Span) -> dict[str, str]:
        """The reason for each group that is withheld in a week."""
        if week not in self._withheld:
            self._withheld[week] = withheld_cells(self.of(week), self.min_group) if self.min_group else {}
        return self._withheld[week]

    def acts_of(self, group: str, weeks: Sequence[Span]) -> list[Act]:
        """A group's acts in all of some weeks."""
        return [act for week in weeks for act in self.of(week).get(group, ())]

    def shown(self, group: str, weeks: Sequence[Span]) -> list[Act]:
        """A group's acts in those of some weeks in which it is not withheld."""
        return self.acts_of(group, [week for week in weeks if group not in self.withheld(week)])
