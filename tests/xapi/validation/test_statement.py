import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.versions import Version
from tests.xapi.validation.samples import (
    ADA,
    BOB,
    CHOICE,
    CLUB,
    CREW,
    FULL,
    GONE,
    REF,
    RESULT,
    SUB,
    UUID,
    VERB,
    VOIDED,
    changed,
    refusal,
    simple,
)


@pytest.mark.clause("Data 2.4")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(
    "statement", [FULL, simple(), simple(verb={"id": "urn:did"}), simple(verb={**VERB, "display": {}})]
)
def test_a_whole_and_a_bare_statement_are_taken(statement: Json, version: Version) -> None:
    assert validate(statement, version) is statement


@pytest.mark.clause("Data 2.4.4")
@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(
    "target", [CHOICE, {"id": "urn:a"}, ADA, CLUB, CREW, REF, SUB, {**SUB, "object": ADA, "context": {}}]
)
def test_every_kind_of_object_is_taken(target: Json, version: Version) -> None:
    assert validate(simple(object=target), version)


BROKEN = [
    pytest.param("actor", GONE, "actor", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("verb", GONE, "verb", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("object", GONE, "object", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("Actor", ADA, "Actor", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("iD", UUID, "iD", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("objectType", "Statement", "objectType", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("result", None, "result", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("id", "AA97B177-9383-4934-8543-0F91A7A028368", "id", marks=pytest.mark.clause("Data 2.4.1")),
    pytest.param("id", 12345, "id", marks=pytest.mark.clause("Data 2.4.1")),
    pytest.param("verb", "did", "verb", marks=pytest.mark.clause("Data 2.4.3")),
    pytest.param("verb.id", GONE, "verb.id", marks=pytest.mark.clause("Data 2.4.3")),
    pytest.param("verb.id", "answered", "verb.id", marks=pytest.mark.clause("Data 2.4.3")),
    pytest.param("verb.display", "answered", "verb.display", marks=pytest.mark.clause("Data 2.4.3")),
    pytest.param("verb.display", {"en": {}}, "verb.display.en", marks=pytest.mark.clause("Data 4.2")),
    pytest.param(
        "verb.display", {"zh-z-aaa-z-bbb": "x"}, "verb.display.zh-z-aaa-z-bbb", marks=pytest.mark.clause("Data 4.2")
    ),
    pytest.param("verb.name", "answered", "verb.name", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("object", "https://example.org", "object", marks=pytest.mark.clause("Data 2.4.4")),
    pytest.param("object.objectType", "activity", "object.objectType", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("object.objectType", "Statement", "object.objectType", marks=pytest.mark.clause("Data 2.4.4")),
    pytest.param("object.objectType", None, "object.objectType", marks=pytest.mark.clause("Data 2.2")),
    pytest.param("object.objectType", {}, "object.objectType", marks=pytest.mark.clause("Data 2.4.4")),
    pytest.param("timestamp", "01/011/2015", "timestamp", marks=pytest.mark.clause("Data 2.4.7")),
    pytest.param("timestamp", "2008-09-15T15:53:00.601-00:00", "timestamp", marks=pytest.mark.clause("Data 4.5")),
    pytest.param("timestamp", 1447000000, "timestamp", marks=pytest.mark.clause("Data 4.5")),
    pytest.param("stored", "yesterday", "stored", marks=pytest.mark.clause("Data 2.4.8")),
    pytest.param("version", "0.9.9", "version", marks=pytest.mark.clause("Data 2.4.10")),
    pytest.param("version", "1.1.0", "version", marks=pytest.mark.clause("Data 2.4.10")),
    pytest.param("version", 1.0, "version", marks=pytest.mark.clause("Data 2.4.10")),
]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize(("path", "value", "where"), BROKEN)
def test_a_broken_statement_is_refused_at_the_exact_place(
    path: str, value: object, where: str, version: Version
) -> None:
    assert refusal(changed(FULL, path, value), version).where == f"statement.{where}"


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize("value", [None, True, 7, "statement", []])
def test_a_statement_is_an_object(value: object) -> None:
    assert refusal(value).where == "statement"


@pytest.mark.clause("Data 2.4.10")
def test_a_statement_of_2_0_is_refused_in_a_request_of_1_0() -> None:
    assert validate(simple(version="2.0.0"), Version.V2)
    assert validate(simple(version="1.0.9"), Version.V2)
    assert refusal(simple(version="2.0.0"), Version.V1).where == "statement.version"


@pytest.mark.clause("Data 2.4.4.2")
@pytest.mark.parametrize("target", [BOB, {"objectType": "Agent"}, {"objectType": "Group"}, {**ADA, "mbox": "ada"}])
def test_an_agent_or_group_as_object_is_whole_and_says_what_it_is(target: Json) -> None:
    assert refusal(simple(object=target)).where.startswith("statement.object")


@pytest.mark.clause("Data 2.4.4.3")
@pytest.mark.parametrize(("key", "value"), [("id", "12345"), ("id", GONE), ("id", {"key": "x"}), ("definition", {})])
def test_a_statement_ref_holds_its_type_and_a_uuid_only(key: str, value: object) -> None:
    assert refusal(simple(object=changed(REF, key, value))).where == f"statement.object.{key}"


@pytest.mark.clause("Data 2.4.4.3")
@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("id", UUID, "id"),
        ("stored", "2026-11-22T09:30:00Z", "stored"),
        ("version", "1.0.0", "version"),
        ("authority", ADA, "authority"),
        ("actor", GONE, "actor"),
        ("verb", GONE, "verb"),
        ("object", GONE, "object"),
        ("object", SUB, "object.objectType"),
        ("verb.id", "did", "verb.id"),
        ("timestamp", "soon", "timestamp"),
        ("result", {**RESULT, "success": "yes"}, "result.success"),
        ("attachments", {}, "attachments"),
    ],
)
def test_a_sub_statement_keeps_the_rules_of_a_statement_and_its_own(path: str, value: object, where: str) -> None:
    assert refusal(simple(object=changed(SUB, path, value))).where == f"statement.object.{where}"


@pytest.mark.clause("Data 2.3.2")
@pytest.mark.parametrize("target", [{"id": "urn:a"}, CHOICE, ADA, SUB])
def test_voiding_needs_a_statement_ref(target: Json) -> None:
    error = refusal(simple(verb=VOIDED, object=target))

    assert validate(simple(verb=VOIDED, object=REF), Version.V1)
    assert (error.where, error.accepted) == ("statement.object", "StatementRef")
