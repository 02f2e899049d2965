"""When what came late takes effect for who is guarded against: in runs, each of at least k people.

Whoever asks again and again sees what came between two answers. So what is stored, or voided, of a week gathers, and
takes effect together at the end of the first week in which what has gathered is of k people. No answer is kept: when
each statement and each void was stored tells what any answer was, and what is stored in a week that has not ended is
not looked at. The first run of a week is mostly what was stored before it ended; where that was of fewer people, it
is withheld till k have come.
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from lrs.core.querying.tally import BUCKET, CAME, GONE, PERSON

JOINS, LEAVES = "joins", "leaves"
"""The runs, by their number in the week, in which statements come into the answers, and go (null: in none)."""


def with_runs(kept: pl.DataFrame, beginnings: Sequence[datetime], k: int) -> pl.DataFrame:
    """Return what a tally has kept of dated rows with its runs, without what no run has reached.

    `beginnings` are those of the weeks that `bucket` numbers.
    """
    begins = pl.Series([round(each.timestamp() * 1000) for each in beginnings], dtype=pl.Int64)
    weeks = kept.with_columns(pl.col(CAME, GONE).cast(pl.Int64), begins.gather(kept[BUCKET]).alias(_BEGIN))
    # What came in its week, or before it for a clock that runs ahead, is told when the week has ended.
    dated = weeks.with_columns(pl.max_horizontal(CAME, _BEGIN).alias(CAME))
    ever = dated.filter(pl.col(GONE).is_null() | (pl.col(GONE) > pl.col(CAME)))
    found = [_numbered(of_week, _ends(of_week, k)) for _, of_week in ever.group_by(BUCKET, maintain_order=True)]
    return pl.concat(found or [_numbered(ever, begins.clear())])


def _ends(of_week: pl.DataFrame, k: int) -> pl.Series:
    """Return the weeks at whose ends the runs of one week take effect, in order."""
    told = of_week.select(CAME, GONE, PERSON).unique()
    shown, ends = pl.repeat(False, len(told), eager=True), list[int]()
    for week in pl.concat([told[CAME], told[GONE].drop_nulls()]).unique().sort():
        is_there = (told[CAME] <= week) & (told[GONE].is_null() | (told[GONE] > week))
        if told.filter(is_there != shown)[PERSON].drop_nulls().n_unique() >= k:
            shown, ends = is_there, [*ends, week]
    # Only what was there when the week ended: late ones would be seen one by one.
    in_time = of_week.filter(pl.col(CAME) == pl.col(_BEGIN))[CAME].unique()
    return pl.Series(ends, dtype=pl.Int64) if ends else in_time


def _numbered(of_week: pl.DataFrame, ends: pl.Series) -> pl.DataFrame:
    """Return the rows of a week with the first runs at whose ends they had come, and gone."""
    joins, leaves = (
        ends.search_sorted(weeks, side="left").cast(pl.Int64)
        for weeks in (of_week[CAME], of_week.select(pl.coalesce(GONE, CAME)).to_series())
    )
    is_gone = of_week[GONE].is_not_null() & (leaves < len(ends))
    runs = of_week.with_columns(joins.alias(JOINS), leaves.alias(LEAVES)).drop(CAME, GONE, _BEGIN)
    runs = runs.with_columns(pl.when(is_gone).then(LEAVES).alias(LEAVES))
    reached = runs.filter(pl.col(JOINS) < len(ends))
    return reached.filter(pl.col(LEAVES).is_null() | (pl.col(LEAVES) > pl.col(JOINS)))


_BEGIN = "begin"
