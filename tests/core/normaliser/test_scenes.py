"""The circumstances that all acts of a statement share."""

from typing import Any

import pytest

from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ANNA,
    AS,
    BEN,
    CLEO,
    FORUM_REPLY,
    TINCAN_TYPE,
    act_of,
    activity,
    acts_of,
    statement,
)

POST = activity("posts/8", FORUM_REPLY)
TAG = TINCAN_TYPE + "tag"
ANNA_S, BEN_S, CLEO_S = (f"mbox:mailto:{name}@example.org" for name in ("anna", "ben", "cleo"))
RED: Json = {"objectType": "Group", "mbox": "mailto:red@example.org", "member": [BEN]}
RED_S = "mbox:mailto:red@example.org"


@pytest.mark.parametrize(
    ("told", "members"),
    [
        (statement(AS + "like", POST, team=RED), [BEN_S, ANNA_S]),
        (statement(AS + "follow", RED), [BEN_S]),
        (statement(AS + "create", POST, actor=RED), [BEN_S]),
        (statement(AS + "follow", {**RED, "member": [CLEO]}, team=RED), [BEN_S, ANNA_S, CLEO_S]),
        (statement(AS + "like", POST, contextGroups=[{"objectType": "contextGroup", "group": RED}]), [BEN_S]),
    ],
)
def test_groups_with_a_name_are_told_with_their_members(told: Json, members: list[str]) -> None:
    assert acts_of(told)[0].teams == ((RED_S, tuple(members)),)


def test_an_anonymous_group_is_no_team() -> None:
    assert act_of(statement(AS + "like", POST, team={"objectType": "Group", "member": [BEN]})).teams == ()


def test_a_team_is_never_whom_an_act_is_toward() -> None:
    act = act_of(statement(AS + "share", POST, team=RED))
    assert (act.target, act.group_ids) == (None, (RED_S,))


def test_tags_are_topics_wherever_they_stand() -> None:
    one, two = activity("tags/1", TAG), activity("tags/2", TAG)
    assert act_of(statement(AS + "like", POST, other=[one], category=[two, one])).topics == (
        "https://example.org/tags/1",
        "https://example.org/tags/2",
    )


@pytest.mark.parametrize("part", ["parent", "grouping", "other", "category"])
def test_what_is_in_a_required_activity_is_not_voluntary(part: str) -> None:
    rules = load_rules({"required_activities": ["https://example.org/courses/1"]})
    named: dict[str, Any] = {part: [activity("courses/1")]}
    inside = statement(AS + "like", POST, **named)
    assert act_of(inside, rules).voluntary is False
    assert act_of(statement(AS + "like", activity("courses/1")), rules).voluntary is False
    assert act_of(statement(AS + "like", POST), rules).voluntary is None
    assert act_of(inside).voluntary is None


def test_a_tag_whose_name_begins_with_an_at_mentions_a_person() -> None:
    """CLRecipe names people so."""
    actor = {"objectType": "Agent", "account": {"homePage": "https://twitter.com", "name": "anna"}}
    tags = [activity("tags/1", TAG, name={"en": "@ben"}), activity("tags/2", TAG, name={"en": "learning"})]
    created, mention = acts_of(statement(AS + "create", activity("n/1", AS + "note"), actor=actor, other=tags))
    assert (created.kind, created.target) == ("create", None)
    assert (mention.kind, mention.target, mention.target_via) == ("mention", "account:https://twitter.com ben", "tag")
    assert created.topics == ("https://example.org/tags/2",)


def test_a_name_without_accounts_to_look_it_up_in_is_still_a_mention() -> None:
    tags = [activity("tags/1", TAG, name={"en": "@ben"}), activity("tags/2", TAG, name={"en": "@"})]
    _, mention = acts_of(statement(AS + "create", activity("n/1", AS + "note"), actor=ANNA, other=tags))
    assert (mention.kind, mention.target, mention.aims) == ("mention", None, True)
