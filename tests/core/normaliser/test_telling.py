"""What an act says beside kind and persons: role, aim, what it ends, who could see it, and its number."""

from typing import Any

import pytest

from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ADL,
    ADL_TYPE,
    ANNA,
    AS,
    BEN,
    CLEO,
    COURSE,
    DISCUSSION,
    EDLM,
    FORUM,
    FORUM_REPLY,
    MENTIONED,
    TINCAN,
    TINCAN_TYPE,
    TO,
    act_of,
    activity,
    acts_of,
    statement,
)

POST = activity("posts/8", FORUM_REPLY)
THREAD = activity("threads/7", DISCUSSION)
ARTICLE = activity("articles/3", AS + "article")
COURSE_1 = activity("courses/1", COURSE)
BOARD = activity("forums/1", FORUM)
GROUP = activity("groups/1", EDLM + "activity-types/group")
MESSAGE = activity("messages/1", TINCAN_TYPE + "chat-message")
MEETING = activity("meetings/1", ADL_TYPE + "meeting")
OBSERVER = "http://id.tincanapi.com/extension/observer"
BOT = {"objectType": "Agent", "account": {"homePage": "https://example.org", "name": "welcome-bot"}}
NOREPLY = {"objectType": "Agent", "account": {"homePage": "https://moodle.example.org", "name": "-20"}}
GRADED = "https://w3id.org/xapi/tla/verbs/scored"


@pytest.mark.parametrize(
    ("told", "role"),
    [
        (statement(TINCAN + "replied", POST, parent=[THREAD]), None),
        (statement(TINCAN + "replied", POST, parent=[THREAD], instructor=BEN), None),
        (statement(TINCAN + "replied", POST, parent=[THREAD], instructor=ANNA), "instructor"),
        (statement(GRADED, ARTICLE, instructor=BEN), "instructor"),
        (statement(AS + "join", GROUP, instructor=ANNA), None),
        (statement(AS + "like", POST, actor={"mbox": "mailto:no-reply@example.org"}), "system"),
        (
            statement(AS + "like", POST, actor={"account": {"homePage": "https://m.example.org", "name": "-20"}}),
            "system",
        ),
        (statement(AS + "like", POST, actor={"mbox": "mailto:noreen@example.org"}), None),
        (statement(AS + "like", POST, actor=BOT), None),
    ],
)
def test_the_statement_tells_instructors_and_some_systems(told: Json, role: str | None) -> None:
    assert act_of(told).actor_role == role


@pytest.mark.parametrize(
    ("settings", "roles"),
    [
        ({"system_agents": {"agents": [BOT]}}, ["system", None]),
        ({"system_agents": {"patterns": ["-bot$"]}}, ["system", None]),
        ({"system_agents": {"authorities": [{"mbox": "mailto:lrs@example.org"}]}}, ["system", "system"]),
        ({"instructors": {"agents": [ANNA]}}, [None, "instructor"]),
        ({"instructors": {"patterns": ["@example[.]org$"]}}, [None, "instructor"]),
    ],
)
def test_settings_tell_the_others(settings: Json, roles: list[str | None]) -> None:
    rules = load_rules(settings)
    assert [act_of(statement(AS + "like", POST, actor=actor), rules).actor_role for actor in (BOT, ANNA)] == roles


@pytest.mark.parametrize(
    ("verb", "target", "aims"),
    [
        (TINCAN + "replied", activity("x/1", FORUM_REPLY), True),
        (AS + "send", MESSAGE, True),
        (TINCAN + "mentored", MEETING, True),
        (AS + "like", POST, True),
        (AS + "like", COURSE_1, False),
        (AS + "like", activity("quiz/1", ADL_TYPE + "assessment"), False),
        (TINCAN + "viewed", POST, True),
        (TINCAN + "viewed", THREAD, True),
        (TINCAN + "viewed", COURSE_1, False),
        (TINCAN + "viewed", activity("lessons/1", ADL_TYPE + "lesson"), False),
        (TINCAN + "viewed", activity("files/1", ADL_TYPE + "file"), False),
        (ADL + "experienced", COURSE_1, False),
        (AS + "follow", BOARD, False),
        (AS + "follow", BEN, True),
        (AS + "create", THREAD, False),
        (AS + "share", ARTICLE, False),
    ],
)
def test_an_act_aims_at_somebody_whether_or_not_anything_leads_there(verb: str, target: Json, aims: bool) -> None:
    assert act_of(statement(verb, target)).aims is aims


