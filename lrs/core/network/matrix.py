"""The matrix of groups as it may be shown, through a filter of kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.network.flows import ARC, ENTRY
from lrs.core.network.suppression import ALL, Decided, Line

_FEW = pl.lit(Reason.TOO_FEW_PEOPLE.value)


@dataclass(frozen=True, slots=True)
class Matrix:
    """What was decided, seen through a filter of kinds.

    `pairs` tells who (`actor`) did something toward whom (`target`), from which group (`source`) to which (`sink`);
    `entries` how many `acts` and `ties` go from group to group, or the `reason` why that is withheld.
    """

    decided: Decided
    kinds: Sequence[int]
    pairs: pl.DataFrame
    entries: pl.DataFrame

    @classmethod
    def of(cls, decided: Decided, kinds: Sequence[int] = (ALL,)) -> Self:
        """Return the matrix of some kinds, by codes, or of ALL that are not passive."""
        asked = pl.col("kind").is_in(list(kinds))
        pairs = decided.links.filter(asked).select(*ENTRY, *ARC).unique()
        return cls(decided, kinds, pairs, _entries(decided.parts.filter(asked), pairs))

    def unsafe(self, line: Line) -> pl.DataFrame:
        """Return the lines of the kinds asked for whose sums must not be told: they would tell what is withheld."""
        return self.decided.unsafe(line).filter(pl.col("kind").is_in(list(self.kinds)))


def _entries(parts: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    reason = pl.col("reason").drop_nulls()
    worst = pl.when((reason == _FEW).any()).then(_FEW).otherwise(reason.first())
    entries = parts.group_by(ENTRY).agg(acts=pl.col("acts").sum().cast(pl.Int64), reason=worst)
    entries = entries.join(pairs.group_by(ENTRY).agg(ties=pl.len().cast(pl.Int64)), on=ENTRY)
    shown = [pl.when(pl.col("reason").is_null()).then(pl.col(name)).alias(name) for name in ("acts", "ties")]
    return entries.with_columns(shown).select(*ENTRY, "acts", "ties", "reason")
