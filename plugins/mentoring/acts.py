"""What of mentoring an interaction tells: a session, feedback, a plan, or that somebody did something to a thing."""

from collections.abc import Mapping
from typing import Any

from lrs.plugin import Act, Change, Column, Config, Interaction

KINDS = frozenset(
    {"create", "ask", "reply", "comment", "answer", "edit", "delete", "complete", "share", "repost", "recommend"}
    | {"message", "mention", "accept", "react", "endorse", "follow", "unfollow", "join", "leave", "invite"}
    | {"attend", "host", "schedule", "mentor", "feedback", "grading", "curate", "adopt", "collaborate", "flag"}
)
"""All but views: whatever else a mentee does to a thing may be what feedback on it led to."""

COLUMNS: Mapping[str, Column] = {
    "session": "flag",  # tells a session
    "feedback": "flag",  # tells feedback, given to the target
    "plan": "flag",  # tells a planned session
    "by_mentee": "flag",  # the mentee told it, and named the mentor
    "open_direction": "flag",  # it tells a talk of the two, but not who is the mentor
    "duration_s": "number",  # of a session, where it is told
    "ended": "time",  # when it was taken back, and does not count any more; None: never
}
"""Of a session, feedback and a plan `actor` is the mentor and `target` the mentee; of all else `actor` is who acted.

`subject` is the thing that an act is on. A flag that is not set is None.
"""

_NAMES_THE_MENTOR = ("instructor", "context_agent")  # how a statement names whom a session was attended with


def act(change: Change, config: Config) -> Act | None:
    """Return the session, feedback, plan or other act that an interaction stands for, or None.

    A voided interaction never happened, and a superseded one repeats another. What takes back a plan is no plan. What
    is neither session, feedback nor plan is kept where it is on a thing, for it may answer feedback on that.
    """
    interaction = change.interaction
    if interaction["state"] in ("voided", "superseded"):
        return None
    kind = None if interaction["value"].get("undo") else interaction["kind"]
    if kind == "mentor":
        return _session(interaction, by_mentee=False)
    if kind == "attend" and _names_the_mentor(interaction):
        return _session(interaction, by_mentee=True)
    if kind == "feedback":
        return _act(interaction, target=_other(interaction), detail={"feedback": True})
    if kind == "schedule" and _other(interaction) is not None:
        return _plan(interaction)
    return None if interaction["object_id"] is None else _deed(interaction)


def _session(interaction: Interaction, *, by_mentee: bool) -> Act:
    actor, target = interaction["actor"], _other(interaction)
    detail = {
        "session": True,
        "by_mentee": by_mentee,
        "open_direction": bool(interaction["value"].get("undirected")),
        "duration_s": interaction["value"].get("duration_s"),
    }
    if by_mentee:
        return _act(interaction, actor=target, target=actor, detail=detail)
    return _act(interaction, target=target, detail=detail)


def _plan(interaction: Interaction) -> Act:
    """Return a plan; where the statement names no mentor, who that is stays open."""
    teller, other, named = interaction["actor"], _other(interaction), _names_the_mentor(interaction)
    detail = {"plan": True, "by_mentee": named, "open_direction": not named}
    mentor, mentee = (other, teller) if named else (teller, other)
    return _act(interaction, actor=mentor, target=mentee, contributes=False, detail=detail)


def _deed(interaction: Interaction) -> Act:
    """What is of no account but for whom, on what and when: there are many of them."""
    return _act(interaction, course=None, contributes=False)


def _act(interaction: Interaction, *, detail: Mapping[str, Any] | None = None, **told: Any) -> Act:
    own = dict(detail or {})
    if (ended := _ended(interaction)) is not None:
        own["ended"] = ended
    common = {"actor": interaction["actor"], "course": interaction["course_id"], "subject": interaction["object_id"]}
    return Act(id=interaction["_id"], t=interaction["t"], detail=own, **{**common, **told})


def _names_the_mentor(interaction: Interaction) -> bool:
    return _other(interaction) is not None and interaction["target_via"] in _NAMES_THE_MENTOR


def _other(interaction: Interaction) -> Any:
    """The other person; a Group too large to be addressed member by member is nobody in particular."""
    return None if interaction["target_type"] == "group" else interaction["target"]


def _ended(interaction: Interaction) -> Any:
    """When an act was undone, or a reaction lost what it was on; else what was deleted counts on."""
    gone = interaction["state"] == "deleted" and interaction["kind"] == "react"
    return interaction["state_t"] if gone or interaction["state"] == "undone" else None
