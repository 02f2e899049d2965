"""Who belonged where, as numbers of groups are computed: as it was for those people of whom few differ.

A roster is a denominator, and leaves somebody's acts out of a number: whoever sees the number before and after one
person was taken off it knows what that person did. So for the past that is released, people belong where they did until
at least k of them differ; from then on, and of everybody else, it is what is known by now.
"""

import io
from datetime import datetime

import polars as pl

from lrs.core.analytics.resolved import Directory


def renewed_members(old: pl.DataFrame | None, who: Directory, until: datetime, k: int) -> pl.DataFrame:
    """Return the memberships (see `lrs.plugin.frames`) to compute with, from those that were and those of now.

    What lies before `until` is released. There were none before: everything is as it is by now.
    """
    new = who.memberships
    if old is None:
        return new
    old = _by_now(old, who)
    past, past_now = _before(old, until), _before(new, until)
    apart = pl.concat([_without(past, past_now), _without(past_now, past)])["person"].unique()
    if len(apart) >= k:
        return new
    waits = pl.col("person").is_in(apart.implode())
    return pl.concat([new.filter(~waits), past.filter(waits), _since(new.filter(waits), until)])


def unpacked_members(packed: bytes | None) -> pl.DataFrame | None:
    """Return memberships that were stored; None where there are none."""
    return None if packed is None else pl.read_ipc(io.BytesIO(packed))


def _by_now(members: pl.DataFrame, who: Directory) -> pl.DataFrame:
    """Return memberships with the persons that agents turned out to be."""
    names = dict(who.agents.rows())
    return members.with_columns(pl.col("person", "partner").replace(names)) if names else members


def _before(members: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    end = pl.min_horizontal("until", pl.lit(moment, members.schema["until"]))
    return members.filter(pl.col("since") < moment).with_columns(until=end)


def _since(members: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    begin = pl.max_horizontal("since", pl.lit(moment, members.schema["since"]))
    return members.filter(pl.col("until") > moment).with_columns(since=begin)


def _without(some: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Return those that are not among the others."""
    return some.filter(~some.hash_rows().is_in(others.hash_rows().implode()))
