"""Senders with habits of their own, in statements of ours: cmi5, xAPI 2.0, recipes of universities, classrooms."""

from typing import Any

import pytest

from lrs.core.normaliser.interpret import interpret
from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ACROSSX,
    ADL,
    ADL_TYPE,
    ANNA,
    AS,
    BEN,
    CLEO,
    DISCUSSION,
    DOD,
    FORUM_REPLY,
    TINCAN,
    TINCAN_TYPE,
    act_of,
    activity,
    acts_of,
    statement,
)

CMI5 = [activity("https://w3id.org/xapi/cmi5/context/categories/cmi5")]
UNIT = activity("units/1")
BLOCK = activity("blocks/1", "https://w3id.org/xapi/cmi5/activitytype/block")
LIS = "http://purl.imsglobal.org/vocab/lis/v2/membership"
AS2 = "https://www.w3.org/ns/activitystreams#"
POST = activity("posts/8", FORUM_REPLY)
THREAD = activity("threads/7", DISCUSSION)
EARLIER = {"objectType": "StatementRef", "id": "0e4a4f86-9b1e-4c3c-8a59-3d8e1f0f7a11"}


def named(role: str, agent: Json) -> Json:
    return {"objectType": "contextAgent", "agent": agent, "relevantTypes": ["https://example.org/unknown", role]}


@pytest.mark.parametrize("verb", ["completed", "passed"])
def test_cmi5_tells_that_somebody_completed_a_unit(verb: str) -> None:
    act = act_of(statement(ADL + verb, UNIT, category=CMI5, result={"duration": "PT90S", "score": {"scaled": 0.9}}))
    assert (act.kind, act.source, act.aims) == ("complete", "cmi5", False)
    assert act.value == {"duration_s": 90.0, "score": 0.9}


@pytest.mark.parametrize(
    ("verb", "target"),
    [
        *((ADL + verb, UNIT) for verb in ("launched", "initialized", "failed", "terminated")),
        *((f"https://w3id.org/xapi/adl/verbs/{verb}", UNIT) for verb in ("abandoned", "waived")),
        *(("https://w3id.org/xapi/adl/verbs/satisfied", target) for target in (UNIT, BLOCK)),
    ],
)
def test_the_rest_of_cmi5_is_known_and_nothing_social(verb: str, target: Json) -> None:
    """`satisfied` is what the LMS says of a block or course once its units are done: nobody's act."""
    told = interpret(statement(verb, target, category=CMI5), load_rules())
    assert (told.acts, told.unmapped_verb) == ((), None)


@pytest.mark.parametrize(
    ("role", "verb", "actor", "target"),
    [
        (AS2 + "to", AS + "share", "anna", "ben"),
        (AS2 + "cc", TINCAN + "replied", "anna", "ben"),
        (AS2.replace("https", "http") + "audience", DOD + "recommended", "anna", "ben"),
        (
            "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/for",
            TINCAN + "reviewed",
            "anna",
            "ben",
        ),
        (AS2 + "to", TINCAN + "mentored", "anna", "ben"),
        (LIS + "#Mentor", TINCAN + "mentored", "ben", "anna"),
        (LIS + "/Mentor#Tutor", DOD + "advised", "ben", "anna"),
    ],
)
def test_public_roles_of_context_agents_are_known(role: str, verb: str, actor: str, target: str) -> None:
    act = act_of(statement(verb, activity("x/1", AS + "note"), contextAgents=[named(role, BEN)]))
    assert (act.actor, act.target) == (f"mbox:mailto:{actor}@example.org", f"mbox:mailto:{target}@example.org")
    assert (act.target_via, act.source) == ("context_agent", "xapi-2.0")


def test_a_shipped_role_can_be_taken_away() -> None:
    told = statement(AS + "share", POST, contextAgents=[named(AS2 + "to", BEN)])
    assert act_of(told, load_rules({"context_roles": {AS2 + "to": None}})).target is None


def test_several_groups_in_a_role_are_all_addressed() -> None:
    groups = [
        {
            "objectType": "contextGroup",
            "group": {"objectType": "Group", "member": members},
            "relevantTypes": [AS2 + "to"],
        }
        for members in ([BEN], [CLEO, ANNA])
    ]
    acts = acts_of(statement(AS + "share", POST, contextGroups=groups))
    assert [(act.n, act.target, act.weight) for act in acts] == [
        (0, "mbox:mailto:ben@example.org", 1.0),
        (1, "mbox:mailto:cleo@example.org", 0.5),
        (2, "mbox:mailto:anna@example.org", 0.5),
    ]


def test_a_rule_may_take_an_observer_for_the_other_person() -> None:
    shown = {
        "id": "own.shown",
        "kind": "share",
        "roles": ["observer"],
        "match": {"verbs": ["https://example.org/showed"]},
    }
    watcher = named("http://id.tincanapi.com/extension/observer", BEN)
    told = statement("https://example.org/showed", POST, contextAgents=[watcher])
    share, view = acts_of(told, load_rules({"rules": [shown]}))
    assert (share.kind, share.target) == ("share", view.actor) == ("share", "mbox:mailto:ben@example.org")


@pytest.mark.parametrize("verb", ["interviewed", "mentored", "talked-with"])
def test_a_tutors_intervention_has_a_direction(verb: str) -> None:
    """Jisc's recipe marks it by category; otherwise nobody knows who of two that talked was the mentor."""
    category = [activity("http://xapi.jisc.ac.uk/activities/intervention")]
    act = act_of(statement(TINCAN + verb, BEN, category=category))
    assert (act.kind, act.target, act.value) == ("mentor", "mbox:mailto:ben@example.org", {})
    assert act_of(statement(TINCAN + verb, BEN)).value == ({} if verb == "mentored" else {"undirected": True})


