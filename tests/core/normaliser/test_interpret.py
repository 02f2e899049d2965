from datetime import UTC, datetime

import pytest

from lrs.core.normaliser.interpret import Interpretation, interpret
from lrs.core.normaliser.rules import load_rules
from lrs.xapi import Json
from tests.core.normaliser.samples import (
    ACROSSX,
    ADL,
    ANNA,
    AS,
    BEN,
    CLEO,
    COURSE,
    DISCUSSION,
    FORUM,
    FORUM_REPLY,
    MENTIONED,
    TINCAN,
    TINCAN_TYPE,
    act_of,
    activity,
    acts_of,
    statement,
)

THREAD = activity("threads/7", DISCUSSION)
POST = activity("posts/8", FORUM_REPLY)
ARTICLE = activity("articles/3", AS + "article")
COURSE_1 = activity("courses/1", COURSE)


def test_voiding_and_plans_are_neither_acts_nor_unmapped() -> None:
    reference = {"objectType": "StatementRef", "id": "0e4a4f86-9b1e-4c3c-8a59-3d8e1f0f7a11"}
    plan = {"objectType": "SubStatement", "actor": ANNA, "verb": {"id": AS + "like"}, "object": POST}
    for told in (statement(ADL + "voided", reference), statement(AS + "like", plan)):
        assert interpret(told, load_rules()) == Interpretation(acts=(), unmapped_verb=None)


def test_a_reply_hangs_below_the_nearest_post_whatever_the_order() -> None:
    places = [COURSE_1, activity("forums/1", FORUM), THREAD, activity("posts/1", FORUM_REPLY)]
    for parents in (places, places[::-1]):
        act = act_of(statement(TINCAN + "replied", POST, parent=parents))
        assert (act.object_id, act.creates) == ("https://example.org/posts/8", True)
        assert (act.parent_id, act.parent_known) == ("https://example.org/posts/1", True)
        assert act.thread_id == "https://example.org/threads/7"
        assert (act.course_id, act.board_id) == ("https://example.org/courses/1", "https://example.org/forums/1")
        assert (act.target, act.target_ref, act.target_ref_via) == (None, "https://example.org/posts/1", "parent")


def test_an_untyped_parent_counts_as_an_item() -> None:
    act = act_of(statement(TINCAN + "replied", POST, parent=[COURSE_1, activity("unknown/1")], grouping=[THREAD]))
    assert (act.parent_id, act.thread_id) == ("https://example.org/unknown/1", "https://example.org/threads/7")


def test_who_replies_to_a_thread_without_an_id_of_the_reply_authors_nothing() -> None:
    act = act_of(statement(TINCAN + "replied", THREAD, parent=[COURSE_1]))
    assert (act.object_id, act.parent_id, act.thread_id) == ("https://example.org/threads/7",) * 3
    assert (act.creates, act.target_ref, act.target_ref_via) == (False, "https://example.org/threads/7", "object")


def test_a_reply_that_names_only_its_thread_has_no_known_parent() -> None:
    act = act_of(statement(TINCAN + "replied", POST, grouping=[THREAD]))
    assert (act.parent_id, act.parent_known, act.creates) == ("https://example.org/threads/7", False, True)


@pytest.mark.parametrize("verb", [AS + "create", ACROSSX + "posted"])
def test_a_thread_is_its_own_root(verb: str) -> None:
    act = act_of(statement(verb, THREAD, parent=[activity("forums/1", FORUM), COURSE_1]))
    assert (act.kind, act.is_thread, act.creates, act.thread_id) == ("create", True, True, act.object_id)
    assert (act.parent_id, act.parent_known, act.target_ref) == (None, True, None)


def test_a_post_created_below_another_is_a_reply_and_a_comment_a_comment() -> None:
    reply = act_of(statement(AS + "create", POST, parent=[THREAD]))
    comment = act_of(statement(AS + "create", activity("c/1", AS + "comment"), parent=[ARTICLE]))
    assert (reply.kind, reply.creates, reply.is_thread, reply.parent_id) == ("reply", True, False, THREAD["id"])
    assert (comment.kind, comment.creates, comment.parent_id) == ("comment", True, ARTICLE["id"])


