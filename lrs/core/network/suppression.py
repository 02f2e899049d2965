"""Which entries of the matrix of groups are withheld, and which must go with them.

It stands against someone with `analytics/read`, unlimited queries and no roster, after the guard of the cells: a week
of a group that is withheld there has no acts here. What is decided on are *parts*: from one group (the source) to one
group (the sink) acts of one kind, or of all kinds that are not passive. A part is shown when at least k distinct
people act in it and at least k are aimed at. One where nobody does anything is not withheld: it hides nobody.

**Sums that are known.** Some sums over parts can be had elsewhere: a group's ties and acts are metrics of the plugin,
by themselves and as the E-I index, which tells inside from outside; the index of the whole tells the sum of all that
stays inside. What such a sum holds beyond the parts that are shown is told with it. So of each line of parts - the
row of a source, the same without its own group and without people of no group, the column of a sink, and the diagonal
- the withheld ones must be at least two, and be by k people and aimed at k when taken together; else the next
smallest is withheld with them, until that holds everywhere. Where nothing is left to withhold the sum itself must not
be told.

**Filters.** A filter of kinds asks for a sum of parts, so there is nothing to be learned by comparing filters that
the parts don't tell: each kind is a matrix of its own, decided as above and whatever is asked. A filtered entry is
shown when all its parts are. All kinds together are one more sum: the withheld kinds of an entry that is shown must
be at least two, and by and aimed at k people together, and of an entry that is withheld as a whole no kind is shown.
Passive kinds are in no such sum.

**What remains.** An entry is decided over the window, and windows are whole weeks. Who asks for two windows that
differ by a week and takes one from the other learns how many acts went from one group to another in that week, be
they one. They are by somebody among the k or more who acted in the group that week, for its cell is shown, and among
the k or more of the entry: how many it was in that week, or who, is not told. To decide by the week would withhold
nearly all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.network.flows import ENTRY, NOWHERE

ALL = 0
"""In the place of a kind's code: all kinds that are not passive."""

PART = (*ENTRY, "kind")

INSIDE = pl.col("source") == pl.col("sink")
_OUTSIDE = ~INSIDE & (pl.col("sink") != NOWHERE)
_IS_HIDDEN = pl.col("reason").is_not_null()


@dataclass(frozen=True, slots=True)
class Line:
    """Parts whose sum may be known: those among `within` that have these columns in common."""

    key: Sequence[str]
    within: pl.Expr


ROW = Line(("kind", "source"), pl.lit(True))
OUTSIDE = Line(("kind", "source"), _OUTSIDE)
COLUMN = Line(("kind", "sink"), pl.lit(True))
DIAGONAL = Line(("kind",), INSIDE)
KINDS = Line(ENTRY, (pl.col("kind") != ALL) & ~pl.col("passive"))
LINES = (ROW, OUTSIDE, COLUMN, DIAGONAL, KINDS)


@dataclass(frozen=True, slots=True)
class Decided:
    """Parts with how many `acts`, `sources` and `targets` each has, and the `reason` it is withheld for, if it is."""

    parts: pl.DataFrame
    links: pl.DataFrame  # of `flows`, and once more those that are not passive as being of ALL kinds
    k: int

    def unsafe(self, line: Line) -> pl.DataFrame:
        """Return the lines (their keys) in which what is withheld is too little to hide anybody."""
        hidden = self.parts.filter(_IS_HIDDEN, line.within).select(PART)
        behind = self.links.join(hidden, on=PART, how="semi").group_by(line.key)
        people = behind.agg(
            n=pl.struct(PART).n_unique(), sources=pl.col("actor").n_unique(), targets=pl.col("target").n_unique()
        )
        return people.filter((pl.col("n") < 2) | _is_small(self.k)).select(line.key)


def decided(links: pl.DataFrame, k: int) -> Decided:
    """Decide on every part of the links (see `flows`). The order of rows means nothing."""
    together = links.filter(~pl.col("passive")).with_columns(kind=pl.lit(ALL, links.schema["kind"]))
    told = pl.concat([links, together])
    parts = told.group_by(PART).agg(
        passive=pl.col("passive").any(),
        acts=pl.col("acts").sum(),
        sources=pl.col("actor").n_unique(),
        targets=pl.col("target").n_unique(),
    )
    small = pl.when(_is_small(k)).then(pl.lit(Reason.TOO_FEW_PEOPLE.value))
    decision = Decided(parts.with_columns(reason=small).sort("sources", "acts", *PART), told, k)
    while True:
        before = decision
        for more in _going_with(decision):
            decision = more
        if decision is before:
            return decision


def _going_with(decision: Decided) -> Iterator[Decided]:
    """Yield better and better decisions: withhold of each line that is not safe the smallest that is shown."""
    for line in LINES:
        unsafe = decision.unsafe(line)
        if line is KINDS:  # of entries whose sum is not told nobody knows what is missing
            unsafe = unsafe.join(decision.parts.filter(pl.col("kind") == ALL, ~_IS_HIDDEN), on=ENTRY, how="semi")
        if len(unsafe):
            shown = decision.parts.filter(~_IS_HIDDEN, line.within).join(unsafe, on=line.key, how="semi")
            chosen = shown.unique(line.key, keep="first", maintain_order=True).select(PART)
            if line is KINDS:  # where no kind is left, all of them together have to go
                gone = unsafe.join(chosen, on=ENTRY, how="anti")
                chosen = pl.concat([chosen, gone.select(*ENTRY, kind=pl.lit(ALL, chosen.schema["kind"]))])
            if len(chosen):
                decision = _without(decision, chosen)
                yield decision
    withheld = decision.parts.filter(pl.col("kind") == ALL, _IS_HIDDEN).select(ENTRY)
    kinds = decision.parts.filter(~_IS_HIDDEN).join(withheld, on=ENTRY, how="semi")
    if len(kinds):
        yield _without(decision, kinds.select(PART))


def _without(decision: Decided, chosen: pl.DataFrame) -> Decided:
    marked = chosen.with_columns(chosen=pl.lit(Reason.COMPLEMENTARY.value))
    parts = decision.parts.join(marked, on=PART, how="left", maintain_order="left")
    return Decided(
        parts.with_columns(reason=pl.coalesce("reason", "chosen")).drop("chosen"), decision.links, decision.k
    )


def _is_small(k: int) -> pl.Expr:
    return (pl.col("sources") < k) | (pl.col("targets") < k)
