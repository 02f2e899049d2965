from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lrs.plugin import Act, Change
from plugins.discussion.posts import KINDS, coverage, post

T = datetime(2026, 3, 2, 10, tzinfo=UTC)
REPLY: dict[str, Any] = {
    "_id": "1:reply:0",
    "kind": "reply",
    "state": "live",
    "t": T,
    "actor": "ben",
    "target": "anna",
    "target_status": "resolved",
    "object_type": "http://id.tincanapi.com/activitytype/forum-reply",
    "parent_author": "anna",
    "parent_t": T - timedelta(minutes=10),
    "parent_known": True,
    "root_id": "t:A",
    "on_thread": True,
    "is_root": False,
    "course_id": "c:x",
}
START = {
    **REPLY,
    "_id": "2:create:0",
    "kind": "create",
    "is_root": True,
    "parent_author": None,
    "parent_t": None,
    "target": None,
    "target_status": None,
    "object_type": "http://id.tincanapi.com/activitytype/discussion",
}


def read(interaction: dict[str, Any], **changed: Any) -> Act | None:
    return post(Change(1, "insert", {**interaction, **changed}), {})


def told(interaction: dict[str, Any], **changed: Any) -> Act:
    act = read(interaction, **changed)
    assert act is not None
    return act


def test_a_reply_on_a_thread_is_a_post_that_answers_somebody() -> None:
    assert told(REPLY) == Act(
        id="1:reply:0",
        t=T,
        actor="ben",
        target="anna",
        parties={"parent": "anna"},
        course="c:x",
        subject="t:A",
        opens=False,
        detail={"question": False, "latency_s": 600.0, "parent_known": True, "target_status": "resolved"},
    )


def test_the_first_create_of_a_thread_opens_it() -> None:
    assert told(START).opens
    assert told(START).target is None


def test_a_later_create_of_a_thread_is_a_post_that_opens_nothing_and_answers_nobody() -> None:
    later = told(START, is_root=False, parent_author="anna", parent_t=T - timedelta(minutes=10))

    assert not later.opens
    assert (later.parties, later.detail["latency_s"]) == ({}, None)


@pytest.mark.parametrize("state", ["voided", "superseded"])
def test_what_never_happened_and_what_repeats_another_is_no_post(state: str) -> None:
    assert read(REPLY, state=state) is None


def test_a_deleted_post_stays_a_post() -> None:
    assert told(REPLY, state="deleted") == told(REPLY)


def test_what_is_on_no_thread_is_no_post() -> None:
    assert read(REPLY, on_thread=False) is None


def test_a_reply_to_oneself_is_kept_like_one_to_another_for_accounts_are_no_persons() -> None:
    own = told(REPLY, target="ben", target_status="self", parent_author="ben")

    assert (own.target, own.parties, own.detail["latency_s"]) == ("ben", {"parent": "ben"}, 600.0)


def test_a_reply_to_something_unseen_has_neither_target_nor_latency() -> None:
    unseen = told(REPLY, target=None, target_status="pending", parent_author=None, parent_t=None)

    assert (unseen.target, unseen.detail["latency_s"]) == (None, None)


@pytest.mark.parametrize(
    ("kind", "object_type", "is_question"),
    [
        ("ask", "http://id.tincanapi.com/activitytype/discussion", True),
        ("create", "http://id.tincanapi.com/activitytype/doubt", True),
        ("create", "http://activitystrea.ms/question", True),
        ("create", "http://id.tincanapi.com/activitytype/discussion", False),
    ],
)
def test_a_thread_asks_a_question_by_its_kind_or_its_type(kind: str, object_type: str, is_question: bool) -> None:
    assert told(START, kind=kind, object_type=object_type).detail["question"] is is_question


def test_only_what_people_write_is_consumed() -> None:
    assert {"create", "ask", "reply", "comment", "answer"} == KINDS


def test_coverage_tells_which_share_of_replies_has_an_addressee_and_a_true_parent() -> None:
    replies = [
        told(REPLY),
        told(REPLY, target_status="self"),
        told(REPLY, target=None, target_status="pending", parent_known=False),
        told(REPLY, target=None, target_status=None, parent_known=False),
    ]

    assert coverage([told(START), *replies]) == {"targets_resolved": 0.5, "parents_known": 0.5}


def test_without_replies_there_is_nothing_to_cover() -> None:
    assert coverage([told(START)]) == {"targets_resolved": None, "parents_known": None}