@pytest.mark.parametrize(
    ("verb", "target", "closes"),
    [
        (AS + "unlike", POST, "react"),
        (AS + "unfavorite", POST, "react"),
        (TINCAN + "voted-cancel", POST, "react"),
        (AS + "unshare", POST, "share"),
        (AS + "stop-following", BEN, "follow"),
        (AS + "remove-friend", BEN, "follow"),
        (EDLM + "verbs/unsubscribed", BOARD, "follow"),
        (AS + "leave", GROUP, "join"),
        (TINCAN + "unregistered", MEETING, "schedule"),
        (AS + "cancel", MEETING, "schedule"),
        ("https://w3id.org/xapi/openedx/verb/unreported", POST, "flag"),
        (AS + "unsave", ARTICLE, "curate"),
        (AS + "like", POST, None),
        (AS + "delete", POST, None),
    ],
)
def test_an_act_that_takes_an_earlier_one_back_says_which_kind(verb: str, target: Json, closes: str | None) -> None:
    assert act_of(statement(verb, target)).closes == closes


@pytest.mark.parametrize(
    ("verb", "target", "parts", "visibility"),
    [
        (AS + "send", MESSAGE, {"extensions": {TO: BEN}}, "private"),
        (AS + "send", MESSAGE, {"extensions": {TO: BEN}, "parent": [COURSE_1]}, "private"),
        (AS + "send", MESSAGE, {"extensions": {TO: BEN}, "grouping": [GROUP]}, "group"),
        (AS + "send", MESSAGE, {"parent": [activity("c/1", TINCAN_TYPE + "chat-channel")]}, "group"),
        (AS + "send", MESSAGE, {"extensions": {TO: {"objectType": "Group", "mbox": "mailto:a@example.org"}}}, "group"),
        (AS + "send", MESSAGE, {}, None),
        (AS + "create", THREAD, {"parent": [BOARD]}, "group"),
        (AS + "create", THREAD, {"grouping": [COURSE_1]}, "group"),
        (AS + "create", ARTICLE, {"team": {"objectType": "Group", "mbox": "mailto:a@example.org"}}, "group"),
        (AS + "create", ARTICLE, {}, None),
        (TINCAN + "tweeted", ARTICLE, {}, "public"),
    ],
)
def test_who_could_see_it_is_told_where_the_statement_tells_it(
    verb: str, target: Json, parts: dict[str, Any], visibility: str | None
) -> None:
    assert act_of(statement(verb, target, **parts)).visibility == visibility


def test_an_observer_saw_the_actor_do_it_and_is_nobodys_addressee() -> None:
    told = statement(TINCAN + "replied", POST, parent=[THREAD], extensions={OBSERVER: BEN})
    reply, seen = acts_of(told)
    assert (reply.kind, reply.target, reply.target_ref) == ("reply", None, THREAD["id"])
    assert (seen.kind, seen.rule_id, seen.actor) == ("view", "generic.observer", "mbox:mailto:ben@example.org")
    assert (seen.target, seen.target_via, seen.creates) == ("mbox:mailto:anna@example.org", "extension", False)
    assert (seen.object_id, seen.thread_id) == (reply.object_id, reply.thread_id)


