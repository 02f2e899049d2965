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
    named = pl.col("object").is_in(scope.once(_named_alone).implode())
    return _views(scope).filter(pl.col("subject").is_not_null() | named)


def _named_alone(scope: Scope) -> pl.Series:
    """Return the threads and posts that views name without saying that they are in a thread."""
    views = _views(scope)
    named = views.filter(pl.col("subject").is_null())["object"].unique().implode()
    posts = pl.concat([scope.early.filter(POST), scope.store.filter(POST)])
    return pl.concat([posts[own].filter(posts[own].is_in(named)) for own in ("subject", "object")]).unique()


def _views(scope: Scope) -> pl.DataFrame:
    return scope.acts.select(_VIEW).filter(~pl.col("contributes"))


def posts_opened(posts: pl.DataFrame, views: pl.DataFrame) -> pl.DataFrame:
    """Return how many of these posts each viewer has opened that somebody else wrote: `actor`, `opened`.

    Who opens a thread opens what was written in it until then, who opens a post opens that one. Each post counts once
    for a viewer, however often it was opened.
    """
    latest = views.group_by("actor", pl.col("object").alias("subject")).agg(pl.col("t").max())
    counts = [_with_threads(posts, latest), _own(posts, latest), _alone(posts, latest)]
    return pl.concat(counts).group_by("actor").agg(pl.col("opened").sum())


def _with_threads(posts: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """Count the posts of a thread up to the latest view of it, by whomever."""
    told = pl.concat(
        [posts.select("subject", "t", actor=_NOBODY, post=_ONE), latest.select("subject", "t", "actor", post=_NONE)]
    )
    written = pl.col("post").cum_sum()
    begins = pl.col("subject").ne_missing(pl.col("subject").shift())
    before = pl.when(begins).then(written - pl.col("post")).forward_fill()  # in the threads sorted before it
    by_thread = told.sort("subject", "t", "post", descending=[False, False, True])  # who views at that moment sees it
    return by_thread.select("actor", opened=written - before).filter(pl.col("actor").is_not_null())


def _own(posts: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """Count one's own posts among these, to be taken from them."""
    own = latest.join(posts.select("actor", "subject", written="t"), on=("actor", "subject"))
    return own.filter(pl.col("written") <= pl.col("t")).select("actor", opened=-_ONE)


def _alone(posts: pl.DataFrame, latest: pl.DataFrame) -> pl.DataFrame:
    """Count others' posts that were opened by themselves, and not with their thread as well."""
    with_id = posts.filter(pl.col("object") != pl.col("subject"))
    return (
        latest.select("actor", object="subject")
        .join(with_id.select("object", "subject", author="actor", written="t"), on="object")
        .filter(pl.col("actor") != pl.col("author"))
        .join(latest, on=("actor", "subject"), how="left")
        .filter(pl.col("t").is_null() | (pl.col("t") < pl.col("written")))
        .select("actor", opened=_ONE)
    )


_VIEW = ("id", "t", "actor", "contributes", "subject", "object")
_ONE, _NONE, _NOBODY = (pl.lit(value, pl.Int64) for value in (1, 0, None))
