"""Which interactions are shares, and which tell what became of something shared."""

from collections.abc import Mapping

import polars as pl

from lrs.plugin import Act, Change, Column, Config, Interaction, mean
from plugins.sharing.shares import RECOMMEND, REPOST

SHARES = frozenset({"share", "repost", "recommend"})
KINDS = SHARES | {"view", "react", "comment", "reply"}

COLUMNS: Mapping[str, Column] = {
    "kind": "key",
    "object": "key",  # what is shared, viewed, reacted to; of a comment: itself
    "parent": "key",  # what is passed on or commented on
    "ended": "time",  # from when on it does not count: it was taken back, or what it reacts to was deleted
    "maker_known": "flag",  # of a repost, whether what it passes on was seen; of a recommendation, who it is for
    "place_1": "key",  # groups, communities and boards that the statement names
    "place_2": "key",
    "place_3": "key",
}
PLACES = ("place_1", "place_2", "place_3")


def act(change: Change, config: Config) -> Act | None:
    """Return the share that an interaction stands for, or what was done with something shared; else None.

    A voided interaction never happened, a superseded one repeats an act kept already, a deleted one stays in every
    count, and one that was taken back counts until then. Only shares contribute: views, reactions and comments don't.
    """
    interaction = change.interaction
    if not _happened(interaction):
        return None
    is_share = interaction["kind"] in SHARES
    if not (is_share or config["follow_everything"] or _is_about_what_somebody_made(interaction)):
        return None
    return Act(
        id=interaction["_id"],
        t=interaction["t"],
        actor=interaction["actor"],
        target=interaction["target"] if is_share else None,
        course=interaction["course_id"],
        contributes=is_share,
        detail={
            "kind": interaction["kind"],
            "object": interaction["object_id"],
            "parent": interaction["parent_id"],
            "ended": _ended(interaction),
            "maker_known": _knows_the_maker(interaction),
            **(_places(interaction) if is_share else {}),
        },
    )


def coverage(acts: pl.DataFrame) -> Mapping[str, float | None]:
    """Return the shares of reposts whose parent was seen, and of recommendations that say to whom. Range 0-1."""
    known = {kind: acts.filter(pl.col("kind") == kind)["maker_known"] for kind in (REPOST, RECOMMEND)}
    return {"parents_seen": mean(known[REPOST]).value, "recommended_to_known": mean(known[RECOMMEND]).value}


def _happened(interaction: Interaction) -> bool:
    """Tell whether it is an act of its own: no un-act, no repetition, and no copy of another toward somebody else.

    A statement toward several people gives an interaction for each of them, but what is shared with them is shared
    once. Who is recommended something is each recommended it, and who watched has a view of their own.
    """
    if interaction["state"] not in ("live", "deleted", "undone") or interaction["value"].get("undo"):
        return False
    return interaction["kind"] in ("view", "recommend") or str(interaction["_id"]).endswith(":0")


def _is_about_what_somebody_made(interaction: Interaction) -> bool:
    """Tell whether it can be about something shared: views of courses and posts on threads are many, and are not."""
    found = interaction["target_status"] in ("resolved", "self") or interaction["parent_author"] is not None
    return found and not interaction["on_thread"]


def _ended(interaction: Interaction) -> object:
    taken_back = interaction["state"] == "undone"
    deleted = interaction["state"] == "deleted" and interaction["kind"] == "react"
    return interaction["state_t"] if taken_back or deleted else None


def _knows_the_maker(interaction: Interaction) -> bool:
    if interaction["kind"] == "recommend":
        return interaction["target_status"] in ("resolved", "self")
    return interaction["parent_author"] is not None


def _places(interaction: Interaction) -> dict[str, str]:
    """Return the first places that are named, each once: a community is among the groups and the boards."""
    named = dict.fromkeys([*interaction["group_ids"], interaction["board_id"]])
    return dict(zip(PLACES, (place for place in named if place is not None), strict=False))
