"""xAPI Communication 3.2 and IEEE 9274.1.1 4.1.6: error codes and parameters."""

import orjson
import pytest

from lrs.xapi.versions import HEADER, Version
from tests.api.conftest import application
from tests.api.samples import UNKNOWN_ID, identified, refused
from tests.conformance.asking import Case, Params, Xapi, by_clause, only
from tests.conformance.resources import ACTIVITY, AGENT, RESOURCES, ask

SPELLED = {
    "statements": ("StatementId", "Verb", "LIMIT", "relatedAgents", "Since"),
    "activities": ("activityid", "ActivityId"),
    "activities/state": ("stateid", "Agent", "Registration", "Since"),
    "activities/profile": ("profileid", "ActivityID", "Since"),
    "agents": ("Agent", "AGENT"),
    "agents/profile": ("ProfileId", "agenT", "since "),
}
METHODS = {"statements": ("GET", "PUT", "POST"), "activities": ("GET",), "agents": ("GET",)}
ALL_METHODS = ("GET", "PUT", "POST", "DELETE")


@pytest.mark.clause("Communication 3.2/2")
@pytest.mark.parametrize("path", RESOURCES)
async def test_an_unknown_parameter_is_400(xapi: Xapi, path: str) -> None:
    for method in METHODS.get(path, ALL_METHODS):
        error = refused(await ask(xapi, method, path, {"unknown": "x"}), 400)
        assert error["where"] == "unknown"


@pytest.mark.clause("Communication 3.2/2")
@pytest.mark.parametrize(
    ("path", "name"), [("statements", "stateId"), ("agents", "activityId"), ("activities", "agent")]
)
async def test_a_parameter_of_another_resource_is_400(xapi: Xapi, path: str, name: str) -> None:
    refused(await ask(xapi, "GET", path, {name: AGENT}), 400)


@pytest.mark.clause("Communication 3.2/3")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_parameter_in_another_case_is_400(xapi: Xapi, path: str) -> None:
    for name in SPELLED[path]:
        error = refused(await ask(xapi, "GET", path, {name: "x"}), 400)
        assert error["where"] == name


@pytest.mark.clause("Communication 3.2/1")
@pytest.mark.parametrize(
    ("method", "path", "parameters", "content", "status"),
    [
        ("POST", "statements", {}, b"{", 400),
        ("POST", "statements", {}, b"", 400),
        ("POST", "statements", {}, b'"x"', 400),
        ("POST", "statements", {}, b"[1]", 400),
        ("GET", "statements", {"limit": "x"}, b"", 400),
        ("GET", "statements", {"statementId": UNKNOWN_ID}, b"", 404),
        ("GET", "statements", {"voidedStatementId": UNKNOWN_ID}, b"", 404),
        ("GET", "activities/state", {**RESOURCES["activities/state"], "stateId": "absent"}, b"", 404),
        ("GET", "activities/profile", {**RESOURCES["activities/profile"], "profileId": "absent"}, b"", 404),
        ("GET", "agents/profile", {**RESOURCES["agents/profile"], "profileId": "absent"}, b"", 404),
        ("GET", "nothing", {}, b"", 404),
        ("DELETE", "statements", {}, b"", 405),
    ],
)
async def test_the_status_fits_the_error(
    xapi: Xapi, method: str, path: str, parameters: Params, content: bytes, status: int
) -> None:
    refused(await xapi.ask(method, path, parameters, content, content_type="application/json"), status)


@pytest.mark.clause("Communication 3.2/1")
async def test_a_conflict_is_409(xapi: Xapi) -> None:
    sent = identified()
    await xapi.store(sent)
    refused(await xapi.post(sent | {"verb": {"id": "http://example.org/other"}}), 409)


@pytest.mark.clause("Communication 3.2/6")
async def test_what_is_too_large_is_413(mongodb_url: str, version: Version) -> None:
    content = orjson.dumps(identified(result={"response": "x" * 2000}))
    headers = {HEADER: version.value, "Content-Type": "application/json", "If-None-Match": "*"}
    async with application(mongodb_url, max_body_bytes=1000) as http:
        for path, name in (("statements", None), ("activities/state", "stateId"), ("agents/profile", "profileId")):
            parameters: Params = RESOURCES[path] | ({name: "x"} if name else {})
            refused(await http.post(f"/xapi/{path}", params=parameters, content=content, headers=headers), 413)


@only(Version.V1)
@pytest.mark.clause("Communication 3.2/8")
async def test_the_largest_size_is_a_setting(mongodb_url: str, version: Version) -> None:
    content = orjson.dumps(identified(result={"response": "x" * 200_000}))
    headers = {HEADER: version.value, "Content-Type": "application/json"}
    for most, status in ((100_000, 413), (300_000, 200)):
        async with application(mongodb_url, max_body_bytes=most) as http:
            assert (await http.post("/xapi/statements", content=content, headers=headers)).status_code == status


WRONG_PARAMETERS: list[tuple[int, str, Params]] = [
    (1, "activities", {}),
    (1, "agents", {}),
    (1, "activities/state", {"activityId": ACTIVITY}),
    (1, "activities/state", {"agent": AGENT}),
    (1, "activities/profile", {"profileId": "x"}),
    (1, "agents/profile", {"profileId": "x"}),
    (2, "agents", {"agent": "null"}),
    (2, "agents", {"agent": '{"mbox":"mailto:a@example.org","name":null}'}),
    (2, "statements", {"agent": '{"account":{"homePage":"http://example.org","name":null}}'}),
    (3, "agents", {"agent": '{"mbox":1}'}),
    (3, "statements", {"agent": '{"account":{"homePage":"http://example.org","name":1}}'}),
    (3, "statements", {"limit": "true"}),
    (3, "statements", {"ascending": "1"}),
    (4, "statements", {"registration": ""}),
    (4, "statements", {"registration": "x"}),
    (4, "activities/state", {"activityId": ACTIVITY, "agent": AGENT, "registration": "x"}),
    (4, "activities/state", {"activityId": ACTIVITY, "agent": AGENT, "since": "x"}),
    (4, "agents/profile", {"agent": AGENT, "since": ""}),
    (5, "agents", {"agent": '{"Mbox":"mailto:a@example.org"}'}),
    (5, "agents/profile", {"agent": '{"account":{"homepage":"http://example.org","name":"a"}}'}),
    (6, "statements", {"format": "IDS"}),
    (6, "statements", {"attachments": "TRUE"}),
    (6, "agents", {"agent": '{"objectType":"agent","mbox":"mailto:a@example.org"}'}),
    (7, "agents", {"agent": '{"email":"mailto:a@example.org"}'}),
    (7, "statements", {"format": "short"}),
    (7, "agents", {"agent": '{"mbox":"mailto:a@example.org","nick":"a"}'}),
    (8, "activities", {"activityId": "example.org/a"}),
    (8, "statements", {"verb": "example.org/did"}),
    (8, "activities/profile", {"activityId": "/a"}),
    (8, "agents", {"agent": '{"account":{"homePage":"example.org","name":"a"}}'}),
]


@pytest.mark.parametrize(
    "requests",
    by_clause([Case(f"IEEE 9274.1.1 4.1.6/{number}", path, (path, told)) for number, path, told in WRONG_PARAMETERS]),
)
async def test_a_wrong_parameter_is_refused_on_every_resource(xapi: Xapi, requests: list[tuple[str, Params]]) -> None:
    for path, parameters in requests:
        answer = await xapi.get(path, parameters)
        assert answer.status_code == 400, (path, parameters)
        assert refused(answer, 400)["where"]
