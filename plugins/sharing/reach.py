"""Reach: who has seen what was shared, and who could have."""

import polars as pl

from lrs.plugin import Number, Scope
from plugins.sharing.acts import PLACES
from plugins.sharing.earlier import count_before
from plugins.sharing.shares import VIEW, of_kind, on_either, on_object, shared, standing


def reach(scope: Scope) -> Number:
    """Count the people who viewed what others shared in the window, after it was. Unit: people.

    Beside stands the possible audience: those, and the members of the communities that it was shared into.
    """
    seen = _reached(scope)
    audience = pl.concat([seen, _members(scope)]).n_unique()
    return Number(seen.n_unique(), n=None, beside={"possible_audience": Number(audience, n=None)})


def views(scope: Scope) -> pl.DataFrame:
    """Return everybody's views of what the row's shares are about, or of something that hangs below it."""
    things = on_object(shared(scope)).select("thing").unique()
    return on_either(of_kind(standing(scope.store, scope), VIEW)).join(things, on="thing", how="semi")


def _reached(scope: Scope) -> pl.Series:
    """The viewers. Of the shares of one thing the first matters, and for who made that the first by another."""
    made = on_object(shared(scope)).sort("t", "id")
    first = made.unique("thing", keep="first").select("thing", sharer="actor", since="t")
    others = made.join(first, on="thing").filter(pl.col("actor") != pl.col("sharer"))
    second = others.group_by("thing").agg(again=pl.col("t").min())
    latest = views(scope).group_by("thing", "actor").agg(pl.col("t").max())
    seen = latest.join(first, on="thing").join(second, on="thing", how="left")
    shared_at = pl.when(pl.col("actor") == pl.col("sharer")).then("again").otherwise("since")
    return seen.filter(pl.col("t") >= shared_at)["actor"].unique()


def _members(scope: Scope) -> pl.Series:
    """Who was a member of a community when another shared something into it."""
    into = _shared_into(scope)
    members = scope.memberships.filter(pl.col("kind") == "community").join(into, on="group", how="semi")
    members = members.with_row_index("row").select("row", "person", "group", "since", "until")
    members = count_before(members, "since", into, "group", "before")
    members = count_before(members, "until", into, "group", "by_the_end")
    own = members.join(into, left_on=["group", "person"], right_on=["group", "actor"])
    own = own.filter(pl.col("t") >= pl.col("since"), pl.col("t") < pl.col("until")).group_by("row").agg(own=pl.len())
    counted = members.join(own, on="row", how="left").with_columns(pl.col("own").fill_null(0))
    return counted.filter(pl.col("by_the_end") - pl.col("before") > pl.col("own"))["person"].unique()


def _shared_into(scope: Scope) -> pl.DataFrame:
    """Who shared when into which `group`: all that the statement names, whether it is a community or not."""
    named = shared(scope).select("id", "t", "actor", "course", "parent", *PLACES)
    told = named.unpivot(index=["id", "t", "actor"], value_name="group").drop("variable").drop_nulls("group")
    return told.unique(["id", "group"])
