"""xAPI Communication 3.2, 3.3 and 4.0: error codes, versions and credentials."""

import base64
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from lrs.xapi.versions import HEADER, Version
from tests.api.conftest import application
from tests.api.samples import ANN, UNKNOWN_ID, identified, refused, voiding
from tests.conformance.asking import Params, Xapi, only, rule
from tests.conformance.conftest import Guest

AGENT = orjson.dumps(ANN).decode()
ACTIVITY = "http://example.org/activities/errors"
RESOURCES: dict[str, Params] = {
    "statements": {},
    "activities": {"activityId": ACTIVITY},
    "activities/state": {"activityId": ACTIVITY, "agent": AGENT},
    "activities/profile": {"activityId": ACTIVITY},
    "agents": {"agent": AGENT},
    "agents/profile": {"agent": AGENT},
}
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


def _asks(path: str) -> tuple[str, ...]:
    return METHODS.get(path, ALL_METHODS)


async def _ask(xapi: Xapi, method: str, path: str, more: Params) -> httpx.Response:
    """Send a request that would be right but for the parameters given."""
    document = {"activities/state": "stateId", "activities/profile": "profileId", "agents/profile": "profileId"}
    named: Params = {document[path]: str(uuid4())} if path in document and method != "GET" else {}
    sent = identified()
    if path == "statements" and method == "PUT":
        named = {"statementId": sent["id"]}
    content = b"" if method in {"GET", "DELETE"} else orjson.dumps(sent)
    told = {"content_type": "application/json", "if_none_match": "*"} if content else {}
    return await xapi.ask(method, path, {**RESOURCES[path], **named, **more}, content, **told)


@pytest.mark.clause("Communication 3.2/2")
@pytest.mark.parametrize(("path", "method"), [(path, method) for path in RESOURCES for method in _asks(path)])
async def test_an_unknown_parameter_is_400(xapi: Xapi, path: str, method: str) -> None:
    error = refused(await _ask(xapi, method, path, {"unknown": "x"}), 400)
    assert error["where"] == "unknown"


@pytest.mark.clause("Communication 3.2/2")
@pytest.mark.parametrize(
    ("path", "name"), [("statements", "stateId"), ("agents", "activityId"), ("activities", "agent")]
)
async def test_a_parameter_of_another_resource_is_400(xapi: Xapi, path: str, name: str) -> None:
    refused(await _ask(xapi, "GET", path, {name: AGENT}), 400)


@pytest.mark.clause("Communication 3.2/3")
@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in SPELLED.items() for name in names])
async def test_a_parameter_in_another_case_is_400(xapi: Xapi, path: str, name: str) -> None:
    refused(await _ask(xapi, "GET", path, {name: "x"}), 400)


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


SCOPES = [
    ("statements/write", "GET", "statements"),
    ("statements/read", "POST", "statements"),
    ("statements/read", "PUT", "statements"),
    ("statements/read", "GET", "activities/state"),
    ("statements/write", "PUT", "activities/state"),
    ("state", "GET", "statements"),
    ("state", "PUT", "agents/profile"),
    ("profile", "PUT", "activities/state"),
    ("all/read", "POST", "statements"),
    ("all/read", "PUT", "activities/state"),
    ("all/read", "DELETE", "activities/profile"),
]


@pytest.mark.clause("Communication 3.2/5", "Communication 4.0/2")
@pytest.mark.parametrize(("scope", "method", "path"), SCOPES)
async def test_what_a_credential_may_not_do_is_403(
    guest: Guest, version: Version, scope: str, method: str, path: str
) -> None:
    error = refused(await _ask(Xapi(await guest(scope), version), method, path, {}), 403)
    assert error["where"] == "Authorization"


@pytest.mark.clause("Communication 4.0/2")
@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("statements/write", "POST", "statements"),
        ("statements/read", "GET", "statements"),
        ("all/read", "GET", "activities/state"),
        ("state", "PUT", "activities/state"),
        ("profile", "PUT", "agents/profile"),
        ("all", "PUT", "activities/profile"),
    ],
)
async def test_what_a_credential_may_do_is_done(
    guest: Guest, version: Version, scope: str, method: str, path: str
) -> None:
    answer = await _ask(Xapi(await guest(scope), version), method, path, {})
    assert answer.status_code in {200, 204}, answer.text


@pytest.mark.clause("Communication 3.2/5", "Communication 2.1.4/1")
async def test_a_refused_voiding_by_who_may_only_read_voids_nothing(guest: Guest, version: Version) -> None:
    writer, reader = Xapi(await guest("all"), version), Xapi(await guest("statements/read"), version)
    stored = await writer.store(identified())
    refused(await reader.post(voiding(stored["id"])), 403)
    assert await reader.read(stored["id"]) == stored


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