def test_an_act_of_an_unknown_verb_may_have_been_observed() -> None:
    by = {"objectType": "contextAgent", "agent": BEN, "relevantTypes": [OBSERVER]}
    (seen,) = acts_of(statement("https://example.org/performed", ARTICLE, contextAgents=[by]))
    assert (seen.kind, seen.source, seen.actor) == ("view", "xapi-2.0", "mbox:mailto:ben@example.org")
    assert seen.target == "mbox:mailto:anna@example.org"


def test_who_acts_as_a_group_collaborates() -> None:
    group = {"objectType": "Group", "mbox": "mailto:team@example.org", "member": [ANNA, BEN, CLEO]}
    made, *together = acts_of(statement(AS + "create", ARTICLE, actor=group))
    assert (made.actor, made.creates) == ("mbox:mailto:team@example.org", True)
    assert [(act.kind, act.n, act.actor, act.target, act.weight) for act in together] == [
        ("collaborate", 0, "mbox:mailto:anna@example.org", "mbox:mailto:ben@example.org", 1 / 3),
        ("collaborate", 1, "mbox:mailto:anna@example.org", "mbox:mailto:cleo@example.org", 1 / 3),
    ]
    assert {(act.target_via, act.object_id, act.creates) for act in together} == {("group", ARTICLE["id"], False)}


def test_an_anonymous_group_acts_by_its_first_member_and_a_large_one_tells_no_pairs() -> None:
    pair = acts_of(statement(AS + "create", ARTICLE, actor={"objectType": "Group", "member": [BEN, CLEO]}))
    assert [(act.kind, act.actor) for act in pair] == [
        ("create", "mbox:mailto:ben@example.org"),
        ("collaborate", "mbox:mailto:ben@example.org"),
    ]
    crowd = {"objectType": "Group", "member": [{"mbox": f"mailto:m{number}@example.org"} for number in range(26)]}
    assert [act.kind for act in acts_of(statement(AS + "create", ARTICLE, actor=crowd))] == ["create"]


def test_acts_of_one_kind_are_numbered_through_whoever_told_them() -> None:
    group = {"objectType": "Group", "member": [ANNA, BEN]}
    to = {"objectType": "Group", "member": [BEN, CLEO]}
    told = statement(
        "https://w3id.org/xapi/dod-isd/verbs/coordinated", ARTICLE, actor=group, extensions={TO: to, MENTIONED: CLEO}
    )
    ids = [(act.kind, act.n) for act in acts_of(told)]
    assert ids == [("collaborate", 0), ("collaborate", 1), ("collaborate", 2)]


def test_counts_stand_for_acts_and_only_numbers_above_none_do() -> None:
    jisc = "http://jisc.ac.uk/microsoft/"
    numbers = {f"{jisc}yammer": {"posted": 3, "read": 0, "liked": True}, f"{jisc}outlook": {"sent": "9", "read": 2.0}}
    day = activity("days/1", "http://xapi.jisc.ac.uk/activities/microsoft", extensions=numbers)
    acts = acts_of(statement(ADL + "interacted", day, extensions={MENTIONED: BEN}))
    assert [(act.kind, act.n, act.value, act.aggregate, act.aims) for act in acts] == [
        ("create", 0, {"count": 3}, True, False),
        ("view", 0, {"count": 2.0}, True, False),
    ]
    assert {(act.creates, act.target, act.target_ref, act.parent_id) for act in acts} == {(False, None, None, None)}


@pytest.mark.parametrize(("told", "kept"), [(2**63 - 1, True), (2**63, False), (2**64 - 1, False), (1e300, True)])
def test_a_count_that_no_64_bits_hold_is_not_known(told: float, kept: bool) -> None:
    counted = {"http://jisc.ac.uk/microsoft/teams": {"teamchat": told}}
    day = activity("days/1", "http://xapi.jisc.ac.uk/activities/microsoft", extensions=counted)
    assert [act.value for act in acts_of(statement(AS + "interact", day))] == ([{"count": told}] if kept else [])
