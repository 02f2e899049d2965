"""Voids, retry twins and late arrivals."""

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from lrs.cli.sample import Mix, Sample, generate
from lrs.errors import BadRequest
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

NOISE = (
    "launched",
    "initialized",
    "suspended",
    "terminated",
    "interacted",
    "paused",
    "pinged",
    "changed-theme",
    "asked",
)


def at(statement: Json) -> datetime:
    return datetime.fromisoformat(statement["timestamp"])


def act(statement: Json) -> tuple[str, ...]:
    """What the rule for repeated acts compares, as far as a statement tells."""
    context = statement.get("context", {})
    around = context.get("contextActivities", {})
    named = [thing["id"] for name in ("parent", "other") for thing in around.get(name, ())]
    recipients = [str(value) for name, value in context.get("extensions", {}).items() if "context-extensions" in name]
    thing = statement["object"]
    key = thing["id"] if "id" in thing else actor_key(thing)
    return (str(actor_key(statement["actor"])), statement["verb"]["id"], str(key), *named, *recipients)


def test_each_void_names_one_of_the_voided_statements() -> None:
    sample = generate(people=50, statements=9000, seed=2)
    position = {statement["id"]: place for place, statement in enumerate(sample.statements)}
    targets, early = [], 0
    for place, statement in enumerate(sample.statements):
        if statement["verb"]["id"] == "http://adlnet.gov/expapi/verbs/voided":
            target = statement["object"]["id"]
            assert at(statement) > at(sample.statements[position[target]])
            targets.append(target)
            early += place < position[target]
    assert sorted(targets) == sorted(sample.truth.voided)
    assert 0 < early < len(targets)


def test_only_the_twins_repeat_an_act_within_ten_minutes(sample: Sample) -> None:
    last_kept: dict[tuple[str, ...], datetime] = {}
    dropped = set()
    acts = [s for s in sample.statements if s["verb"]["id"].rpartition("/")[2] not in (*NOISE, "voided")]
    for statement in sorted(acts, key=lambda statement: (at(statement), statement["id"])):
        key = act(statement)
        if key in last_kept and at(statement) - last_kept[key] < timedelta(minutes=10):
            dropped.add(statement["id"])
        else:
            last_kept[key] = at(statement)
    assert dropped - set(sample.truth.twins) == set()
    assert len(sample.truth.twins) == 60
    # A repeated "ask" is a twin too, and hidden here among the clicks on "show answer".
    assert len(set(sample.truth.twins) - dropped) < 5


def test_a_twin_differs_from_its_original_in_id_and_time_only(sample: Sample) -> None:
    alike: dict[str, list[Json]] = defaultdict(list)
    for statement in sample.statements:
        bare = {name: value for name, value in statement.items() if name not in ("id", "timestamp")}
        alike[str(bare)].append(statement)
    twins = set(sample.truth.twins)
    for statements in alike.values():
        for twin in (statement for statement in statements if statement["id"] in twins):
            gaps = [at(twin) - at(other) for other in statements if other["id"] not in twins]
            assert any(timedelta(minutes=1) <= gap <= timedelta(minutes=5) for gap in gaps)
            twins.remove(twin["id"])
    assert twins == set()


def early_replies(sample: Sample) -> float:
    """The share of replies that arrive before what they answer."""
    position = {statement["id"]: place for place, statement in enumerate(sample.statements)}
    early, replies = 0, 0
    for thread in sample.truth.threads.values():
        places = {post["item"]: position[post["statement"]] for post in thread["posts"]}
        for post in thread["posts"]:
            if post["told_parent"] in places:
                replies += 1
                early += places[post["item"]] < places[post["told_parent"]]
    return early / replies


@pytest.mark.parametrize("share", [0.05, 0.1, 0.3])
def test_as_many_replies_as_wanted_arrive_before_what_they_answer(share: float) -> None:
    sample = generate(people=80, statements=6000, seed=7, mix=Mix(early_replies=share))
    assert early_replies(sample) == pytest.approx(share, rel=0.25)


def test_as_much_is_voided_and_deleted_as_wanted() -> None:
    sample = generate(people=80, statements=6000, seed=7, mix=Mix(voids=0.025, deletes=0.025))
    deletes = [act for acts in sample.truth.interactions.values() for act in acts if act["kind"] == "delete"]
    assert len(sample.truth.voided) == 150
    assert 140 < len(deletes) < 160  # a few are voided, a few sent twice
    assert len(sample.statements) == 6000


def test_posts_are_voided_with_and_without_answers_and_deletes_and_likes_too() -> None:
    sample = generate(people=80, statements=6000, seed=7, mix=Mix(voids=0.04))
    statements = {statement["id"]: statement for statement in sample.statements}
    verbs = {statements[key]["verb"]["id"].rpartition("/")[2] for key in sample.truth.voided}
    assert {"create", "replied", "posted", "delete", "like", "voted", "viewed", "share", "join"} <= verbs
    hidden = [act["hidden"] for acts in sample.truth.interactions.values() for act in acts if "hidden" in act]
    assert {"reason": "parent_voided", "told": None} in [each.get("target") for each in hidden]


@pytest.mark.parametrize(
    ("mix", "where"),
    [(Mix(late=-0.1), "late"), (Mix(undone=1.1), "undone"), (Mix(voids=0.05, deletes=0.05), "voids")],
)
def test_shares_that_cannot_be_are_refused(mix: Mix, where: str) -> None:
    with pytest.raises(BadRequest) as refused:
        generate(people=5, statements=10, seed=1, mix=mix)
    assert refused.value.where == where
