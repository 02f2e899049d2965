from datetime import UTC, datetime

import pytest

from lrs.xapi import Json
from lrs.xapi.columns import VOIDED, columns

ANN: Json = {"mbox": "mailto:ann@example.org"}
BEN: Json = {"account": {"homePage": "https://lms.example.org", "name": "ben"}}
CEM: Json = {"mbox_sha1sum": "c" * 40}
DEE: Json = {"openid": "https://dee.example.org"}
LRS: Json = {"mbox": "mailto:lrs@example.org"}
ANN_KEY, LRS_KEY = "mbox:mailto:ann@example.org", "mbox:mailto:lrs@example.org"
BEN_KEY = "account:https://lms.example.org ben"
CEM_KEY, DEE_KEY = f"mbox_sha1sum:{'c' * 40}", "openid:https://dee.example.org"
CLUB: Json = {"objectType": "Group", "mbox": "mailto:club@example.org", "member": [BEN, CEM]}
CLUB_KEY = "mbox:mailto:club@example.org"
CREW: Json = {"objectType": "Group", "member": [BEN, CEM]}
VERB, QUIZ, COURSE = "https://example.org/did", "https://example.org/quiz", "https://example.org/course"
TARGET = "16B8D2A1-6A4D-4D4F-9A25-3F4A1D8A8F10"
REFERENCE: Json = {"objectType": "StatementRef", "id": TARGET}


def statement(**parts: object) -> Json:
    return {
        "actor": ANN,
        "verb": {"id": VERB},
        "object": {"id": QUIZ},
        "timestamp": "2026-01-31T12:00:00.250+01:00",
        "authority": LRS,
    } | parts


def keys(given: Json, prefix: str) -> set[str]:
    return {key[2:] for key in columns(given).keys if key.startswith(f"{prefix}:")}


def test_the_smallest_statement_has_actor_verb_object_and_time() -> None:
    row = columns(statement())

    assert (row.actor, row.verb, row.object_id, row.object_type) == (ANN_KEY, VERB, QUIZ, "Activity")
    assert row.timestamp == datetime(2026, 1, 31, 11, 0, 0, 250_000, tzinfo=UTC)
    assert {row.registration, row.ref, row.voids, row.success, row.completion, row.score_raw, row.score_scaled} == {
        None
    }
    assert {row.duration_s, row.platform, row.language, row.activity_type} == {None}


def test_analysts_find_results_and_context_in_columns() -> None:
    row = columns(
        statement(
            object={"id": QUIZ, "definition": {"type": "https://example.org/type/quiz"}},
            result={"success": False, "completion": True, "score": {"raw": 7, "scaled": 0.7}, "duration": "PT1M30.5S"},
            context={"platform": "LMS", "language": "de", "registration": "EC531277-B57B-4C15-8D91-D292C5B2B8F7"},
        )
    )

    assert (row.success, row.completion, row.score_raw, row.score_scaled) == (False, True, 7.0, 0.7)
    assert (row.duration_s, row.platform, row.language) == (90.5, "LMS", "de")
    assert row.activity_type == "https://example.org/type/quiz"
    assert row.registration == "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
    assert f"r:{row.registration}" in row.keys


