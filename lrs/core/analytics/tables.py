"""Views as tables in memory, brought up to date by the numbers of their changes.

A day's acts are read once, and then only what has changed: a question over a quarter reads what the last seconds
brought. Days that nobody asks for any more are given up when there are too many.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import polars as pl

from lrs.core.analytics.resolved import Directory
from lrs.core.analytics.windows import Window
from lrs.core.calendar import moved
from lrs.core.packed import courses, latest, standing, unpacked
from lrs.plugin import Plugin
from lrs.plugin.frames import persons, schema
from lrs.store.positions import Position
from lrs.store.stores import Store
from lrs.store.views import decoded

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
MOST_BYTES = 400_000_000  # kept in memory by one process, of all stores and plugins


@dataclass(frozen=True, slots=True)
class Asked:
    """Acts of a time, as of a change, by who is who."""

    since: datetime
    until: datetime
    seq: int
    who: Directory


@dataclass(slots=True)
class ViewTable:
    """The acts of one view, by day; a day on which nothing happened has no table."""

    store: Store
    plugin: Plugin
    generation: int
    seq: int
    courses: dict[int, str] = field(default_factory=dict)  # the names of the courses in it, by their codes
    _days: OrderedDict[datetime, pl.DataFrame] = field(default_factory=OrderedDict)
    _read: list[Window] = field(default_factory=list)  # whole days, by time
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _last: tuple[Asked, pl.DataFrame] | None = None

    async def of_persons(self, view: Position, since: datetime, until: datetime, who: Directory) -> pl.DataFrame:
        """Return the acts with persons in the place of agents; who asks again what was asked last has them at once.

        Raises: Unavailable.
        """
        acts, seq = await self._between(view, since, until)
        asked = Asked(since, until, seq, who)
        if self._last is not None and self._last[0] == asked:
            return self._last[1]
        known = await asyncio.to_thread(lambda: who.resolved(acts, persons(self.plugin.columns)).rechunk())
        self._last = asked, known
        return known

    async def between(self, view: Position, since: datetime, until: datetime) -> pl.DataFrame:
        """Return the acts with t in [since, until), at least as new as the view's position. Raises: Unavailable."""
        return (await self._between(view, since, until))[0]

    async def _between(self, view: Position, since: datetime, until: datetime) -> tuple[pl.DataFrame, int]:
        """Return the acts, and the number of the change through which they are known."""
        whole = Window(_day(since), moved(_day(until - MOMENT), DAY))
        async with self._lock:
            await self._catch_up(view.seq)
            while missing := _missing(whole, self._read):  # again: days may be given up while others are read
                await self._take(missing[0])
            days = sorted(day for day in self._days if day in whole)
            for day in days:
                self._days.move_to_end(day)
            tables, seq = [self._days[day] for day in days], self.seq
        acts = pl.concat(tables) if tables else pl.DataFrame(schema=schema(self.plugin.columns))
        return acts.filter(pl.col("t") >= since, pl.col("t") < until), seq

    async def early(self, view: Position, since: datetime, until: datetime) -> pl.DataFrame:
        """Return the acts that come before their subjects, which were opened in [since, until). Raises: Unavailable."""
        days = await self.store.views.early_days(self.plugin.name, self.generation, since, until)
        acts = [pl.DataFrame(schema=schema(self.plugin.columns))]
        acts += [await self.between(view, day, moved(day, DAY)) for day in days]
        opened = pl.col("subject_t")
        return pl.concat(acts).filter(pl.col("t") < opened, opened >= since, opened < until).sort("t", "id")

    async def first_from(self, view: Position, since: datetime) -> datetime | None:
        """Return the time of the first act from `since` on, None where there is none. Raises: Unavailable."""
        day = await self.store.views.next_day(self.plugin.name, self.generation, _day(since))
        while day is not None:
            acts = await self.between(view, max(day, since), moved(day, DAY))
            if len(acts):
                first: datetime = acts["t"][0]
                return first
            day = await self.store.views.next_day(self.plugin.name, self.generation, moved(day, DAY))
        return None

    def size(self) -> int:
        """Return how many bytes the days take."""
        return sum(int(each.estimated_size()) for each in self._days.values())

    def give_up_a_day(self) -> int | None:
        """Forget the day that was not asked for longest, and return how many bytes it took; None when there is none."""
        if not self._days:
            return None
        day, acts = self._days.popitem(last=False)
        gone = Window(day, moved(day, DAY))
        self._read = [part for span in self._read for part in _missing(span, [gone])]
        return int(acts.estimated_size())

    async def _catch_up(self, seq: int) -> None:
        """Take in what changes up to a number have written; what is newer is read again then."""
        if seq > self.seq:
            if self._read:
                await self._replace(await self.store.views.changed(self.plugin.name, self.generation, self.seq))
            self.seq = seq

    async def _take(self, span: Window) -> None:
        batches = await self.store.views.between(self.plugin.name, self.generation, span.start, span.end)
        self._days.update(await asyncio.to_thread(lambda: _by_day(standing(self.read(batches)))))
        self._read = sorted([*self._read, span])

    async def _replace(self, batches: Sequence[bytes]) -> None:
        """Put what has changed in the place of what was there: all of it at once, for whoever asks may leave."""
        merged = await asyncio.to_thread(self._merged, batches, list(self._read), dict(self._days))
        for day, acts in merged.items():
            self._days.pop(day, None)
            if len(acts) and any(day in span for span in self._read):  # it may be given up by now
                self._days[day] = acts

    def _merged(
        self, batches: Sequence[bytes], spans: Sequence[Window], days: Mapping[datetime, pl.DataFrame]
    ) -> dict[datetime, pl.DataFrame]:
        """Return the days on which anything has changed, as they are by now."""
        changed = self.read(batches)
        known = changed.filter(pl.any_horizontal(_is_within(span) for span in spans))
        touched = known["t"].dt.truncate("1d").unique().to_list()
        before = pl.concat([days[day] for day in touched if day in days] or [known.clear()])
        kept = before.join(known, on="id", how="anti")
        after = pl.concat([kept, standing(known)]).sort("t", "id")
        return {**dict.fromkeys(touched, known.clear()), **_by_day(after)}

    def read(self, batches: Sequence[bytes]) -> pl.DataFrame:
        """Return the table of batches; what is gone has no actor."""
        tables: list[pl.DataFrame] = []
        for batch in batches:
            documents = list(decoded(batch))
            self.courses.update(courses(documents))
            tables.append(unpacked(documents, self.plugin.columns))
        return latest(tables, self.plugin.columns)


