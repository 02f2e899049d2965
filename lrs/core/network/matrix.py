"""The matrix of groups as it may be shown, through a filter of kinds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.network.flows import ARC, ENTRY
from lrs.core.network.suppression import Decided, decided, decided_by_kind
from lrs.plugin import code

_FEW = pl.lit(Reason.TOO_FEW_PEOPLE.value)


@dataclass(frozen=True, slots=True)
class Matrix:
    """What was decided, seen through a filter of kinds if there is one.

    `pairs` tells who (`actor`) did something toward whom (`target`), from which group (`source`) to which (`sink`);
    `entries` how many `acts` and `ties` go from group to group, or the `reason` why that is withheld.
    """

    decided: Decided  # of all kinds together
    is_filtered: bool
    pairs: pl.DataFrame
    entries: pl.DataFrame

    @classmethod
    def of(cls, links: pl.DataFrame, k: int, kinds: Sequence[str] | None = None) -> Self:
        """Return the matrix of links (see `flows`), of some kinds or of all that are not passive."""
        whole = decided(links, k)
        if kinds is None:
            return cls(whole, False, *_seen(whole.parts, links.filter(~pl.col("passive"))))
        asked = pl.col("kind").is_in([code(kind) for kind in kinds])
        parts = decided_by_kind(links, whole).parts
        return cls(whole, True, *_seen(parts.filter(asked), links.filter(asked)))

    def hidden(self, within: pl.Expr) -> dict[int, Reason]:
        """Return the sources with a withheld entry among some, and why: too few people, if so of any of them."""
        entries = self.entries.filter(within, pl.col("reason").is_not_null()).sort("reason")  # too few people last
        return {source: Reason(reason) for source, reason in entries.select("source", "reason").rows()}


def _seen(parts: pl.DataFrame, links: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the pairs of links, and the entries of the parts that these make."""
    pairs = links.select(*ENTRY, *ARC).unique()
    reason = pl.col("reason").drop_nulls()
    worst = pl.when((reason == _FEW).any()).then(_FEW).otherwise(reason.first())
    entries = parts.group_by(ENTRY).agg(acts=pl.col("acts").sum().cast(pl.Int64), reason=worst)
    entries = entries.join(pairs.group_by(ENTRY).agg(ties=pl.len().cast(pl.Int64)), on=ENTRY)
    shown = [pl.when(pl.col("reason").is_null()).then(pl.col(name)).alias(name) for name in ("acts", "ties")]
    return pairs, entries.with_columns(shown).select(*ENTRY, "acts", "ties", "reason")