def test_each_key_is_there_once() -> None:
    row = columns(statement(object={"objectType": "Agent"} | ANN, context={"instructor": ANN}))

    assert sorted(row.keys) == [f"A:{ANN_KEY}", f"A:{LRS_KEY}", f"a:{ANN_KEY}", f"v:{VERB}"]


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, {ANN_KEY}),
        ({"object": {"objectType": "Agent"} | BEN}, {ANN_KEY, BEN_KEY}),
        ({"object": CLUB}, {ANN_KEY, CLUB_KEY, BEN_KEY, CEM_KEY}),
        ({"actor": CLUB}, {CLUB_KEY, BEN_KEY, CEM_KEY}),
        ({"actor": CREW}, {BEN_KEY, CEM_KEY}),
        ({"context": {"instructor": BEN, "team": CLUB}}, {ANN_KEY}),
    ],
)
def test_the_agent_filter_sees_actor_object_and_members_of_groups(parts: Json, expected: set[str]) -> None:
    assert keys(statement(**parts), "a") == expected


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"instructor": BEN}, {BEN_KEY}),
        ({"instructor": CREW}, {BEN_KEY, CEM_KEY}),
        ({"team": CLUB}, {CLUB_KEY, BEN_KEY, CEM_KEY}),
        ({"contextAgents": [{"objectType": "contextAgent", "agent": DEE}]}, {DEE_KEY}),
        ({"contextGroups": [{"objectType": "contextGroup", "group": CLUB}]}, {CLUB_KEY, BEN_KEY, CEM_KEY}),
    ],
)
def test_related_agents_are_actor_authority_and_those_of_the_context(context: Json, expected: set[str]) -> None:
    assert keys(statement(context=context), "A") == {ANN_KEY, LRS_KEY} | expected


@pytest.mark.clause("Communication 2.1.3")
def test_related_agents_and_activities_reach_into_a_substatement() -> None:
    inner = {
        "objectType": "SubStatement",
        "actor": BEN,
        "verb": {"id": "https://example.org/inner"},
        "object": {"id": QUIZ},
        "context": {
            "instructor": DEE,
            "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
            "contextActivities": {"parent": [{"id": COURSE}]},
        },
    }
    row = columns(statement(object=inner))

    assert (row.object_type, row.object_id) == ("SubStatement", None)
    assert keys(statement(object=inner), "A") == {ANN_KEY, LRS_KEY, BEN_KEY, DEE_KEY}
    assert keys(statement(object=inner), "O") == {QUIZ, COURSE}
    assert {key[0] for key in row.keys} == {"v", "a", "A", "O"}
    assert keys(statement(object=inner), "a") == {ANN_KEY}
    assert keys(statement(object=inner), "v") == {VERB}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("relation", ["parent", "grouping", "category", "other"])
@pytest.mark.parametrize("several", [True, False])
def test_related_activities_are_the_object_and_every_context_activity(relation: str, several: bool) -> None:
    activity = {"id": COURSE}
    given = statement(context={"contextActivities": {relation: [activity] if several else activity}})

    assert keys(given, "o") == {QUIZ}
    assert keys(given, "O") == {QUIZ, COURSE}


@pytest.mark.clause("Communication 2.1.3")
def test_an_actor_is_no_match_for_an_activity_of_the_same_id() -> None:
    row = columns(statement(object={"objectType": "Agent"} | BEN))

    assert (row.object_type, row.object_id) == ("Agent", BEN_KEY)
    assert not keys(statement(object={"objectType": "Agent"} | BEN), "o")


def test_an_anonymous_group_has_no_key_of_its_own() -> None:
    row = columns(statement(actor=CREW, object=CREW))

    assert (row.actor, row.object_id, row.object_type) == (None, None, "Group")


@pytest.mark.clause("Data 2.3.2")
def test_a_voiding_statement_names_its_target_in_lower_case() -> None:
    voiding = columns(statement(verb={"id": VOIDED}, object=REFERENCE))
    referring = columns(statement(object=REFERENCE))

    assert (voiding.ref, voiding.voids) == (TARGET.lower(), TARGET.lower())
    assert (referring.ref, referring.voids) == (TARGET.lower(), None)
    assert (referring.object_id, referring.object_type) == (None, "StatementRef")


def test_a_reference_in_the_context_is_no_target() -> None:
    assert columns(statement(context={"statement": REFERENCE})).ref is None


@pytest.mark.clause("Communication 4.0")
def test_the_credential_is_a_key_of_its_own_whatever_the_statement_says() -> None:
    claiming = statement(authority={"account": {"homePage": "https://lrs.example.org", "name": "another"}})

    assert "m:mine" in columns(claiming, credential="mine").keys
    assert not keys(claiming, "m")
