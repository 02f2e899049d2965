import copy
from typing import Any

import pytest

import schemas
from lrs.core.normaliser.rules import PRESETS, build_rules, load_rules
from lrs.core.normaliser.unusable import Unusable
from lrs.core.normaliser.vocabulary import read_vocabulary
from lrs.xapi import Json

VOCABULARY = schemas.load("mapping/vocabulary.json")
WORDS = read_vocabulary(VOCABULARY)
RULE = {"id": "own.cheered", "kind": "react", "polarity": 1, "match": {"verbs": ["tincan:applauded"]}}
BESIDE = {
    "mention": {"id": "own.mention", "kind": "mention"},
    "observation": {"id": "own.seen", "kind": "view"},
    "collaboration": {"id": "own.together", "kind": "collaborate"},
}


def build(*rules: Json) -> Any:
    return build_rules(VOCABULARY, [{"preset": "test", "rules": list(rules), "beside": BESIDE}])


@pytest.mark.parametrize(
    "spelling",
    [
        "http://activitystrea.ms/create",
        "http://activitystrea.ms/schema/1.0/create",
        "http://activitystrea.ms/schema/create",
        "http://www.w3.org/ns/activitystreams#Create",
    ],
)
def test_the_four_spellings_of_activity_streams_are_one_verb(spelling: str) -> None:
    assert WORDS.verb(spelling) == "http://activitystrea.ms/create"


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        ("http://adlnet.gov/expapi/verbs/shared", "http://activitystrea.ms/share"),
        ("https://w3id.org/xapi/adb/verbs/attended", "http://activitystrea.ms/schema/1.0/attend"),
        ("https://w3id.org/xapi/acrossx/verbs/liked", "http://activitystrea.ms/like"),
        ("http://curatr3.com/define/verb/voted-up", "http://id.tincanapi.com/verb/voted-up"),
        ("http://adlnet.gov/expapi/verbs/voted-up", "http://id.tincanapi.com/verb/voted-up"),
        ("https://w3id.org/xapi/adb/verbs/watched", "https://w3id.org/xapi/acrossx/verbs/watched"),
        ("https://adlnet.gov/expapi/verbs/registered", "http://adlnet.gov/expapi/verbs/registered"),
        ("http://specification.openbadges.org/xapi/verbs/earned", "http://id.tincanapi.com/verb/earned"),
    ],
)
def test_equivalent_verbs_become_one(sent: str, same: str) -> None:
    assert WORDS.verb(sent) == WORDS.verb(same)


@pytest.mark.parametrize("iri", ["https://example.org/verbs/create", "http://example.org/activitystrea.ms/like"])
def test_the_last_segment_of_an_unknown_verb_is_never_guessed_from(iri: str) -> None:
    assert WORDS.verb(iri) == iri


def test_types_have_aliases_too() -> None:
    expected = "http://activitystrea.ms/note"
    assert WORDS.activity_type("http://activitystrea.ms/schema/1.0/note") == expected
    assert WORDS.activity_type("https://w3id.org/xapi/acrossx/activities/note") == expected
    assert WORDS.activity_type(None) is None


def test_the_assessment_question_is_no_question_of_a_person() -> None:
    """Open edX sends its problems as ADL's `question`, although a profile calls the two types the same."""
    adl = WORDS.activity_type("http://adlnet.gov/expapi/activities/question")
    assert adl not in WORDS.type_sets["threads"]
    assert WORDS.activity_type("http://activitystrea.ms/schema/1.0/question") in WORDS.type_sets["threads"]


def test_both_paths_of_an_openedx_thread_are_one_key() -> None:
    base = "https://learn.example.org/api/discussion/v1"
    thread = WORDS.item_key(f"{base}/threads/65a0c0ffee65a0c0ffee0001")
    assert thread == WORDS.item_key(f"{base}/comments/65a0c0ffee65a0c0ffee0001")
    assert thread == WORDS.item_key(f"{base}/comments/65a0c0ffee65a0c0ffee0001/")
    assert thread != WORDS.item_key(f"{base}/comments/65a0c0ffee65a0c0ffee0002")


