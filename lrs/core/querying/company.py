"""What is withheld beside what is too small, so that this can't be found by taking what is shown from a sum.

A line are the cells of a week and a run that differ along one axis only: their sum may be known. So what is withheld
in a line must be of k people together, and leave open how many people a small cell has, as with the groups of metrics
(`lrs.core.analytics.guard`); until then the smallest other cell is withheld too, the first by its name of equal ones.
"""

from collections.abc import Sequence

import polars as pl

from lrs.core.querying.tally import BUCKET, PERSON

RUN, LEFT = "run", "is_left"
TOUCHED, STAYS, PEOPLE, STAYING, BAD = "touched", "stays", "people", "staying", "bad"
"""Of a cell: whether the run changes it, whether it has anything after a run in which something goes, how many people
change it and are left in it, and how bad it would be to show it (0: it is shown).
"""

_LINE, _NEXT, _PLACE, _RANK = "line", "next", "place", "rank"


def in_company(cells: pl.DataFrame, people: pl.DataFrame, axes: Sequence[str], k: int) -> pl.DataFrame:
    """Return cells, which are in the order of their names, with those as bad as 1 that are withheld for others.

    `people` are who changes which cell and who is left in it (`is_left`).
    """
    # What a run does not change comes last: there is nothing in it to withhold but that.
    ranked = cells.with_row_index(_PLACE).sort(~pl.col(TOUCHED), PEOPLE, _PLACE).with_row_index(_RANK)
    numbered = ranked.sort(_PLACE)
    cell = [*axes, BUCKET, RUN]
    who = people.select(*cell, LEFT, PERSON).join(numbered.select(*cell, _PLACE), on=cell, nulls_equal=True)
    while True:
        before = numbered[BAD]
        for axis in axes:
            company = _company(numbered, who, [name for name in cell if name != axis], k)
            numbered = numbered.with_columns(
                pl.when(pl.col(_RANK).is_in(company.implode())).then(1).otherwise(BAD).alias(BAD)
            )
        if numbered[BAD].equals(before):
            return numbered.drop(_PLACE, _RANK)


def _company(cells: pl.DataFrame, who: pl.DataFrame, line: Sequence[str], k: int) -> pl.Series:
    """Return the ranks of the cells that have to be withheld next, one of each line that gives something away."""
    withheld = pl.col(BAD) > 0
    lines = cells.group_by(line).agg(
        (withheld & pl.col(TOUCHED)).any().alias("hides"), pl.col(_RANK).filter(~withheld).min().alias(_NEXT)
    )
    lines = lines.filter("hides", pl.col(_NEXT).is_not_null()).drop("hides").with_row_index(_LINE)
    following = cells.select(
        pl.col(_RANK).alias(_NEXT),
        pl.col(PEOPLE).alias("most"),
        pl.col(_PLACE).alias("behind"),
        pl.col(TOUCHED).alias("more"),
    )
    lines = lines.join(following, on=_NEXT)
    hidden = cells.filter(withheld).join(lines, on=line, nulls_equal=True)
    few = _few(hidden, who, k)
    told = hidden.filter("more").group_by(_LINE).agg(_gives_away(k)).filter("tells")[_LINE]
    return lines.filter(pl.col(_LINE).is_in(pl.concat([few, told]).implode()))[_NEXT]


def _few(hidden: pl.DataFrame, who: pl.DataFrame, k: int) -> pl.Series:
    """Return the lines in which all that is withheld is of fewer than k people, or leaves fewer behind."""
    there = hidden.join(who.select(_PLACE, LEFT, PERSON), on=_PLACE)
    together = there.group_by(_LINE, LEFT).agg(pl.col(PERSON).drop_nulls().n_unique().alias("d"))
    return together.filter(pl.col("d") < k)[_LINE]


def _gives_away(k: int) -> pl.Expr:
    """Tell whether the number of people of what is withheld leaves no choice of how many a small cell has.

    A small cell has 1 to k - 1 people, and each other has k or more and comes before the smallest that is shown.
    """
    d, touched = pl.col(PEOPLE), pl.col(TOUCHED)
    is_small = d < k
    least = pl.when(is_small).then(1).otherwise(k)
    before = pl.col("most") - (pl.col(_PLACE) > pl.col("behind")).cast(pl.Int64)
    room = pl.when(is_small).then(k - 1).otherwise(pl.max_horizontal(d, before)) - least
    spare, rooms = (d - least).filter(touched).sum(), room.filter(touched)
    is_fixed = (rooms > 0).sum().lt(2) | (spare <= 0) | (spare >= rooms.sum())
    return (is_small.filter(touched).any() & is_fixed).alias("tells")
