"""xAPI Communication 1.1, 1.3 and 2.0: HEAD, the alternate request syntax, and that all resources are there."""

from typing import Any
from urllib.parse import quote, urlencode

import httpx
import orjson
import pytest

from lrs.xapi.versions import HEADER, Version
from tests.api.samples import ANN, CONSISTENT_THROUGH, UNKNOWN_ID, identified, refused
from tests.conformance.asking import Params, Xapi, only

FORM = "application/x-www-form-urlencoded"
ACTIVITY = "http://example.org/activities/requests"
AGENT = orjson.dumps(ANN).decode()
RESOURCES: list[tuple[str, Params]] = [
    ("statements", {}),
    ("statements", {"statementId": UNKNOWN_ID}),
    ("statements", {"limit": "x"}),
    ("activities", {"activityId": ACTIVITY}),
    ("activities", {}),
    ("activities/state", {"activityId": ACTIVITY, "agent": AGENT}),
    ("activities/state", {"activityId": ACTIVITY, "agent": AGENT, "stateId": "here"}),
    ("activities/state", {"activityId": ACTIVITY, "agent": AGENT, "stateId": "nowhere"}),
    ("activities/profile", {"activityId": ACTIVITY}),
    ("activities/profile", {"activityId": ACTIVITY, "profileId": "here"}),
    ("agents", {"agent": AGENT}),
    ("agents", {"agent": "x"}),
    ("agents/profile", {"agent": AGENT}),
    ("agents/profile", {"agent": AGENT, "profileId": "here"}),
    ("about", {}),
]


async def _fill(xapi: Xapi) -> None:
    """Store a document of each kind, named `here`."""
    for path, parameters in RESOURCES:
        if "here" in parameters.values():
            await xapi.ask("POST", path, parameters, b'{"a":1}', content_type="application/json")


def _told(answer: httpx.Response) -> dict[str, str]:
    """Return the headers that do not depend on when they are asked."""
    moving = {CONSISTENT_THROUGH.lower(), "date", "content-length"}
    return {name: value for name, value in answer.headers.items() if name not in moving}


@pytest.mark.clause("Communication 1.1/1", "Communication 1.1/2")
@pytest.mark.parametrize(("path", "parameters"), RESOURCES)
async def test_HEAD_is_answered_as_GET_without_the_body(xapi: Xapi, path: str, parameters: Params) -> None:
    await _fill(xapi)
    plain = "identity"  # the moment in `more` compresses now better, now worse
    got = await xapi.get(path, parameters, accept_encoding=plain)
    headed = await xapi.ask("HEAD", path, parameters, accept_encoding=plain)
    assert headed.status_code == got.status_code
    assert headed.content == b""
    assert _told(headed) == _told(got)
    assert headed.headers.get("content-length") in {None, got.headers.get("content-length")}
    assert (CONSISTENT_THROUGH in headed.headers) == (CONSISTENT_THROUGH in got.headers)


@pytest.mark.clause("Communication 2.0/1")
@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("statements", "GET PUT POST"),
        ("activities", "GET"),
        ("activities/state", "GET PUT POST DELETE"),
        ("activities/profile", "GET PUT POST DELETE"),
        ("agents", "GET"),
        ("agents/profile", "GET PUT POST DELETE"),
        ("about", "GET"),
    ],
)
async def test_every_resource_takes_its_methods(xapi: Xapi, path: str, methods: str) -> None:
    for method in methods.split():
        answer = await xapi.ask(method, path)
        assert answer.status_code in {200, 204, 400, 415}, (method, answer.text)
    assert (await xapi.ask("PATCH", path)).status_code == 405


