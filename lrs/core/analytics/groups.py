"""Questions about groups, answered from the released table."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import overload

from lrs.core.analytics import guard
from lrs.core.analytics.released import tallied, unpacked
from lrs.core.analytics.windows import Window
from lrs.plugin import Act
from lrs.plugin.spec import Plugin
from lrs.store.positions import Position
from lrs.store.released import STORE, Key
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


@dataclass(frozen=True, slots=True)
class ReleasedGroups:
    """What was released of the groups of one partition, in some weeks (see `metrics.GroupActs`)."""

    cells: frozenset[Key]
    withheld: guard.Withheld
    packed: Mapping[Key, bytes]
    of_store: Mapping[Window, Unpacked]

    def names(self) -> Sequence[str]:
        return sorted({group for _, group in self.cells})

    def acts(self, group: str, week: Window) -> Sequence[Act]:
        found = self.packed.get((week.start, group))
        return unpacked(found) if found is not None else ()

    def everyone(self, weeks: Sequence[Window]) -> Sequence[Act]:
        return Unpacked(lambda: [act for week in weeks for act in self.of_store[week]])

    def opened(self, weeks: Sequence[Window]) -> set[str]:
        """Return the subjects that were opened in weeks, by anybody."""
        return {act.subject for act in self.everyone(weeks) if act.opens and act.subject is not None}


async def released_groups(
    store: Store, plugin: Plugin, position: Position, partition: str, group: str | None, weeks: Sequence[Window], k: int
) -> ReleasedGroups:
    """Return what was released in weeks, which follow one another, with the guard's decision on every cell.

    Acts are there of one group, or of all when `group` is None. Raises: Unavailable.
    """
    table = (plugin.name, position.generation)
    span = (weeks[0].start, weeks[-1].end)
    by_start = {week.start: week for week in weeks}
    tallies = await store.released.tallies(*table, partition, *span)
    decided = {(name, by_start[start]): tallied(cell) for (start, name), cell in tallies.items()}
    whole = await store.released.acts(*table, STORE, *span)
    return ReleasedGroups(
        cells=frozenset(tallies),
        withheld=guard.withheld_cells(decided, k),
        packed=await store.released.acts(*table, partition, *span, group=group),
        of_store={week: Unpacked(_reading(whole.get((week.start, ""), b""))) for week in weeks},
    )


def by_subject(acts: Iterable[Act], subjects: set[str]) -> Mapping[str, Sequence[Act]]:
    """Return the acts on the subjects, by subject."""
    following: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        if act.subject in subjects:
            following[act.subject].append(act)
    return following


def _reading(packed: bytes) -> Callable[[], list[Act]]:
    return lambda: unpacked(packed)
