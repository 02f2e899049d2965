"""What documents hold, on the State Resource; the same code serves the profiles (Communication 2.2)."""

from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx
import pytest

from lrs.store.stores import Stores
from tests.api.documents import STATE, V1, V2, Address, content, send, state, stored
from tests.api.samples import refused
from tests.living import Living

BINARY = bytes(range(256))
BOTH = pytest.mark.parametrize("version", [V1, V2])


@pytest.mark.clause("Communication 2.2")
@pytest.mark.parametrize(
    ("content_type", "data"),
    [
        ("application/octet-stream", BINARY),
        ("text/plain; charset=utf-16", "ключ".encode("utf-16")),
        ('TEXT/Plain;charset="x"; format=flowed', b" \r\n "),
        ("image/png", b"\x89PNG\r\n\x1a\n\x00"),
        ("not/json", b""),
        ("application/json", b' { "a" : 1.10, "\xd0\xba": 18446744073709551616, "a": 1e400 } \n'),
        ("application/json; charset=UTF-8", b'["\\ud83d", -0.0, null]'),
        ("application/json", b'"text"'),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_bytes_and_their_type_come_back_as_they_were_sent(
    shared: Living, method: str, content_type: str, data: bytes
) -> None:
    address = state()

    assert (await send(shared, method, address, data, content_type=content_type)).status_code == 204

    answer = await send(shared, "GET", address)
    assert (answer.content, answer.headers["content-type"]) == (data, content_type)
    assert answer.headers["content-length"] == str(len(data))


async def test_bytes_without_a_type_are_octets(shared: Living) -> None:
    address = state()

    assert (await send(shared, "PUT", address, BINARY)).status_code == 204

    assert (await send(shared, "GET", address)).headers["content-type"] == "application/octet-stream"


async def test_what_is_stored_as_a_page_does_not_run_as_one(shared: Living) -> None:
    address = state()
    await send(shared, "PUT", address, b"<script>alert(1)</script>", content_type="text/html")

    answer = await send(shared, "GET", address)

    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@BOTH
@pytest.mark.clause("Communication 2.2")
async def test_post_merges_the_properties_of_the_first_level(shared: Living, version: str) -> None:
    address = state()
    await send(shared, "POST", address, {"x": "foo", "y": {"a": 1, "b": 2}}, version=version)

    assert (await send(shared, "POST", address, {"y": {"c": 3}, "z": None}, version=version)).status_code == 204

    assert (await send(shared, "GET", address)).json() == {"x": "foo", "y": {"c": 3}, "z": None}


@BOTH
@pytest.mark.clause("Communication 2.2")
@pytest.mark.parametrize(
    ("there", "its_type", "posted", "posted_type", "where"),
    [
        (b'{"x":1}', "application/json", b"abc", "text/plain", "body"),
        (b'{"x":1}', "application/json", b'{"y":2}', "text/plain", "body"),
        (b'{"x":1}', "application/json", b'{"y":2}{', "application/json", "body, line 1, column 8"),
        (b'{"x":1}', "application/json", b"", "application/json", "body, line 1, column 1"),
        (b'{"x":1}', "application/json", b'{"y":\xff}', "application/json", "body, byte 6"),
        (b'{"x":1}', "application/json", b'["y"]', "application/json", "body"),
        (b'{"x":1}', "application/json", b"[" * 5000 + b"]" * 5000, "application/json", "body"),
        (b'{"x":1}', "application/json", b'{"y":NaN}', "application/json", "body"),
        (b'{"x":1}', "text/plain", b'{"y":2}', "application/json", "the stored document"),
        (b"[1]", "application/json", b'{"y":2}', "application/json", "the stored document"),
    ],
)
async def test_what_can_not_be_merged_is_refused_and_changes_nothing(
    shared: Living, version: str, there: bytes, its_type: str, posted: bytes, posted_type: str, where: str
) -> None:
    address = state()
    await stored(shared, address, there, content_type=its_type)

    answer = await send(shared, "POST", address, posted, version=version, content_type=posted_type)

    assert refused(answer, 400)["where"] == where
    assert await content(shared, address) == there


@pytest.mark.clause("Communication 3.2")
@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_what_is_no_json_is_not_stored_as_json(shared: Living, method: str) -> None:
    address = state()

    answer = await send(shared, method, address, b"page 5", content_type="application/json")

    error = refused(answer, 400)
    assert (error["what"], error["where"]) == ("the document is not JSON", "body, line 1, column 1")
    assert await content(shared, address) is None


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_lenient_credential_may_send_a_bare_string_as_json(shared: Living, stores: Stores, method: str) -> None:
    key = f"lenient {uuid4()}"
    scopes = frozenset(("all",))
    await stores.credentials.put(key, "secret", name="a guest", store=shared.store.name, scopes=scopes, lenient=True)
    address = state()

    answer = await shared.http.request(
        method,
        STATE,
        params=address.parameters,
        content="стр. 5".encode(),
        headers={"content-type": "application/json"},
        auth=(key, "secret"),
    )

    assert answer.status_code == 204, answer.text
    kept = await send(shared, "GET", address)
    assert (kept.text, kept.headers["content-type"]) == ("стр. 5", "application/octet-stream")
    profile = Address("/xapi/activities/profile", {"activityId": "http://example.org/a", "profileId": str(uuid4())})
    refused(
        await shared.http.post(
            profile.path,
            params=profile.parameters,
            content=b"page 5",
            headers={"content-type": "application/json"},
            auth=(key, "secret"),
        ),
        400,
    )


async def test_a_document_beyond_what_can_be_stored_is_refused(lrs: Living) -> None:
    big = b'{"a":"%s"}' % (b"x" * 8_000_000)
    address = state()
    await stored(lrs, address, big, content_type="application/json")

    answer = await send(lrs, "POST", address, big.replace(b"a", b"b", 1), content_type="application/json")

    assert refused(answer, 413)["what"] == "the document is too large"
    assert await content(lrs, address) == big
    refused(await send(lrs, "PUT", address, b"x" * 10_000_001), 413)


@pytest.mark.clause("Communication 1.1")
async def test_head_says_what_get_says_without_the_body(shared: Living) -> None:
    await stored(shared, address := state())
    for asked in (address, address.all, address.but(stateId="unknown")):
        told, whole = await send(shared, "HEAD", asked), await send(shared, "GET", asked)
        assert (told.status_code, told.content) == (whole.status_code, b"")
        for name in ("etag", "last-modified", "content-type", "content-length"):
            assert told.headers.get(name) == whole.headers.get(name)


def in_form(method: str, fields: dict[str, Any]) -> dict[str, Any]:
    content_type = "application/x-www-form-urlencoded"
    body = urlencode({"X-Experience-API-Version": V1, **fields}, quote_via=quote).encode()
    return {"url": f"{STATE}?method={method}", "content": body, "headers": {"content-type": content_type}}


@pytest.mark.clause("Communication 1.3")
async def test_the_alternate_request_syntax_works_for_documents(shared: Living) -> None:
    address = state(stateId="закладка 🔖&=+%")
    data = 'стр=5&"x+y"'
    first = in_form("PUT", {**address.parameters, "Content-Type": "text/plain; charset=utf-8", "content": data})
    assert (await shared.http.post(**first)).status_code == 204
    found = await shared.http.post(**in_form("GET", address.parameters))
    assert (found.text, found.headers["content-type"]) == (data, "text/plain; charset=utf-8")

    wrong: httpx.Response = await shared.http.post(
        **in_form("PUT", {**address.parameters, "If-Match": '"1234"', "content": "{}"})
    )

    refused(wrong, 412)
    assert (await shared.http.post(**in_form("DELETE", address.parameters))).status_code == 204
    assert await content(shared, address) is None


async def test_a_type_that_would_break_the_answer_is_refused(shared: Living) -> None:
    address = state()
    broken = in_form("PUT", {**address.parameters, "Content-Type": "text/plain\r\nX-Injected: 1", "content": "{}"})

    assert refused(await shared.http.post(**broken), 400)["where"] == "Content-Type"
    assert await content(shared, address) is None
