"""Each sender's shape is there, and tells what that sender tells."""

from collections import Counter
from collections.abc import Iterator

import pytest

from lrs.cli.sample import Sample
from lrs.xapi import Json

DISCUSSION = "http://id.tincanapi.com/activitytype/discussion"
REPLY = "http://id.tincanapi.com/activitytype/forum-reply"


def told(sample: Sample, shape: str, *, roots: bool) -> Iterator[tuple[Json, Json]]:
    """The statements of a shape's roots or replies, each with what the truth says of it."""
    statements = {statement["id"]: statement for statement in sample.statements}
    for thread in sample.truth.threads.values():
        if thread["shape"] == shape:
            for post in thread["posts"]:
                if (post["parent"] is None) == roots:
                    yield statements[post["statement"]], post


def types(statement: Json, relation: str) -> list[str]:
    activities = statement["context"]["contextActivities"].get(relation, [])
    return [activity["definition"]["type"] for activity in activities]


@pytest.mark.parametrize("shape", ["moodle-4.8", "moodle-4.6", "openedx", "generic"])
def test_each_shape_has_threads_and_replies(sample: Sample, shape: str) -> None:
    assert len(list(told(sample, shape, roots=True))) > 10
    assert len(list(told(sample, shape, roots=False))) > 20


def test_moodle_replies_name_the_thread_first_among_their_parents(sample: Sample) -> None:
    for statement, post in told(sample, "moodle-4.8", roots=False):
        assert statement["object"]["id"] == post["item"]
        assert statement["object"]["definition"]["type"] == REPLY
        assert statement["context"]["contextActivities"]["parent"][0]["id"] == post["told_parent"]
        assert types(statement, "parent")[1:] == [
            "https://xapi.edlm/profiles/edlm-lms/concepts/activity-types/forum",
            "http://id.tincanapi.com/activitytype/section",
            "https://w3id.org/xapi/cmi5/activitytype/course",
        ]


def test_older_moodle_replies_have_the_thread_as_object_and_the_reply_beside(sample: Sample) -> None:
    for statement, post in told(sample, "moodle-4.6", roots=False):
        assert statement["object"]["id"] == post["told_parent"]
        assert [thing["id"] for thing in statement["context"]["contextActivities"]["other"]] == [post["item"]]
        assert statement["result"]["response"]
        assert "http://id.tincanapi.com/activitytype/lms/course" in types(statement, "grouping")


def test_moodle_releases_spell_create_differently(sample: Sample) -> None:
    spellings = {
        shape: {statement["verb"]["id"] for statement, _ in told(sample, shape, roots=True)}
        for shape in ("moodle-4.8", "moodle-4.6")
    }
    assert spellings == {
        "moodle-4.8": {"http://activitystrea.ms/create"},
        "moodle-4.6": {"http://activitystrea.ms/schema/1.0/create"},
    }


def test_open_edx_responses_and_comments_look_the_same_and_name_the_thread(sample: Sample) -> None:
    for statement, post in told(sample, "openedx", roots=False):
        assert statement["verb"]["id"] == "https://w3id.org/xapi/acrossx/verbs/posted"
        assert "/api/discussion/v1/comments/" in statement["object"]["id"]
        assert statement["context"]["contextActivities"]["grouping"][0]["id"] == post["told_parent"]
        assert types(statement, "parent") == ["http://adlnet.gov/expapi/activities/course"]


def test_open_edx_threads_are_views_of_comments_with_the_same_number(sample: Sample) -> None:
    serials = {item.rpartition("/")[2] for item, t in sample.truth.threads.items() if t["sender"] == "openedx"}
    views = [
        statement["object"]["id"]
        for statement in sample.statements
        if statement["verb"]["id"].endswith("/viewed") and "/api/discussion/" in statement["object"]["id"]
    ]
    assert all("/comments/" in item for item in views)
    seen = Counter(item.rpartition("/")[2] in serials for item in views)
    assert seen[True] > 20
    assert seen[False] <= len(sample.truth.voided) * 20


def test_generic_replies_name_their_true_parent_and_not_always_the_thread(sample: Sample) -> None:
    through_parents_only = 0
    for statement, post in told(sample, "generic", roots=False):
        assert [thing["id"] for thing in statement["context"]["contextActivities"]["parent"]] == [post["parent"]]
        named = set(types(statement, "grouping")) | set(types(statement, "parent"))
        through_parents_only += named.isdisjoint({DISCUSSION, "http://activitystrea.ms/schema/1.0/question"})
    assert through_parents_only > 5


def test_some_generic_threads_have_no_course_and_all_others_one(sample: Sample) -> None:
    without = Counter(thread["sender"] for thread in sample.truth.threads.values() if thread["course"] is None)
    assert set(without) == {"generic"}
    assert any(t["course"] for t in sample.truth.threads.values() if t["sender"] == "generic")


def test_questions_reactions_mentions_and_plans_are_told(sample: Sample) -> None:
    verbs = Counter(statement["verb"]["id"] for statement in sample.statements)
    for iri in (
        "http://activitystrea.ms/like",
        "http://id.tincanapi.com/verb/voted-up",
        "https://w3id.org/xapi/openedx/verb/voted",
        "http://id.tincanapi.com/verb/arranged",
        "http://id.tincanapi.com/verb/reviewed",
        "https://w3id.org/xapi/dod-isd/verbs/recommended",
    ):
        assert verbs[iri] > 0, iri
    assert any(thread["question"] for thread in sample.truth.threads.values())
    mention = "https://w3id.org/xapi/acrossx/extensions/mentionedagent"
    assert any(mention in s.get("context", {}).get("extensions", {}) for s in sample.statements)
