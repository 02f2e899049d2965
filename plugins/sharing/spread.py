"""Spread: what shares set off, and how fast it fades."""

import polars as pl

from lrs.plugin import Number, Scope, median, ratio
from plugins.sharing.earlier import count_before
from plugins.sharing.shares import (
    REACTION,
    REPOST,
    RESPONSES,
    VIEW,
    of_kind,
    on_either,
    on_object,
    on_parent,
    shared,
    standing,
    within,
)

OLD_ENOUGH = 4  # times its half-life must have passed since a share: what comes late would still change a younger one


def amplification(scope: Scope) -> Number:
    """Return reposts and reactions on shared posts in the window, per share of the window. A ratio, from 0 on.

    The shared posts are everybody's, of whatever age.
    """
    made = shared(scope)
    posts = standing(scope.store, scope).filter("contributes").select("object").unique()
    reactions = of_kind(within(scope.acts, scope), REACTION).join(posts, on="object", how="semi")
    return ratio(len(of_kind(made, REPOST)) + len(reactions), len(made))


def half_life(scope: Scope) -> Number:
    """Return the median time after which half of what others did with a share had happened. Unit: s.

    A share with nothing done, or younger than four times its own half-life, is left out.
    """
    fading = _halves(shared(scope), _responses(scope)).with_columns(took=pl.col("half") - pl.col("t"))
    old = fading.filter(pl.lit(scope.as_of) - pl.col("t") >= OLD_ENOUGH * pl.col("took"))
    return median(old["took"].dt.total_milliseconds() / 1000)


def _responses(scope: Scope) -> pl.DataFrame:
    """What anybody did with which thing: viewed it, reacted to it, passed it on, or commented on it."""
    acts = standing(scope.store, scope)
    done = [
        on_either(of_kind(acts, VIEW, *RESPONSES)),
        on_object(of_kind(acts, REACTION)),
        on_parent(of_kind(acts, REPOST)),
    ]
    return pl.concat(done).sort("t", "id")


def _halves(made: pl.DataFrame, responses: pl.DataFrame) -> pl.DataFrame:
    """Return the shares that others did something with, with the time of the ceil(n/2)-th of n: `half`.

    The responses to one thing stand in a line. Of those from the share on, the sharer's own are stepped over.
    """
    line = responses.select("t", "actor", "thing", place=pl.int_range(pl.len()).over("thing"))
    items = made.select("t", "actor", thing="object").drop_nulls("thing").with_row_index("item")
    items = count_before(items, "t", line, "thing", "first").join(line.group_by("thing").agg(all=pl.len()), on="thing")
    own = _own(items, line)
    counts = own.group_by("item").agg(own=pl.len())
    items = items.join(counts, on="item", how="left").with_columns(pl.col("own").fill_null(0))
    others = pl.col("all").cast(pl.Int64) - pl.col("first") - pl.col("own")
    items = items.with_columns(half_way=(others - 1) // 2).filter(others > 0)
    over = own.join(items.select("item", "half_way"), on="item").filter(pl.col("others_before") <= pl.col("half_way"))
    stepped = over.group_by("item").agg(stepped=pl.len())
    items = items.join(stepped, on="item", how="left").with_columns(
        place=pl.col("first") + pl.col("half_way") + pl.col("stepped").fill_null(0)
    )
    return items.join(line.select("thing", "place", half="t"), on=["thing", "place"])


def _own(items: pl.DataFrame, line: pl.DataFrame) -> pl.DataFrame:
    """The sharers' own responses from their share on, each with how many of others' stand before it."""
    own = items.join(line.drop("t"), on=["thing", "actor"]).filter(pl.col("place") >= pl.col("first"))
    before = pl.col("place").rank("ordinal").over("item") - 1
    return own.select("item", others_before=pl.col("place") - pl.col("first") - before)