async def _alternate(xapi: Xapi, method: str, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
    """Send a request in the alternate syntax."""
    content = urlencode(form, quote_via=quote).encode()
    return await xapi.ask("POST", path, {"method": method}, content, **{"content_type": FORM, **headers})


@only(Version.V1)
@pytest.mark.clause(*(f"Communication 1.3/{number}" for number in (2, 4, 8, 9, 10)))
async def test_statements_go_in_and_out_by_forms(xapi: Xapi) -> None:
    sent = identified(result={"response": "a=b&c+d %41"})
    content = orjson.dumps(sent).decode()
    put = await _alternate(xapi, "PUT", "statements", {"statementId": sent["id"], "content": content})
    assert put.status_code == 204, put.text
    posted = await _alternate(xapi, "POST", "statements", {"content": orjson.dumps(identified()).decode()})
    assert posted.status_code == 200
    got = await _alternate(xapi, "GET", "statements", {"statementId": sent["id"], "format": "exact"})
    assert got.json()["result"] == sent["result"]
    listed = await _alternate(xapi, "GET", "statements", {"limit": "1", "ascending": "false"})
    assert [each["id"] for each in listed.json()["statements"]] == posted.json()
    assert CONSISTENT_THROUGH in listed.headers


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/8", "Communication 1.3/9", "Communication 1.3/10")
async def test_documents_go_in_and_out_by_forms(xapi: Xapi) -> None:
    named = {"activityId": ACTIVITY, "agent": AGENT, "stateId": "by form"}
    content = {"content": '{"a":"ä"}', "Content-Type": "application/json"}
    assert (await _alternate(xapi, "PUT", "activities/state", {**named, **content})).status_code == 204
    got = await _alternate(xapi, "GET", "activities/state", named)
    assert (got.status_code, got.json()) == (200, {"a": "ä"})
    assert (await _alternate(xapi, "DELETE", "activities/state", named)).status_code == 204
    refused(await _alternate(xapi, "GET", "activities/state", named), 404)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/5")
async def test_content_is_read_as_UTF_8(xapi: Xapi) -> None:
    sent = identified(result={"response": "漢字 😀 é"})
    await _alternate(xapi, "PUT", "statements", {"statementId": sent["id"], "content": orjson.dumps(sent).decode()})
    assert (await xapi.read(sent["id"]))["result"] == sent["result"]
    latin = b"statementId=" + sent["id"].encode() + b"&content=%E4"
    refused(await xapi.ask("POST", "statements", {"method": "PUT"}, latin, content_type=FORM), 400)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/6")
async def test_headers_in_the_form_count_as_headers(xapi: Xapi) -> None:
    """Without these two headers in HTTP, as a browser's cross-domain request sends none."""
    basic = httpx.BasicAuth(xapi.living.key, xapi.living.secret)._auth_header
    form = {"Authorization": basic, HEADER: "1.0.3", "limit": "1"}
    bare = httpx.Request("POST", "http://lrs.example.org/xapi/statements?method=GET", data=form)
    transport: Any = xapi.living.http._transport
    assert (await transport.handle_async_request(bare)).status_code == 200
    for missing, status in (("Authorization", 401), (HEADER, 400)):
        less = {name: value for name, value in form.items() if name != missing}
        bare = httpx.Request("POST", "http://lrs.example.org/xapi/statements?method=GET", data=less)
        assert (await transport.handle_async_request(bare)).status_code == status
    refused(await _alternate(xapi, "GET", "statements", {HEADER: "0.8", "limit": "1"}), 400)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/6")
async def test_preconditions_and_content_types_in_the_form_count(xapi: Xapi) -> None:
    named = {"activityId": ACTIVITY, "profileId": "preconditions by form"}
    text = {**named, "content": "a text", "Content-Type": "text/plain", "If-None-Match": "*"}
    assert (await _alternate(xapi, "PUT", "activities/profile", text)).status_code == 204
    assert (await _alternate(xapi, "PUT", "activities/profile", text)).status_code == 412
    got = await xapi.get("activities/profile", {**named})
    assert (got.text, got.headers["content-type"].partition(";")[0]) == ("a text", "text/plain")
    newer = {**text, "content": "newer", "If-Match": got.headers["etag"]}
    del newer["If-None-Match"]
    assert (await _alternate(xapi, "PUT", "activities/profile", newer)).status_code == 204


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/7")
async def test_other_headers_are_read_from_HTTP(xapi: Xapi) -> None:
    names = {"en": "Colour", "de": "Farbe"}
    stored = await xapi.store(identified(object={"id": ACTIVITY, "definition": {"name": names}}))
    form = {"statementId": stored["id"], "format": "canonical"}
    got = await _alternate(xapi, "GET", "statements", form, accept_language="de")
    assert got.json()["object"]["definition"]["name"] == {"de": "Farbe"}


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/1")
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_only_a_POST_is_an_alternate_request(xapi: Xapi, method: str) -> None:
    sent = identified()
    content = urlencode({"content": orjson.dumps(sent).decode(), "statementId": sent["id"]}).encode()
    refused(await xapi.ask(method, "statements", {"method": "POST"}, content, content_type=FORM), 400)
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/2")
@pytest.mark.parametrize("method", ["", "PATCH", "x", "GET POST"])
async def test_another_method_is_refused(xapi: Xapi, method: str) -> None:
    refused(await _alternate(xapi, method, "statements", {"limit": "1"}), 400)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/3", "Communication 1.3/8")
@pytest.mark.parametrize("more", [{"limit": 1}, {"statementId": UNKNOWN_ID}, {"x": "y"}])
async def test_any_other_parameter_in_the_URL_is_refused(xapi: Xapi, more: Params) -> None:
    content = urlencode({"content": orjson.dumps(identified()).decode()}).encode()
    refused(await xapi.ask("POST", "statements", {"method": "GET", **more}, content, content_type=FORM), 400)
    refused(await xapi.ask("POST", "statements", {"method": "POST", **more}, content, content_type=FORM), 400)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/4")
@pytest.mark.parametrize("content", [b"", orjson.dumps(identified()), b"Content=%7B%7D", b"content=", b"content=%7B"])
async def test_content_that_is_not_in_the_form_is_refused(xapi: Xapi, content: bytes) -> None:
    refused(await xapi.ask("POST", "statements", {"method": "POST"}, content, content_type=FORM), 400)


@only(Version.V1)
@pytest.mark.clause("Communication 1.3/9")
@pytest.mark.parametrize("name", ["unknown", "Limit", "method"])
async def test_a_field_that_is_no_parameter_is_refused_as_a_parameter_is(xapi: Xapi, name: str) -> None:
    refused(await _alternate(xapi, "GET", "statements", {name: "1"}), 400)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.6/7")
@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_2_0_has_no_alternate_syntax(xapi: Xapi, method: str) -> None:
    sent = identified()
    form = {"statementId": sent["id"], "content": orjson.dumps(sent).decode()}
    refused(await _alternate(xapi, method, "statements", form), 400)
    refused(
        await xapi.ask("POST", "statements", {"method": method}, orjson.dumps(sent), content_type="application/json"),
        400,
    )
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404
