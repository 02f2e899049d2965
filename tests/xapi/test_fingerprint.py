"""The table of pairs that are the same statement and pairs that are not, for each version of the specification."""

import random
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.xapi import Json
from lrs.xapi.fingerprint import fingerprint
from lrs.xapi.statements import complete
from lrs.xapi.versions import Version

ANN: Json = {"objectType": "Agent", "name": "Ann", "mbox": "mailto:ann@example.org"}
BEN: Json = {"account": {"homePage": "https://lms.example.org", "name": "ben"}}
TEAM: Json = {"objectType": "Group", "name": "Team", "member": [ANN, BEN]}
REF: Json = {"objectType": "StatementRef", "id": "16b8d2a1-6a4d-4d4f-9a25-3f4a1d8a8f10"}
UPPER_REF: Json = REF | {"id": REF["id"].upper()}
COURSE: Json = {"id": "https://example.org/course", "definition": {"name": {"en": "Course"}}}
FORUM: Json = {"id": "https://example.org/forum"}
ATTACHMENT: Json = {
    "usageType": "https://example.org/usage",
    "display": {"en": "A file"},
    "contentType": "text/plain",
    "length": 3,
    "sha2": "a" * 64,
}
DIGEST = "697cdddc537c66c063e2fbdd36cc38bd1f372de5ffba56d8e97cb6f20e849f58"  # stored ones must stay comparable
EXTENSION = "https://example.org/extension"

V1: Json = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": ANN,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
    "object": {
        "objectType": "Activity",
        "id": "https://example.org/quiz",
        "definition": {"name": {"en": "Quiz"}, "type": "http://adlnet.gov/expapi/activities/assessment"},
    },
    "result": {
        "score": {"scaled": 1, "raw": 10},
        "success": True,
        "duration": "PT4M1.25S",
        "extensions": {EXTENSION: {"tries": 1, "path": [1, 2], "flag": True}},
    },
    "context": {
        "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
        "instructor": BEN,
        "team": TEAM,
        "platform": "LMS",
        "language": "en-GB",
        "statement": REF,
        "contextActivities": {"parent": [COURSE], "grouping": [COURSE, FORUM]},
    },
    "timestamp": "2020-01-01T00:00:00.000Z",
    "version": "1.0.3",
    "attachments": [ATTACHMENT, ATTACHMENT | {"length": 4, "sha2": "b" * 64}],
}
PLAYER: Json = {"objectType": "contextAgent", "agent": ANN, "relevantTypes": ["https://e.org/t/a", "https://e.org/t/b"]}
COACH: Json = {"objectType": "contextAgent", "agent": BEN}
SQUAD: Json = {"objectType": "contextGroup", "group": TEAM, "relevantTypes": ["https://e.org/t/squad"]}
CREW: Json = {"objectType": "contextGroup", "group": {"objectType": "Group", "mbox": "mailto:crew@example.org"}}
V2: Json = V1 | {
    "version": "2.0.0",
    "context": V1["context"] | {"contextAgents": [PLAYER, COACH], "contextGroups": [SQUAD, CREW]},
}
VERSIONS = pytest.mark.parametrize("statement", [V1, V2], ids=["1.0.3", "2.0"])


def changed(statement: Json, path: str, value: Any) -> Json:
    """A copy with the value at the path (names with spaces between) replaced, or taken away if it is None."""
    copy = deepcopy(statement)
    *parents, last = (int(step) if step.isdecimal() else step for step in path.split())
    place: Any = copy
    for step in parents:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copy


def within(statement: Json) -> Json:
    """A statement that holds the given one as a SubStatement."""
    inner = {key: deepcopy(value) for key, value in statement.items() if key not in ("id", "version")}
    return {"actor": BEN, "verb": {"id": "https://e.org/plan"}, "object": {"objectType": "SubStatement"} | inner}


def same(one: Json, other: Json) -> bool:
    return fingerprint(one, timestamp_given=True) == fingerprint(other, timestamp_given=True)


