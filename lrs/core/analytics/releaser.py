"""The loop that releases one plugin's weeks in one store: a view's acts → persons → cells, a week in one transaction.

A week is released when it has closed, and again when something in it has changed. When it is known otherwise who is
who, or the view was made anew, a new table is built beside the one that is served. What of a week that was released may
change at all is said by `renewal`; what may not waits until more has changed.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from lrs import clock
from lrs.core.analytics.belonging import renewed_members, unpacked_members
from lrs.core.analytics.released import ReleasedWeek, packed, packed_table, released_week, unpacked_week
from lrs.core.analytics.renewal import decided, renewed
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.tables import ViewTables
from lrs.core.analytics.windows import Window, week_of
from lrs.core.calendar import FIRST, LAST
from lrs.core.people.identities import Identities
from lrs.core.people.identity import Identity
from lrs.core.runner import reader_name
from lrs.plugin.spec import Plugin
from lrs.store.interactions import Session
from lrs.store.positions import NORMALISER, Position
from lrs.store.released import Mark
from lrs.store.stores import Store

Document: TypeAlias = dict[str, Any]

MOMENT = timedelta(milliseconds=1)


def table_name(plugin: str) -> str:
    """Return the name of the position of a plugin's released table."""
    return f"released:{plugin}"


def rests_on(basis: Document | None, view: Position, timezone: str) -> bool:
    """Tell whether a released table was made of the view that is served, in the store's time zone."""
    known = basis or {}
    return (known.get("view"), known.get("timezone")) == (view.generation, timezone)


def _rest_on_the_same(basis: Document, other: Document) -> bool:
    return all(basis[name] == other[name] for name in ("view", "timezone"))


def due_weeks(marks: Sequence[Mark], zone: ZoneInfo, until: datetime) -> Mapping[Mark, Sequence[Window]]:
    """Return the weeks that each mark touches of those that are released until then, where there are any.

    Before FIRST and from LAST on, weeks do not begin and end in every time zone. No window reaches there.
    """
    released = {
        mark: [week for week in _weeks(mark.day, zone) if week.end <= until]
        for mark in marks
        if FIRST <= mark.day < LAST
    }
    return {mark: weeks for mark, weeks in released.items() if weeks}


