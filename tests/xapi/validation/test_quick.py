"""What typical senders write is found valid without a closer look; what breaks a rule never is."""

import pytest

from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.validation.quick import is_surely_valid
from lrs.xapi.versions import Version
from tests.bench.kinds import KINDS
from tests.xapi.unsaid import UNSAID, Unsaid
from tests.xapi.validation.samples import ATTACHMENT, REF, SUB, VOIDED, WHOLE, simple


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("kind", KINDS)
def test_typical_statements_are_surely_valid(kind: str, version: Version) -> None:
    for number in range(60):
        assert is_surely_valid(KINDS[kind](number), version)


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("rule", UNSAID, ids=lambda rule: rule.name)
def test_what_a_schema_cannot_refuse_is_never_surely_valid(rule: Unsaid, version: Version) -> None:
    assert not is_surely_valid(simple(**rule.example), version)


@pytest.mark.parametrize("levels", [1, 4, 5, 100])
def test_an_extension_of_any_allowed_depth_is_valid_sure_or_not(levels: int) -> None:
    value: object = []
    for _ in range(levels - 1):
        value = {"in": value}

    assert validate(simple(result={"extensions": {"urn:deep": value}}), Version.V1)


@pytest.mark.parametrize(
    "statement",
    [
        simple(object=REF, verb=VOIDED),
        simple(object=SUB),
        simple(attachments=[ATTACHMENT]),
        simple(context={"contextActivities": {"parent": {"id": "urn:a"}}}),
        simple(object={"id": "https://例え.jp/コース"}),
        simple(verb={"id": "urn:did", "display": {"sl-rozaj-biske-1994": "x"}}),
        simple(timestamp="2024-02-29T12:00:00Z"),
        *WHOLE.values(),
    ],
)
def test_rare_statements_are_valid_all_the_same(statement: Json) -> None:
    assert validate(statement, Version.V2) is statement


@pytest.mark.parametrize(
    "value", [None, [], "statement", {}, {"object": {}}, simple(verb=VOIDED), simple(actor="\ud800"), float("nan")]
)
def test_what_is_no_statement_is_never_surely_valid(value: object) -> None:
    assert not is_surely_valid(value, Version.V2)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), True, "1", None])
@pytest.mark.parametrize("name", ["scaled", "raw", "min", "max"])
def test_what_is_no_number_is_never_surely_valid(name: str, number: object) -> None:
    assert not is_surely_valid(simple(result={"score": {name: number}}), Version.V2)
