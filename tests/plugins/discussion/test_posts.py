from datetime import timedelta

import pytest

from lrs import kit
from lrs.kit.interactions import MONDAY
from lrs.plugin import Act, Change
from plugins.discussion import plugin
from plugins.discussion.posts import in_threads
from tests.plugins.discussion.samples import DOUBT, at, number, reply, start, told, view

START = start("anna", 0, "t:A", course_id="c:x", board_id="f:1")
REPLY = reply("ben", 10, START, "p:B", course_id="c:x", board_id="f:1")


def test_a_reply_on_a_thread_is_a_post_that_answers_somebody() -> None:
    expected = Act(
        id="p:B:reply:0",
        t=MONDAY + timedelta(minutes=10),
        actor="ben",
        target="anna",
        course="c:x",
        subject="t:A",
        opens=False,
        contributes=True,
        detail={
            "object": "p:B",
            "post": True,
            "parent_author": "anna",
            "latency_s": 600.0,
            "question": False,
            "parent_known": True,
            "addressed": True,
            "depth": 1,
            "board": "f:1",
            "instructor": False,
        },
    )

    assert expected == REPLY


def test_the_first_create_of_a_thread_opens_it() -> None:
    assert (START.opens, START.target, START.subject) == (True, None, "t:A")


def test_a_later_create_of_a_thread_is_a_post_that_opens_nothing_and_answers_nobody() -> None:
    later = start("ben", 10, "t:A", is_root=False, parent_author="anna", parent_t=at(0))

    assert not later.opens
    assert (later.detail["post"], later.detail["parent_author"], later.detail["latency_s"]) == (True, None, None)


def test_what_is_on_no_thread_is_no_post() -> None:
    assert told("reply", on_thread=False) is None


def test_a_reply_to_oneself_is_kept_like_one_to_another_for_accounts_are_no_persons() -> None:
    own = reply("anna", 10, START)

    assert (own.target, own.detail["parent_author"], own.detail["latency_s"]) == ("anna", "anna", 600.0)


def test_a_reply_to_something_unseen_has_neither_target_nor_latency() -> None:
    unseen = reply("ben", 10, START, target=None, target_status="pending", parent_author=None, parent_t=None)

    assert (unseen.target, unseen.detail["latency_s"], unseen.detail["addressed"]) == (None, None, False)


@pytest.mark.parametrize(
    ("kind", "object_type", "is_question"),
    [
        ("ask", "http://id.tincanapi.com/activitytype/discussion", True),
        ("create", DOUBT, True),
        ("create", "http://activitystrea.ms/question", True),
        ("create", "http://id.tincanapi.com/activitytype/discussion", False),
    ],
)
def test_a_thread_asks_a_question_by_its_kind_or_its_type(kind: str, object_type: str, is_question: bool) -> None:
    assert start("anna", kind=kind, object_type=object_type).detail["question"] is is_question


def test_whom_the_statement_names_as_instructor_is_kept() -> None:
    assert reply("ben", 10, START, actor_role="instructor").detail["instructor"] is True


def test_a_post_tells_when_its_thread_was_started_where_the_interaction_does() -> None:
    interaction = {**kit.interaction("reply", on_thread=True), "root_t": at(30)}

    act = plugin.apply(Change(seq=1, op="insert", interaction=interaction), plugin.defaults)

    assert act is not None
    assert act.subject_t == at(30)


def test_who_addresses_three_people_has_posted_once_and_replied_to_each_of_them() -> None:
    to_three = [
        reply("ben", 10, START, "p:B", _id=f"p:B:reply:{n}", target=to) for n, to in enumerate(["anna", "cleo", "dan"])
    ]
    from_cleo = reply("cleo", 20, to_three[0])

    acts = [START, *to_three, from_cleo]

    assert number("posts", acts).value == 3
    assert number("replies", acts).value == 2
    assert number("median_response_time", acts).n == 2
    assert number("reply_reciprocity", acts).n == 4


def test_who_asks_three_people_has_started_one_thread() -> None:
    to_three = [start("anna", 0, "t", _id=f"t:ask:{n}", target=to) for n, to in enumerate(["ben", "cleo", "dan"])]

    assert number("threads", to_three).value == 1
    assert number("reply_reciprocity", to_three).n == 0
    assert number("interactivity", to_three).n == 1


def test_posts_in_threads_are_everybodys_before_the_present_also_where_a_clock_puts_them_before_the_start() -> None:
    early, late = reply("ben", -5, START), reply("ben", 60, START)
    other = reply("cleo", 20, START)
    elsewhere = reply("dan", 20, start("eva", -60, "t:old"))

    scope = kit.scope(plugin, [START, late, view("fay", 1, "t:A", "t:A")], others=[other, elsewhere], early=[early])
    found = in_threads(scope)
    before = in_threads(kit.scope(plugin, [START, late], others=[other], early=[early], as_of=at(60)))

    assert set(found["id"]) == {START.id, late.id, other.id, early.id}
    assert set(before["id"]) == {START.id, other.id, early.id}
    assert found["started"].unique().to_list() == [START.t]


def test_a_thread_that_starts_after_the_present_has_no_posts_yet() -> None:
    assert in_threads(kit.scope(plugin, [start("anna", 10)], early=[reply("ben", -5, START)], as_of=at(5))).is_empty()
