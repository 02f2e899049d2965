"""Feedback: whether who was given it did something about it."""

from datetime import timedelta

import polars as pl

from lrs.plugin import Number, Scope, ratio
from plugins.mentoring.programme import happened

_TO_ANOTHER = pl.when(pl.col("target") != pl.col("actor")).then("target")
_WHO_ACTED = pl.when("by_mentee").then("target").otherwise("actor")


def feedback_loop_closed(scope: Scope) -> Number:
    """Return the share of feedback after which its recipient did something to the same thing in time. Range 0-1.

    Only feedback whose time has run out at `as_of` counts. To view the thing again is not enough.
    """
    time = timedelta(days=scope.config["feedback_days"])
    old_enough = pl.col("feedback") & (pl.col("t") <= scope.as_of - time)
    told = happened(scope.acts, old_enough, scope)
    given = told.select("subject", person=_TO_ANOTHER, given="t").with_row_index("feedback")
    on_it = pl.col("subject").is_in(told["subject"].unique().implode())
    deeds = happened(scope.store, on_it, scope).select("subject", "t", person=_WHO_ACTED)
    answers = given.join(deeds, on=["subject", "person"])
    closed = answers.filter(pl.col("t") > pl.col("given"), pl.col("t") <= pl.col("given") + time)
    return ratio(closed["feedback"].n_unique(), len(given))
