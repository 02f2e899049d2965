"""What may be dropped of a statement, and that it stays one."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

import schemas
from lrs.xapi import Json
from lrs.xapi.redaction import Each, Rule, may_concern, read_path, read_rule, redact
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version

X, Y = "https://example.org/x", "https://example.org/y"
SEND = "http://activitystrea.ms/send"
NAMED: Json = {"mbox": "mailto:ann@example.org", "name": "Ann"}
GROUP: Json = {"objectType": "Group", "name": "Team", "member": [NAMED, {"mbox": "mailto:ben@example.org"}]}
ACTIVITY: Json = {
    "id": "https://example.org/activity",
    "definition": {
        "name": {"en": "A"},
        "description": {"en": "B"},
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "moreInfo": "https://example.org/more",
        "interactionType": "choice",
        "choices": [{"id": "a"}],
        "correctResponsesPattern": ["a"],
        "extensions": {X: "text", Y: [1]},
    },
}
PLAN: Json = {
    "actor": GROUP,
    "verb": {"id": SEND, "display": {"en": "sent"}},
    "result": {
        "score": {"scaled": 1},
        "success": True,
        "completion": True,
        "response": "text",
        "duration": "PT1S",
        "extensions": {X: 1},
    },
    "context": {
        "registration": "8a5a1f0e-3d8d-4a6e-9d4a-0d9b3a6c7e12",
        "instructor": NAMED,
        "team": GROUP,
        "contextActivities": {relation: [ACTIVITY] for relation in ("parent", "grouping", "category", "other")},
        "revision": "1",
        "platform": "LMS",
        "language": "en",
        "statement": {"objectType": "StatementRef", "id": "8a5a1f0e-3d8d-4a6e-9d4a-0d9b3a6c7e13"},
        "contextAgents": [{"objectType": "contextAgent", "agent": NAMED}],
        "contextGroups": [{"objectType": "contextGroup", "group": GROUP}],
        "extensions": {X: {"a": 1}},
    },
    "object": ACTIVITY,
}
ATTACHMENT: Json = {
    "usageType": X,
    "display": {"en": "A"},
    "description": {"en": "text"},
    "contentType": "text/plain",
    "length": 1,
    "sha2": "0" * 64,
    "fileUrl": "https://example.org/a",
}
FULL: list[Json] = [
    {**PLAN, "attachments": [ATTACHMENT]},
    {**{name: part for name, part in PLAN.items() if name != "context"}, "object": {"objectType": "Agent", **NAMED}},
    {"actor": NAMED, "verb": {"id": X}, "object": {**PLAN, "objectType": "SubStatement"}},
]


def written(value: Any, before: str = "") -> set[str]:
    """Return every path into a value, as a rule would name it."""
    if isinstance(value, list):
        return {path for item in value for path in written(item, f"{before}[*]")} | {f"{before}[*]"}
    if not isinstance(value, Mapping):
        return set()
    steps = {name: f'["{name}"]' if ":" in name else f".{name}" for name in value}
    paths = {f"{before}{step}".removeprefix(".") for step in steps.values()}
    return paths.union(*(written(part, f"{before}{steps[name]}") for name, part in value.items()))


def allowed(path: str) -> bool:
    try:
        read_path(path)
    except ValueError:
        return False
    return True


PATHS = sorted(set().union(*map(written, FULL)))
DROPPABLE = [path for path in PATHS if allowed(path)]


def rule(*drop: str, keep: tuple[str, ...] = (), **when: list[str]) -> Rule:
    return read_rule({"name": "a rule", "when": when, "drop": list(drop), "keep": list(keep)})


DEFAULTS = [read_rule(each) for each in schemas.load("redaction.json")["rules"]]


@pytest.mark.parametrize("statement", FULL, ids=["activity", "agent", "SubStatement"])
@pytest.mark.parametrize("path", DROPPABLE)
def test_a_statement_stays_valid_whatever_is_dropped(statement: Json, path: str) -> None:
    before = copy.deepcopy(statement)

    left, dropped = redact(statement, [rule(path)])

    validate(left, Version.V2)
    assert statement == before
    assert (left != statement) is bool(dropped)
    assert redact(left, [rule(path)]) == (left, ())


def test_most_of_what_is_optional_may_be_dropped() -> None:
    assert {"result", "result.response", "context.team", f'context.extensions["{X}"]', "verb.display"} < {*DROPPABLE}
    assert len(DROPPABLE) > 60
    everything = rule(*DROPPABLE)
    for statement in FULL:
        left, dropped = redact(statement, [everything])
        validate(left, Version.V2)
        assert dropped
        assert "'text'" not in str(left)


@pytest.mark.parametrize(
    "path",
    [
        *("id", "actor", "verb", "verb.id", "object", "object.id", "object.objectType", "object.object", "actor.mbox"),
        *("stored", "timestamp", "authority", "version", "attachments", "attachments[*]", "attachments[*].sha2"),
        *("actor.member", "actor.member[*]", "context.contextActivities.parent[*]", "context.contextAgents[*].agent"),
        *("object.definition.interactionType", "object.definition.extensions[*]"),
        *("context.statement.id", "result.score.raw"),
        *("", ".", ".result", "result.", "result..response", "Result", "result response", "[*]", '["result"'),
        *("result?", '["result?"]', "*", "result.extensions.*", 'result.extensions["\\q"]', "nothing"),
    ],
)  # fmt: skip
def test_what_a_statement_needs_or_nobody_sends_can_not_be_dropped(path: str) -> None:
    assert not allowed(path)


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("result.response", ("result", "response")),
        (f'object.definition.extensions["{X}"]', ("object", "definition", "extensions", X)),
        ('result.extensions["a\\"b"]', ("result", "extensions", 'a"b')),
        (
            "context.contextActivities.parent[*].definition.name",
            ("context", "contextActivities", "parent", Each.ITEM, "definition", "name"),
        ),
    ],
)
def test_a_path_is_read_as_its_steps(path: str, steps: tuple[str | Each, ...]) -> None:
    assert read_path(path) == steps


def test_only_what_there_is_counts_as_dropped() -> None:
    simple: Json = {"actor": NAMED, "verb": {"id": X}, "object": {"id": Y}}

    assert redact(simple, [rule("result.response", "context.extensions", "actor.name")]) == (
        {**simple, "actor": {"mbox": NAMED["mbox"]}},
        ("actor.name",),
    )
    untouched, dropped = redact(simple, [rule("result.response")])
    assert untouched is simple
    assert dropped == ()


def test_extensions_that_are_kept_stay() -> None:
    left, dropped = redact(PLAN, [rule("object.definition.extensions", "result.extensions", keep=(X,))])

    assert left["object"]["definition"]["extensions"] == {X: "text"}
    assert left["result"]["extensions"] == {X: 1}
    assert dropped == ("object.definition.extensions",)


def test_one_context_activity_in_place_of_an_array_is_meant_too() -> None:
    single = {**PLAN, "context": {"contextActivities": {"parent": ACTIVITY}}}

    left, dropped = redact(single, [rule("context.contextActivities.parent[*].definition")])

    assert left["context"]["contextActivities"]["parent"] == {"id": ACTIVITY["id"]}
    assert dropped == ("context.contextActivities.parent[*].definition",)


def test_a_rule_is_for_statements_of_its_verbs_and_types_only() -> None:
    interaction = ACTIVITY["definition"]["type"]
    for when, fits in (
        ({}, True),
        ({"verb": [X, SEND]}, True),
        ({"verb": [X]}, False),
        ({"object_type": [interaction]}, True),
        ({"object_type": ["Agent"]}, False),
        ({"verb": [SEND], "object_type": [X]}, False),
        ({"verb": [SEND], "object_type": [X, interaction]}, True),
    ):
        assert bool(redact(PLAN, [rule("result", **when)])[1]) is fits, when


def test_a_rule_sees_the_statement_as_it_was_sent() -> None:
    first = rule("object.definition.type")
    second = rule("result", object_type=[ACTIVITY["definition"]["type"]])

    assert redact(PLAN, [first, second])[1] == ("object.definition.type", "result")


def test_a_planned_message_is_redacted_like_one_that_was_sent() -> None:
    left, dropped = redact(FULL[2], DEFAULTS)

    assert "object.object.definition.name" in dropped
    assert "object.result.response" in dropped
    assert "name" not in left["object"]["object"]["definition"]


@pytest.mark.parametrize("spelling", ["", "schema/1.0/", "schema/"])
def test_the_text_of_private_messages_is_dropped_in_every_spelling_of_the_verb(spelling: str) -> None:
    sent = {**PLAN, "verb": {"id": f"http://activitystrea.ms/{spelling}send"}}

    left, dropped = redact(sent, DEFAULTS)

    definition = left["object"]["definition"]
    assert not {"name", "description", "extensions"} & definition.keys()
    assert definition["type"] == ACTIVITY["definition"]["type"]
    assert left["result"] == {name: sent["result"][name] for name in left["result"]}
    assert not {"response", "extensions"} & left["result"].keys()
    assert left["context"] == PLAN["context"]
    assert len(dropped) == 5


def test_the_shape_of_what_is_no_statement_does_no_harm() -> None:
    broken: list[Json] = [
        {},
        {"object": 1},
        {"verb": "x"},
        {"verb": {"id": SEND}, "object": [], "result": {"response": []}},
    ]
    for each in broken:
        redact(each, [*DEFAULTS, *map(rule, DROPPABLE)])


@pytest.mark.parametrize(
    ("text", "concerned"),
    [
        (b'{"verb": {"id": "http://activitystrea.ms/send"', True),
        (b'{"verb": {"id": "http:\\/\\/activitystrea.ms\\/schema\\/1.0\\/send"', True),
        (b'{"verb": {"id": "http://activitystrea.ms/create"', False),
        (b"", False),
    ],
)
def test_text_that_names_the_verb_of_a_rule_may_be_concerned(text: bytes, concerned: bool) -> None:
    assert may_concern(text, DEFAULTS) is concerned
    assert may_concern(text, [rule("result")])
    assert not may_concern(text, [])
