"""The privacy guard over statements in groups, for who may not read them: see `lrs.core.analytics.guard`.

A cell is a group in a closed week; it needs k people, and a measure that only some statements tell needs k people who
did such. What is withheld of a table is withheld of every finer one too, and what a filter chooses are cells of the
table that is also told apart by what it filters by. Each run (see `runs`) is guarded like a week of its own: what it
would withhold of what comes late, or goes, does not take effect. And a group that is withheld of any metric in a
week is withheld here too, or the statements of it would tell its acts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.querying.company import BAD, LEFT, PEOPLE, RUN, STAYING, STAYS, TOUCHED, in_company
from lrs.core.querying.runs import JOINS, LEAVES, with_runs
from lrs.core.querying.tally import ABOUT, BUCKET, PERSON

LEAST: Mapping[str, int] = {"success_rate": 10, "completion_rate": 10, "mean_score": 5, "duration": 0}
"""How many statements have to tell what a measure is made of."""

WHOLE = "n"
"""What every cell is judged by, before its measures."""

_SEVERITY = {Reason.COMPLEMENTARY: 1, Reason.TOO_FEW_PEOPLE: 2}


@dataclass(frozen=True, slots=True)
class Guard:
    """The least number of people, what cells are told apart by beside their week, and the groups and weeks that are
    withheld elsewhere: of metrics, which may count the same.
    """

    min_group: int
    axes: Sequence[str]
    elsewhere: pl.DataFrame

    def guarded(self, kept: pl.DataFrame, weeks: Sequence[datetime], told: Sequence[str]) -> pl.DataFrame:
        """Return what a tally has kept as it may be counted: with 0 in the place of what must not take effect.

        The columns `n_bad` and, of each measure, `<measure>_bad` say how bad it would be to show a cell at all
        (`reason`): its first run decides, and what was withheld then stays so.
        """
        rows = with_runs(kept, weeks, self.min_group)
        changes = _changes(rows)
        place, whole = [*self.axes, BUCKET], self._tables(changes, WHOLE, None)
        for basis in (WHOLE, *told):
            tables = whole if basis == WHOLE else self._tables(changes, f"{basis}_n", whole)
            judged = tables[tuple(self.axes)]
            first = judged.filter(TOUCHED).sort(RUN).group_by(place).agg(pl.col(BAD).first().alias(f"{basis}_bad"))
            rows = rows.join(first, on=place, how="left", nulls_equal=True).with_columns(
                pl.col(f"{basis}_bad").fill_null(0)
            )
            counts = [WHOLE, PERSON] if basis == WHOLE else [f"{basis}_n", f"{basis}_sum"]
            rows = _in_effect(rows, judged.select(*place, RUN, BAD), place, counts)
        return rows.drop(JOINS, LEAVES, ABOUT)

    def _tables(
        self, changes: pl.DataFrame, count: str, whole: Mapping[tuple[str, ...], pl.DataFrame] | None
    ) -> dict[tuple[str, ...], pl.DataFrame]:
        """Return all tables that the axes make, from the whole store to the finest, with how bad each cell of each run
        is; `whole` are those that a measure's stand on.
        """
        told, tables = changes.filter(pl.col(count) > 0), dict[tuple[str, ...], pl.DataFrame]()
        for axes in _subsets(self.axes):
            people = told.select(*axes, BUCKET, RUN, LEFT, ABOUT, PERSON).unique()
            cells = self._small(_cells(people, axes), people, axes)
            for part in _parts(axes):
                cells = _as_bad_as(cells, tables[part], part)
            if whole is not None:
                cells = _as_bad_as(cells, whole[axes], axes)
            tables[axes] = in_company(cells, people, axes, self.min_group)
        return tables

    def _small(self, cells: pl.DataFrame, people: pl.DataFrame, axes: Sequence[str]) -> pl.DataFrame:
        """Say of each cell whether it is of too few people, or leaves too few behind."""
        too_few = (pl.col(PEOPLE) < self.min_group) | (pl.col(STAYS) & (pl.col(STAYING) < self.min_group))
        bad = pl.when(pl.col(TOUCHED) & too_few).then(_SEVERITY[Reason.TOO_FEW_PEOPLE]).otherwise(0)
        cells = cells.with_columns(bad.alias(BAD))
        group = [name for name in self.elsewhere.columns if name in (*axes, BUCKET)]
        if len(group) > 1:
            withheld = cells.select(*group, RUN).unique().join(self.elsewhere, on=group, how="semi")
            cells = _as_bad_as(cells, withheld.with_columns(pl.lit(1).alias(BAD)), group[:-1])
        return _as_bad_as(cells, self._parted(people, axes), axes) if "course" in axes else cells

    def _parted(self, people: pl.DataFrame, axes: Sequence[str]) -> pl.DataFrame:
        """Return the cells of courses in which few people name the course in statements that are not about it.

        Whoever takes the activity, of those that name it, has them left.
        """
        named = ~pl.col(ABOUT)
        return (
            people.group_by(*axes, BUCKET, RUN, LEFT)
            .agg(
                pl.col(PERSON).filter(named).drop_nulls().n_unique().alias(PEOPLE),
                named.any(),
                pl.col(ABOUT).any().alias(TOUCHED),
            )
            .filter(ABOUT, TOUCHED, pl.col(PEOPLE) < self.min_group)
            .select(*axes, BUCKET, RUN, pl.lit(1).alias(BAD))
            .unique()
        )


def reason(severity: int) -> Reason | None:
    """Return why something is withheld that is as bad as this; None if it is not."""
    return next((each for each, known in _SEVERITY.items() if known == severity), None)


def too_few_people() -> int:
    """Return how bad it is to be of too few people."""
    return _SEVERITY[Reason.TOO_FEW_PEOPLE]


def _subsets(axes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(axes) + 1):
        yield from combinations(axes, size)


def _parts(axes: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the axes without one of them."""
    yield from combinations(axes, len(axes) - 1) if axes else ()


