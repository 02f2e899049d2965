from typing import Any

import pytest

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
    EDLM,
    FORUM_REPLY,
    TINCAN,
    TO,
    act_of,
    activity,
    acts_of,
    statement,
)

POST = activity("posts/8", FORUM_REPLY)
THREAD = activity("threads/7", DISCUSSION)
MEETING = activity("meetings/1", ADL_TYPE + "meeting")
EARLIER = {"objectType": "StatementRef", "id": "0E4A4F86-9B1E-4C3C-8A59-3D8E1F0F7A11"}
INVITEE = "http://id.tincanapi.com/extension/invitee"
ROLES = {
    "https://example.org/roles/reader": "addressee",
    "https://example.org/roles/mentor": "mentor",
    "https://example.org/roles/mentee": "mentee",
    "https://example.org/roles/watcher": "observer",
}
RULES = load_rules({"context_roles": ROLES})
DAN = {"objectType": "Agent", "openid": "https://dan.example.org/"}


def in_role(role: str, agent: Json) -> Json:
    return {"objectType": "contextAgent", "agent": agent, "relevantTypes": [f"https://example.org/roles/{role}"]}


def group_of(size: int, **identity: Any) -> Json:
    members = [{"mbox": f"mailto:m{number}@example.org"} for number in range(size)]
    return {"objectType": "Group", "member": members, **identity}


def test_the_order_of_resolution() -> None:
    """Each step is taken away in turn, and the next one answers."""
    parts: dict[str, Any] = {
        "statement": EARLIER,
        "extensions": {TO: BEN},
        "contextAgents": [in_role("reader", CLEO)],
        "parent": [THREAD],
        "instructor": DAN,
    }
    found = [act_of(statement(TINCAN + "replied", DAN, **parts), RULES)]
    for taken in (None, "statement", "extensions", "contextAgents", "parent"):
        parts.pop(taken, None) if taken else None
        found.append(act_of(statement(TINCAN + "replied", POST, **parts), RULES))
    assert [(act.target_via, act.target, act.target_ref_via, act.target_ref) for act in found] == [
        ("object", "openid:https://dan.example.org/", None, None),
        (None, None, "statement_ref", "statement:0e4a4f86-9b1e-4c3c-8a59-3d8e1f0f7a11"),
        ("extension", "mbox:mailto:ben@example.org", None, None),
        ("context_agent", "mbox:mailto:cleo@example.org", None, None),
        (None, None, "parent", "https://example.org/threads/7"),
        (None, None, None, None),
    ]


def test_what_is_no_response_by_its_type_is_what_the_response_is_to() -> None:
    act = act_of(statement(TINCAN + "replied", activity("notes/1", AS + "note"), instructor=DAN))
    assert (act.target_ref_via, act.target_ref, act.creates) == ("object", "https://example.org/notes/1", False)


def test_the_instructor_comes_last_and_only_where_the_rule_says_so() -> None:
    attended = act_of(statement(ADL + "attended", MEETING, instructor=BEN))
    assert (attended.actor, attended.target, attended.target_via) == (
        "mbox:mailto:anna@example.org",
        "mbox:mailto:ben@example.org",
        "instructor",
    )
    viewed = act_of(statement(TINCAN + "viewed", POST, instructor=BEN))
    assert (viewed.target, viewed.target_ref) == (None, POST["id"])
    shared = act_of(statement(AS + "share", POST, instructor=BEN))
    assert (shared.target, shared.target_ref, shared.target_via) == (None, None, None)


@pytest.mark.parametrize(
    "verb", ["http://learninglocker.net/verbs/mentored-in", "https://w3id.org/xapi/tla/verbs/scored"]
)
def test_what_an_instructor_did_to_the_actor_is_the_instructors_act(verb: str) -> None:
    act = act_of(statement(verb, activity("sessions/1"), instructor=BEN))
    assert (act.actor, act.target, act.target_via) == (
        "mbox:mailto:ben@example.org",
        "mbox:mailto:anna@example.org",
        "instructor",
    )


