"""Arcs: ordered pairs of people of whom the one did something toward the other."""

import polars as pl

from lrs.plugin import Scope

ARC = ("actor", "target")
"""The columns of an arc: from whom, to whom."""


def standing(acts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return those of the acts that tie two people: not passive, not to oneself, and not ended by then."""
    ended = pl.col("ended")
    return acts.filter(
        "contributes",
        pl.col("target") != pl.col("actor"),
        pl.col("t") < scope.as_of,
        ended.is_null() | (ended > scope.as_of),
    )


def arcs(scope: Scope) -> pl.DataFrame:
    """Return the row's arcs, each once: those whose acts are the row's."""
    return standing(scope.acts, scope).select(ARC).unique()


def everybodys(scope: Scope) -> pl.DataFrame:
    """Return the arcs of everybody, each once."""
    return scope.once(arcs)
