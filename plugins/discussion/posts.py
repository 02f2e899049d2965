"""Posts: which interactions they are, and how they are found in a table of acts."""

import polars as pl

from lrs.plugin import Act, Interaction, Scope

RESPONSES = frozenset({"reply", "comment", "answer"})
QUESTIONS = frozenset({"http://id.tincanapi.com/activitytype/doubt", "http://activitystrea.ms/question"})

POST = pl.col("post")
"""Holds for each post once: who addresses several people has posted once, and the further acts only make arcs."""
START, REPLY = POST & pl.col("opens"), POST & ~pl.col("opens")


def post(interaction: Interaction) -> Act | None:
    """Return the post that an interaction which stands is, or None.

    A post is a create or ask on a thread type, or a reply, comment or answer whose root is such a thread. Whether
    somebody answers oneself only the metrics can tell, which see persons where this sees accounts.
    """
    if not interaction["on_thread"]:
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
        subject_t=interaction.get("root_t"),
        opens=interaction["is_root"],
        detail={
            "object": interaction["object_id"],
            "post": _is_told_first(interaction),
            "parent_author": parent_author if answers else None,
            "latency_s": latency_s,
            "question": interaction["kind"] == "ask" or interaction["object_type"] in QUESTIONS,
            "parent_known": interaction["parent_known"],
            "addressed": interaction["target_status"] in ("resolved", "self"),
            "depth": interaction["depth"],
            "board": interaction["board_id"],
            "instructor": interaction["actor_role"] == "instructor",
        },
    )


def in_threads(scope: Scope) -> pl.DataFrame:
    """Return everybody's posts before `as_of` in the threads that the acts start before it.

    With the columns `author` (who started the thread) and `started` (when).
    """
    return scope.once(_in_all_threads).join(scope.acts.filter(START), on="subject", how="semi")


def _in_all_threads(scope: Scope) -> pl.DataFrame:
    starts = scope.acts.filter(START, pl.col("t") < scope.as_of)
    return scope.following().filter(POST).join(starts.select("subject", author="actor", started="t"), on="subject")


def _is_told_first(interaction: Interaction) -> bool:
    """Whether this is the first of what its statement tells of a kind: one act for each person that is addressed."""
    return str(interaction["_id"]).endswith(":0")
