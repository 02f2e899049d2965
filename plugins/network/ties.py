"""Which interactions tie one person to another."""

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from lrs.plugin import Act, Change, Column, Config, Interaction, mean

KINDS = frozenset(
    {
        "accept",
        "adopt",
        "answer",
        "ask",
        "attend",
        "collaborate",
        "comment",
        "complete",
        "create",
        "curate",
        "edit",
        "endorse",
        "feedback",
        "flag",
        "follow",
        "grading",
        "host",
        "invite",
        "join",
        "mention",
        "mentor",
        "message",
        "react",
        "recommend",
        "reply",
        "repost",
        "schedule",
        "share",
        "view",
    }
)
"""All that can be aimed at somebody, but for what only ends something: unfollow, leave and delete."""

COLUMNS: Mapping[str, Column] = {
    "kind": "key",
    "weight": "number",  # 1, or 1 / members for each member of a Group that it was aimed at
    "ended": "time",  # from when on it does not count: it was taken back, or what it reacts to was deleted
}


def tie(change: Change, config: Config) -> Act | None:
    """Return the act that ties whoever acts to whom it is aimed at; None where no other person is known.

    A voided interaction never happened, a superseded one repeats an act kept already, a deleted one stays, and one
    that was taken back counts until then. Passive kinds are kept, but rows and metrics leave them out. Whether both
    are one person only the metrics can tell, which see persons where this sees accounts.
    """
    interaction = change.interaction
    if not _happened(interaction) or not _is_aimed_at_somebody(interaction):
        return None
    return Act(
        id=interaction["_id"],
        t=interaction["t"],
        actor=interaction["actor"],
        target=interaction["target"],
        course=interaction["course_id"],
        contributes=interaction["kind"] not in config["passive_kinds"],
        detail={"kind": interaction["kind"], "weight": interaction["weight"], "ended": _ended(interaction)},
    )


def coverage(acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return which share of the acts was aimed at one person, and not at all members of a Group. Range 0-1."""
    return {"addressed_singly": mean(acts["weight"] == 1).value}


def _happened(interaction: Interaction) -> bool:
    return interaction["state"] in ("live", "deleted", "undone") and not interaction["value"].get("undo")


def _is_aimed_at_somebody(interaction: Interaction) -> bool:
    """Tell whether another person is known; an author that was found by the thing is one, and has no type."""
    return bool(interaction["target_status"] == "resolved" and interaction["target_type"] != "group")


def _ended(interaction: Interaction) -> datetime | None:
    taken_back = interaction["state"] == "undone"
    deleted = interaction["state"] == "deleted" and interaction["kind"] == "react"
    ended: datetime | None = interaction["state_t"] if taken_back or deleted else None
    return ended
