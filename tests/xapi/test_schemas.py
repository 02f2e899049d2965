"""The published schemas and the validator agree but for the rules that a schema can't say: `tests/xapi/unsaid.py`."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import schemas
from lrs.xapi import Json
from lrs.xapi.statements import validate
from lrs.xapi.validation.checks import Broken
from lrs.xapi.validation.quick import is_surely_valid
from lrs.xapi.validation.statement import STATEMENT
from lrs.xapi.versions import Version
from tests.xapi.mutations import at, mutations, places, replaced
from tests.xapi.strategies import JSON, statements
from tests.xapi.unsaid import UNSAID, Unsaid
from tests.xapi.validation.samples import WHOLE, simple

FILES = {Version.V1: "statement-1.0.3.json", Version.V2: "statement-2.0.json"}
SCHEMAS = {version: jsonschema_rs.Draft202012Validator(schemas.load(file)) for version, file in FILES.items()}
PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))


def is_valid(statement: Any, version: Version) -> bool:
    """Tell what the checks say; what is surely valid they have to find valid too."""
    try:
        STATEMENT[version](statement)
    except Broken:
        assert not is_surely_valid(statement, version), statement
        return False
    return True


def broken_rules(statement: Json) -> list[str]:
    """Name the unsaid rules that a statement breaks which the schema accepts."""
    return [rule.name for rule in UNSAID if rule.is_broken(statement)]


def agree(statement: Any, version: Version) -> bool:
    """Tell whether the validator says what the schema and the unsaid rules say together."""
    said = SCHEMAS[version].is_valid(statement)
    return is_valid(statement, version) is (said and not broken_rules(statement))


@pytest.mark.parametrize("version", list(Version))
def test_the_schemas_are_valid_schemas_of_their_draft(version: Version) -> None:
    schema = schemas.load(FILES[version])

    jsonschema_rs.meta.validate(schema)

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(FILES[version].removesuffix(".json"))
    assert str(version) in schema["title"]
    assert all("description" in each for each in schema["$defs"].values())


def test_version_2_adds_context_agents_and_groups_and_its_version_only() -> None:
    first, second = (json.loads(json.dumps(schemas.load(FILES[version]))) for version in Version)
    for added in ("contextAgent", "contextGroup"):
        assert second["$defs"].pop(added)
        assert second["$defs"]["context"]["properties"].pop(f"{added}s")
    for schema in (first, second):
        for name in ("$id", "title", "description"):
            del schema[name]
        del schema["$defs"]["context"]["description"]
        del schema["properties"]["version"]

    assert second == first


@pytest.mark.parametrize("version", list(Version))
def test_each_unsaid_rule_is_named_in_the_schema_with_its_clause(version: Version) -> None:
    comments = " ".join(re.findall(r'"\$comment": "([^"]*)"', json.dumps(schemas.load(FILES[version]))))
    named = re.findall(r"not said: ([a-z-]+), [^()]+ \(([^()]+)\)", comments)

    assert sorted(named) == sorted((rule.name, rule.clause.replace(";", ",")) for rule in UNSAID)


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("rule", UNSAID, ids=lambda rule: rule.name)
def test_the_example_of_an_unsaid_rule_breaks_it_alone(rule: Unsaid, version: Version) -> None:
    statement = simple(**rule.example)

    assert SCHEMAS[version].is_valid(statement)
    assert broken_rules(statement) == [rule.name]
    assert not is_valid(statement, version)


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("kind", WHOLE)
def test_of_every_broken_statement_schema_and_validator_say_the_same(kind: str, version: Version) -> None:
    differing = [each for each in mutations(WHOLE[kind]) if not agree(each, version)]

    assert differing == []


@PATIENT
@given(data=st.data())
@pytest.mark.parametrize("version", list(Version))
def test_any_valid_statement_is_accepted_by_both(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))

    assert validate(statement, version) is statement
    assert SCHEMAS[version].is_valid(statement)


@PATIENT
@given(data=st.data())
@pytest.mark.parametrize("version", list(Version))
def test_of_any_broken_statement_schema_and_validator_say_the_same(data: st.DataObject, version: Version) -> None:
    statement = data.draw(statements(version))
    broken = data.draw(st.sampled_from(list(mutations(statement))))

    assert agree(broken, version)


@PATIENT
@given(data=st.data())
@pytest.mark.parametrize("version", list(Version))
def test_of_a_statement_with_a_part_of_another_both_say_the_same(data: st.DataObject, version: Version) -> None:
    one, other = data.draw(statements(version)), data.draw(statements(version))
    here, there = data.draw(st.sampled_from(list(places(one)))), data.draw(st.sampled_from(list(places(other))))

    assert agree(replaced(one, here, at(other, there)), version)


@PATIENT
@given(value=JSON, version=st.sampled_from(list(Version)))
def test_of_any_json_schema_and_validator_say_the_same(value: Any, version: Version) -> None:
    assert agree(value, version)
