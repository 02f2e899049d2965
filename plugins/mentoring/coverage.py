"""What senders told enough about."""

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from lrs.plugin import mean
from plugins.mentoring.sessions import lengths

_GAP = timedelta(hours=2)


def coverage(acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return the shares of sessions' statements and feedback whose mentee is known, and of sessions with a duration.

    Range 0-1. Sessions are told apart by two hours, and a talk's direction is that of its statement.
    """
    counted = acts.filter("contributes")
    told = counted.filter("session", pl.col("actor") != pl.col("target")).rename(
        {"actor": "mentor", "target": "mentee"}
    )
    return {
        "targets_resolved": mean(counted["target"].is_not_null()).value,
        "duration_told": mean(lengths(told, _GAP)["duration_s"].is_not_null()).value,
    }
