"""The reference's reading of shares: what is one, by whom, toward whom, and how long it stands."""

import random
from typing import Any

import pytest

from .people import People
from .samples import COURSE, DISCUSSION, FORUM, activity, minute, person, statement, void
from .sharing import Sharing
from .sharing_samples import (
    COMMUNITY,
    DELETE,
    DISLIKE,
    HAND_CASCADE,
    LIKE,
    NOTE,
    RECOMMENDED,
    RETWEETED,
    STREAMS_SHARE,
    UNLIKE,
    UNSHARE,
    agent,
    beside,
    did,
    member,
    passed_on,
    recommended,
    row,
    shared,
    value,
    viewed,
)
from .statements import Statement


def kinds(told: list[Statement], people: list[dict[str, Any]] | None = None, **settings: Any) -> list[tuple[str, ...]]:
    """(kind, actor, target) of every share, as short names."""
    read = Sharing.read(told, People.of(people), settings)
    return [(act.kind, _name(act.actor), _name(act.target or "")) for act in read.acts]


def _name(key: str) -> str:
    return key.removeprefix("mbox:mailto:").removesuffix("@example.org")


# What is a share


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        (activity("n:A", NOTE), "repost"),
        (activity("n:A"), "repost"),
        (activity("n:A", DISCUSSION), "repost"),
        (activity("c:1", COURSE), "share"),
        (activity("f:1", FORUM), "share"),
        (activity("s:1", COMMUNITY), "share"),
    ],
)
@pytest.mark.parametrize("spelling", ["", "schema/1.0/", "schema/"])
def test_a_share_with_a_post_above_passes_it_on_and_one_with_a_place_above_does_not(
    parent: dict[str, Any], kind: str, spelling: str
) -> None:
    told = statement(1, "a", f"http://activitystrea.ms/{spelling}share", activity("n:1", NOTE), 0, parent=[parent])
    assert kinds([told]) == [(kind, "a", "")]


def test_the_post_passed_on_is_found_by_type_among_the_parents() -> None:
    parents = [activity("c:1", COURSE), activity("x:1"), activity("n:A", NOTE)]
    told = statement(2, "b", STREAMS_SHARE, activity("n:B", NOTE), 9, parent=parents)
    assert kinds([shared(1, "a", 0, "n:A"), told]) == [("share", "a", ""), ("repost", "b", "a")]


def test_other_verbs_share_recommend_and_pass_on_and_plans_do_not() -> None:
    plan = statement(9, "a", STREAMS_SHARE, {"objectType": "SubStatement", "verb": {}, "object": {}}, 9)
    verbs = ["https://w3id.org/xapi/dod-isd/verbs/shared", "http://id.tincanapi.com/verb/promoted", RETWEETED]
    told = [did(n, "a", n, verb, "n:A") for n, verb in enumerate(verbs, 1)]
    assert kinds([*told, plan]) == [("share", "a", ""), ("recommend", "a", ""), ("repost", "a", "")]
    assert value([*told, plan], "shares") == 3
    assert value([*told, plan], "sharers") == 1


def test_a_recommendation_is_aimed_at_each_it_was_sent_to_and_never_at_the_author() -> None:
    told = [shared(1, "a", 0, "n:A"), recommended(2, "b", 1, "n:A", "c"), recommended(3, "d", 2, "n:A", "e", "f")]
    assert kinds(told) == [
        ("share", "a", ""),
        ("recommend", "b", "c"),
        ("recommend", "d", "e"),
        ("recommend", "d", "f"),
    ]
    many = recommended(4, "b", 20, "n:A", *(f"u{n}" for n in range(26)))
    assert kinds([many]) == [("recommend", "b", "")]


def test_a_recommendation_may_name_its_recipient_as_a_context_agent() -> None:
    told = did(1, "a", 0, RECOMMENDED, "n:A")
    told["context"]["contextAgents"] = [{"agent": agent("b"), "relevantTypes": ["urn:to"]}]
    assert kinds([told]) == [("recommend", "a", "")]
    assert kinds([told], context_roles={"urn:to": "addressee"}) == [("recommend", "a", "b")]


