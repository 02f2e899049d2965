"""xAPI Communication 3.3: versions of requests, answers and statements."""

import orjson
import pytest

from lrs.xapi.versions import HEADER, Version
from tests.api.samples import ANN, UNKNOWN_ID, identified, refused
from tests.conformance.asking import Case, Params, Xapi, by_clause, only, rule
from tests.conformance.resources import ACTIVITY, AGENT, RESOURCES, basic, stranger

ANSWERS: list[tuple[str, str, Params, int]] = [
    ("GET", "statements", {}, 200),
    ("GET", "statements", {"statementId": UNKNOWN_ID}, 404),
    ("GET", "statements", {"limit": "x"}, 400),
    ("GET", "activities", {"activityId": ACTIVITY}, 200),
    ("GET", "agents", {"agent": AGENT}, 200),
    ("GET", "agents/profile", {"agent": AGENT}, 200),
    ("GET", "activities/state", {}, 400),
    ("DELETE", "activities/state", {"activityId": ACTIVITY, "agent": AGENT}, 204),
    ("GET", "about", {}, 200),
    ("PATCH", "statements", {}, 405),
    ("GET", "nothing", {}, 404),
]


@pytest.mark.clause("Communication 3.3/1", "Communication 3.3/2")
@pytest.mark.parametrize(("method", "path", "parameters", "status"), ANSWERS)
async def test_every_answer_has_the_latest_patch_version(
    xapi: Xapi, method: str, path: str, parameters: Params, status: int
) -> None:
    answer = await xapi.ask(method, path, parameters)
    assert (answer.status_code, answer.headers[HEADER]) == (status, xapi.version.value)


@pytest.mark.clause("Communication 3.3/1")
async def test_the_answers_to_who_sends_nothing_have_a_version_too(xapi: Xapi) -> None:
    async with stranger(xapi) as other:
        for path in ("statements", "about", "agents"):
            assert (await other.get(f"/xapi/{path}")).headers[HEADER] in {"1.0.3", "2.0.0"}


@only(Version.V1)
@pytest.mark.parametrize(
    "header",
    [
        rule("Communication 3.3/3", "1.0", "1.0"),
        *(rule("Communication 3.3/6", each, each) for each in ("1.0.0", "1.0.1", "1.0.2", "1.0.3", "1.0.9", "1.0.32")),
    ],
)
async def test_1_0_x_is_served_as_1_0_3(xapi: Xapi, header: str) -> None:
    answer = await xapi.get("statements", {"limit": 1}, x_experience_api_version=header)
    assert (answer.status_code, answer.headers[HEADER]) == (200, "1.0.3")


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.7/1")
@pytest.mark.parametrize("header", ["2.0", "2.0.0", "2.0.1"])
async def test_2_0_x_is_served_as_2_0_0(xapi: Xapi, header: str) -> None:
    answer = await xapi.get("statements", {"limit": 1}, x_experience_api_version=header)
    assert (answer.status_code, answer.headers[HEADER]) == (200, "2.0.0")


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.7/2")
async def test_older_versions_have_their_own_rules_on_the_same_server(xapi: Xapi) -> None:
    player = {"objectType": "contextAgent", "agent": {"objectType": "Agent", **ANN}}
    sent = identified(context={"contextAgents": [player]})
    refused(await xapi.post(sent, x_experience_api_version="1.0.3"), 400)
    assert (await xapi.post(sent)).status_code == 200
    old = await xapi.post(identified(), x_experience_api_version="1.0.3")
    assert (await xapi.read(old.json()[0]))["version"] == "1.0.0"
    refused(await xapi.get("statements", x_experience_api_version="0.95"), 400)


OTHERS = [
    *(Case("Communication 3.3/4", "before 1.0.0", each) for each in ("0.8", "0.9", "0.95", "0.9.9")),
    *(Case("Communication 3.3/7", "after 1.0", each) for each in ("1.1.0", "1.1", "1.10.0", "3.0.0", "10.0.0")),
    *(Case("IEEE 9274.1.1 4.1.7/3", "after 2.0", each) for each in ("2.1.0", "2.1", "2.10.0", "3.0.0")),
    *(Case("Communication 3.3/8", "none", each) for each in ("BAD", "", "1", "2", "1.0.0.0", "v1.0.3", "1,0,3")),
]


@pytest.mark.parametrize("headers", by_clause(OTHERS))
async def test_another_version_is_refused_with_a_reason(xapi: Xapi, headers: list[str]) -> None:
    sent = identified()
    for header in headers:
        for method, content in (("GET", b""), ("POST", orjson.dumps(sent))):
            told = {"content_type": "application/json", "x_experience_api_version": header}
            error = refused(await xapi.ask(method, "statements", None, content, **told), 400)
            assert error["where"] == HEADER
            assert error["what"]
            assert error["accepted"]
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 3.3/5", "Communication 3.3/8")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_request_without_a_version_is_refused_with_a_reason(xapi: Xapi, path: str) -> None:
    async with stranger(xapi, Authorization=basic(xapi.living.key, xapi.living.secret)) as other:
        answer = await other.get(f"/xapi/{path}", params=RESOURCES[path])
    error = refused(answer, 400)
    assert error["where"] == HEADER
    assert error["why"]


@only(Version.V1)
@pytest.mark.clause("Communication 3.3/10")
async def test_a_statement_of_2_0_stays_one_when_it_is_read_in_1_0_3(xapi: Xapi) -> None:
    player = {"objectType": "contextAgent", "agent": {"objectType": "Agent", **ANN}}
    sent = identified(context={"contextAgents": [player]})
    assert (await xapi.post(sent, x_experience_api_version="2.0.0")).status_code == 200
    stored = await xapi.read(sent["id"])
    assert (stored["version"], stored["context"]) == ("2.0.0", sent["context"])
