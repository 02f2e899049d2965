"""Statements in groups: counted by MongoDB for each agent, brought together by person, and guarded."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import polars as pl

from lrs import clock
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.windows import Window, midnight
from lrs.core.calendar import FIRST, LAST
from lrs.core.people.identities import Identities
from lrs.core.querying.answer import Groups, Row
from lrs.core.querying.counting import Counting
from lrs.core.querying.filters import Given
from lrs.core.querying.guarded import LEAST, WHOLE, Guard, reason, too_few_people
from lrs.core.querying.question import Question, read_question, require_groups
from lrs.core.querying.tally import BUCKET, MOST_GROUPS, PERSON, Tally, too_many_groups
from lrs.store.stores import Store

Labels: TypeAlias = Mapping[str, Sequence[Any]]
"""The values of each axis, by their places."""

Elsewhere: TypeAlias = Collection[tuple[str, datetime]]
"""Groups and weeks that are withheld of metrics."""

DIGITS = 9  # behind the point: beyond them a sum depends on the order in which it was added up


@dataclass(frozen=True, slots=True)
class Aggregation:
    """The answer to one question; `min_group` is told where it has to be guarded."""

    counting: Counting
    min_group: int | None

    async def answer(self) -> Groups:
        """Return the answer. Raises: BadRequest when it would be too long, Unavailable."""
        courses = await self.counting.courses()
        if lone := Reason.OPEN_WEEK if await self.counting.is_open() else self._why_nothing(courses):
            return self._groups([Row(group={}, reason=lone)], 0, None)
        tally, withheld = await self.counting.tally(courses), await self.counting.withheld()
        return await asyncio.to_thread(self._answer, tally, withheld)

    @property
    def question(self) -> Question:
        return self.counting.question

    @property
    def window(self) -> Window:
        return self.counting.window

    @property
    def names_nothing(self) -> bool:
        """Whether what is withheld is not even named: that it is there may be all there is to know of a few."""
        axes = self.counting.axes
        return self.min_group is not None and ("activity" in axes or len(axes) > 1)

    def _why_nothing(self, courses: Collection[str] | None) -> Reason | None:
        """Return why there is nothing to show before anything is counted."""
        if courses is not None:
            return None if courses else Reason.SOURCE_CANNOT_TELL
        partition = self.question.partition
        return Reason.NO_ROSTER if partition is not None and not self.counting.identity.has(partition) else None

    def _answer(self, tally: Tally, elsewhere: Elsewhere) -> Groups:
        kept, labels = tally.kept()
        rows = self._rows(kept, labels, elsewhere)
        if (partition := self.question.partition) is not None:
            rows = rows.filter(pl.col(partition).is_not_null())
        is_withheld = pl.col(f"{WHOLE}_bad") > 0
        withheld = len(rows.filter(is_withheld))
        if self.names_nothing and self.question.by:
            rows = rows.filter(~is_withheld)
        if len(rows) > MOST_GROUPS:
            raise too_many_groups("groups", MOST_GROUPS)
        in_order = rows.sort(self._shown_by, nulls_last=True) if self._shown_by else rows
        listed = [self._row(each, labels) for each in in_order.rows(named=True)]
        told = None if self.min_group is not None and len(self.counting.axes) > 1 else withheld
        return self._groups(listed, told, self._identified(tally, rows))

    @property
    def _shown_by(self) -> list[str]:
        return [BUCKET if name == self.question.unit else name for name in self.question.by]

    def _rows(self, kept: pl.DataFrame, labels: Labels, elsewhere: Elsewhere) -> pl.DataFrame:
        """Return the rows with how bad it would be to show them: the worst of their weeks decides."""
        told = self.question.told
        bad = [f"{basis}_bad" for basis in (WHOLE, *told)]
        if self.min_group is None:
            found = kept.with_columns(pl.lit(0).alias(name) for name in bad)
        else:
            places = _placed(elsewhere, self.question.partition, labels)
            guard = Guard(self.min_group, self.counting.axes, places)
            found = self._chosen(guard.guarded(kept, labels[BUCKET], told), labels)
        rows = _rolled_up(found, self._shown_by, [*_sums(told), *(pl.col(name).max().fill_null(0) for name in bad)])
        is_there = (pl.col(WHOLE) > 0) | (pl.col(f"{WHOLE}_bad") > 0)
        if self.question.by:
            return rows.filter(is_there)
        # Where it is not named what is withheld, nothing is not told from too little.
        nothing = 0 if not self.names_nothing else too_few_people()
        return rows.with_columns(pl.when(is_there).then(f"{WHOLE}_bad").otherwise(nothing).alias(f"{WHOLE}_bad"))

    def _chosen(self, found: pl.DataFrame, labels: Labels) -> pl.DataFrame:
        """Return the cells that the filters choose."""
        for axis, value in self.question.chosen.items():
            found = found.filter(pl.col(axis) == (labels[axis].index(value) if value in labels[axis] else -1))
        return found

    def _identified(self, tally: Tally, rows: pl.DataFrame) -> float | None:
        """Return the share of statements that are an identified person's; to who is guarded against roughly, of what
        is shown.
        """
        if self.min_group is None:
            return tally.identified / tally.n if tally.n else None
        shown = rows.filter(pl.col(f"{WHOLE}_bad") == 0)
        n, identified = (int(shown[name].sum()) for name in (WHOLE, "identified"))
        return round(identified / n, 2) if n else None

    def _row(self, found: Mapping[str, Any], labels: Labels) -> Row:
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
        if why := reason(found[f"{measure}_bad"]):
            return why
        if not n:
            return Reason.NO_DATA
        return Reason.TOO_FEW_VALUES if self.min_group is not None and n < LEAST[measure] else None

    def _bucket(self, start: datetime) -> Window:
        end = _end(start, str(self.question.unit), self.counting.zone)
        return Window(max(start, self.window.start), min(end, self.window.end))

    def _groups(self, rows: Sequence[Row], withheld: int | None, identified: float | None) -> Groups:
        return Groups(
            question=self.question,
            since=None if self.window.start == FIRST else self.window.start,
            until=None if self.window.end == LAST else self.window.end,
            through=self.counting.through,
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
    guarded = min_group is not None
    counting = Counting(store, question, await identities.of(store), through, window, guarded)
    return await Aggregation(counting, min_group).answer()


def _sums(told: Sequence[str]) -> list[pl.Expr]:
    """Return what a row comes to."""
    return [
        pl.col(WHOLE).sum(),
        pl.col(PERSON).drop_nulls().n_unique().alias("people"),
        pl.col(WHOLE).filter(pl.col(PERSON).is_not_null()).sum().alias("identified"),
        *(pl.col(f"{measure}_{part}").sum() for measure in told for part in ("n", "sum")),
    ]


def _rolled_up(frame: pl.DataFrame, by: Sequence[str], sums: Sequence[pl.Expr]) -> pl.DataFrame:
    """Return one row for each group; without anything to group by one row, whatever there is."""
    return frame.group_by(by).agg(sums) if by else frame.select(sums)


def _placed(elsewhere: Elsewhere, partition: str | None, labels: Labels) -> pl.DataFrame:
    """Return groups and weeks by their places, as far as there is anything in them."""
    if partition is None:
        return pl.DataFrame()
    groups, weeks = ({value: place for place, value in enumerate(labels[axis])} for axis in (partition, BUCKET))
    rows = [(groups[group], weeks[week]) for group, week in elsewhere if group in groups and week in weeks]
    return pl.DataFrame(rows, schema={partition: pl.Int64(), BUCKET: pl.Int64()}, orient="row")


def _end(start: datetime, unit: str, zone: ZoneInfo) -> datetime:
    """Return when the day, week or month ends that begins at a time."""
    day = start.astimezone(zone).date()
    if unit == "month":
        return midnight((day.replace(day=1) + timedelta(days=32)).replace(day=1), zone)
    return midnight(day + timedelta(days=7 if unit == "week" else 1), zone)