ASSIGNED: list[tuple[str, str, Any]] = [
    ("another id", "id", "7b5e1c2a-6a0f-4d0e-9f57-0d3f3a7c1e55"),
    ("no id", "id", None),
    ("another version", "version", "1.0.0"),
    ("no version", "version", None),
    ("stored", "stored", "2020-01-02T00:00:00.000Z"),
    ("authority", "authority", {"mbox": "mailto:lrs@example.org"}),
]
EQUAL: list[tuple[str, str, Any]] = [
    ("the same instant in another zone", "timestamp", "2020-01-01T01:00:00+01:00"),
    ("the same instant with fewer digits", "timestamp", "2020-01-01T00:00:00Z"),
    ("digits beyond milliseconds", "timestamp", "2020-01-01T00:00:00.0004Z"),
    ("another verb display", "verb display", {"de": "erledigt"}),
    ("no verb display", "verb display", None),
    ("another activity name", "object definition name", {"en": "Test"}),
    ("no activity definition", "object definition", None),
    ("no object objectType", "object objectType", None),
    ("no actor objectType", "actor objectType", None),
    ("a mail domain in capitals", "actor mbox", "mailto:ann@EXAMPLE.org"),
    ("a float for an integer", "result score scaled", 1.0),
    ("a float in an extension", f"result extensions {EXTENSION} tries", 1.0),
    ("duration digits beyond 0.01 s", "result duration", "PT4M1.259S"),
    ("registration in capitals", "context registration", "EC531277-B57B-4C15-8D91-D292C5B2B8F7"),
    ("statement reference in capitals", "context statement", UPPER_REF),
    ("language in another case", "context language", "en-gb"),
    ("instructor with objectType", "context instructor", {"objectType": "Agent", **BEN}),
    ("members in another order", "context team member", [BEN, ANN]),
    ("a member without objectType", "context team member", [{"name": "Ann", "mbox": ANN["mbox"]}, BEN]),
    ("a single activity for a list", "context contextActivities parent", COURSE),
    ("context activities in another order", "context contextActivities grouping", [FORUM, COURSE]),
    ("no definition of a context activity", "context contextActivities parent", [{"id": COURSE["id"]}]),
    ("an objectType of a context activity", "context contextActivities parent", [COURSE | {"objectType": "Activity"}]),
    ("another attachment display", "attachments 0 display", {"de": "Eine Datei"}),
    ("an attachment's fileUrl", "attachments 0 fileUrl", "https://example.org/file"),
    ("an attachment's hash in capitals", "attachments 0 sha2", "A" * 64),
    ("attachments in another order", "attachments", V1["attachments"][::-1]),
]
DIFFERENT: list[tuple[str, str, Any]] = [
    ("another actor", "actor", BEN),
    ("another name of the actor", "actor name", "Anna"),
    ("no name of the actor", "actor name", None),
    ("the local part of a mail address in capitals", "actor mbox", "mailto:ANN@example.org"),
    ("another verb", "verb id", "http://adlnet.gov/expapi/verbs/attempted"),
    ("another activity", "object id", "https://example.org/quiz2"),
    ("an Agent for an Activity", "object", ANN),
    ("another instant", "timestamp", "2020-01-01T00:00:00.001Z"),
    ("another instant under the same clock time", "timestamp", "2020-01-01T00:00:00+01:00"),
    ("no result", "result", None),
    ("another score", "result score raw", 10.5),
    ("another success", "result success", False),
    ("a number for a boolean", f"result extensions {EXTENSION} flag", 1),
    ("a boolean for a number", f"result extensions {EXTENSION} tries", True),
    ("text for a number", f"result extensions {EXTENSION} tries", "1"),
    ("a list in another order in an extension", f"result extensions {EXTENSION} path", [2, 1]),
    ("another duration", "result duration", "PT4M1.26S"),
    ("the same duration in other units", "result duration", "PT241.25S"),
    ("another registration", "context registration", "ec531277-b57b-4c15-8d91-d292c5b2b8f8"),
    ("no instructor", "context instructor", None),
    ("one member less", "context team member", [ANN]),
    ("another platform", "context platform", "App"),
    ("another reference", "context statement id", "16b8d2a1-6a4d-4d4f-9a25-3f4a1d8a8f11"),
    ("another parent", "context contextActivities parent", [FORUM]),
    ("a category for a parent", "context contextActivities", {"category": [COURSE], "grouping": [COURSE, FORUM]}),
    ("another attachment", "attachments 0 sha2", "c" * 64),
    ("no attachments", "attachments", None),
]