def test_a_comment_is_its_own_item_only_when_it_is_one() -> None:
    on_article = act_of(statement(ADL + "commented", ARTICLE))
    own = act_of(statement(ADL + "commented", activity("c/1", AS + "comment"), parent=[ARTICLE]))
    assert (on_article.creates, on_article.parent_id, on_article.target_ref) == (False, ARTICLE["id"], ARTICLE["id"])
    assert (own.creates, own.object_id, own.parent_id) == (True, "https://example.org/c/1", ARTICLE["id"])


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        (POST, "repost"),
        (THREAD, "repost"),
        (activity("x"), "repost"),
        (COURSE_1, "share"),
        (activity("f", FORUM), "share"),
    ],
)
def test_sharing_below_a_post_is_a_repost_and_in_a_place_a_share(parent: Json, kind: str) -> None:
    act = act_of(statement(AS + "share", activity("feed/9", AS + "note"), parent=[parent]))
    assert (act.kind, act.creates, act.object_id) == (kind, True, "https://example.org/feed/9")
    assert act.target_ref == (parent["id"] if kind == "repost" else None)


def test_an_un_act_is_marked_and_makes_nothing() -> None:
    for verb, kind in ((AS + "unlike", "react"), (AS + "unshare", "share"), (TINCAN + "unregistered", "schedule")):
        act = act_of(statement(verb, activity("feed/9", AS + "note")))
        assert (act.kind, act.polarity, act.creates, act.value) == (kind, 0, False, {"undo": True})


def test_one_act_logged_twice_is_told_once() -> None:
    """CourseMapper sends a second statement whose object is the person answered."""
    reply = {"extensions": {"http://www.CourseMapper.de/extensions/reply": {"id": "https://example.org/replies/5"}}}
    first = act_of(statement(TINCAN + "replied", activity("annotations/2"), result=reply))
    twin = interpret(statement(TINCAN + "replied", activity("user/1/userToReply/2"), result=reply), load_rules())
    assert (first.object_id, first.creates) == ("https://example.org/replies/5", True)
    assert first.parent_id == "https://example.org/annotations/2"
    assert (twin.acts, twin.unmapped_verb) == ((), None)


def test_a_shared_post_has_the_id_in_its_extension() -> None:
    result = {"extensions": {"https://xapi.openlearning.com/extensions/post-id": "41"}}
    assert act_of(statement(ADL + "shared", activity("blocks/1"), result=result)).object_id == (
        "https://example.org/blocks/1#41"
    )


def test_a_shared_post_is_a_share_wherever_the_block_stands() -> None:
    result = {"extensions": {"https://xapi.openlearning.com/extensions/post-id": "41"}}
    act = act_of(statement(ADL + "shared", activity("blocks/1"), parent=[activity("pages/1")], result=result))
    assert (act.kind, act.object_id) == ("share", "https://example.org/blocks/1#41")


def test_what_names_only_itself_as_its_parent_passes_nothing_on() -> None:
    act = act_of(statement(AS + "share", activity("links/1"), parent=[activity("links/1")]))
    assert (act.kind, act.parent_id, act.creates) == ("share", None, True)


@pytest.mark.parametrize(
    ("verb", "item_type", "kind"),
    [(TINCAN + "replied", FORUM_REPLY, "reply"), (ADL + "commented", AS + "comment", "comment")],
)
def test_a_response_that_names_only_its_place_is_its_actors_and_toward_nobody(
    verb: str, item_type: str, kind: str
) -> None:
    act = act_of(statement(verb, activity("posts/1", item_type), parent=[activity("forums/1", FORUM)]))
    assert (act.kind, act.creates, act.parent_id, act.target_ref) == (kind, True, None, None)


def test_a_forum_post_of_the_vle_recipe_is_a_create_and_no_thread() -> None:
    post = activity("posts/1", "http://xapi.jisc.ac.uk/forum-post")
    act = act_of(statement(AS + "schema/1.0/create", post, parent=[activity("forums/1")], result={"response": "Hello"}))
    assert (act.kind, act.is_thread, act.parent_id, act.thread_id) == ("create", False, None, None)
    assert act.value == {"text_len": 5}


def test_a_mention_is_a_second_act_and_leaves_the_reply_its_target() -> None:
    told = statement(TINCAN + "replied", POST, parent=[THREAD], extensions={MENTIONED: [BEN, CLEO]})
    reply, *mentions = acts_of(told)
    assert (reply.kind, reply.n, reply.target, reply.target_ref) == ("reply", 0, None, THREAD["id"])
    assert [(act.kind, act.n, act.target) for act in mentions] == [
        ("mention", 0, "mbox:mailto:ben@example.org"),
        ("mention", 1, "mbox:mailto:cleo@example.org"),
    ]
    assert {(act.object_id, act.creates, act.target_via) for act in mentions} == {(POST["id"], False, "extension")}


