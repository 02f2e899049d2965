"""Which interactions are posts, and what the metrics need to know of each."""

from collections.abc import Mapping

import polars as pl

from lrs.plugin import Act, Change, Column, Config, mean

RESPONSES = frozenset({"reply", "comment", "answer"})
KINDS = RESPONSES | {"create", "ask"}
QUESTIONS = frozenset({"http://id.tincanapi.com/activitytype/doubt", "http://activitystrea.ms/question"})

COLUMNS: Mapping[str, Column] = {
    "parent_author": "person",  # who wrote what a post answers
    "latency_s": "number",  # from there to the post; None where it answers nothing that was seen
    "question": "flag",
    "parent_known": "flag",  # whether the sender tells true parents
    "addressed": "flag",  # whether it was found whom the post answers
}


def post(change: Change, config: Config) -> Act | None:
    """Return the post that an interaction stands for, or None.

    A post is a create or ask on a thread type, or a reply, comment or answer whose root is such a thread. A voided
    interaction never happened; a superseded one repeats a post kept already; a deleted one stays in every count.
    Whether somebody answers oneself only the metrics can tell, which see persons where this sees accounts.
    """
    interaction = change.interaction
    if interaction["state"] not in ("live", "deleted") or not interaction["on_thread"]:
        return None
    parent_author = interaction["parent_author"]
    # A create that comes after the one which opened the thread is a post, but it answers nobody.
    answers = interaction["kind"] in RESPONSES and parent_author is not None
    latency_s = (interaction["t"] - interaction["parent_t"]).total_seconds() if answers else None
    return Act(
        id=interaction["_id"],
        t=interaction["t"],
        actor=interaction["actor"],
        target=interaction["target"],
        course=interaction["course_id"],
        subject=interaction["root_id"],
        opens=interaction["is_root"],
        detail={
            "parent_author": parent_author if answers else None,
            "latency_s": latency_s,
            "question": interaction["kind"] == "ask" or interaction["object_type"] in QUESTIONS,
            "parent_known": interaction["parent_known"],
            "addressed": interaction["target_status"] in ("resolved", "self"),
        },
    )


def coverage(acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return the shares of replies whose addressee was found, and whose true parent the sender told. Range 0-1."""
    replies = acts.filter(~pl.col("opens"))
    return {
        "targets_resolved": mean(replies["addressed"]).value,
        "parents_known": mean(replies["parent_known"]).value,
    }
