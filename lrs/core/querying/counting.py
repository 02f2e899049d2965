"""Which statements a question is about, and how the database is asked to count them."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.windows import Window, week_of
from lrs.core.people.identity import Identity
from lrs.core.querying.question import OF_STATEMENTS, Question
from lrs.core.querying.tally import BUCKET, MOST_GROUPS, Document, Tally
from lrs.store.positions import NORMALISER
from lrs.store.statement_groups import Grouping, StatementGroups, decoded
from lrs.store.stores import Store
from lrs.xapi.query import index_keys


@dataclass(frozen=True, slots=True)
class Counting:
    """One question in a store, about the statements that were stored `through` a time."""

    store: Store
    question: Question
    identity: Identity
    through: datetime
    window: Window
    is_guarded: bool

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.store.timezone)

    @property
    def unit(self) -> str | None:
        """In which unit of time everything is counted: what is guarded, always by week."""
        return "week" if self.is_guarded else self.question.unit

    @property
    def axes(self) -> Sequence[str]:
        """What statements are told apart by, beside their time."""
        return self.question.looked_at if self.is_guarded else self.question.axes

    @property
    def bound(self) -> datetime:
        """Before when everything was stored that is looked at: what is guarded, before this week."""
        return week_of(self.through, self.zone).start if self.is_guarded else self.through

    async def is_open(self) -> bool:
        """Tell whether it is guarded and no week has ended: none of the window, or none since the store has anything.

        It says that of the whole store: what was stored of a group may be of a few. Raises: Unavailable.
        """
        if not self.is_guarded:
            return False
        is_over = self.window.start < self.window.end
        return not (is_over and await StatementGroups(self.store.database).any_before(self.bound))

    async def courses(self) -> Collection[str] | None:
        """Return the activities that are courses; None where it is not asked by course. Raises: Unavailable."""
        if self.question.partition != "course":
            return None
        position = await self.store.positions.get(NORMALISER)
        return await StatementGroups(self.store.database).courses(position.generation)

    async def withheld(self) -> Collection[tuple[str, datetime]]:
        """Return the groups and weeks that are withheld of metrics, where they are guarded. Raises: Unavailable."""
        if not self.is_guarded or self.question.partition is None:
            return ()
        groups = StatementGroups(self.store.database)
        return await groups.withheld(self.question.partition, self.window.start, self.window.end)

    async def tally(self, courses: Collection[str] | None) -> Tally:
        """Count. Raises: BadRequest for too many groups, Unavailable."""
        axes = [*self.axes, *([BUCKET] if self.unit is not None else [])]
        most = None if self.is_guarded else MOST_GROUPS
        who, question = directory(self.identity), self.question
        tally = Tally(axes, question.told, who, question.partition, most=most, dated=self.is_guarded)
        groups = StatementGroups(self.store.database)
        async with aclosing(groups.batches(self._grouping(courses))) as batches:
            async for batch in batches:
                rows = await asyncio.to_thread(decoded, batch)
                await asyncio.to_thread(tally.add, rows, await self._gone(groups, rows))
        return tally

    async def _gone(self, groups: StatementGroups, rows: Sequence[Document]) -> Mapping[UUID, datetime]:
        """Return in which week each statement was stored that voids some of these, if that week has ended."""
        if not self.is_guarded:
            return {}
        voiding = {row["_id"]["voided_by"] for row in rows if "voided_by" in row["_id"]}
        stored = await groups.stored(voiding) if voiding else {}
        # Without their time zone, as are all times of rows.
        return {
            each: week_of(moment, self.zone).start.replace(tzinfo=None)
            for each, moment in stored.items()
            if moment < self.bound
        }

    def _grouping(self, courses: Collection[str] | None) -> Grouping:
        question = self.question
        by_membership = question.partition in MEMBERSHIPS
        knows_people = "people" in question.measures or by_membership or bool(self.identity.opted_out)
        return Grouping(
            since=self.window.start,
            until=self.window.end,
            bound=self.bound,
            keys=() if self.is_guarded else index_keys(question.filters),
            by=[name for name in self.axes if name in OF_STATEMENTS],
            courses=courses,
            unit=self.unit,
            zone=self.store.timezone,
            measures=question.told,
            by_agent=self.is_guarded or knows_people,
            singly=by_membership,
            dated=self.is_guarded,
        )