class Releaser:
    """Releases one plugin's weeks, for the holder of the lease.

    A week in which something has changed waits for so long as it `settles`: late acts come one after another. Of one
    that was released, a cell changes when `min_group` people differ.
    """

    def __init__(
        self,
        plugin: Plugin,
        store: Store,
        owner: str,
        session: Session,
        identities: Identities,
        views: ViewTables,
        settles: timedelta = timedelta(0),
        min_group: int = 1,
    ) -> None:
        self._plugin, self._store, self._owner, self._session = plugin, store, owner, session
        self._identities, self._views, self._settles, self._min_group = identities, views, settles, min_group
        self._reader = table_name(plugin.name)
        self._zone = ZoneInfo(store.timezone)
        self._identity: Identity | None = None  # of the table that is being built
        self._marks: Sequence[Mark] = ()  # that were there before it was begun
        self.position = Position()

    async def start(self) -> None:
        """Take the position over, and delete what nobody serves or builds any more."""
        await self._store.positions.take_over([self._reader], self._owner)
        self.position = await self._store.positions.get(self._reader)
        begun = self.position.rebuilt
        await self._keep_only(self.position.generation, *([begun["generation"]] if begun is not None else []))

    async def step(self) -> bool:
        """Release what is due, one week at a time; False when there is nothing to do."""
        source = await self._store.positions.get(reader_name(self._plugin.name))
        if source.data_until is None:
            return False
        closed = week_of(source.data_until, self._zone).start
        if self.position.rebuilt is not None:
            return await self._build(source, closed)
        is_of_others = not rests_on(self.position.basis, source, self._store.timezone)
        if is_of_others or await self._belongs_to_others():
            await self._begin(source)
            return True
        return await self._keep_up(source, closed)

    async def _belongs_to_others(self) -> bool:
        """Tell whether anything released would be others' by now; if not, the table is as good as a new one."""
        basis = self.position.basis or {}
        version = await self._store.people.version()
        since = await self._store.people.changed_since(basis["identity"])
        if since is not None and since < basis["until"]:
            return True
        if basis["identity"] != version:
            await self._move({"basis": {**basis, "identity": version}})
        return False

    async def _begin(self, source: Position) -> None:
        """Plan a new table; one that was begun is given up."""
        identity = await self._identities.of(self._store)
        table = max(self.position.generation, (self.position.rebuilt or {}).get("generation", 0)) + 1
        basis = {"view": source.generation, "timezone": self._store.timezone, "identity": identity.version}
        self._marks = await self._store.released.marks(self._plugin.name)
        await self._move({"rebuilt": {"generation": table, "until": FIRST, **basis}})
        await self._keep_only(self.position.generation, table)
        self._identity = identity

    async def _build(self, source: Position, closed: datetime) -> bool:
        """Release the next week into the new table; at the end, serve that."""
        begun = self.position.rebuilt or {}
        if self._identity is None:  # another worker began it
            identity = await self._identities.of(self._store)
            self._identity = identity if identity.version == begun["identity"] else None
        if self._identity is None or not rests_on(begun, source, self._store.timezone):
            await self._begin(source)
            return True
        week = await self._next_week(source, begun["until"], closed)
        if week is not None:
            moved = {"rebuilt": {**begun, "until": week.end}}
            await self._release([week], source, self._identity, begun["generation"], moved)
            return True
        await self._serve(begun, max(closed, begun["until"]))
        return True

    async def _serve(self, begun: Document, until: datetime) -> None:
        """Let the new table take the old one's place; what changed before it was begun is in it."""
        assert self._identity is not None  # it was built by it
        basis = {name: begun[name] for name in ("view", "timezone", "identity")}
        moved = {"generation": begun["generation"], "basis": {**basis, "until": until}, "rebuilt": None}
        marks, members = self._marks, await self._members(self._identity, begun)

        async def save(session: Session) -> None:
            await self._store.released.put_members(self._plugin.name, begun["generation"], members, session)
            await self._store.released.take_marks(marks, session)
            await self._store.positions.move(self._reader, self._owner, moved, session)

        await self._session.with_transaction(save)
        self.position = replace(self.position, **moved)
        self._identity, self._marks = None, ()
        await self._keep_only(begun["generation"])

    async def _keep_only(self, *tables: int) -> None:
        await self._store.released.keep_only(self._plugin.name, tables)

    async def _keep_up(self, source: Position, closed: datetime) -> bool:
        """Release weeks that have closed, and weeks in which something has changed."""
        basis, table = self.position.basis or {}, self.position.generation
        if basis["until"] < closed:
            week = await self._next_week(source, basis["until"], closed)
            moved = {"basis": {**basis, "until": closed if week is None else week.end}}
            closing = [] if week is None else [week]
            await self._release(closing, source, await self._identities.of(self._store), table, moved)
            return True
        settled = clock.now() - self._settles if self._settles else None
        due = due_weeks(await self._store.released.marks(self._plugin.name, settled), self._zone, basis["until"])
        if not due or await self._is_catching_up(source):
            return False
        weeks = next(iter(due.values()))
        marks = [mark for mark, touched in due.items() if set(touched) <= set(weeks)]
        unmoved: Document = {"generation": table}  # written all the same: only the lease's holder can
        await self._release(weeks, source, await self._identities.of(self._store), table, unmoved, marks)
        return True

    async def _is_catching_up(self, source: Position) -> bool:
        """Tell whether the view is about to change: a year that is sent anew would be released over and over."""
        normaliser = await self._store.positions.get(NORMALISER)
        return source.failure is None and source.source == normaliser.generation and source.seq < normaliser.seq

    async def _release(
        self,
        weeks: Sequence[Window],
        source: Position,
        identity: Identity,
        table: int,
        moved: Document,
        marks: Sequence[Mark] = (),
    ) -> None:
        """Put weeks as they are by now in the place of what was released of them."""
        regrouped = table != self.position.generation
        found = {week: await self._cells(week, source, identity, regrouped=regrouped) for week in weeks}
        cells = {week: documents for week, documents in found.items() if documents is not None}
        if (await self._store.positions.get(reader_name(self._plugin.name))).generation != source.generation:
            return  # the view was taken away while it was read
        # Whoever keeps the served table in memory learns by its number that something was released.
        told = {**moved, "seq": self.position.seq + 1} if not regrouped and (cells or "basis" in moved) else moved
        members = await self._members(identity, self.position.basis) if "basis" in moved else None

        async def save(session: Session) -> None:
            if members is not None:
                await self._store.released.put_members(self._plugin.name, table, members, session)
            for week, documents in cells.items():
                await self._store.released.replace_week(self._plugin.name, table, week.start, documents, session)
            await self._store.released.take_marks(marks, session)
            await self._store.positions.move(self._reader, self._owner, told, session)

        await self._session.with_transaction(save)
        self.position = replace(self.position, **told)

    async def _cells(
        self, week: Window, source: Position, identity: Identity, *, regrouped: bool
    ) -> list[Document] | None:
        """Return the documents of a week as it may be released, None where it stays as it is in its table."""
        view, old = self._views.of(self._store, self._plugin, source), await self._released(week, source)
        acts = await view.between(source, week.start, week.end)
        self._views.limit()

        def documents() -> list[Document] | None:
            new = released_week(acts, self._plugin, directory(identity), view.courses)
            if old is None:
                return packed(decided(new, week, self._min_group))
            columns = self._plugin.columns
            found = renewed(old, new, week, self._min_group, columns, regrouped=regrouped)
            return None if found is old and not regrouped else packed(found)

        return await asyncio.to_thread(documents)

    async def _members(self, identity: Identity, basis: Document | None) -> bytes:
        """Return who belonged where as numbers are to be computed, in a table that rests on the basis."""
        served = self.position.basis
        known = None
        if served is not None and basis is not None and _rest_on_the_same(served, basis):
            known = unpacked_members(await self._store.released.members(self._plugin.name, self.position.generation))
        until = FIRST if served is None else served["until"]
        who = directory(identity)
        return await asyncio.to_thread(lambda: packed_table(renewed_members(known, who, until, self._min_group)))

    async def _released(self, week: Window, source: Position) -> ReleasedWeek | None:
        """Return a week as it is served, None if it is not, or if it was made of another view."""
        basis, served = self.position.basis, self.position.generation
        if basis is None or week.end > basis["until"] or not rests_on(basis, source, self._store.timezone):
            return None
        shown = await self._store.released.week(self._plugin.name, served, week.start)
        return unpacked_week(shown, self._plugin.columns)

    async def _next_week(self, source: Position, since: datetime, closed: datetime) -> Window | None:
        """Return the next closed week in which anything happened."""
        t = await self._views.of(self._store, self._plugin, source).first_from(source, since)
        return None if t is None or t >= closed else week_of(t, self._zone)

    async def _move(self, changed: Document) -> None:
        await self._store.positions.move(self._reader, self._owner, changed)
        self.position = replace(self.position, **changed)


def _weeks(day: datetime, zone: ZoneInfo) -> Sequence[Window]:
    """Return the week that a day in UTC lies in, or both."""
    ends = (day, day + timedelta(days=1) - MOMENT)
    return sorted({week_of(end, zone) for end in ends})
