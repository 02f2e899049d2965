"""CORS: content in a browser, on any host, may talk to the xAPI."""

import httpx
import pytest

from tests.api.samples import UNKNOWN_ID, statement
from tests.living import Living

ORIGIN = "https://content.example.org"
PATHS = (
    "/xapi/statements",
    "/xAPI/statements/",
    "/data/xAPI/activities/state",
    "//xapi/agents",
    "/xapi/nowhere",
    "/xapi",
)


async def preflight(lrs: Living, path: str, headers: str) -> httpx.Response:
    """Ask as a browser asks: without a credential and without the version header."""
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": headers}
    return await lrs.http.send(httpx.Request("OPTIONS", f"http://lrs.example.org{path}", headers=asked), auth=None)


def names(value: str) -> set[str]:
    return {name.strip().lower() for name in value.split(",")}


@pytest.mark.parametrize("path", PATHS)
async def test_a_preflight_needs_no_credential_and_is_never_redirected(shared: Living, path: str) -> None:
    answer = await preflight(shared, path, "authorization,x-experience-api-version,content-type,if-match")

    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert {"get", "put", "post", "delete", "head"} <= names(answer.headers["Access-Control-Allow-Methods"])
    allowed = names(answer.headers["Access-Control-Allow-Headers"])
    assert {"authorization", "x-experience-api-version", "content-type", "if-match", "if-none-match"} <= allowed


async def test_a_header_that_content_wants_to_send_is_allowed(shared: Living) -> None:
    answer = await preflight(shared, "/xapi/statements", "x-of-its-own, authorization")

    assert "x-of-its-own" in names(answer.headers["Access-Control-Allow-Headers"])


async def test_names_of_headers_that_are_none_are_not_repeated(shared: Living) -> None:
    answer = await preflight(shared, "/xapi/statements", "<script>")

    assert "<" not in answer.headers["Access-Control-Allow-Headers"]


async def test_every_answer_of_the_xapi_can_be_read_by_a_page(shared: Living) -> None:
    stored = await shared.post(statement(), Origin=ORIGIN)
    missing = await shared.http.get("/xapi/statements", params={"statementId": UNKNOWN_ID}, headers={"Origin": ORIGIN})
    unknown = await shared.http.get("/xapi/statements", auth=("nobody", "wrong"), headers={"Origin": ORIGIN})

    for answer, status in ((stored, 200), (missing, 404), (unknown, 401)):
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        exposed = names(answer.headers["Access-Control-Expose-Headers"])
        assert {"etag", "last-modified", "x-experience-api-version", "x-experience-api-consistent-through"} <= exposed
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/api/v1/metrics", "/", "/healthz", "/xapiary"])
async def test_nothing_but_the_xapi_is_open_to_other_pages(shared: Living, path: str) -> None:
    answer = await shared.http.get(path, headers={"Origin": ORIGIN})

    assert "Access-Control-Allow-Origin" not in answer.headers
