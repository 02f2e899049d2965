"""Statements of our own making, in the shapes real senders use."""

from pathlib import Path
from typing import Any

from lrs.core.normaliser.acts import Act
from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import Rules, load_rules
from lrs.xapi import Json

REAL = next((found for up in Path(__file__).parents if (found := up / "shared" / "fixtures").is_dir()), Path("none"))
"""What real senders send, in a folder beside the project; the tests that read it are skipped without it."""

AS = "http://activitystrea.ms/"
ADL = "http://adlnet.gov/expapi/verbs/"
ADL_TYPE = "http://adlnet.gov/expapi/activities/"
TINCAN = "http://id.tincanapi.com/verb/"
TINCAN_TYPE = "http://id.tincanapi.com/activitytype/"
ACROSSX = "https://w3id.org/xapi/acrossx/verbs/"
DOD = "https://w3id.org/xapi/dod-isd/verbs/"
EDLM = "https://xapi.edlm/profiles/edlm-lms/concepts/"
TO = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/to"
MENTIONED = "https://w3id.org/xapi/acrossx/extensions/mentionedagent"

DISCUSSION = TINCAN_TYPE + "discussion"
FORUM_REPLY = TINCAN_TYPE + "forum-reply"
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"
FORUM = EDLM + "activity-types/forum"

ANNA = {"objectType": "Agent", "mbox": "mailto:anna@example.org"}
BEN = {"objectType": "Agent", "mbox": "mailto:ben@example.org"}
CLEO = {"objectType": "Agent", "mbox": "mailto:cleo@example.org"}


def activity(item: str, activity_type: str | None = None, **definition: Any) -> Json:
    """An activity at example.org, or at its own address when it has one."""
    made: Json = {"id": item if "://" in item else f"https://example.org/{item}"}
    if activity_type is not None:
        definition["type"] = activity_type
    return {**made, "definition": definition} if definition else made


def statement(verb: str, target: Json, *, actor: Json = ANNA, **parts: Any) -> Json:
    """A completed statement; `parent`, `grouping` and `other` are lists of activities, other parts the context's."""
    named = {name: parts.pop(name) for name in ("parent", "grouping", "other", "category") if name in parts}
    result = parts.pop("result", None)
    timestamp = parts.pop("timestamp", "2026-03-02T10:00:00Z")
    context = {**parts, "contextActivities": named}
    return {
        "id": "8f1c6f9e-0d0b-4f5e-9a53-1f2a3b4c5d6e",
        "actor": actor,
        "verb": {"id": verb},
        "object": target,
        "context": context,
        **({"result": result} if result is not None else {}),
        "timestamp": timestamp,
        "stored": "2026-03-02T10:00:01Z",
        "authority": {"objectType": "Agent", "mbox": "mailto:lrs@example.org"},
    }


def acts_of(told: Json, rules: Rules | None = None) -> tuple[Act, ...]:
    return interpret(told, rules or load_rules()).acts


def act_of(told: Json, rules: Rules | None = None) -> Act:
    """The one act of a statement that must have exactly one."""
    (act,) = acts_of(told, rules)
    return act
