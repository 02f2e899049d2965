"""Who reads: people who open threads, whether or not they write."""

import polars as pl

from lrs.plugin import Metric, Number, Scope, mean, ratio
from plugins.discussion.participation import on_roster
from plugins.discussion.posts import POST
from plugins.discussion.views import openings, posts_opened

_OPENED = (
    "To open is not to read, and digests by e-mail leave no trace. Moodle and Open edX tell views of threads, not of "
    "single posts."
)


def lurker_ratio(scope: Scope) -> Number:
    """Return the share of readers among those on the roster who opened or posted anything. Range 0-1.

    A reader opened a thread or post in the window and wrote none. Source: Nonnecke & Preece 2000.
    """
    roster = on_roster(scope)
    if roster.is_empty():
        return Number(None, why="no_roster")
    writers = roster.join(scope.acts.filter(POST), on="actor", how="semi")
    readers = roster.join(openings(scope), on="actor", how="semi").join(writers, on="actor", how="anti")
    return ratio(len(readers), len(readers) + len(writers))


def listening_breadth(scope: Scope) -> Number:
    """Return the mean over viewers of the share of others' posts of the window that they opened in it. Range 0-1.

    Viewers for whom there are no posts by others are left out. Source: Wise, Hausknecht & Zhao 2014.
    """
    posts, views = scope.acts.filter(POST), openings(scope)
    own = posts.group_by("actor").agg(own=pl.len().cast(pl.Int64))
    viewers = (
        views.select("actor")
        .unique()
        .join(own, on="actor", how="left")
        .join(posts_opened(posts, views), on="actor", how="left")
        .with_columns(others=len(posts) - pl.col("own").fill_null(0))
        .filter(pl.col("others") > 0)
    )
    shares = viewers.select(share=pl.col("opened").fill_null(0) / pl.col("others"))["share"]
    return mean(shares.sort())  # sums of floats go by their order


METRICS = (
    Metric(
        id="lurker_ratio",
        title="Readers",
        unit="0-1",
        range=(0, 1),
        direction="neutral",
        definition=(
            "people who belong here, opened a thread or post in the window and wrote none, divided by those who "
            "opened or wrote any"
        ),
        no_data="null: nobody who belongs here opened or wrote any, or nobody is known to belong here (no_roster)",
        source="Nonnecke & Preece 2000; reading along is no deficit",
        limits=_OPENED,
        min_denominator=10,
        compute=lurker_ratio,
    ),
    Metric(
        id="listening_breadth",
        title="Breadth of listening",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition=(
            "mean over people who opened a thread or post in the window of the share of others' posts of the window "
            "that they opened; a thread opens what was written in it until then"
        ),
        no_data="null: nobody opened anything, or nobody else posted",
        source="Wise, Hausknecht & Zhao 2014, listening breadth",
        limits=_OPENED,
        min_denominator=10,
        compute=listening_breadth,
    ),
)
