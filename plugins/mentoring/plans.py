"""Plans: sessions that were arranged, and whether they were held."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Number, Scope, ratio
from plugins.mentoring.programme import PAIR, directed, happened, met
from plugins.mentoring.sessions import held

HELD_WITHIN = timedelta(days=14)
"""The time from a plan in which any session of the pair is taken for the one that was planned."""


def completion(scope: Scope) -> Number:
    """Return the share of the sessions planned in the window, and not called off, that were held. Range 0-1."""
    plans = _planned(scope)
    was_held = pl.concat([_held_on_the_thing(plans, scope), _held_soon(plans, scope)])
    kept = plans.join(was_held, on="number", how="semi")
    return ratio(kept["planned"].n_unique(), plans["planned"].n_unique())


def _planned(scope: Scope) -> pl.DataFrame:
    """Return the plans: number, mentor, mentee, subject, t, and what is `planned`, which several plans may be of.

    A plan that names no thing is of a session of its own.
    """
    of_the_window = pl.col("plan") & (pl.col("t") >= scope.since)
    plans = directed(happened(scope.acts, of_the_window, scope), scope).with_row_index("number")
    alone = pl.when(pl.col("subject").is_null()).then("number").alias("alone")
    return plans.select("number", "t", "subject", *PAIR, planned=pl.struct(*PAIR, "subject", alone))


def _held_on_the_thing(plans: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    return plans.join(met(scope.store, scope), on=[*PAIR, "subject"], how="semi").select("number")


def _held_soon(plans: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    sessions = held(scope.store, scope).select(*PAIR, "start")
    soon = pl.col("start").is_between(pl.col("t"), pl.col("t") + HELD_WITHIN)
    return plans.join(sessions, on=PAIR).filter(soon).select("number")
