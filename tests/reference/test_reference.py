"""The reference itself against values worked out by hand."""

import json
import random
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from .asking import raw, rows
from .samples import (
    ANSWERED,
    ASKED,
    COMMENTED,
    CREATE_OLD,
    DAY,
    DISCUSSION,
    DOUBT,
    HAND_THREAD,
    MOODLE_HAND_THREAD,
    OLD_MOODLE_HAND_THREAD,
    STREAMS_COMMENT,
    STREAMS_QUESTION,
    WIKI_PAGE,
    activity,
    edx_reply,
    edx_thread,
    minute,
    moodle_46_reply,
    moodle_reply,
    moodle_thread,
    person,
    reply,
    statement,
    thread,
    uuid,
    void,
)
from .statements import Statement
from .threads import interactions

HEX = "64abcdfee68f35002fd013c6"


@pytest.mark.parametrize(
    ("metric", "generic", "moodle"),
    [
        ("threads", 2, 2),
        ("posts", 7, 7),
        ("replies", 5, 5),
        ("participants", 5, 5),
        # Generic: B 10-0, C 30-0, A 40-10, D 100-30. Moodle: B 10, C 30, D 100 after the start; A's own don't count.
        ("median_response_time", 30 * 60, 30 * 60),
        # Generic: BA, CA, AB, DC: two of four are returned. Moodle: BA, CA, DA: none.
        ("discussion.reply_reciprocity", 0.5, 0),
        ("unanswered_rate", 0.5, 0.5),
    ],
)
def test_the_hand_thread_has_its_values_by_hand(metric: str, generic: float, moodle: float) -> None:
    assert raw(HAND_THREAD, metric) == generic
    assert raw(MOODLE_HAND_THREAD, metric) == moodle
    assert raw(OLD_MOODLE_HAND_THREAD, metric) == moodle


def test_moodle_measures_to_the_start_where_a_generic_sender_measures_to_the_parent() -> None:
    # Without C: generic 10, 30 (A after B), and D's parent is unknown, median 20; Moodle 10 and 100, median 55.
    assert raw([*HAND_THREAD, void(9, 3)], "median_response_time") == 20 * 60
    assert raw([*MOODLE_HAND_THREAD, void(9, 3)], "median_response_time") == 55 * 60


def test_interactions_tell_kind_and_the_other_person() -> None:
    a, b, c, d, e = map(person, "abcde")
    assert interactions(HAND_THREAD) == [
        (uuid(1), "create", a, None),
        (uuid(7), "create", e, None),
        (uuid(2), "reply", b, a),
        (uuid(3), "reply", c, a),
        (uuid(4), "reply", a, b),
        (uuid(5), "reply", d, c),
        (uuid(6), "reply", a, None),
    ]


def test_order_of_arrival_and_repetition_do_not_matter() -> None:
    everything = [*HAND_THREAD, void(9, 3), thread(10, "f", 1, "t:A"), reply(11, "b", 15, "p:B", "t:A")]
    shuffled = everything * 2
    random.Random(4).shuffle(shuffled)
    assert interactions(shuffled) == interactions(everything)


def test_a_void_counts_whichever_comes_first_and_can_not_be_voided() -> None:
    assert raw([void(9, 7, at=9000), *HAND_THREAD, void(10, 9)], "threads") == 1
    # D answered C, who is gone now: a reply of the same thread to nobody known.
    assert (uuid(5), "reply", person("d"), None) in interactions([*HAND_THREAD, void(9, 3)])


def test_a_thread_without_its_start_is_no_thread_but_keeps_its_replies() -> None:
    bodiless = [*HAND_THREAD, void(9, 1)]
    assert [raw(bodiless, metric) for metric in ("threads", "posts", "replies")] == [1, 6, 5]
    assert raw([moodle_reply(2, "b", 10, 1)], "posts") == 1


