"""The truth fits itself, and fits what anybody can read off the statements."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from lrs.cli.sample import Sample
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

DISCUSSION_TYPES = ("http://id.tincanapi.com/activitytype/discussion", "http://activitystrea.ms/schema/1.0/question")


def posts(sample: Sample) -> Iterator[tuple[str, Json]]:
    for item, thread in sample.truth.threads.items():
        for post in thread["posts"]:
            yield item, post


def by_id(sample: Sample) -> dict[str, Json]:
    return {statement["id"]: statement for statement in sample.statements}


def week(time: str) -> str:
    year, number, _ = datetime.fromisoformat(time).isocalendar()
    return f"{year}-W{number:02d}"


def counted(told: list[Json]) -> dict[str, int]:
    roots = sum(post["parent"] is None for post in told)
    participants = len({post["author"] for post in told})
    return {"threads": roots, "posts": len(told), "replies": len(told) - roots, "participants": participants}


def test_weeks_and_totals_are_the_threads_counted_again(sample: Sample) -> None:
    by_week: dict[str, list[Json]] = defaultdict(list)
    for _, post in posts(sample):
        by_week[week(post["t"])].append(post)
    assert {name: counted(by_week[name]) for name in sample.truth.weeks} == sample.truth.weeks
    assert set(by_week) <= set(sample.truth.weeks)
    assert counted([post for _, post in posts(sample)]) == sample.truth.totals


def test_weeks_sum_to_the_totals(sample: Sample) -> None:
    for name in ("threads", "posts", "replies"):
        assert sum(week[name] for week in sample.truth.weeks.values()) == sample.truth.totals[name]
    assert max(week["participants"] for week in sample.truth.weeks.values()) <= sample.truth.totals["participants"]


def test_every_reply_follows_its_parent_in_the_same_thread(sample: Sample) -> None:
    for thread in sample.truth.threads.values():
        times = {post["item"]: post["t"] for post in thread["posts"]}
        authors = {post["item"]: post["author"] for post in thread["posts"]}
        replies = [post for post in thread["posts"] if post["parent"] is not None]
        for root in thread["posts"][: len(thread["posts"]) - len(replies)]:
            assert (root["parent"], root["told_parent"], root["replied_to"]) == (None, None, None)
            assert (root["author"], root["t"]) == (thread["author"], thread["t"])
        for reply in replies:
            assert times.get(reply["parent"], "") < reply["t"]
            assert authors.get(reply["told_parent"]) == reply["replied_to"]


def test_some_threads_were_begun_before_anybody_could_see_it(sample: Sample) -> None:
    headless = [thread for thread in sample.truth.threads.values() if thread["author"] is None]
    assert 2 <= len(headless) < len(sample.truth.threads) / 10
    assert all(post["parent"] for thread in headless for post in thread["posts"])


def test_only_the_generic_sender_tells_true_parents(sample: Sample) -> None:
    dropped: set[str] = set()
    for item, post in posts(sample):
        sender = sample.truth.threads[item]["sender"]
        if post["parent"] and sender == "generic":
            assert post["told_parent"] == post["parent"]
        elif post["parent"]:
            assert post["told_parent"] == item
            dropped.update({sender} if post["parent"] != item else ())
    assert dropped == {"moodle", "openedx"}


def test_replies_are_the_threads_replies(sample: Sample) -> None:
    expected = [[post["statement"], post["author"], post["replied_to"]] for _, post in posts(sample) if post["parent"]]
    assert sample.truth.replies == expected


def test_a_post_is_what_its_statement_says(sample: Sample) -> None:
    statements = by_id(sample)
    for item, post in posts(sample):
        statement = statements[post["statement"]]
        assert actor_key(statement["actor"]) == post["author"]
        assert datetime.fromisoformat(statement["timestamp"]) == datetime.fromisoformat(post["t"])
        named = {statement["object"]["id"]}
        for activities in statement["context"]["contextActivities"].values():
            named.update(activity["id"] for activity in activities)
        assert {post["item"], post["told_parent"] or item} <= named
        assert {sample.truth.threads[item]["course"]} - {None} <= named


def test_voided_and_repeated_statements_are_in_no_truth(sample: Sample) -> None:
    gone = {*sample.truth.voided, *sample.truth.twins}
    assert sample.truth.voided
    assert gone.isdisjoint(post["statement"] for _, post in posts(sample))
    assert gone.isdisjoint(statement for statement, _, _ in sample.truth.replies)


def test_every_post_that_is_neither_voided_nor_a_twin_is_in_the_truth(sample: Sample) -> None:
    wrote = ("/replied", "/create", "/posted")
    told = {
        statement["id"]
        for statement in sample.statements
        if statement["verb"]["id"].endswith(wrote)
        or (
            statement["verb"]["id"].endswith("/asked") and statement["object"]["definition"]["type"] in DISCUSSION_TYPES
        )
    }
    gone = {*sample.truth.voided, *sample.truth.twins}
    assert told - gone == {post["statement"] for _, post in posts(sample)}


def test_cascades_are_the_trees_of_the_reshares(sample: Sample) -> None:
    gone = {*sample.truth.twins, *sample.truth.voided}
    parents: dict[str, str | None] = {}
    for statement in sample.statements:
        if statement["verb"]["id"].endswith(("/share", "/shared", "/retweeted")) and statement["id"] not in gone:
            parent = statement["context"]["contextActivities"].get("parent", [{"id": ""}])[0]["id"]
            parents[statement["object"]["id"]] = parent if "/feed/" in parent else None
    levels: dict[str, list[int]] = defaultdict(list)
    for item in parents:
        root, level = item, 0
        while (parent_item := parents[root]) is not None:
            root, level = parent_item, level + 1
        levels[root].append(level)
    shapes = {
        root: {"size": len(told), "depth": max(told), "breadth": max(map(told.count, told))}
        for root, told in levels.items()
    }
    assert shapes == sample.truth.cascades
    assert max(shape["depth"] for shape in shapes.values()) > 1
    counts = sample.truth.sharing
    assert (counts["shares"], counts["shares"] + counts["reposts"]) == (len(shapes), len(parents))


def test_mentoring_pairs_count_sessions_told_by_either_side_once(sample: Sample) -> None:
    times: dict[tuple[str | None, str | None], list[datetime]] = defaultdict(list)
    both = 0
    for statement in sample.statements:
        if statement["verb"]["id"].endswith("/mentored"):
            pair = actor_key(statement["actor"]), actor_key(statement["object"])
        elif statement["verb"]["id"].endswith("/attended"):
            pair = actor_key(statement["context"]["instructor"]), actor_key(statement["actor"])
        else:
            continue
        times[pair].append(datetime.fromisoformat(statement["timestamp"]))
    sessions = []
    for (mentor, mentee), told in times.items():
        told.sort()
        starts = [b for a, b in pairwise(told) if b - a >= timedelta(hours=2)]
        both += len(told) - len(starts) - 1
        sessions.append([mentor, mentee, len(starts) + 1])
    assert sorted(sessions, key=str) == sorted(sample.truth.mentoring_pairs, key=str)
    assert both > 0


def test_parameters_are_echoed(sample: Sample) -> None:
    assert sample.truth.parameters == {
        "people": 80,
        "statements": 6000,
        "seed": 7,
        "voids": 0.005,
        "deletes": 0.005,
        "undone": 0.1,
        "early_replies": 0.05,
        "late": 0.01,
        "unseen_starts": 0.01,
        "start": "2026-08-09T00:00:00.000Z",
        "end": "2026-11-01T00:00:00.000Z",
    }


@pytest.mark.parametrize("quiet", ["unanswered", "self_reply"])
def test_some_threads_stay_unanswered_and_some_authors_answer_themselves(sample: Sample, quiet: str) -> None:
    threads = sample.truth.threads.values()
    if quiet == "unanswered":
        share = sum(len(thread["posts"]) == 1 for thread in threads) / len(threads)
    else:
        share = sum(replier == author for _, replier, author in sample.truth.replies) / len(sample.truth.replies)
    assert 0.02 < share < 0.5
