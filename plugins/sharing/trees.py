"""Trees of shares: what each passes on, and how much hangs below it."""

from collections.abc import Iterable

import polars as pl

from plugins.sharing.shares import RECOMMEND, REPOST


def grown(shares: pl.DataFrame) -> pl.DataFrame:
    """Return each share's place in its tree: `number`, `id`, the `root`'s number, `level` and `below`.

    The level is the distance from the root, `below` how many hang below the share, itself included. A repost hangs
    below the first share or repost of what it passes on; all else, and what passes on something unseen, is a root. In a
    loop the first one is. "First" is by (t, id), as the shares have to be ordered.
    """
    above = _above(shares)
    root, level, below, unended = _lifted(above)
    if len(unended):
        root, level, below, _ = _lifted(_cut(above, unended.to_list()))
    return shares.select("id").with_row_index("number").with_columns(root=root, level=level, below=below)


def _above(shares: pl.DataFrame) -> pl.Series:
    """The number of the share above each, null for a root."""
    numbered = shares.select("kind", "object", "parent").with_row_index("number")
    passed_on = numbered.select(thing=pl.when(pl.col("kind") == REPOST).then("parent"))
    # A repost without an id of its own names what it passes on, and a recommendation makes nothing.
    makers = numbered.filter(pl.col("kind") != RECOMMEND, pl.col("object").ne_missing(pl.col("parent")))
    first = makers.unique("object", keep="first", maintain_order=True).select(thing="object", above="number")
    return passed_on.join(first, on="thing", how="left", maintain_order="left")["above"]


def _lifted(above: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
    """Return root, level and number below of each, and of whom there is no end: those in a loop.

    Each round looks twice as far up as the one before, so a chain of a thousand takes ten.
    """
    up = above
    root = up.fill_null(pl.int_range(len(up), dtype=pl.UInt32, eager=True))
    level = up.is_not_null().cast(pl.Int64)
    below = pl.repeat(1, len(up), dtype=pl.Int64, eager=True)
    for _ in range(len(up).bit_length()):
        if up.null_count() == len(up):
            break
        hanging = pl.DataFrame({"up": up, "below": below}).drop_nulls().group_by("up").agg(pl.col("below").sum())
        level = level + level.gather(up).fill_null(0)
        below = below.scatter(hanging["up"], below.gather(hanging["up"]) + hanging["below"])
        root, up = root.gather(root), up.gather(up)
    return root, level, below, up.drop_nulls().unique()


def _cut(above: pl.Series, looped: Iterable[int]) -> pl.Series:
    """Return what is above each, but nothing above the first one of each loop."""
    left, firsts = set(looped), []
    while left:
        ring = [left.pop()]
        while (up := above[ring[-1]]) != ring[0]:
            ring.append(up)
        left.difference_update(ring)
        firsts.append(min(ring))
    return above.clone().scatter(firsts, None)
