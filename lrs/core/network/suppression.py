"""Which entries of the matrix of groups are withheld, and which must go with them.

It stands against someone with `analytics/read`, unlimited queries and no roster, after the guard of the cells: a week
of a group that is withheld there has no acts here. What is decided on are *parts*: acts from one group (the source)
to one group (the sink), of one kind or of all kinds that are not passive. A part is shown when at least k distinct
people act in it and at least k are aimed at. One in which nobody does anything is not withheld: it hides nobody.

**Sums.** What a sum that is told holds beyond the parts that are shown is told with it. Of all kinds together a
group's row is known, for its ties and acts are metrics of the plugin; columns are taken to be known as well. So of
each row and column the withheld parts must be at least two, and be by k people and aimed at k when taken together;
else the next smallest is withheld with them, until that holds for all. What a group does inside itself, and toward
people of no group, can't serve for that where the E-I index of the group is told: both would be known from it and the
row. Of the diagonal only the index of the whole network tells, which is withheld where what it would tell is of too
few.

**Filters.** A filter of kinds asks for a sum of parts, so comparing filters tells no more than the parts do: each
kind is a matrix of its own, decided in the same way and whatever is asked, and a filtered entry is shown when all its
parts are. All kinds together are one more sum: of an entry that is shown, the kinds that are withheld must be at
least two, and by and aimed at k people together; of an entry that is withheld no kind is shown. Passive kinds are in
no such sum.

**What remains.** Entries are decided over the window, and windows are whole weeks. Who asks for two windows that
differ by a week and takes one from the other learns how many acts went from one group to another in that week, and how
many ties there were in no other week of the window, be it one. One act is one person's; they are among the k or more
who acted in the group that week, for its cell is shown, and which of them it was is not told. Who knows it otherwise,
because only one of a group ever turns to the other, learns how often that one did.

Cells by the week, as metrics have, would tell none of this and withhold too much: in generated organisations (`lrs
generate`, 13 weeks, k = 5) of 120, 200, 500 and 1,000 people the entries of single weeks that can be shown hold 64, 51,
70 and 88 % of the acts, against 99 % or more of a window's; inside groups 71 to 95 %, between them 48 to 87 %, so sums
of those weeks would make groups look more closed than they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from lrs.core.analytics.guard import Reason
from lrs.core.network.flows import ARC, ENTRY, NOWHERE
from lrs.plugin.frames import CODE

ALL = 0
"""In the place of a kind's code: all kinds that are not passive."""

PART = (*ENTRY, "kind")

INSIDE = pl.col("source") == pl.col("sink")
OUTSIDE = ~INSIDE & (pl.col("sink") != NOWHERE)

_IS_HIDDEN = pl.col("reason").is_not_null()


@dataclass(frozen=True, slots=True)
class Line:
    """Parts whose sum may be known: those of `within` that have the columns of `key` in common."""

    key: Sequence[str]
    within: pl.Expr


ROW = Line(("kind", "source"), pl.lit(True))
COLUMN = Line(("kind", "sink"), pl.lit(True))
DIAGONAL = Line(("kind",), INSIDE)
KINDS = Line(ENTRY, ~pl.col("passive"))


@dataclass(frozen=True, slots=True)
class Decided:
    """Parts with their `acts`, how many `sources` and `targets` (people) they have, who (`actor`, `target`, in lists),
    and the `reason` they are withheld for, if they are. Parts that are not `free` never are for the sake of others.
    """

    parts: pl.DataFrame
    k: int

    def unsafe(self, line: Line) -> pl.DataFrame:
        """Return the lines, by their keys, in which what is withheld is too little to hide anybody."""
        hidden = self.parts.filter(_IS_HIDDEN, line.within).group_by(line.key)
        sources, targets = (pl.col(end).explode().n_unique() for end in ARC)
        together = hidden.agg(n=pl.len(), sources=sources, targets=targets)
        return together.filter((pl.col("n") < 2) | _is_small(self.k)).select(line.key)


def decided(links: pl.DataFrame, k: int) -> Decided:
    """Decide on the entries of links (see `flows`) of all kinds that are not passive."""
    active = links.filter(~pl.col("passive"))
    parts = _parts(active.with_columns(kind=pl.lit(ALL, CODE)), k)
    is_known = (INSIDE | (pl.col("sink") == NOWHERE)) & pl.col("source").is_in(_with_index(active, k).implode())
    return _settled(Decided(parts.with_columns(free=~is_known), k), (ROW, COLUMN))


def decided_by_kind(links: pl.DataFrame, whole: Decided) -> Decided:
    """Decide on the parts of links by kind, given what was decided on all kinds together."""
    kinds = pl.len().over(*ENTRY, "passive")
    parts = _parts(links, whole.k).with_columns(free=pl.col("passive") | (kinds > 1))  # else it is known from the whole
    gone = whole.parts.filter(_IS_HIDDEN).select(*ENTRY, gone="reason")
    parts = parts.join(gone, on=ENTRY, how="left", maintain_order="left")
    parts = parts.with_columns(reason=pl.coalesce("reason", "gone")).drop("gone")
    return _settled(Decided(parts, whole.k), (ROW, COLUMN, KINDS))


def _parts(links: pl.DataFrame, k: int) -> pl.DataFrame:
    """Return the parts of links, the smallest first; those of too few people are withheld."""
    parts = links.group_by(PART).agg(pl.col("passive").any(), pl.col("acts").sum(), *ARC, **_PEOPLE)
    few = pl.when(_is_small(k)).then(pl.lit(Reason.TOO_FEW_PEOPLE.value))
    return parts.with_columns(reason=few).sort("sources", "acts", *PART)


def _with_index(links: pl.DataFrame, k: int) -> pl.Series:
    """Return the sources whose E-I index can be had: nothing inside, outside or toward no group is of too few."""
    where = pl.when(INSIDE).then(0).when(OUTSIDE).then(1).otherwise(2).alias("where")
    few = links.group_by("source", where).agg(**_PEOPLE).filter(_is_small(k))["source"]
    sources = links["source"].unique()
    return sources.filter(~sources.is_in(few.implode()))


def _settled(decision: Decided, lines: Sequence[Line]) -> Decided:
    """Withhold of each line that is not safe the smallest that is shown and free, until there is none."""
    while True:
        before = decision
        for line in lines:
            shown = decision.parts.filter(~_IS_HIDDEN, "free", line.within)
            chosen = shown.join(decision.unsafe(line), on=line.key, how="semi")
            chosen = chosen.unique(line.key, keep="first", maintain_order=True)
            if len(chosen):
                decision = _without(decision, chosen.select(PART))
        if decision is before:
            return decision


def _without(decision: Decided, chosen: pl.DataFrame) -> Decided:
    marked = chosen.with_columns(chosen=pl.lit(Reason.COMPLEMENTARY.value))
    parts = decision.parts.join(marked, on=PART, how="left", maintain_order="left")
    return replace(decision, parts=parts.with_columns(reason=pl.coalesce("reason", "chosen")).drop("chosen"))


def _is_small(k: int) -> pl.Expr:
    return (pl.col("sources") < k) | (pl.col("targets") < k)


_PEOPLE = {"sources": pl.col("actor").n_unique(), "targets": pl.col("target").n_unique()}