@pytest.mark.parametrize(
    ("address", "thread"),
    [
        ("https://vle.example.org/mod/forum/discuss.php?d=4", "https://vle.example.org/mod/forum/discuss.php?d=4"),
        ("https://vle.example.org/posts/9", None),
    ],
)
def test_a_forum_post_whose_id_is_the_discussion_is_in_that_discussion(address: str, thread: str | None) -> None:
    """Jisc's forum recipe names only the forum as parent."""
    told = activity(address, "http://xapi.jisc.ac.uk/forum-post")
    act = act_of(statement(AS + "schema/1.0/create", told, parent=[activity("forums/1")]))
    assert (act.kind, act.thread_id, act.parent_id, act.is_thread) == ("create", thread, None, False)


def test_a_chat_message_in_a_channel_is_a_message_to_it() -> None:
    """Watershed's Slack bridge: the text in the response, the channel as parent, the workspace as grouping."""
    channel = activity("channels/1", TINCAN_TYPE + "chat-channel")
    told = activity("messages/1", TINCAN_TYPE + "chat-message")
    act = act_of(statement(AS + "schema/1.0/send", told, parent=[channel], result={"response": "Hello"}))
    assert (act.kind, act.board_id, act.parent_id, act.target) == ("message", channel["id"], None, None)
    assert (act.value, act.visibility, act.aims) == ({"text_len": 5}, "group", True)


def test_polls_and_chats_of_a_virtual_classroom() -> None:
    room = activity("rooms/1", "https://w3id.org/xapi/virtual-classroom/activity-types/virtual-classroom")
    poll = activity("polls/1", ADL_TYPE + "cmi.interaction", interactionType="choice")
    asked, answered = (act_of(statement(ADL + verb, poll, parent=[room])) for verb in ("asked", "answered"))
    assert (asked.kind, asked.creates, asked.is_thread) == ("ask", True, False)
    assert (answered.kind, answered.target_ref, answered.creates) == ("answer", poll["id"], False)
    said = act_of(statement(ACROSSX + "posted", activity("m/1", "https://w3id.org/xapi/acrossx/activities/message")))
    assert said.kind == "message"


RATING = "http://id.tincanapi.com/extension/quality-rating"


@pytest.mark.parametrize(
    ("result", "score"),
    [
        ({"score": {"scaled": 0.5}}, 0.5),
        ({"score": {"raw": 4, "min": 1, "max": 5}}, 0.75),
        ({"extensions": {RATING: {"raw": 4, "min": 1, "max": 5}}}, 0.75),
        ({"score": {"raw": 4}}, None),
        ({"extensions": {RATING: "good"}}, None),
        ({"score": {"raw": 4, "min": 5, "max": 5}}, None),
        ({"score": {"raw": 1e308, "min": -1e308, "max": 1e308}}, None),
        ({"score": {"raw": 2**64 - 1, "min": 0, "max": 2**64 - 1}}, None),
        ({"score": {"raw": 1e308, "min": 0, "max": 1}}, None),
        ({"extensions": {RATING: {"scaled": -1}}}, -1),
        ({"extensions": {RATING: {"scaled": 1.01}}}, None),
        ({"extensions": {RATING: {"scaled": 2**64 - 1}}}, None),
        ({"extensions": {RATING: {"scaled": True}}}, None),
        ({"extensions": {RATING: {"raw": 9, "min": 0, "max": 4}}}, None),
    ],
)
def test_a_rating_keeps_its_stars(result: Json, score: float | None) -> None:
    act = act_of(statement(TINCAN + "rated", POST, result=result))
    assert (act.kind, act.polarity, act.value.get("score")) == ("react", 0, score)


def test_feedback_on_an_earlier_statement_is_to_its_actor() -> None:
    told = {"http://id.tincanapi.com/extension/feedback": "Well done"}
    act = act_of(statement(TINCAN + "reviewed", EARLIER, extensions=told))
    assert (act.kind, act.target_ref, act.target_ref_via) == ("feedback", f"statement:{EARLIER['id']}", "statement_ref")
    assert (act.aims, act.value) == (True, {"text_len": 9})


def test_who_was_observed_by_an_instructor_was_observed() -> None:
    act = act_of(statement("http://learninglocker.net/verbs/observed-in", activity("tasks/1"), instructor=BEN))
    assert (act.kind, act.actor, act.target) == ("view", "mbox:mailto:ben@example.org", "mbox:mailto:anna@example.org")


def test_working_together_on_a_collaboration_is_one() -> None:
    together = activity("projects/1", "https://w3id.org/xapi/acrossx/activities/collaboration")
    team = {"objectType": "Group", "mbox": "mailto:red@example.org", "member": [ANNA, BEN]}
    act = act_of(statement(ADL + "experienced", together, team=team))
    assert (act.kind, act.target, act.teams[0][1]) == (
        "collaborate",
        None,
        ("mbox:mailto:anna@example.org", "mbox:mailto:ben@example.org"),
    )


def test_kinds_nobody_emits_are_an_admins_to_map() -> None:
    tried = {"id": "own.tried", "kind": "adopt", "match": {"verbs": ["https://example.org/tried"]}}
    parts: dict[str, Any] = {"parent": [THREAD]}
    act = act_of(statement("https://example.org/tried", POST, **parts), load_rules({"rules": [tried]}))
    assert (act.kind, act.target_ref, act.aims) == ("adopt", POST["id"], True)
