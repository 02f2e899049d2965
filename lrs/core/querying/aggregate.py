"""Statements in groups: counted by MongoDB for each agent, brought together by person, and guarded."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from lrs import clock
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.released import MEMBERSHIPS
from lrs.core.analytics.resolved import directory
from lrs.core.analytics.windows import Window, midnight
from lrs.core.people.identities import Identities
from lrs.core.people.identity import Identity
from lrs.core.querying.answer import Groups, Row
from lrs.core.querying.filters import Given
from lrs.core.querying.guarded import LEAST, WHOLE, Guard, reason
from lrs.core.querying.question import FIRST, LAST, Question, read_question, require_groups
from lrs.core.querying.tally import BUCKET, LEFT_OUT, MOST_GROUPS, PERSON, Tally, too_many_groups
from lrs.store.positions import NORMALISER
from lrs.store.statement_groups import Grouping, StatementGroups
from lrs.store.stores import Store
from lrs.xapi.query import index_keys

DIGITS = 9  # behind the point: beyond them a sum depends on the order in which it was added up


@dataclass(frozen=True, slots=True)
class Aggregation:
    """One question in a store; `min_group` is told where the answer has to be guarded."""

    store: Store
    question: Question
    identity: Identity
    through: datetime
    window: Window
    min_group: int | None

    async def answer(self) -> Groups:
        """Return the answer. Raises: BadRequest when it would be too long, Unavailable."""
        courses = await self._courses() if self.question.partition == "course" else None
        if lone := self._why_nothing(courses):
            return self._groups([Row(group={}, reason=lone)], 0, None)
        tally = await self._tally(courses)
        return await asyncio.to_thread(self._answer, tally)

    @property
    def is_guarded(self) -> bool:
        return self.min_group is not None

    @property
    def unit(self) -> str | None:
        """In which unit of time everything is counted: what is guarded, always by week."""
        return "week" if self.is_guarded else self.question.unit

    async def _courses(self) -> Collection[str]:
        position = await self.store.positions.get(NORMALISER)
        return await StatementGroups(self.store.database).courses(position.generation)

    def _why_nothing(self, courses: Collection[str] | None) -> Reason | None:
        """Return why there is nothing to show before anything is counted."""
        if self.is_guarded and self.window.start >= self.window.end:
            return Reason.OPEN_WEEK
        if courses is not None:
            return None if courses else Reason.SOURCE_CANNOT_TELL
        partition = self.question.partition
        return Reason.NO_ROSTER if partition is not None and not self.identity.has(partition) else None

    async def _tally(self, courses: Collection[str] | None) -> Tally:
        question, who = self.question, directory(self.identity)
        axes = [*question.axes, *([BUCKET] if self.unit is not None else [])]
        tally = Tally(axes, question.told, who, question.partition, None if self.is_guarded else MOST_GROUPS)
        async with aclosing(StatementGroups(self.store.database).batches(self._grouping(courses))) as batches:
            async for batch in batches:
                await asyncio.to_thread(tally.add, batch)
        return tally

    def _grouping(self, courses: Collection[str] | None) -> Grouping:
        question = self.question
        by_membership = question.partition in MEMBERSHIPS
        knows_people = "people" in question.measures or by_membership or bool(self.identity.opted_out)
        return Grouping(
            since=self.window.start,
            until=self.window.end,
            bound=self.through,
            keys=() if self.is_guarded else index_keys(question.filters),
            fits=question.fits if self.is_guarded else (),
            by=question.of_statements,
            courses=courses,
            unit=self.unit,
            zone=self.store.timezone,
            measures=question.told,
            by_agent=self.is_guarded or knows_people,
            singly=by_membership,
        )

    def _answer(self, tally: Tally) -> Groups:
        kept, labels = tally.kept()
        inside = kept.filter(pl.col(LEFT_OUT) == "")
        rows = self._judged(_rolled_up(inside, self._shown_by, _sums(self.question.told)), kept)
        if (partition := self.question.partition) is not None:
            rows = rows.filter(pl.col(partition).is_not_null())
        is_withheld = pl.col(f"{WHOLE}_bad") > 0
        withheld = len(rows.filter(is_withheld))
        if self.is_guarded and "activity" in self.question.axes:
            rows = rows.filter(~is_withheld)  # its id may be all there is to know of what a few did
        if len(rows) > MOST_GROUPS:
            raise too_many_groups("groups", MOST_GROUPS)
        in_order = rows.sort(self._shown_by, nulls_last=True) if self._shown_by else rows
        listed = [self._row(each, labels) for each in in_order.rows(named=True)]
        return self._groups(listed, withheld, self._identified(tally, inside))

    @property
    def _shown_by(self) -> list[str]:
        return [BUCKET if name == self.question.unit else name for name in self.question.by]

    def _judged(self, rows: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
        """Return the rows with how bad it would be to show them: the worst of their weeks decides."""
        bases = [WHOLE, *self.question.told]
        if self.min_group is None:
            return rows.with_columns(pl.lit(0).alias(f"{basis}_bad") for basis in bases)
        judged = Guard(self.min_group, self.question.axes).judged(kept, self.question.told)
        worst = _rolled_up(
            judged, self._shown_by, [pl.col(each).max().fill_null(0).name.suffix("_bad") for each in bases]
        )
        if not self._shown_by:
            return pl.concat([rows, worst], how="horizontal")
        return rows.join(worst, on=self._shown_by, how="left", nulls_equal=True)

    def _identified(self, tally: Tally, inside: pl.DataFrame) -> float | None:
        """Return the share of statements that are an identified person's; to who is guarded against roughly."""
        if self.min_group is None:
            return tally.identified / tally.n if tally.n else None
        people = inside[PERSON].drop_nulls().n_unique()
        return round(tally.identified / tally.n, 2) if people >= self.min_group else None

    def _row(self, found: Mapping[str, Any], labels: Mapping[str, Sequence[Any]]) -> Row:
        group = {axis: None if found[axis] is None else labels[axis][found[axis]] for axis in self.question.axes}
        bucket = self._bucket(labels[BUCKET][found[BUCKET]]) if self.question.unit is not None else None
        if why := reason(found[f"{WHOLE}_bad"]):
            return Row(group=group, bucket=bucket, reason=why)
        values: dict[str, float | int | None] = {"count": found[WHOLE], "people": found["people"]}
        reasons: dict[str, Reason] = {}
        for measure in self.question.told:
            if missing := self._why_missing(found, measure):
                reasons[measure] = missing
            else:
                whole = found[f"{measure}_sum"]
                value = whole if measure == "duration" else whole / found[f"{measure}_n"]
                values[measure] = round(value, DIGITS)
        return Row(group=group, bucket=bucket, values=values, reasons=reasons)

    def _why_missing(self, found: Mapping[str, Any], measure: str) -> Reason | None:
        n = found[f"{measure}_n"]
        if not n:
            return Reason.NO_DATA
        if why := reason(found[f"{measure}_bad"]):
            return why
        return Reason.TOO_FEW_VALUES if self.is_guarded and n < LEAST[measure] else None

    def _bucket(self, start: datetime) -> Window:
        end = _end(start, str(self.question.unit), ZoneInfo(self.store.timezone))
        return Window(max(start, self.window.start), min(end, self.window.end))

    def _groups(self, rows: Sequence[Row], withheld: int, identified: float | None) -> Groups:
        return Groups(
            question=self.question,
            since=None if self.window.start == FIRST else self.window.start,
            until=None if self.window.end == LAST else self.window.end,
            through=self.through,
            computed_at=clock.now(),
            min_group=self.min_group,
            identified=identified,
            withheld=withheld,
            rows=rows,
        )