def _changes(rows: pl.DataFrame) -> pl.DataFrame:
    """Return what each run changes, and after a run in which something goes also all that is left (`left`)."""
    going = rows.filter(pl.col(LEAVES).is_not_null())
    changed = [rows.with_columns(pl.col(JOINS).alias(RUN)), going.with_columns(pl.col(LEAVES).alias(RUN))]
    after = rows.join(going.select(BUCKET, pl.col(LEAVES).alias(RUN)).unique(), on=BUCKET)
    left = after.filter(pl.col(JOINS) <= pl.col(RUN), pl.col(LEAVES).is_null() | (pl.col(LEAVES) > pl.col(RUN)))
    columns = [*rows.columns, RUN]
    return pl.concat(
        [
            *(each.select(*columns, pl.lit(False).alias(LEFT)) for each in changed),
            left.select(*columns, pl.lit(True).alias(LEFT)),
        ]
    )


def _cells(people: pl.DataFrame, axes: Sequence[str]) -> pl.DataFrame:
    """Return the cells of a table in their order: how many people change them, and how many are left in them."""
    place = [*axes, BUCKET, RUN]
    somebody, left = pl.col(PERSON).is_not_null(), pl.col(LEFT)
    each = people.drop(ABOUT).unique()
    cells = each.group_by(place).agg(
        (~left).any().alias(TOUCHED),
        left.any().alias(STAYS),
        (somebody & ~left).sum().cast(pl.Int64).alias(PEOPLE),
        (somebody & left).sum().cast(pl.Int64).alias(STAYING),
    )
    return cells.sort(place, nulls_last=True)


def _as_bad_as(cells: pl.DataFrame, table: pl.DataFrame, axes: Sequence[str]) -> pl.DataFrame:
    """Withhold the cells that lie in one that is withheld of a table with these axes."""
    place = [*axes, BUCKET, RUN]
    bad = table.filter(pl.col(BAD) > 0).select(*place, pl.lit(_SEVERITY[Reason.COMPLEMENTARY]).alias("also"))
    joined = cells.join(bad, on=place, how="left", nulls_equal=True, maintain_order="left")
    return joined.with_columns(pl.max_horizontal(BAD, pl.col("also").fill_null(0)).alias(BAD)).drop("also")


def _in_effect(rows: pl.DataFrame, judged: pl.DataFrame, place: Sequence[str], counts: Sequence[str]) -> pl.DataFrame:
    """Empty the counts of rows that never took effect, or no longer do."""
    for run in (JOINS, LEAVES):
        bad = judged.rename({RUN: run, BAD: f"{run}_bad"})
        rows = rows.join(bad, on=[*place, run], how="left", nulls_equal=True)
    came = pl.col(f"{JOINS}_bad").fill_null(0) == 0
    went = pl.col(LEAVES).is_not_null() & (pl.col(f"{LEAVES}_bad").fill_null(0) == 0)
    counted = [pl.when(came & ~went).then(name).otherwise(None if name == PERSON else 0).alias(name) for name in counts]
    return rows.with_columns(counted).drop(f"{JOINS}_bad", f"{LEAVES}_bad")