def _stranger(xapi: Xapi, **headers: str) -> httpx.AsyncClient:
    """Return a client of the same LRS that sends only the headers given."""
    transport: Any = xapi.living.http._transport
    return httpx.AsyncClient(transport=transport, base_url="http://lrs.example.org", headers=headers)


def _basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


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
    async with _stranger(xapi) as stranger:
        for path in ("statements", "about", "agents"):
            assert (await stranger.get(f"/xapi/{path}")).headers[HEADER] in {"1.0.3", "2.0.0"}


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


@pytest.mark.parametrize(
    "header",
    [
        *(rule("Communication 3.3/4", each, each) for each in ("0.8", "0.9", "0.95", "0.9.9")),
        *(rule("Communication 3.3/7", each, each) for each in ("1.1.0", "1.1", "1.10.0", "3.0.0", "10.0.0")),
        *(rule("IEEE 9274.1.1 4.1.7/3", each, each) for each in ("2.1.0", "2.1", "2.10.0", "3.0.0")),
        *(rule("Communication 3.3/8", each, each) for each in ("BAD", "", "1", "2", "1.0.0.0", "v1.0.3", "1,0,3")),
    ],
)
async def test_another_version_is_refused_with_a_reason(xapi: Xapi, header: str) -> None:
    sent = identified()
    for method, content in (("GET", b""), ("POST", orjson.dumps(sent))):
        headers = {"content_type": "application/json", "x_experience_api_version": header}
        error = refused(await xapi.ask(method, "statements", None, content, **headers), 400)
        assert error["where"] == HEADER
        assert error["what"]
        assert error["accepted"]
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 3.3/5", "Communication 3.3/8")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_request_without_a_version_is_refused_with_a_reason(xapi: Xapi, path: str) -> None:
    async with _stranger(xapi, Authorization=_basic(xapi.living.key, xapi.living.secret)) as stranger:
        answer = await stranger.get(f"/xapi/{path}", params=RESOURCES[path])
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


@only(Version.V1)
@pytest.mark.clause("Communication 4.0/1")
async def test_HTTP_Basic_opens_the_LRS(xapi: Xapi) -> None:
    told = {HEADER: "1.0.3", "Authorization": _basic(xapi.living.key, xapi.living.secret)}
    async with _stranger(xapi, **told) as friend:
        assert (await friend.get("/xapi/statements")).status_code == 200
        assert (
            await friend.get(
                "/xapi/statements", headers={"Authorization": told["Authorization"].replace("Basic", "bASIC")}
            )
        ).status_code == 200


@pytest.mark.clause("Communication 4.0/2", "Communication 3.2/1")
@pytest.mark.parametrize("wrong", ["another secret", "no secret", "another key", "both empty", "another scheme"])
async def test_a_wrong_credential_is_401(xapi: Xapi, wrong: str) -> None:
    key, secret = xapi.living.key, xapi.living.secret
    header = {
        "another secret": _basic(key, secret + "x"),
        "no secret": _basic(key, ""),
        "another key": _basic(str(uuid4()), secret),
        "both empty": "Basic Og==",
        "another scheme": "Bearer abc",
    }[wrong]
    sent = identified()
    async with _stranger(xapi, **{HEADER: xapi.version.value, "Authorization": header}) as stranger:
        for answer in (await stranger.get("/xapi/statements"), await stranger.post("/xapi/statements", json=sent)):
            refused(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Basic")
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 4.0/2", "Communication 3.2/1")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_wrong_credential_is_401_on_every_resource(xapi: Xapi, path: str) -> None:
    told = {HEADER: xapi.version.value, "Authorization": _basic(xapi.living.key, "wrong")}
    async with _stranger(xapi, **told) as stranger:
        refused(await stranger.get(f"/xapi/{path}", params=RESOURCES[path]), 401)


@only(Version.V1)
@pytest.mark.clause("Communication 4.1/6")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_request_without_the_header_is_401(xapi: Xapi, path: str) -> None:
    async with _stranger(xapi, **{HEADER: xapi.version.value}) as stranger:
        answer = await stranger.get(f"/xapi/{path}", params=RESOURCES[path])
    refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Basic")


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
    ("path", "parameters"),
    [rule(f"IEEE 9274.1.1 4.1.6/{number}", f"{path} {told}", path, told) for number, path, told in WRONG_PARAMETERS],
)
async def test_a_wrong_parameter_is_refused_on_every_resource(xapi: Xapi, path: str, parameters: Params) -> None:
    error = refused(await xapi.get(path, parameters), 400)
    assert error["where"]
