"""The statement schemas, as users fetch them."""

import jsonschema_rs
import pytest

import schemas
from tests.api.samples import refused, statement
from tests.living import Living

NAMES = ("statement-1.0.3.json", "statement-2.0.json")


@pytest.mark.parametrize("name", NAMES)
async def test_anyone_may_fetch_a_schema_that_checks_statements(shared: Living, name: str) -> None:
    request = shared.http.build_request("GET", f"/api/v1/schemas/{name}")
    answer = await shared.http.send(request, auth=None)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json() == schemas.load(name)
    check = jsonschema_rs.validator_for(answer.json())
    assert check.is_valid(statement())
    assert not check.is_valid(statement(verb={"id": "did"}))


@pytest.mark.parametrize("name", ["statement.json", "plugins", "mapping", "__init__.py", "..%2Fpyproject.toml"])
async def test_no_other_file_is_served(shared: Living, name: str) -> None:
    refused(await shared.http.get(f"/api/v1/schemas/{name}"), 404)
