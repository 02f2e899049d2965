"""The shape of threads: how deep and how broad they grow, and how much of them is back and forth."""

import polars as pl

from lrs.plugin import Metric, Number, Scope, mean, median
from plugins.discussion.posts import in_threads

_CANT_TELL = "Moodle's forum and Open edX drop which post a reply answers: one such reply, and nothing can be said."


def depth(scope: Scope) -> Number:
    """Return the mean over threads of the greatest distance of a post from the start. Unit: levels.

    A thread that nobody answered has depth 0.
    """
    return _over_threads(scope, pl.col("depth").max())


def breadth(scope: Scope) -> Number:
    """Return the mean over threads of the most posts on one level, the start's own included. Unit: n."""
    return _over_threads(scope, pl.col("posts").max())


def interactivity(scope: Scope) -> Number:
    """Return the mean over threads of (posts - 1)(authors - 1) ÷ posts: 0 for a monologue. Unit: ratio."""
    posts, authors = pl.len().cast(pl.Int64), pl.col("actor").n_unique().cast(pl.Int64)
    turns = ((posts - 1) * (authors - 1) / posts).alias("turns")
    return mean(in_threads(scope).group_by("subject").agg(turns)["turns"].sort())  # sums of floats go by their order


def _over_threads(scope: Scope, of_levels: pl.Expr) -> Number:
    """Return the mean of what is made of each thread's levels (`depth`, `posts`), with the median and the greatest."""
    posts = in_threads(scope)
    if posts["depth"].has_nulls():
        return Number(None, why="source_cannot_tell")
    levels = posts.group_by("subject", "depth").agg(posts=pl.len())
    shapes = levels.group_by("subject").agg(of_levels.alias("shape"))["shape"].cast(pl.Float64)
    typical, n = mean(shapes), len(shapes)
    greatest = None if shapes.is_empty() else float(shapes.sort()[-1])
    return Number(typical.value, n=n, beside={"median": median(shapes), "max": Number(greatest, n=n)})


METRICS = (
    Metric(
        id="depth",
        title="Depth of threads",
        unit="levels",
        range=(0, None),
        direction="neutral",
        definition="mean over threads that start in the window of the greatest distance of a post from their start",
        no_data="null: no thread starts in the window, or a post's depth is unknown (source_cannot_tell)",
        source="reply depth as in the reports proposed in Moodle's tracker, MDL-70999",
        limits=_CANT_TELL,
        beside={"median": "median over the same threads", "max": "the deepest thread"},
        min_denominator=10,
        compute=depth,
    ),
    Metric(
        id="breadth",
        title="Breadth of threads",
        unit="n",
        range=(1, None),
        direction="neutral",
        definition=(
            "mean over threads that start in the window of the most posts at one distance from their start, "
            "which counts as a level of one post"
        ),
        no_data="null: no thread starts in the window, or a post's depth is unknown (source_cannot_tell)",
        source="width of a tree, the greatest of its levels",
        limits=_CANT_TELL,
        beside={"median": "median over the same threads", "max": "the broadest thread"},
        min_denominator=10,
        compute=breadth,
    ),
    Metric(
        id="interactivity",
        title="Interactivity",
        unit="ratio",
        range=(0, None),
        direction="higher",
        definition="mean over threads that start in the window of (posts - 1)(authors - 1) ÷ posts",
        no_data="null: no thread starts in the window",
        source="own formula; counting unique contributors, not depth alone, is the Lithium Community Health Index's",
        limits="It grows with the length of threads: compare like with like.",
        min_denominator=10,
        compute=interactivity,
    ),
)
