"""Views: who opened which thread or post."""

import polars as pl

from lrs.plugin import Act, Interaction, Scope
from plugins.discussion.posts import POST

SEEN_MADE = ("resolved", "self")


def view(interaction: Interaction) -> Act | None:
    """Return the view of what may be a thread or a post, or None.

    Either its statement says that it is of a thread or in one, or its author is known: then it may be a post, which
    only the metrics can tell, for its statement stands elsewhere. A view is aimed at nobody and counts for nothing but
    reading.
    """
    if not (interaction["on_thread"] or interaction["target_status"] in SEEN_MADE):
        return None
    return Act(
        id=interaction["_id"],
        t=interaction["t"],
        actor=interaction["actor"],
        course=interaction["course_id"],
        subject=interaction["root_id"] if interaction["on_thread"] else None,
        contributes=False,
        detail={"object": interaction["object_id"]},
    )


def openings(scope: Scope) -> pl.DataFrame:
    """Return those of the acts that are views of a thread or of a post.

    A view whose statement names no thread is one if a thread or post of that id is among everybody's acts.
    """
    posts = pl.concat([scope.early, scope.store]).filter(POST)
    known = pl.concat([posts["subject"], posts["object"]])
    is_known = pl.col("subject").is_not_null() | pl.col("object").is_in(known.implode())
    return scope.acts.filter(~pl.col("contributes"), is_known)


def posts_opened(posts: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """Return how many of these posts each viewer has opened that somebody else wrote: `actor`, `opened`.

    Who opens a thread opens what was written in it until then, who opens a post opens that one. Each post counts once
    for a viewer, however often it was opened.
    """
    latest = views.group_by("actor", pl.col("object").alias("subject")).agg(pl.col("t").max())
    counts = pl.concat([_with_threads(posts, latest), _alone(posts, views, latest)])
    return counts.group_by("actor").agg(pl.col("opened").sum())


def _with_threads(posts: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """Count others' posts up to the latest view of each thread: all there are, without one's own."""
    told = pl.concat([posts.select(*_THREAD, written=_ONE), latest.select(*_THREAD, written=_NONE)])
    by_time = told.sort(["t", "written"], descending=[False, True])  # what is written at the moment of a view is seen
    written = pl.col("written").cum_sum()
    opened = written.over("subject") - written.over("subject", "actor")
    return by_time.with_columns(opened=opened).filter(pl.col("written") == 0).select("actor", "opened")


def _alone(posts: pl.DataFrame, views: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """Count others' posts that were opened by themselves, and not with their thread as well."""
    own_id = posts.filter(pl.col("object") != pl.col("subject")).with_row_index("post_no")
    opened = (
        views.select("actor", "object")
        .unique()
        .join(own_id.select("post_no", "object", "subject", author="actor", written="t"), on="object")
        .filter(pl.col("actor") != pl.col("author"))
        .join(latest, on=("actor", "subject"), how="left")
        .filter(pl.col("t").is_null() | (pl.col("t") < pl.col("written")))
    )
    return opened.group_by("actor").agg(opened=pl.len().cast(pl.Int64))


_THREAD = ("actor", "subject", "t")
_ONE, _NONE = pl.lit(1, pl.Int64), pl.lit(0, pl.Int64)
