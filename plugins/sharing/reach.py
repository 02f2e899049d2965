"""Reach: who has seen what was shared, and who could have."""

import polars as pl

from lrs.plugin import Number, Scope
from plugins.sharing.acts import PLACES
from plugins.sharing.line import Line
from plugins.sharing.shares import VIEW, of_kind, on_either, on_object, shared, standing


def reach(scope: Scope) -> Number:
    """Count the people who viewed what others shared in the window, after it was. Unit: people.

    Beside stands the possible audience: those, and the members of the communities that it was shared into.
    """
    made = shared(scope)
    seen = _reached(made, views(made, scope))
    audience = pl.concat([seen, _members(made, scope.memberships)]).n_unique()
    return Number(seen.n_unique(), n=None, beside={"possible_audience": Number(audience, n=None)})


def views(made: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return everybody's views of what these shares are about, or of something that hangs below it."""
    return scope.once(_views).join(on_object(made), on="thing", how="semi")


def _views(scope: Scope) -> pl.DataFrame:
    return on_either(standing(of_kind(scope.store, VIEW), scope))


def _reached(made: pl.DataFrame, seen: pl.DataFrame) -> pl.Series:
    """The viewers. Of the shares of one thing the first matters, and for who made that the first by another."""
    made = on_object(made)
    first = made.unique("thing", keep="first", maintain_order=True).select("thing", sharer="actor", since="t")
    others = made.join(first, on="thing").filter(pl.col("actor") != pl.col("sharer"))
    second = others.group_by("thing").agg(again=pl.col("t").min())
    latest = seen.group_by("thing", "actor").agg(pl.col("t").max())
    seen = latest.join(first, on="thing").join(second, on="thing", how="left")
    shared_at = pl.when(pl.col("actor") == pl.col("sharer")).then("again").otherwise("since")
    return seen.filter(pl.col("t") >= shared_at)["actor"].unique()


def _members(made: pl.DataFrame, memberships: pl.DataFrame) -> pl.Series:
    """Who was a member of a community when another shared something into it."""
    into = _shared_into(made)
    communities = memberships.filter(pl.col("kind") == "community", "active")
    members = communities.select("since", "until", "person", thing="group")
    members = Line(into).find(members, first="since", end="until").with_row_index("row")
    own = members.join(into, left_on=["thing", "person"], right_on=["thing", "actor"])
    own = own.filter(pl.col("t") >= pl.col("since"), pl.col("t") < pl.col("until")).group_by("row").agg(own=pl.len())
    counted = members.join(own, on="row", how="left").with_columns(pl.col("own").fill_null(0))
    return counted.filter(pl.col("first") + pl.col("own") < pl.col("end"))["person"].unique()


def _shared_into(made: pl.DataFrame) -> pl.DataFrame:
    """Who shared when into which `thing`: all that the statement names, be it a community or not, or named twice."""
    places = ("course", "parent", *PLACES)
    return pl.concat([made.select("t", "actor", thing=place) for place in places]).drop_nulls("thing")