def test_the_first_create_by_time_then_id_is_the_author() -> None:
    twice = [thread(2, "b", 0, "t:A"), thread(1, "a", 0, "t:A"), reply(3, "c", 10, "p:C", "t:A")]
    assert interactions(twice)[-1] == (uuid(3), "reply", person("c"), person("a"))
    earlier = statement(4, "z", CREATE_OLD, activity("t:A", DISCUSSION), -1)
    assert interactions([*twice, earlier])[-1] == (uuid(3), "reply", person("c"), person("z"))
    assert raw(twice, "threads") == 1


def test_a_twin_is_measured_from_the_last_kept_act() -> None:
    # 0 kept, 6 dropped, 11.9 kept (11.9 after 0), 20 dropped (8.1 after 11.9), 21.9 kept (exactly ten after).
    chain = [reply(n, "b", at, "p:B", "t:A") for n, at in enumerate([0, 6, 11.9, 20, 21.9], 1)]
    assert [told[0] for told in interactions(chain)] == [uuid(1), uuid(3), uuid(5)]
    # A void of the first frees the second, which then covers the third: 6 kept, 11.9 dropped, 20 kept, 21.9 dropped.
    assert [told[0] for told in interactions([*chain, void(9, 1)])] == [uuid(2), uuid(4)]


def test_old_moodle_twins_are_told_apart_by_the_reply() -> None:
    quick = [moodle_thread(1, "a", 0, 1), moodle_46_reply(2, "b", 5, 1), moodle_46_reply(3, "b", 7, 1)]
    assert raw([*quick, moodle_46_reply(4, "b", 8, 1, post=3)], "replies") == 2


def test_open_edx_matches_threads_by_their_digits() -> None:
    forum = [edx_thread(1, "a", 0, HEX, "question"), edx_reply(2, "b", 10, HEX), edx_reply(3, "c", 30, HEX, "comments")]
    assert interactions(forum) == [
        (uuid(1), "ask", person("a"), None),
        (uuid(2), "reply", person("b"), person("a")),
        (uuid(3), "reply", person("c"), person("a")),
    ]
    assert raw(forum, "median_response_time") == 20 * 60


def test_generic_kinds_are_decided_by_verb_type_and_context() -> None:
    told = [
        thread(1, "a", 0, "t:A", STREAMS_QUESTION),
        statement(2, "b", ASKED, activity("t:B", DOUBT), 1),
        statement(3, "c", ANSWERED, activity("t:B", DOUBT), 2),
        statement(4, "d", COMMENTED, activity("c:1", STREAMS_COMMENT), 3, parent=[activity("t:A", STREAMS_QUESTION)]),
        statement(5, "e", COMMENTED, activity("c:2", STREAMS_COMMENT), 4, parent=[activity("c:1")]),
        statement(6, "f", COMMENTED, activity("w:1", DISCUSSION), 5, parent=[activity("w:page", WIKI_PAGE)]),
        statement(
            7,
            "f",
            COMMENTED,
            activity("c:3", STREAMS_COMMENT),
            6,
            parent=[activity("n:1", "http://activitystrea.ms/note")],
        ),
        statement(8, "f", ASKED, activity("q:hint", "http://adlnet.gov/expapi/activities/cmi.interaction"), 7),
        statement(9, "f", ANSWERED, activity("q:quiz", "http://adlnet.gov/expapi/activities/cmi.interaction"), 8),
    ]
    assert [(kind, actor[12], target and target[12]) for _, kind, actor, target in interactions(told)] == [
        ("create", "a", None),
        ("ask", "b", None),
        ("answer", "c", "b"),
        ("comment", "d", "a"),
        ("comment", "e", "d"),
    ]


def test_parents_in_a_loop_and_deep_threads_come_to_an_end() -> None:
    loop = [reply(1, "a", 1, "p:A", "p:B"), reply(2, "b", 2, "p:B", "p:A")]
    assert raw(loop, "replies") == 2
    deep = [
        thread(1, "a", 0, "p:1"),
        *(reply(n, f"u{n % 7}", n / 10, f"p:{n}", f"p:{n - 1}") for n in range(5000, 1, -1)),
    ]
    assert raw(deep, "replies") == 4999
    assert raw(deep, "unanswered_rate") == 0