def test_a_mention_needs_no_verb_of_its_own() -> None:
    told = interpret(statement("https://example.org/verbs/wrote", POST, extensions={MENTIONED: BEN}), load_rules())
    assert [(act.kind, act.target) for act in told.acts] == [("mention", "mbox:mailto:ben@example.org")]
    assert told.unmapped_verb == "https://example.org/verbs/wrote"


def test_a_mention_leaves_a_reaction_its_target_too() -> None:
    tag = activity("tags/1", TINCAN_TYPE + "tag", name={"en": "@cleo"})
    liked, *mentions = acts_of(statement(AS + "like", POST, extensions={MENTIONED: BEN}, other=[tag]))
    assert (liked.kind, liked.target, liked.target_ref) == ("react", None, POST["id"])
    assert [(act.kind, act.target) for act in mentions] == [("mention", "mbox:mailto:ben@example.org")]


@pytest.mark.parametrize("verb", [TINCAN + "viewed", AS + "unlike", ACROSSX + "edited"])
def test_reading_or_editing_a_post_mentions_nobody(verb: str) -> None:
    assert "mention" not in {act.kind for act in acts_of(statement(verb, POST, extensions={MENTIONED: BEN}))}


@pytest.mark.parametrize(
    ("timestamp", "quality"),
    [("2026-03-02T10:00:00Z", "ok"), ("2026-03-02T10:05:01Z", "ok"), ("2026-03-02T10:05:02Z", "ahead")],
)
def test_a_clock_that_runs_ahead_is_kept_and_flagged(timestamp: str, quality: str) -> None:
    act = act_of(statement(AS + "like", POST, timestamp=timestamp))
    assert (act.t, act.t_quality) == (datetime.fromisoformat(timestamp), quality)


def test_a_statement_without_timestamp_counts_at_its_arrival() -> None:
    told = statement(AS + "like", POST)
    del told["timestamp"]
    assert (act_of(told).t, act_of(told).t_quality) == (datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC), "missing")


def test_values_are_measured_and_texts_left_out() -> None:
    result = {"response": "Très bien", "duration": "PT1M30S", "score": {"scaled": 0.5, "raw": 5}}
    act = act_of(statement(TINCAN + "reviewed", ARTICLE, result=result))
    assert act.value == {"text_len": 9, "duration_s": 90.0, "score": 0.5}
    assert "bien" not in repr(act)


def test_a_description_is_the_text_only_of_what_the_actor_wrote() -> None:
    described = {"description": {"en": "Twelve chars"}}
    own = activity("posts/8", FORUM_REPLY, **described)
    assert act_of(statement(TINCAN + "replied", own, parent=[THREAD])).value == {"text_len": 12}
    assert act_of(statement(ADL + "commented", activity("a/1", AS + "article", **described))).value == {}
    assert act_of(statement(TINCAN + "viewed", own)).value == {}


def test_the_course_is_its_raw_id_and_never_a_category() -> None:
    act = act_of(statement(AS + "like", POST, grouping=[activity("lms", TINCAN_TYPE + "lms")], other=[COURSE_1]))
    assert act.course_id == "https://example.org/courses/1"
    assert act_of(statement(AS + "like", POST, category=[COURSE_1])).course_id is None


def test_groups_teams_and_platform_are_kept() -> None:
    team = {"objectType": "Group", "account": {"homePage": "https://example.org", "name": "red"}}
    group = activity("groups/1", AS + "schema/1.0/group")
    act = act_of(statement(AS + "like", POST, grouping=[group], team=team, platform="Town"))
    assert act.group_ids == ("https://example.org/groups/1", "account:https://example.org red")
    assert act.platform == "Town"


def test_an_admins_rules_go_first() -> None:
    cheered = {"id": "own.cheered", "kind": "react", "polarity": 1, "match": {"verbs": ["https://example.org/cheered"]}}
    adopted = {
        "id": "own.adopted",
        "kind": "adopt",
        "match": {"verbs": ["tincan:bookmarked"], "object_types": ["as:article"]},
    }
    rules = load_rules({"rules": [cheered, adopted]})
    act = act_of(statement("https://example.org/cheered", POST), rules)
    assert (act.rule_id, act.source) == ("own.cheered", "own")
    assert act_of(statement(TINCAN + "bookmarked", ARTICLE), rules).kind == "adopt"
    assert act_of(statement(TINCAN + "bookmarked", POST), rules).kind == "curate"