def test_the_target_of_a_repost_is_whoever_made_its_parent_first_and_never_oneself() -> None:
    told = [
        statement(9, "z", "http://activitystrea.ms/create", activity("n:A", NOTE), -5),
        *HAND_CASCADE,
        passed_on(6, "a", 50, "n:A2", "n:B"),
        passed_on(7, "b", 60, "n:B2", "n:B"),
    ]
    assert [target for _, _, target in kinds(told)] == ["", "z", "z", "b", "b", "b", ""]


# People


def test_accounts_of_one_person_are_one_and_who_opted_out_is_nobody() -> None:
    people = [member("b", identifiers=[agent("b"), agent("c")]), member("a", opt_out=True)]
    assert kinds(HAND_CASCADE, people) == [
        ("repost", "b", ""),
        ("repost", "b", ""),
        ("repost", "d", "b"),
        ("repost", "e", "b"),
    ]
    assert value(HAND_CASCADE, "sharers", people=people) == 3
    # Without its root the cascade is two: B with D and E, and C alone.
    assert beside(HAND_CASCADE, "cascade_size", people=people) == {"median": 2, "max": 3}


def test_the_sharer_rate_counts_the_roster_alone() -> None:
    people = [member("a"), member("b"), member("x"), member("y"), member("c", active=False), member("d", opt_out=True)]
    assert value(HAND_CASCADE, "sharer_rate", people=people) == 0.5
    assert row(HAND_CASCADE, "sharer_rate", people=people, min_group=4).reason == "too_few_values"
    assert row(HAND_CASCADE, "sharer_rate").reason == "no_roster"
    assert row([], "sharer_rate", people=people).reason == "no_data"


# Repetitions, voids, what is taken back


def test_the_same_within_ten_minutes_is_one_act() -> None:
    again = [shared(n, "a", at, "n:A") for n, at in enumerate([0, 6, 11.9, 20], 1)]
    assert value(again, "shares") == 2
    assert value([*again, void(9, 1)], "shares") == 2
    assert value([shared(1, "a", 0, "n:A"), shared(2, "a", 1, "n:B"), shared(3, "b", 1, "n:A")], "shares") == 3
    assert value([recommended(n, "a", n, "n:A", to) for n, to in enumerate("bcb", 1)], "shares") == 2


def test_order_of_arrival_does_not_matter() -> None:
    told = [
        *HAND_CASCADE,
        viewed(6, "f", 9, "n:A"),
        did(7, "g", 9, LIKE, "n:B"),
        void(8, 3),
        did(9, "g", 99, UNLIKE, "n:B"),
    ]
    for seed in range(5):
        shuffled = told * 2
        random.Random(seed).shuffle(shuffled)
        for metric in Sharing.METRICS:
            assert value(shuffled, metric) == value(told, metric)


def test_a_share_taken_back_counts_until_then() -> None:
    told = [*HAND_CASCADE, did(6, "b", 60, UNSHARE, "n:B"), did(7, "x", 50, UNSHARE, "n:A")]
    assert value(told, "shares", as_of=minute(60)) == 4
    assert value(told, "shares", as_of=minute(59)) == 5
    # D and E are left without what they passed on.
    assert value(told, "cascade_size") == 4 / 3
    assert value([*told, shared(8, "b", 70, "n:B")], "shares") == 5


def test_a_deleted_share_stays_but_reactions_on_it_go() -> None:
    told = [
        *HAND_CASCADE,
        did(6, "x", 50, LIKE, "n:A"),
        did(7, "y", 50, DISLIKE, "n:B"),
        did(8, "q", 60, DELETE, "n:A"),
    ]
    assert value(told, "amplification", as_of=minute(59)) == (4 + 2) / 5
    assert value(told, "amplification") == (4 + 1) / 5
    assert value(told, "cascade_size") == 5


def test_targets_are_persons() -> None:
    read = Sharing.read(HAND_CASCADE, People.of(None), {})
    assert [act.target for act in read.acts] == [None, person("a"), person("a"), person("b"), person("b")]
