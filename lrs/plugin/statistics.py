"""Statistics, defined once for all plugins."""

import polars as pl

from lrs.plugin.metrics import Number


def median(values: pl.Series) -> Number:
    """Return the median by linear interpolation, in the values' unit, and how many values there are."""
    return percentile(values, 0.5)


def percentile(values: pl.Series, share: float) -> Number:
    """Return a percentile (`share` from 0 to 1) by linear interpolation, and how many values there are."""
    told = values.drop_nulls()
    return Number(told.quantile(share, interpolation="linear"), n=len(told))


def mean(values: pl.Series) -> Number:
    """Return the mean of values (of flags: the share that is true), and how many there are; nulls are left out."""
    told = values.drop_nulls()
    return ratio(float(told.cast(pl.Float64).sum()), len(told))


def ratio(part: float, whole: int) -> Number:
    """Return part ÷ whole with the whole as its denominator; nothing can be said of a whole of 0."""
    return Number(part / whole if whole else None, n=whole)


def gini(values: pl.Series) -> float | None:
    """Return the Gini coefficient Σ(2i - n - 1)x ÷ (nΣx) of values from 0 on, zeros included; None where all are 0.

    Source: Gini 1912, in the form of Damgaard & Weiner 2000, uncorrected: at most (n - 1) ÷ n.
    """
    ordered, n, total = values.sort(), len(values), values.sum()
    if not total:
        return None
    ranks = pl.int_range(1, n + 1, eager=True) * 2 - n - 1
    return float((ranks * ordered).sum()) / (n * float(total))


def equality(values: pl.Series) -> float | None:
    """Return 1 - Gini: 1 where all values are equal; None where all are 0."""
    unequal = gini(values)
    return None if unequal is None else 1 - unequal
