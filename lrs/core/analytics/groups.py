"""What was released of groups, as tables in memory: read once, and again when something was released."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from lrs.core.analytics import guard
from lrs.core.analytics.belonging import unpacked_members
from lrs.core.analytics.released import tallied, unpacked
from lrs.core.analytics.releaser import table_name
from lrs.core.analytics.windows import Window, week_of
from lrs.plugin import Plugin
from lrs.plugin.frames import schema
from lrs.store.positions import Position
from lrs.store.released import Cell
from lrs.store.stores import Store

MOST_BYTES = 400_000_000  # of weeks' acts in memory of one process, of all stores and plugins


@dataclass(frozen=True, slots=True)
class ReleasedGroups:
    """What was released of the groups of one partition, week by week, and which cells are withheld."""

    weeks: Sequence[Window]  # all of them, by time: those asked for, and those before where a metric looks back
    withheld: guard.Withheld
    cells: Mapping[tuple[str, Window], Cell]
    everybody: Mapping[Window, pl.DataFrame]  # everybody's acts, and after them those that only cells have
    nothing: pl.DataFrame
    early: pl.DataFrame  # everybody's acts on subjects that were opened later, in any of the weeks
    kept: Mapping[Window, int] = field(default_factory=dict)  # how many only cells have
    members: pl.DataFrame | None = None  # who belonged where; None: as it is known by now

    def names(self, weeks: Sequence[Window]) -> list[str]:
        """Return the groups in which anything that counts happened in weeks, by name."""
        asked = set(weeks)
        return sorted({group for (group, week), cell in self.cells.items() if week in asked and cell.n_acts})

    def acts(self, group: str, weeks: Sequence[Window]) -> pl.DataFrame:
        """Return the acts of a group in weeks, by time; a week that is withheld has none."""
        told = [(week, self.cells.get((group, week))) for week in weeks if (group, week) not in self.withheld]
        return pl.concat(
            [self.everybody[week][cell.positions] for week, cell in told if cell is not None] or [self.nothing]
        )

    def of_all(self, weeks: Sequence[Window]) -> pl.DataFrame:
        """Return everybody's acts in weeks, by time."""
        told = [(self.everybody[week], self.kept.get(week, 0)) for week in weeks if week in self.everybody]
        return pl.concat([acts.head(len(acts) - kept) for acts, kept in told] or [self.nothing])


@dataclass(slots=True)
class ReleasedTable:
    """One released table as it was after so many releases."""

    store: Store
    plugin: Plugin
    generation: int
    releases: int
    _acts: dict[datetime, pl.DataFrame] = field(default_factory=dict)
    _kept: dict[datetime, int] = field(default_factory=dict)
    _members: pl.DataFrame | None = None
    _ahead: Mapping[datetime, datetime] | None = None  # see `lrs.store.released`
    _cells: dict[str, dict[datetime, dict[str, Cell]]] = field(default_factory=dict)  # by partition, week and group

    async def groups(self, partition: str, weeks: Sequence[Window], looks_back: bool, k: int) -> ReleasedGroups | None:
        """Return what was released of a partition in weeks, with the guard's decision on every cell.

        None when this is no longer the table as it is. Raises: Unavailable.
        """
        zone = ZoneInfo(self.store.timezone)
        before = [week_of(each, zone) for each in await self._earlier(weeks[0].start)] if looks_back else []
        spans = [*before, *weeks]
        ahead = await self._weeks_ahead(weeks)
        if not await self._read(partition, [span.start for span in spans], ahead):
            return None
        known = self._cells[partition]
        cells = {(group, span): cell for span in spans for group, cell in known[span.start].items()}
        return ReleasedGroups(
            weeks=spans,
            withheld=guard.withheld_cells({place: tallied(cell) for place, cell in cells.items()}, k),
            cells=cells,
            everybody={span: self._acts[span.start] for span in spans if span.start in self._acts},
            nothing=pl.DataFrame(schema=schema(self.plugin.columns)),
            kept={span: self._kept[span.start] for span in spans if span.start in self._kept},
            early=self._early(ahead, weeks),
            members=self._members,
        )

    def size(self) -> int:
        """Return how many bytes the acts take."""
        return sum(int(acts.estimated_size()) for acts in self._acts.values())

    async def _weeks_ahead(self, weeks: Sequence[Window]) -> list[datetime]:
        """Return the weeks, by when they begin, with acts on subjects that were opened later and in one of some weeks.

        What goes with the table as a whole is read the first time.
        """
        if self._ahead is None:
            name, released = self.plugin.name, self.store.released
            self._members = unpacked_members(await released.members(name, self.generation))
            self._ahead = await released.ahead(name, self.generation)
        return sorted(week for week, last in self._ahead.items() if week < weeks[-1].start and last >= weeks[0].start)

    def _early(self, starts: Sequence[datetime], weeks: Sequence[Window]) -> pl.DataFrame:
        """Return everybody's acts in some weeks on subjects that were opened after them, from the first of weeks on."""
        opened = pl.col("subject_t").is_between(weeks[0].start, weeks[-1].end, closed="left")
        acts = [self._acts[start].head(len(self._acts[start]) - self._kept[start]) for start in starts]
        nothing = pl.DataFrame(schema=schema(self.plugin.columns))
        return pl.concat([nothing, *acts]).filter(opened, pl.col("subject_t") > pl.col("t"))

    async def _earlier(self, before: datetime) -> list[datetime]:
        return await self.store.released.weeks(self.plugin.name, self.generation, before)

    async def _read(self, partition: str, starts: Sequence[datetime], ahead: Sequence[datetime]) -> bool:
        """Read what is not known of weeks, of some only their acts; False when something was released meanwhile: cells
        of now point into acts of now, and others may be known.
        """
        known = self._cells.setdefault(partition, {})
        cells = [start for start in starts if start not in known]
        acts = [start for start in dict.fromkeys([*starts, *ahead]) if start not in self._acts]
        if not cells and not acts:
            return True
        shown = await self.store.released.read(self.plugin.name, self.generation, partition, cells, acts)
        position = await self.store.positions.get(table_name(self.plugin.name))
        if (position.generation, position.seq) != (self.generation, self.releases):
            return False
        known.update({start: {} for start in cells})
        for (start, group), cell in shown.cells.items():
            known[start][group] = cell
        columns = self.plugin.columns
        self._acts.update({start: unpacked(shown.acts.get(start, ()), columns) for start in acts})
        self._kept.update({start: shown.kept.get(start, 0) for start in acts})
        return True


class ReleasedTables:
    """The released tables that a process keeps, of all stores and plugins."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._tables: OrderedDict[tuple[str, str], ReleasedTable] = OrderedDict()
        self._most = most_bytes

    def of(self, store: Store, plugin: Plugin, position: Position) -> ReleasedTable:
        """Return the table at its position; what was kept before the last release is given up."""
        key = (store.name, plugin.name)
        known = self._tables.get(key)
        if known is None or (known.generation, known.releases) != (position.generation, position.seq):
            known = self._tables[key] = ReleasedTable(store, plugin, position.generation, position.seq)
        self._tables.move_to_end(key)
        return known

    def limit(self) -> None:
        """Give tables up, those first that were not asked for longest, until the rest is small enough."""
        while len(self._tables) > 1 and sum(each.size() for each in self._tables.values()) > self._most:
            self._tables.popitem(last=False)
