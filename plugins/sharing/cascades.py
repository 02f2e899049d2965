"""Cascades: a share with all that pass it on, and pass on that."""

import polars as pl

from lrs.plugin import Number, Scope, mean, median, percentile
from plugins.sharing.shares import shared, standing
from plugins.sharing.trees import grown


def cascade_size(scope: Scope) -> Number:
    """Return the mean number of shares in a cascade that starts in the window, with median and maximum. Unit: n."""
    return _summary(_cascades(scope)["size"])


def cascade_depth(scope: Scope) -> Number:
    """Return the mean greatest distance from the root of a cascade, with median and maximum. Unit: n."""
    return _summary(_cascades(scope)["depth"])


def cascade_breadth(scope: Scope) -> Number:
    """Return the mean of most shares at one distance from the root, with median and maximum. Unit: n."""
    members = _members(scope)
    levels = members.group_by("root", "level").len().group_by("root").agg(pl.col("len").max())
    return _summary(levels["len"])


def structural_virality(scope: Scope) -> Number:
    """Return the mean over cascades of two or more of the mean distance between any two shares of one. From 1 on.

    An edge with s shares below it is on the way of s(n - s) pairs. Source: Goel et al. 2015.
    """
    size, distances = pl.col("size"), pl.col("size") * pl.col("below") - pl.col("squared")
    several = _cascades(scope).filter(size >= 2)
    return mean(several.select(2 * distances / (size * (size - 1))).to_series())


def _cascades(scope: Scope) -> pl.DataFrame:
    """One row for each: in order, for a sum of fractions depends on it in its last digit."""
    edges = pl.col("below").filter(pl.col("level") > 0)
    cascades = _members(scope).group_by("root")
    size, depth = pl.len().cast(pl.Int64), pl.col("level").max()
    return cascades.agg(size=size, depth=depth, below=edges.sum(), squared=(edges**2).sum()).sort("root")


def _members(scope: Scope) -> pl.DataFrame:
    """All shares, by anybody, of the cascades whose root is one of the row's shares in the window."""
    trees = scope.once(_trees)
    roots = trees.filter(pl.col("number") == pl.col("root")).join(shared(scope), on="id", how="semi")
    return trees.join(roots.select("root"), on="root", how="semi")


def _trees(scope: Scope) -> pl.DataFrame:
    return grown(standing(scope.store.filter("contributes"), scope))


def _summary(values: pl.Series) -> Number:
    found = mean(values)
    if found.value is None:
        return found
    beside = {"median": median(values), "max": percentile(values, 1)}
    return Number(found.value, n=found.n, beside=beside)