def test_a_reply_earlier_than_its_parent_is_an_arc_without_latency() -> None:
    told = [thread(1, "a", 0, "t:A"), reply(2, "b", -5, "p:B", "t:A"), reply(3, "a", 9, "p:A", "p:B")]
    early = {"since": minute(-10)}
    assert raw(told, "median_response_time", **early) == 14 * 60
    assert raw(told, "reply_reciprocity", **early) == 1


def test_unanswered_looks_at_threads_older_than_the_grace_before_as_of() -> None:
    told = [thread(1, "a", 0, "t:A"), thread(2, "b", 1, "t:B", DOUBT), reply(3, "c", 4 * DAY, "p:C", "t:A")]
    assert raw(told, "unanswered_rate", as_of=minute(3 * DAY)) is None
    assert raw(told, "unanswered_rate", as_of=minute(3 * DAY + 1)) == 1
    assert raw(told, "unanswered_rate", as_of=minute(4 * DAY)) == 1
    assert raw(told, "unanswered_rate") == 0.5
    assert raw(told, "unanswered_rate", questions_only=True) == 1
    assert raw(told, "unanswered_rate", as_of=minute(30), grace_hours=0.25) == 1


def test_buckets_are_local_days_cut_to_the_window() -> None:
    asked = {"since": minute(30), "until": minute(2 * DAY + 30), "bucket": "day", "timezone": "Europe/Berlin"}
    told = [thread(n, "a", at, f"t:{n}") for n, at in enumerate([0, 30, DAY - 61, DAY - 60, DAY], 1)]
    found = rows(told, "posts", guarded=False, **asked)
    # Midnight in Berlin is 23:00 UTC in winter.
    assert [(row.start, row.end, row.value) for row in found] == [
        (minute(30), minute(DAY - 60), 2),
        (minute(DAY - 60), minute(2 * DAY - 60), 2),
        (minute(2 * DAY - 60), minute(2 * DAY + 30), 0),
    ]
    empty = rows(told, "median_response_time", **asked)[2]
    assert (empty.value, empty.reason, empty.suppressed, empty.n_people) == (None, "no_data", False, 0)


def test_weeks_and_months_follow_the_clock_changes() -> None:
    asked = {"since": datetime.fromisoformat("2026-03-23T00:00+01:00"), "timezone": "Europe/Berlin", "guarded": False}
    weeks = rows([], "posts", bucket="week", until=datetime.fromisoformat("2026-04-06T00:00+02:00"), **asked)
    assert [row.end - row.start for row in weeks if row.start and row.end] == [
        timedelta(hours=167),
        timedelta(hours=168),
    ]
    months = rows([], "posts", bucket="month", until=datetime.fromisoformat("2026-04-06T00:00+02:00"), **asked)
    assert [row.start for row in months] == [asked["since"], datetime.fromisoformat("2026-04-01T00:00+02:00")]


FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"


@pytest.mark.skipif(not FIXTURES.exists(), reason="the samples of real senders are not here")
def test_samples_of_real_senders_are_read() -> None:
    told: list[Statement] = []
    for file in sorted([*FIXTURES.glob("moodle*/*.statements.json"), *FIXTURES.glob("openedx*/xapi/*.json")]):
        found = json.loads(file.read_text())
        told += found if isinstance(found, list) else [found]
    complete = [{"id": uuid(n), "timestamp": minute(n).isoformat()} | each for n, each in enumerate(told, 1)]
    kinds = [(kind, re.sub(r".*::", "", actor)[:1]) for _, kind, actor, _ in interactions(complete)]
    # Moodle's discussion and its reply; Open edX's thread, response and comment.
    assert sorted(kinds) == [("create", "1"), ("create", "3"), ("reply", "1"), ("reply", "3"), ("reply", "3")]