def test_a_statement_about_a_statement_looks_up_its_actor() -> None:
    act = act_of(statement(TINCAN + "reviewed", EARLIER))
    assert act.object_id == act.target_ref == "statement:0e4a4f86-9b1e-4c3c-8a59-3d8e1f0f7a11"
    assert (act.target_ref_via, act.object_type, act.creates) == ("statement_ref", "StatementRef", False)


@pytest.mark.parametrize("verb", [AS + "like", TINCAN + "viewed", ACROSSX + "reported"])
def test_votes_views_and_reports_are_of_the_object_even_below_a_thread(verb: str) -> None:
    act = act_of(statement(verb, POST, parent=[THREAD]))
    assert (act.target_ref, act.target_ref_via, act.parent_id) == (POST["id"], "object", THREAD["id"])


def test_a_place_has_no_author() -> None:
    act = act_of(statement(TINCAN + "viewed", activity("c/1", "http://adlnet.gov/expapi/activities/course")))
    assert (act.target_ref, act.target) == (None, None)


@pytest.mark.parametrize(
    "value",
    [
        "manager",
        7,
        None,
        {},
        [],
        {"name": "Ben"},
        {"mbox": "mailto:ben@example.org", "openid": "https://ben.example.org/"},
        {"mbox": 7},
        {"account": {"name": "ben"}},
        {"account": "ben"},
        {"objectType": "Group"},
        {"objectType": "Group", "member": "all"},
        ["https://example.org/profiles/ben"],
        {"mbox": ""},
        {"mbox": "x"},
        {"mbox": "ben@example.org"},
        {"mbox_sha1sum": "ben"},
        {"openid": "ben"},
        {"account": {"homePage": "ben", "name": "ben"}},
        {"objectType": "Group", "mbox": "everybody"},
        {"objectType": "Group", "member": [{"mbox": "ben"}]},
    ],
)
def test_an_extension_names_a_person_by_exactly_one_identifier(value: Any) -> None:
    act = act_of(statement(AS + "send", activity("m/1"), extensions={TO: value}))
    assert (act.target, act.target_type, act.target_ref) == (None, None, None)


def test_the_first_extension_that_holds_a_person_counts() -> None:
    target = "http://id.tincanapi.com/extension/target"
    act = act_of(statement(AS + "send", activity("m/1"), extensions={TO: "everyone", target: CLEO}))
    assert act.target == "mbox:mailto:cleo@example.org"


def test_an_invitee_counts_only_in_an_invitation() -> None:
    invited = act_of(statement(AS + "invite", activity("groups/1"), extensions={INVITEE: BEN}))
    assert (invited.target, invited.target_via) == ("mbox:mailto:ben@example.org", "extension")
    replied = act_of(statement(TINCAN + "replied", POST, parent=[THREAD], extensions={INVITEE: ANNA}))
    assert (replied.target, replied.target_ref) == (None, THREAD["id"])


@pytest.mark.parametrize("size", [1, 3, 25])
def test_a_small_group_is_addressed_member_by_member(size: int) -> None:
    acts = acts_of(statement(AS + "send", activity("m/1"), extensions={TO: group_of(size)}))
    assert [act.n for act in acts] == list(range(size))
    assert [act.target for act in acts] == [f"mbox:mailto:m{number}@example.org" for number in range(size)]
    assert {(act.weight, act.target_type) for act in acts} == {(1 / size, "person")}


@pytest.mark.parametrize(
    ("identity", "key"), [({"mbox": "mailto:all@example.org"}, "mbox:mailto:all@example.org"), ({}, None)]
)
def test_a_large_group_is_addressed_as_one(identity: Json, key: str | None) -> None:
    act = act_of(statement(AS + "send", group_of(26, **identity)))
    assert (act.target, act.target_type, act.weight) == (key, "group", 1.0)


def test_a_group_without_members_is_addressed_as_one() -> None:
    act = act_of(statement(AS + "send", {"objectType": "Group", "mbox": "mailto:all@example.org"}))
    assert (act.target, act.target_type) == ("mbox:mailto:all@example.org", "group")


def test_the_greatest_group_is_a_setting() -> None:
    told = statement(AS + "send", group_of(3))
    assert len(acts_of(told, load_rules({"fanout_max": 2}))) == 1


