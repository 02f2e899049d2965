"""Which interactions are acts of sharing."""

from collections.abc import Mapping
from typing import Any

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act
from lrs.plugin.frames import frame
from plugins.sharing import plugin

ANN, BEN = "mbox:mailto:ann@example.org", "mbox:mailto:ben@example.org"
MADE: Mapping[str, Any] = {"target": BEN, "target_status": "resolved"}


def read(kind: str, *, follow_everything: bool = False, **told: Any) -> Act | None:
    return plugin.apply(kit.change(kind, **told), {"follow_everything": follow_everything})


def kept(kind: str, **told: Any) -> Act:
    act = read(kind, **told)
    assert act is not None
    return act


def test_a_repost_is_a_share_aimed_at_whoever_made_what_it_passes_on() -> None:
    act = kept("repost", object_id="s:2", parent_id="s:1", parent_author=BEN, course_id="c:1", **MADE)

    assert (act.actor, act.target, act.course, act.t, act.contributes) == (ANN, BEN, "c:1", MONDAY, True)
    assert act.detail == {"kind": "repost", "object": "s:2", "parent": "s:1", "ended": None, "maker_known": True}


@pytest.mark.parametrize("kind", ["share", "repost", "recommend"])
def test_a_share_counts_whether_or_not_anything_is_known_of_it(kind: str) -> None:
    assert kept(kind).contributes
    assert kept(kind, on_thread=True).contributes, "of a discussion, too"


@pytest.mark.parametrize("kind", ["view", "react", "comment", "reply"])
def test_what_is_done_with_something_shared_is_kept_and_not_counted(kind: str) -> None:
    act = kept(kind, object_id="s:1", **MADE)

    assert (act.contributes, act.target) == (False, None)
    assert (act.detail["kind"], act.detail["object"]) == (kind, "s:1")


@pytest.mark.parametrize("kind", ["view", "react", "comment", "reply"])
def test_what_is_done_with_what_nobody_is_known_to_have_made_is_not_kept(kind: str) -> None:
    assert read(kind, object_id="course/1") is None
    assert read(kind, object_id="page/1", target_status="pending") is None


def test_what_hangs_below_something_that_somebody_made_is_kept() -> None:
    assert kept("view", object_id="picture/1", parent_id="s:1", parent_author=BEN).detail["parent"] == "s:1"


@pytest.mark.parametrize("kind", ["view", "react", "comment", "reply"])
def test_what_is_on_a_discussion_thread_is_left_to_discussion(kind: str) -> None:
    assert read(kind, object_id="t:1", on_thread=True, **MADE) is None


def test_a_setting_keeps_what_is_done_with_anything() -> None:
    assert read("view", object_id="course/1", follow_everything=True) is not None
    assert read("view", object_id="t:1", on_thread=True, follow_everything=True) is not None


@pytest.mark.parametrize("kind", sorted(plugin.kinds))
@pytest.mark.parametrize("state", ["voided", "superseded"])
def test_what_never_happened_and_what_repeats_another_is_no_act(kind: str, state: str) -> None:
    assert read(kind, state=state, **MADE) is None


@pytest.mark.parametrize("kind", ["share", "react"])
def test_taking_back_is_no_act_and_ends_the_one_that_is_taken_back(kind: str) -> None:
    assert read(kind, value={"undo": True}, **MADE) is None
    assert kept(kind, state="undone", state_t=MONDAY, **MADE).detail["ended"] == MONDAY


def test_a_deletion_ends_a_reaction_but_neither_a_share_nor_a_comment() -> None:
    deleted: Mapping[str, Any] = {"state": "deleted", "state_t": MONDAY, **MADE}

    assert kept("react", **deleted).detail["ended"] == MONDAY
    assert kept("share", **deleted).detail["ended"] is None
    assert kept("comment", **deleted).detail["ended"] is None


@pytest.mark.parametrize("kind", ["share", "repost", "react", "comment"])
def test_what_is_shared_with_several_people_is_shared_once(kind: str) -> None:
    assert kept(kind, _id=f"1:{kind}:0", **MADE).id == f"1:{kind}:0"
    assert read(kind, _id=f"1:{kind}:1", **MADE) is None


def test_what_is_recommended_to_several_people_is_recommended_to_each() -> None:
    assert kept("recommend", _id="1:recommend:1", **MADE).target == BEN


def test_who_watched_views_besides_the_one_who_acts() -> None:
    assert kept("view", _id="1:view:1", **MADE).id == "1:view:1"


def test_the_places_of_a_share_are_kept_each_once() -> None:
    act = kept("share", group_ids=["community/1", "group/2"], board_id="community/1")

    assert {name: place for name, place in act.detail.items() if name.startswith("place")} == {
        "place_1": "community/1",
        "place_2": "group/2",
    }


def test_coverage_tells_which_reposts_have_a_parent_that_was_seen_and_whom_recommendations_are_for() -> None:
    acts = [
        kept("repost", _id="1:repost:0", parent_author=BEN),
        kept("repost", _id="2:repost:0"),
        kept("recommend", _id="3:recommend:0", **MADE),
        kept("view", _id="4:view:0", **MADE),
    ]

    table = frame(acts, plugin.columns)

    assert plugin.coverage(table) == {"parents_seen": 0.5, "recommended_to_known": 1}
    assert plugin.coverage(table.clear()) == {"parents_seen": None, "recommended_to_known": None}