class ViewTables:
    """The tables that a process keeps, of all stores and plugins."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._tables: OrderedDict[tuple[str, str], ViewTable] = OrderedDict()
        self._most = most_bytes

    def of(self, store: Store, plugin: Plugin, view: Position) -> ViewTable:
        """Return the table of the view that is served; what was kept of another one is given up."""
        key = (store.name, plugin.name)
        known = self._tables.get(key)
        if known is None or known.generation != view.generation or known.plugin is not plugin:
            known = self._tables[key] = ViewTable(store, plugin, view.generation, view.seq)
        self._tables.move_to_end(key)
        return known

    def limit(self) -> None:
        """Give days up, those first that were not asked for longest, until the rest is small enough."""
        size = sum(each.size() for each in self._tables.values())
        for each in list(self._tables.values()):
            while size > self._most and (given_up := each.give_up_a_day()) is not None:
                size -= given_up


async def whole_view(store: Store, plugin: Plugin, view: Position) -> pl.DataFrame:
    """Return all acts of a view, with agents in them, by (t, id). Raises: Unavailable."""
    batches = await store.views.changed(plugin.name, view.generation, after=-1)
    return standing(ViewTable(store, plugin, view.generation, view.seq).read(batches))


def _day(t: datetime) -> datetime:
    return t.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _is_within(span: Window) -> pl.Expr:
    return pl.col("t").is_between(span.start, span.end, closed="left")


def _by_day(acts: pl.DataFrame) -> dict[datetime, pl.DataFrame]:
    days = acts.with_columns(_day=pl.col("t").dt.truncate("1d")).partition_by("_day", include_key=False, as_dict=True)
    return {day: each for (day,), each in days.items()}


def _missing(wanted: Window, spans: Sequence[Window]) -> list[Window]:
    """Return the parts of a window that lie in none of the spans, which come by time."""
    parts, start = [], wanted.start
    for span in spans:
        if span.start > start and start < wanted.end:
            parts.append(Window(start, min(span.start, wanted.end)))
        start = max(start, span.end)
    return parts + ([Window(start, wanted.end)] if start < wanted.end else [])