def rows(table: list[tuple[str, str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("path", "value"), [row[1:] for row in table], ids=[row[0] for row in table])


@pytest.mark.clause("Data 2.3.1")
@VERSIONS
@rows(ASSIGNED)
def test_what_an_lrs_assigns_makes_no_other_statement(statement: Json, path: str, value: Any) -> None:
    assert same(statement, changed(statement, path, value))


@pytest.mark.clause("Data 2.3.1")
@VERSIONS
@rows(EQUAL)
def test_what_the_specification_excepts_makes_no_other_statement(statement: Json, path: str, value: Any) -> None:
    assert same(statement, changed(statement, path, value))
    assert same(within(statement), within(changed(statement, path, value)))


@pytest.mark.clause("Data 2.3.1")
@VERSIONS
@rows(DIFFERENT)
def test_any_other_change_makes_another_statement(statement: Json, path: str, value: Any) -> None:
    assert not same(statement, changed(statement, path, value))
    assert not same(within(statement), within(changed(statement, path, value)))


V2_EQUAL: list[tuple[str, str, Any]] = [
    ("context agents in another order", "context contextAgents", [COACH, PLAYER]),
    ("context groups in another order", "context contextGroups", [CREW, SQUAD]),
    ("relevant types in another order", "context contextAgents 0 relevantTypes", PLAYER["relevantTypes"][::-1]),
    ("members in another order", "context contextGroups 0 group member", [BEN, ANN]),
    ("a context agent without the Agent's objectType", "context contextAgents 0 agent objectType", None),
]
V2_DIFFERENT: list[tuple[str, str, Any]] = [
    ("one context agent less", "context contextAgents", [PLAYER]),
    ("one context group less", "context contextGroups", [SQUAD]),
    ("other relevant types", "context contextAgents 0 relevantTypes", ["https://e.org/t/a"]),
    ("another context agent", "context contextAgents 1 agent account name", "bob"),
    ("one member less", "context contextGroups 0 group member", [BEN]),
]


@pytest.mark.clause("Data 2.3.1")
@rows(V2_EQUAL)
def test_context_agents_and_groups_are_sets(path: str, value: Any) -> None:
    assert same(V2, changed(V2, path, value))


@pytest.mark.clause("Data 2.3.1")
@rows(V2_DIFFERENT)
def test_context_agents_and_groups_count(path: str, value: Any) -> None:
    assert not same(within(V2), within(changed(V2, path, value)))


@pytest.mark.clause("Data 2.3.1")
@pytest.mark.parametrize(
    ("one", "other"),
    [(ANN, ANN | {"mbox": "mailto:ann@Example.Org"}), (TEAM, TEAM | {"member": [BEN, ANN]}), (REF, UPPER_REF)],
    ids=["Agent", "Group", "StatementRef"],
)
def test_objects_of_every_kind_are_compared(one: Json, other: Json) -> None:
    assert same(V1 | {"object": one}, V1 | {"object": other})
    assert not same(V1 | {"object": one}, V1)


@pytest.mark.clause("Communication 2.1.1")
@pytest.mark.parametrize(("statement", "version"), [(V1, Version.V1), (V2, Version.V2)], ids=["1.0.3", "2.0"])
@pytest.mark.parametrize("timestamp", [None, "2020-01-01T01:00:00.123456+01:00"])
def test_a_statement_sent_again_equals_its_stored_form(
    statement: Json, version: Version, timestamp: str | None
) -> None:
    sent = changed(changed(statement, "timestamp", timestamp), "context contextActivities parent", COURSE)
    stored = complete(sent, id=sent["id"], stored="2026-01-01T00:00:00.000Z", authority=BEN, version=version)
    given = timestamp is not None

    assert fingerprint(sent, timestamp_given=given) == fingerprint(stored, timestamp_given=given)
    assert fingerprint(stored, timestamp_given=True) != fingerprint(stored, timestamp_given=False)


def test_the_digest_is_the_same_in_every_process_and_changes_nothing() -> None:
    before = deepcopy(V2)

    assert (
        fingerprint(V2, timestamp_given=True).hex()
        == "697cdddc537c66c063e2fbdd36cc38bd1f372de5ffba56d8e97cb6f20e849f58"
    )
    assert before == V2


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [(100, 1e2, True), (-0.0, 0, True), (2**63, 2.0**63, True), (10**30, 1e30, True), (10**400, 10**400 + 1, False)],
)
def test_numbers_are_compared_by_value_at_any_size(one: float, other: float, equal: bool) -> None:
    assert same(*(changed(V1, f"result extensions {EXTENSION} tries", number) for number in (one, other))) is equal


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [("PT1S", "PT1.00S", True), ("PT1.201S", "PT1.209S", True), ("PT1.2S", "PT1.21S", False), ("PT60S", "PT1M", False)],
)
@pytest.mark.clause("Data 4.6")
def test_durations_are_text_cut_to_hundredths_of_a_second(one: str, other: str, equal: bool) -> None:
    assert same(changed(V1, "result duration", one), changed(V1, "result duration", other)) is equal


def shuffled(value: Any, chance: random.Random, *, ordered: bool = False) -> Any:
    """The same JSON with members of objects and of unordered lists in another order."""
    if isinstance(value, dict):
        names = list(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance, ordered=ordered or name == "extensions") for name in names}
    if isinstance(value, list):
        parts = [shuffled(part, chance, ordered=ordered) for part in value]
        if not ordered:
            chance.shuffle(parts)
        return parts
    return value


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(chance=st.randoms(use_true_random=False), extension=JSON_VALUES)
def test_order_never_counts_where_the_specification_gives_none(chance: random.Random, extension: Any) -> None:
    statement = changed(V2, "result extensions", {EXTENSION: extension, f"{EXTENSION}/2": [3, 1, 2]})

    assert same(statement, shuffled(statement, chance))
    assert same(within(statement), shuffled(within(statement), chance))
