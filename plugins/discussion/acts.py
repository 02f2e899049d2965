"""Which interactions are acts of a discussion: posts, and views of what is in threads."""

from collections.abc import Mapping

import polars as pl

from lrs.plugin import Act, Change, Column, Config, mean
from plugins.discussion.posts import POST, RESPONSES, post
from plugins.discussion.views import view

KINDS = RESPONSES | {"create", "ask", "view"}

COLUMNS: Mapping[str, Column] = {
    "object": "key",  # what was posted or viewed; the thread itself where a reply has no id of its own
    "post": "flag",  # see `posts.POST`; None for a view
    "parent_author": "person",  # who wrote what a post answers
    "latency_s": "number",  # from there to the post; None where it answers nothing that was seen
    "question": "flag",
    "parent_known": "flag",  # whether the sender tells true parents
    "addressed": "flag",  # whether it was found whom the post answers
    "depth": "number",  # steps from the thread's start; None where the sender can't tell
    "board": "key",  # the forum, channel or community; never the course
    "instructor": "flag",  # whether the statement names the author as the instructor
}


def act(change: Change, config: Config) -> Act | None:
    """Return the act that an interaction stands for, or None.

    A voided interaction never happened; a superseded one repeats an act kept already; a deleted one stays in every
    count. An undone one was taken back, for which only a store's own rules have words.
    """
    interaction = change.interaction
    if interaction["state"] not in ("live", "deleted"):
        return None
    return view(interaction) if interaction["kind"] == "view" else post(interaction)


def coverage(acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return the shares of replies whose addressee was found, and whose true parent the sender told. Range 0-1."""
    replies = acts.filter(POST, ~pl.col("opens"))
    return {
        "targets_resolved": mean(replies["addressed"]).value,
        "parents_known": mean(replies["parent_known"]).value,
    }
