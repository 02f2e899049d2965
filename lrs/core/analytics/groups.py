"""Questions about groups, answered from the released table."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import overload

from lrs.core.analytics import guard
from lrs.core.analytics.released import tallied, unpacked
from lrs.core.analytics.windows import Window
from lrs.plugin import Act
from lrs.plugin.spec import Plugin
from lrs.store.positions import Position
from lrs.store.released import Key, Pack
from lrs.store.stores import Store


class Unpacked(Sequence[Act]):
    """Acts that are unpacked when they are looked at: most metrics of a group never look at everybody's."""

    def __init__(self, unpack: Callable[[], list[Act]]) -> None:
        self._unpack = unpack

    @cached_property
    def _acts(self) -> list[Act]:
        return self._unpack()

    def __len__(self) -> int:
        return len(self._acts)

    def __iter__(self) -> Iterator[Act]:
        return iter(self._acts)

    @overload
    def __getitem__(self, position: int) -> Act: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Act]: ...
    def __getitem__(self, position: int | slice) -> Act | Sequence[Act]:
        return self._acts[position]


class ReleasedGroups:
    """What was released of the groups of one partition, in some weeks (see `metrics.GroupActs`)."""

    def __init__(
        self,
        withheld: guard.Withheld,
        names: Collection[str],
        positions: Mapping[Key, Sequence[int]],
        packs: Mapping[datetime, Pack],
    ) -> None:
        self.withheld = withheld
        self._names = sorted(names)
        self._positions = positions
        self._packs = packs
        self._is_of_one = len({name for _, name in positions}) == 1
        self._everybody: dict[Window, list[Act]] = {}
        self._by_target: dict[Window, Mapping[str, Sequence[Act]]] = {}

    def names(self) -> Sequence[str]:
        return self._names

    def acts(self, group: str, week: Window) -> Sequence[Act]:
        positions = self._positions.get((week.start, group), ())
        if not positions:
            return ()
        if self._is_of_one and week not in self._everybody:
            return unpacked(self._packs[week.start], positions)
        everybody = self.everybody(week)
        return [everybody[position] for position in positions]

    def toward(self, people: Collection[str], weeks: Sequence[Window]) -> Sequence[Act]:
        """Return the acts that anybody aimed at these people, in weeks."""
        return Unpacked(lambda: [act for week in weeks for act in self._toward(people, week)])

    def everybody(self, week: Window) -> Sequence[Act]:
        """Return the acts of the whole store in a week, unpacked once."""
        if week not in self._everybody:
            pack = self._packs.get(week.start)
            self._everybody[week] = unpacked(pack) if pack is not None else []
        return self._everybody[week]

    def _toward(self, people: Collection[str], week: Window) -> Iterator[Act]:
        if week not in self._by_target:
            targets = {act.target for act in self.everybody(week) if act.target is not None}
            self._by_target[week] = grouped(self.everybody(week), targets, lambda act: act.target)
        return (act for person in people for act in self._by_target[week].get(person, ()))


async def released_groups(
    store: Store, plugin: Plugin, position: Position, partition: str, group: str | None, weeks: Sequence[Window], k: int
) -> ReleasedGroups:
    """Return what was released in weeks, which follow one another, with the guard's decision on every cell.

    Acts are there of one group, or of all when `group` is None. Raises: Unavailable.
    """
    by_start = {week.start: week for week in weeks}
    span = (weeks[0].start, weeks[-1].end)
    shown = await store.released.read(plugin.name, position.generation, partition, *span, group=group)
    decided = {(name, by_start[start]): tallied(cell) for (start, name), cell in shown.cells.items()}
    return ReleasedGroups(
        withheld=guard.withheld_cells(decided, k),
        names={name for name, _ in decided},
        positions=shown.positions,
        packs=shown.packs,
    )


def grouped(
    acts: Iterable[Act], wanted: Collection[str], key: Callable[[Act], str | None]
) -> Mapping[str, Sequence[Act]]:
    """Return the acts whose key is wanted, by key, in their order."""
    found: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        value = key(act)
        if value is not None and value in wanted:
            found[value].append(act)
    return found