@pytest.mark.parametrize(
    "iri",
    [
        "https://learn.example.org/api/discussion/v1/comments/65a0c0ffee",
        "https://learn.example.org/api/discussion/v1/threads/65a0c0ffee65a0c0ffee0001/vote",
        "https://moodle.example.org/mod/forum/discuss.php?d=4#p9",
    ],
)
def test_other_ids_keep_themselves_as_keys(iri: str) -> None:
    assert WORDS.item_key(iri) == iri


def test_the_shipped_rules_load_once_and_in_the_order_of_the_presets() -> None:
    rules = load_rules()
    assert rules is load_rules()
    for candidates in rules.by_verb.values():
        order = [PRESETS.index(rule.preset) for rule in candidates]
        assert order == sorted(order)


def test_no_shipped_rule_is_hidden_behind_one_that_always_fits() -> None:
    for verb, candidates in load_rules().by_verb.items():
        catch_all = [rule.match == type(rule.match)(verbs=rule.match.verbs) for rule in candidates]
        assert True not in catch_all[:-1], (
            f"a rule after {candidates[catch_all.index(True)].id} never applies to {verb}"
        )


def test_the_vocabulary_has_every_kind_of_the_model() -> None:
    told = (
        "create edit delete view share repost recommend message mention comment reply ask answer accept react endorse"
    )
    told += " follow unfollow join leave invite attend host mentor feedback curate adopt collaborate flag"
    assert set(WORDS.kinds) == {*told.split(), "complete", "schedule", "grading"}


def test_a_rule_takes_what_its_kind_implies() -> None:
    (rule,) = build({"id": "own.said", "kind": "reply", "match": {"verbs": ["dod:responded"]}}).by_verb[
        "https://w3id.org/xapi/dod-isd/verbs/responded"
    ]
    assert (rule.creates, rule.text, rule.targets) == (True, True, ("parent",))


def test_a_verb_may_be_written_out() -> None:
    own = build({**RULE, "match": {"verbs": ["https://example.org/verbs/cheered"]}})
    assert [rule.id for rule in own.by_verb["https://example.org/verbs/cheered"]] == ["own.cheered"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"knd": "react"}, "unknown key 'knd'"),
        ({"kind": "cheer"}, "unknown kind 'cheer'"),
        ({"polarity": 2}, "polarity can't be 2"),
        ({"parents": "some"}, "parents can't be 'some'"),
        ({"parent": "grandparent"}, "parent can't be 'grandparent'"),
        ({"item": "result"}, "item can't be 'result'"),
        ({"instructor": "maybe"}, "instructor can't be 'maybe'"),
        ({"targets": ["instructor"]}, "targets can't hold 'instructor'"),
        ({"paths": ["nowhere"]}, "paths can't hold 'nowhere'"),
        ({"match": {"verbs": ["as:like"], "mood": "good"}}, "unknown condition 'mood'"),
        ({"match": {"verbs": ["nowhere:like"]}}, "'nowhere:like' is neither"),
        ({"match": {"verbs": ["as:like"], "object_types": ["@pets"]}}, "'@pets' is no set of types"),
        ({"match": {"verbs": ["as:like"], "object_id": "("}}, "is no regular expression"),
        ({"match": {"verbs": []}}, "names no verb"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(change: Json, complaint: str) -> None:
    with pytest.raises(Unusable) as refused:
        build({**RULE, **change})
    assert refused.value.where.startswith("test.json, rule own.cheered")
    assert complaint in str(refused.value)


def test_a_rule_without_kind_is_refused() -> None:
    bare = copy.deepcopy(RULE)
    del bare["kind"]
    with pytest.raises(Unusable, match="'kind' is missing"):
        build(bare)


def test_two_rules_cannot_have_one_id() -> None:
    with pytest.raises(Unusable, match=r"the id 'own\.cheered' is used twice"):
        build(RULE, RULE)


def test_a_set_of_rules_needs_those_for_acts_beside_others() -> None:
    with pytest.raises(Unusable, match="mention, observation, collaboration"):
        build_rules(VOCABULARY, [{"preset": "test", "rules": [RULE]}])
