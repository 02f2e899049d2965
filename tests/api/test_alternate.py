"""The alternate request syntax of 1.0.x: any request as a POST of a form (xAPI Communication 1.3)."""

import base64
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import orjson
import pytest

from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import ANN, COMPLETED, UNKNOWN_ID, VERSION, count, identified, read, refused, statement
from tests.living import Living

FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.clause("Communication 1.3")


def fields(lrs: Living, **further: str) -> dict[str, str]:
    """The form of a request that carries its headers in it."""
    token = base64.b64encode(f"{lrs.key}:{lrs.secret}".encode()).decode()
    return {"Authorization": f"Basic {token}", VERSION: "1.0.3", **further}


async def send(
    lrs: Living, method: str, body: str | dict[str, str], media_type: str = FORM, path: str = "/xapi/statements"
) -> httpx.Response:
    """POST a form as a browser would that can set no headers."""
    content = body if isinstance(body, str) else urlencode(body)
    request = httpx.Request(
        "POST", f"http://lrs.example.org{path}?method={method}", content=content, headers={"Content-Type": media_type}
    )
    return await lrs.http.send(request, auth=None)


async def test_a_statement_is_put_by_a_form(lrs: Living) -> None:
    sent = statement(actor={**ANN, "name": "Änn 木"})
    key = str(uuid4())

    answer = await send(lrs, "PUT", fields(lrs, statementId=key, content=orjson.dumps(sent).decode()))

    assert answer.status_code == 204
    assert (await read(lrs, key))["actor"]["name"] == "Änn 木"


async def test_statements_are_posted_and_queried_by_forms(lrs: Living) -> None:
    sent = identified()

    posted = await send(lrs, "POST", fields(lrs, content=orjson.dumps([sent]).decode()))
    got = await send(lrs, "GET", fields(lrs, verb=COMPLETED, limit="1"))

    assert posted.json() == [sent["id"]]
    assert [each["id"] for each in got.json()["statements"]] == [sent["id"]]


async def test_a_head_by_a_form_has_no_body(lrs: Living) -> None:
    answer = await send(lrs, "HEAD", fields(lrs))

    assert (answer.status_code, answer.content) == (200, b"")


async def test_the_version_in_the_form_wins(lrs: Living) -> None:
    answer = await lrs.http.post("/xapi/statements?method=GET", data=fields(lrs, **{VERSION: "0.8"}))

    assert refused(answer, 400)["where"] == VERSION


async def test_headers_are_taken_from_http_where_the_form_has_none(lrs: Living) -> None:
    assert (await lrs.http.post("/xapi/statements?method=GET", data={"limit": "1"})).status_code == 200


async def test_a_wrong_secret_in_a_form_is_refused(lrs: Living) -> None:
    token = base64.b64encode(f"{lrs.key}:wrong".encode()).decode()

    refused(await send(lrs, "GET", {"Authorization": f"Basic {token}", VERSION: "1.0.3"}), 401)


@pytest.mark.parametrize(
    ("query", "body", "media_type", "where"),
    [
        ("method=GET&limit=1", "a=b", FORM, "limit"),
        ("method=GET&method=PUT", "a=b", FORM, "method"),
        ("method=FETCH", "a=b", FORM, "method"),
        ("method=", "a=b", FORM, "method"),
        ("method=GET", "", FORM, "body"),
        ("method=POST", '{"actor": {}}', FORM, "body"),
        ("method=POST", "%ff=1&content=%ff%fe", FORM, "body"),
        ("method=POST", '{"actor": {}}', "application/json", "Content-Type"),
        ("method=GET", "limit=1&limit=2", FORM, "limit"),
        ("method=GET", "limit=1&LIMIT=2", FORM, "LIMIT"),
    ],
)
async def test_what_is_no_such_request_is_refused(
    shared: Living, query: str, body: str, media_type: str, where: str
) -> None:
    answer = await shared.http.post(f"/xapi/statements?{query}", content=body, headers={"Content-Type": media_type})

    assert refused(answer, 400)["where"] == where
    assert answer.headers[VERSION] == "1.0.3"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_an_unknown_field_is_an_unknown_parameter(shared: Living) -> None:
    assert refused(await send(shared, "GET", fields(shared, sinc="2026-01-01")), 400)["where"] == "sinc"


async def test_only_a_post_names_another_method(shared: Living) -> None:
    before = await count(shared)

    put = await shared.http.put(f"/xapi/statements?statementId={UNKNOWN_ID}&method=POST", json=statement())
    got = await shared.http.get("/xapi/statements?method=PUT")

    assert [refused(answer, 400)["where"] for answer in (put, got)] == ["method", "method"]
    assert await count(shared) == before


@pytest.mark.clause("IEEE 9274.1.1 4.1.3")
@pytest.mark.parametrize("version", ["2.0", "2.0.0"])
async def test_2_0_has_no_alternate_request_syntax(shared: Living, version: str) -> None:
    before = await count(shared)
    form = fields(shared, **{VERSION: version}, content=orjson.dumps(statement()).decode())

    answer = await send(shared, "POST", form)

    assert refused(answer, 400)["where"] == "method"
    assert answer.headers[VERSION] == "2.0.0"
    assert await count(shared) == before


async def test_a_form_over_the_limit_is_refused(shared: Living) -> None:
    refused(await send(shared, "POST", "content=" + "a" * 10_000_001), 413)


async def test_a_form_as_text_plain_is_taken_from_a_lenient_credential_only(
    lrs: Living, admit: Admit, stores: Stores
) -> None:
    guest = await admit("all")
    await stores.control["credentials"].update_one({"_id": guest.key}, {"$set": {"lenient": True}})
    key = str(uuid4())
    content = {"statementId": key, "content": orjson.dumps(statement()).decode()}

    strict = await send(lrs, "PUT", fields(lrs, **content), "text/plain;charset=UTF-8")
    taken = await send(guest, "PUT", fields(guest, **content), "text/plain;charset=UTF-8")

    error = refused(strict, 400)
    assert error["where"] == "Content-Type"
    assert "lenient" in error["why"]
    assert taken.status_code == 204
    assert (await read(lrs, key))["id"] == key