async def aggregate(store: Store, given: Given, identities: Identities, min_group: int | None) -> Groups:
    """Answer a question about statements in groups, those that were stored before it.

    With `min_group` whoever asks may not read statements: the answer is of whole closed weeks and guarded.
    Raises: BadRequest or Forbidden naming the parameter, Unavailable.
    """
    zone = ZoneInfo(store.timezone)
    question = read_question(given, zone)
    if min_group is not None:
        require_groups(given, question)
    through = await store.statements.reached(clock.now())
    window = question.window if min_group is None else question.closed_weeks(zone, through)
    return await Aggregation(store, question, await identities.of(store), through, window, min_group).answer()


def _sums(told: Sequence[str]) -> list[pl.Expr]:
    """Return what a row comes to."""
    return [
        pl.col(WHOLE).sum(),
        pl.col(PERSON).drop_nulls().n_unique().alias("people"),
        *(pl.col(f"{measure}_{part}").sum() for measure in told for part in ("n", "sum")),
    ]


def _rolled_up(frame: pl.DataFrame, by: Sequence[str], sums: Sequence[pl.Expr]) -> pl.DataFrame:
    """Return one row for each group; without anything to group by one row, whatever there is."""
    return frame.group_by(by).agg(sums) if by else frame.select(sums)


def _end(start: datetime, unit: str, zone: ZoneInfo) -> datetime:
    """Return when the day, week or month ends that begins at a time."""
    day = start.astimezone(zone).date()
    if unit == "month":
        return midnight((day.replace(day=1) + timedelta(days=32)).replace(day=1), zone)
    return midnight(day + timedelta(days=7 if unit == "week" else 1), zone)