def test_context_agents_count_only_in_a_configured_role() -> None:
    told = statement(AS + "share", POST, contextAgents=[in_role("watcher", CLEO), in_role("reader", BEN)])
    assert acts_of(told, RULES)[0].target == "mbox:mailto:ben@example.org"
    assert act_of(told).target is None


def test_a_context_group_is_addressed_too() -> None:
    entry = {"objectType": "contextGroup", "group": group_of(2), "relevantTypes": ["https://example.org/roles/reader"]}
    acts = acts_of(statement(AS + "share", POST, contextGroups=[entry]), RULES)
    assert [(act.target_via, act.weight) for act in acts] == [("context_group", 0.5)] * 2


def in_groups(groups: list[Json], **parts: Any) -> Json:
    """A statement addressed to groups."""
    role = ["https://example.org/roles/reader"]
    entries = [{"objectType": "contextGroup", "group": each, "relevantTypes": role} for each in groups]
    return statement(AS + "share", POST, contextGroups=entries, **parts)


def team(number: int, members: list[Json] | None = None) -> Json:
    return {"objectType": "Group", "mbox": f"mailto:team-{number}@example.org", "member": members or [BEN]}


def test_small_context_groups_are_addressed_member_by_member() -> None:
    acts = acts_of(in_groups([team(1, [BEN, CLEO]), team(2, [DAN]), group_of(22)]), RULES)
    assert [act.weight for act in acts] == [0.5, 0.5, 1, *[1 / 22] * 22]
    assert {act.target_type for act in acts} == {"person"}


def test_context_groups_that_are_too_many_people_together_are_each_addressed_as_one() -> None:
    acts = acts_of(in_groups([team(1, [BEN, CLEO]), team(2, [DAN]), group_of(23), team(1)]), RULES)
    assert [(act.target, act.target_type, act.target_via, act.weight) for act in acts] == [
        ("mbox:mailto:team-1@example.org", "group", "context_group", 1),
        ("mbox:mailto:team-2@example.org", "group", "context_group", 1),
    ]


def test_many_groups_without_a_name_are_addressed_as_one_that_nobody_knows() -> None:
    act = act_of(in_groups([group_of(13), group_of(14)]), RULES)
    assert (act.target, act.target_type, act.target_via) == (None, "group", "context_group")


def test_what_a_long_list_names_is_not_repeated_by_each_act() -> None:
    many = [activity(f"groups/{number}", EDLM + "activity-types/group") for number in range(300)]
    short, long = (acts_of(in_groups([team(n) for n in range(size)], grouping=many), RULES) for size in (25, 300))
    assert {len(act.teams) for act in short} == {25}
    assert {len(act.group_ids) for act in short} == {300}
    assert [len(act.teams) for act in long] == [300, *[0] * 299]
    assert [len(act.group_ids) for act in long] == [300, *[10] * 299]


def test_the_teams_of_a_long_list_are_told_by_an_act_that_memberships_are_learned_from() -> None:
    teams = [team(number) for number in range(150)]
    told = in_groups(teams, extensions={"http://id.tincanapi.com/extension/observer": CLEO})
    joined = {**told, "verb": {"id": AS + "join"}, "object": activity("groups/1", EDLM + "activity-types/group")}
    acts = acts_of(joined, load_rules({"context_roles": ROLES}))
    assert {act.kind: len(act.teams) for act in acts if act.teams} == {"view": 150}


@pytest.mark.parametrize(
    ("agents", "mentor", "mentee"),
    [
        ([in_role("mentee", BEN)], "anna", "ben"),
        ([in_role("mentor", BEN)], "ben", "anna"),
        ([in_role("mentor", ANNA), in_role("mentee", BEN)], "anna", "ben"),
    ],
)
def test_roles_in_the_context_give_mentoring_its_direction(agents: list[Json], mentor: str, mentee: str) -> None:
    act = act_of(statement(DOD + "advised", activity("sessions/1"), contextAgents=agents), RULES)
    assert (act.actor, act.target) == (f"mbox:mailto:{mentor}@example.org", f"mbox:mailto:{mentee}@example.org")
    assert act.target_via == "context_agent"
