"""Every act that the stories tell is in the truth, with what its sender hides."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from lrs.cli.sample import Mix, Sample, generate
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

KINDS = {
    *("create", "ask", "reply", "mention", "react", "edit", "delete", "flag", "view", "complete", "grading"),
    *("share", "repost", "recommend", "message", "follow", "unfollow", "join", "leave"),
    *("mentor", "attend", "schedule", "feedback"),
}
PREPOSITION = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/to"


@pytest.fixture(scope="module")
def much() -> Sample:
    """An organisation where much is taken back and little is seen from its beginning."""
    return generate(people=80, statements=6000, seed=9, mix=Mix(deletes=0.02, undone=0.5, unseen_starts=0.1))


def acts(sample: Sample) -> Iterator[tuple[Json, Json]]:
    """Each act with the statement that tells it."""
    statements = {statement["id"]: statement for statement in sample.statements}
    for key, told in sample.truth.interactions.items():
        for act in told:
            yield statements[key], act


def hidden(sample: Sample, reason: str) -> Iterator[tuple[Json, Json]]:
    """The acts with a field that is hidden for a reason."""
    for statement, act in acts(sample):
        if any(why["reason"] == reason for why in act.get("hidden", {}).values()):
            yield statement, act


def sender(statement: Json) -> str:
    site: str = statement["actor"].get("account", {"homePage": "https://commons.example.org"})["homePage"]
    return site.removeprefix("https://").partition(".")[0]


def test_there_are_acts_of_every_kind(much: Sample) -> None:
    assert {act["kind"] for _, act in acts(much)} == KINDS


def test_an_act_is_by_its_statements_actor_but_where_a_grader_graded(much: Sample) -> None:
    for statement, act in acts(much):
        by = statement["context"]["instructor"] if act["kind"] == "grading" else statement["actor"]
        assert actor_key(by) == act["actor"]
        assert datetime.fromisoformat(statement["timestamp"]) == datetime.fromisoformat(act["t"])


def test_what_stands_and_is_social_is_in_the_truth(much: Sample) -> None:
    told = {statement["id"] for statement in much.statements if statement["id"] in much.truth.interactions}
    assert told == much.truth.interactions.keys()
    assert told.isdisjoint(much.truth.voided)
    silent = Counter(s["verb"]["id"].rpartition("/")[2] for s in much.statements if s["id"] not in told)
    assert silent.keys() <= {
        *("voided", "answered", "asked", "failed", "launched", "initialized", "suspended", "terminated", "interacted"),
        *(
            "paused",
            "pinged",
            "changed-theme",
            "create",
            "replied",
            "posted",
            "viewed",
            "completed",
            "passed",
            "scored",
        ),
        *("experienced", "share", "shared", "retweeted", "voted", "like", "voted-up", "unlike", "edited", "update"),
        *("delete", "deleted", "join", "leave", "send", "follow", "subscribed", "unsubscribed", "stop-following"),
        *("reported", "unreported", "flag-as-inappropriate"),
    }


def test_what_ended_was_ended_later_by_an_act_on_the_same_thing(much: Sample) -> None:
    states = Counter(act["state"] for _, act in acts(much))
    assert min(states[state] for state in ("live", "deleted", "undone", "superseded")) > 20
    for _, act in acts(much):
        if act["state"] == "live":
            assert (act["state_by"], act["state_t"]) == (None, None)
            continue
        (by, *_) = much.truth.interactions[act["state_by"]]
        assert (by["object"], by["t"] > act["t"]) == (act["object"], act["state"] != "superseded")
        assert act["state_t"] == (by["t"] if act["state"] in ("deleted", "undone") else None)
        if act["state"] == "undone":
            assert by["undo"] or by["kind"] in ("unfollow", "leave")
            assert by["actor"] == act["actor"]


def test_a_deleted_post_takes_the_reactions_on_it_with_it(much: Sample) -> None:
    gone = {act["object"]: act["t"] for _, act in acts(much) if act["kind"] == "delete" and act["state"] == "live"}
    reactions = Counter(act["state"] for _, act in acts(much) if act["kind"] == "react" and act["object"] in gone)
    assert reactions["deleted"] > 3
    assert reactions["live"] == 0


def test_parents_are_hidden_where_moodle_and_open_edx_drop_them_and_nowhere_else(much: Sample) -> None:
    seen = {sender(statement) for statement, _ in hidden(much, "parent_dropped")}
    assert seen == {"moodle", "courses"}
    for statement, act in acts(much):
        if act["kind"] == "reply" and sender(statement) != "commons":
            assert act["hidden"]["depth"] == {"reason": "parent_dropped", "told": None}
            assert act.get("hidden", {}).get("parent", {"told": act["root"]})["told"] == act["root"]


def test_a_vote_taken_back_looks_like_a_vote(much: Sample) -> None:
    taken_back = [(s, act) for s, act in hidden(much, "unvote_invisible") if act["undo"]]
    assert len(taken_back) > 5
    for statement, act in taken_back:
        assert statement["verb"]["id"] == "https://w3id.org/xapi/openedx/verb/voted"
        assert (act["hidden"]["undo"]["told"], act["hidden"]["polarity"]["told"]) == (False, 1)


def test_whoever_began_a_thread_that_was_never_seen_is_nobody(much: Sample) -> None:
    begun = {statement["object"]["id"] for statement, act in acts(much) if act["kind"] in ("create", "ask")}
    unseen = [act for _, act in hidden(much, "starter_never_seen")]
    assert Counter(act["kind"] for act in unseen).keys() >= {"reply", "view"}
    assert all(act.get("root", act["object"]) not in begun or act["kind"] == "react" for act in unseen)


def test_a_message_to_a_group_is_one_to_each_member_unless_the_group_is_large(much: Sample) -> None:
    for statement, told in ((s, much.truth.interactions[s["id"]]) for s, act in acts(much) if act["kind"] == "message"):
        recipient = statement["context"]["extensions"][PREPOSITION]
        members = [actor_key(member) for member in recipient.get("member", [recipient])]
        if len(members) > 25:
            assert [act["hidden"]["target"]["reason"] for act in told] == ["group_too_large"]
        else:
            assert [act["target"] for act in told] == members
        assert statement["object"]["definition"].keys() == {"type"}


def test_acts_that_are_taken_back_lie_so_far_apart_that_none_repeats_another(much: Sample) -> None:
    for _, act in acts(much):
        if act["state"] == "undone":
            lasted = datetime.fromisoformat(act["state_t"]) - datetime.fromisoformat(act["t"])
            assert lasted >= timedelta(minutes=10)
