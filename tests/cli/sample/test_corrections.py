"""Voids, retry twins and late arrivals."""

from collections import defaultdict
from datetime import datetime, timedelta

from lrs.cli.sample import Sample, generate
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


def test_some_replies_arrive_before_their_parents(sample: Sample) -> None:
    position = {statement["id"]: place for place, statement in enumerate(sample.statements)}
    early = 0
    for thread in sample.truth.threads.values():
        places = {post["item"]: position[post["statement"]] for post in thread["posts"]}
        early += sum(places[post["item"]] < places[post["told_parent"]] for post in thread["posts"][1:])
    assert early > 5
    assert len(sample.truth.late) == 120
