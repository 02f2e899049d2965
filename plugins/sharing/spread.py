"""Spread: what shares set off, and how fast it fades."""

import polars as pl

from lrs.plugin import Number, Scope, median, ratio
from plugins.sharing.line import Line
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
    posts = standing(scope.store.filter("contributes"), scope).select("object").unique()
    reactions = within(of_kind(scope.acts, REACTION), scope).join(posts, on="object", how="semi")
    return ratio(len(of_kind(made, REPOST)) + len(reactions), len(made))


def half_life(scope: Scope) -> Number:
    """Return the median time after which half of what others did with a share had happened. Unit: s.

    A share with nothing done, or younger than four times its own half-life, is left out.
    """
    made = on_object(shared(scope))
    responses = scope.once(_responses).join(made, on="thing", how="semi")
    fading = _halves(made, Line(responses)).with_columns(took=pl.col("half") - pl.col("t"))
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
    return pl.concat(done)


def _halves(made: pl.DataFrame, line: Line) -> pl.DataFrame:
    """Return the shares that others did something with, with the time of the ceil(n/2)-th of n: `half`.

    What was done with one thing stands in line. From the share on, what the sharer did is stepped over.
    """
    events = line.events
    items = line.find(made, first="t").with_row_index("item")
    own = _own(items, events)
    items = items.join(own.group_by("item").agg(own=pl.len()), on="item", how="left")
    others = pl.col("stop").cast(pl.Int64) - pl.col("first") - pl.col("own").fill_null(0)
    items = items.with_columns(half_way=(others - 1) // 2).filter(others > 0)
    over = own.join(items.select("item", "half_way"), on="item").filter(pl.col("others_before") <= pl.col("half_way"))
    items = items.join(over.group_by("item").agg(stepped=pl.len()), on="item", how="left")
    place = items.select(pl.col("first") + pl.col("half_way") + pl.col("stepped").fill_null(0)).to_series()
    return items.with_columns(half=events["t"].gather(place))


def _own(items: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """What the sharers did themselves, from their share on, each with how much of others stands in line before it."""
    own = items.join(events.drop("t"), on=["thing", "actor"]).filter(pl.col("place") >= pl.col("first"))
    before = pl.col("place").rank("ordinal").over("item") - 1
    return own.select("item", others_before=pl.col("place") - pl.col("first") - before)
