"""Who does the talking: how evenly posts are spread over the people of a group, and how much comes from instructors."""

import polars as pl

from lrs.plugin import Metric, Number, Scope, equality, mean
from plugins.discussion.posts import POST, REPLY

_ROSTER = "It needs a directory that says who belongs where; guests count nowhere in it."


def participation_equality(scope: Scope) -> Number:
    """Return 1 - Gini of the numbers of posts of the people on the roster, silent ones included. Range 0-1.

    Nobody on it posted: no_data; nobody is on it: no_roster. Source: Gini 1912.
    """
    posts = posts_by_person(scope)
    if posts.is_empty():
        return Number(None, why="no_roster")
    return Number(equality(posts), n=len(posts))


def top10_share(scope: Scope) -> Number:
    """Return the share of the roster's posts that its most active tenth, rounded up, has written. Range 0-1."""
    posts = posts_by_person(scope)
    if posts.is_empty():
        return Number(None, why="no_roster")
    tenth = -(-len(posts) // 10)
    theirs, all_posts = int(posts.sort(descending=True).head(tenth).sum()), int(posts.sum())
    return Number(theirs / all_posts if all_posts else None, n=len(posts))


def instructor_share(scope: Scope) -> Number:
    """Return the share of replies by instructors of their course at that time. Range 0-1.

    Who has no membership in the course then is one where the statement names the author as the instructor.
    """
    replies = scope.acts.filter(REPLY).select("id", "actor", "course", "t", "instructor")
    teaches = pl.col("role").is_in(scope.config["instructor_roles"])
    known = (
        replies.join(_in_courses(scope), on=("actor", "course"))
        .filter(pl.col("since") <= pl.col("t"), pl.col("t") < pl.col("until"))
        .group_by("id")
        .agg(teaches=teaches.any())
    )
    taught = replies.join(known, on="id", how="left").select(taught=pl.coalesce("teaches", "instructor"))
    return mean(taught["taught"])


def on_roster(scope: Scope) -> pl.DataFrame:
    """Return the people on the roster (`actor`), nobody where none is known."""
    people = pl.Series(dtype=pl.Int64) if scope.roster is None else scope.roster
    return pl.DataFrame({"actor": people}).unique()


def posts_by_person(scope: Scope) -> pl.Series:
    """Return how many posts each person on the roster has written in the window, 0 for silent ones; in no order."""
    written = scope.acts.filter(POST).group_by("actor").agg(posts=pl.len().cast(pl.Int64))
    return on_roster(scope).join(written, on="actor", how="left")["posts"].fill_null(0)


def _in_courses(scope: Scope) -> pl.DataFrame:
    memberships = scope.memberships.filter(pl.col("kind") == "course")
    return memberships.select("role", "since", "until", actor="person", course="group")


METRICS = (
    Metric(
        id="participation_equality",
        title="Equality of participation",
        unit="0-1",
        range=(0, 1),
        direction="higher",
        definition="1 - Gini coefficient of the numbers of posts of the people who belong here, silent ones included",
        no_data="null: nobody who belongs here posted, or nobody is known to belong here (no_roster)",
        source="Gini 1912, uncorrected: n people of whom one writes everything have 1 ÷ n",
        limits=_ROSTER,
        min_denominator=10,
        compute=participation_equality,
    ),
    Metric(
        id="top10_share",
        title="Posts by the most active tenth",
        unit="0-1",
        range=(0, 1),
        direction="lower",
        definition=(
            "posts by the most active tenth, rounded up, of the people who belong here, divided by the posts of all "
            "of them"
        ),
        no_data="null: nobody who belongs here posted, or nobody is known to belong here (no_roster)",
        source="own definition",
        limits=_ROSTER,
        min_denominator=10,
        compute=top10_share,
    ),
    Metric(
        id="instructor_share",
        title="Replies by instructors",
        unit="0-1",
        range=(0, 1),
        direction="neutral",
        definition=(
            "replies by instructors of the course at that time, else by who is named as the instructor, divided by "
            "all replies"
        ),
        no_data="null: nobody replied",
        source="facilitator-centred patterns of SNAPP, as a share",
        limits=(
            "Moodle's and Open edX's replies don't name instructors: there the memberships of courses must say who "
            "teaches."
        ),
        min_denominator=10,
        compute=instructor_share,
    ),
)
