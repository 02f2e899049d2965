"""The privacy guard over statements in groups, for who may not read them: see `lrs.core.analytics.guard`.

A cell is a group in a closed week; it needs k people, and a measure that only some statements tell needs k people who
did such. A filter is a choice among cells: what it leaves out of one is looked at too, because it can be found by
taking the answer from the answer without the filter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.querying.tally import BUCKET, LEFT_OUT, PERSON

LEAST: Mapping[str, int] = {"success_rate": 10, "completion_rate": 10, "mean_score": 5, "duration": 0}
"""How many statements have to tell what a measure is made of."""

WHOLE = "n"
"""What every cell is judged by, before its measures."""

_SEVERITY = {Reason.COMPLEMENTARY: 1, Reason.TOO_FEW_PEOPLE: 2}


@dataclass(frozen=True, slots=True)
class Guard:
    """The least number of people, and what cells are told apart by beside their week."""

    min_group: int
    axes: Sequence[str]

    def judged(self, kept: pl.DataFrame, told: Sequence[str]) -> pl.DataFrame:
        """Return the cells that fit all filters: axes, `bucket`, and why each basis of them is withheld.

        The columns `n` and those of the measures that are told hold 0 where it is not, else how bad it is (`reason`).
        """
        cells = _cells(kept, [*self.axes, BUCKET], told)
        inside = cells.filter(pl.col(LEFT_OUT) == "").drop(LEFT_OUT)
        beside = [part for _, part in cells.filter(pl.col(LEFT_OUT) != "").group_by(LEFT_OUT)]
        judged = inside.select(*self.axes, BUCKET)
        whole: pl.Series | None = None
        for basis in (WHOLE, *told):
            bad = self._withheld(inside, beside, basis, whole)
            whole = bad if whole is None else whole
            judged = judged.with_columns(bad.alias(basis))
        return judged

    def _withheld(
        self, inside: pl.DataFrame, beside: Sequence[pl.DataFrame], basis: str, whole: pl.Series | None
    ) -> pl.Series:
        """Return how bad each cell is: too small, in company of one that is, or withheld as a whole already."""
        place = [*self.axes, BUCKET]
        count = basis if basis == WHOLE else f"{basis}_n"
        small = (pl.col(count) > 0) & (pl.col(f"{basis}_people") < self.min_group)
        bad = pl.when(small).then(_SEVERITY[Reason.TOO_FEW_PEOPLE]).otherwise(0)
        cells = inside.select(*place, told=pl.col(count) > 0, people=f"{basis}_people", bad=bad)
        if whole is not None:
            cells = cells.with_columns(bad=pl.max_horizontal("bad", whole))
        for left_out in beside:
            found = left_out.filter(small).select(*place, pl.lit(True).alias("found"))
            cells = cells.join(found, on=place, how="left", nulls_equal=True, maintain_order="left")
            cells = _with_company(cells, pl.col("found").fill_null(False)).drop("found")
        return self._in_lines(cells)["bad"]

    def _in_lines(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Withhold, of each line of cells in which one alone is withheld, the smallest other one too.

        A line are the cells of a week that differ along one axis only: their sum may be known.
        """
        # Cells come in the order of their names, which breaks ties.
        cells = cells.with_row_index("place").sort("people", "place").with_row_index("rank").sort("place")
        while True:
            before = cells["bad"]
            for line in self._lines():
                hidden = pl.col("told") & (pl.col("bad") > 0)
                shown = pl.col("told") & (pl.col("bad") == 0)
                smallest = pl.when(shown).then("rank").min().over(line)
                cells = _with_company(cells, shown & (hidden.sum().over(line) == 1) & (pl.col("rank") == smallest))
            if cells["bad"].equals(before):
                return cells

    def _lines(self) -> Iterator[list[str]]:
        for axis in self.axes:
            yield [*(other for other in self.axes if other != axis), BUCKET]


def reason(severity: int) -> Reason | None:
    """Return why something is withheld that is as bad as this; None if it is not."""
    return next((each for each, known in _SEVERITY.items() if known == severity), None)


def _with_company(cells: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    company = pl.when(which & (pl.col("bad") == 0)).then(_SEVERITY[Reason.COMPLEMENTARY]).otherwise("bad")
    return cells.with_columns(company.alias("bad"))


def _cells(kept: pl.DataFrame, place: Sequence[str], told: Sequence[str]) -> pl.DataFrame:
    """Return the cells in their order, with how many statements and people are behind each, and each measure of it."""
    is_somebody = pl.col(PERSON).is_not_null()
    sums = [pl.col(WHOLE).sum(), is_somebody.sum().alias(f"{WHOLE}_people")]
    for measure in told:
        count = pl.col(f"{measure}_n")
        sums += [count.sum(), (is_somebody & (count > 0)).sum().alias(f"{measure}_people")]
    return kept.group_by(*place, LEFT_OUT).agg(sums).sort(*place, nulls_last=True)
