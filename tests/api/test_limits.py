"""Bodies, statements and answers at their limits."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
import uvicorn

from lrs.core.storing import MOST_BYTES
from lrs.xapi import Json
from tests.api.conftest import application
from tests.api.samples import COURSE, count, identified, refused, statement
from tests.living import Living

MEGABYTE = b" " * 1_000_000
JSON = {"Content-Type": "application/json"}


class Chunks:
    """A body that is sent in pieces, and how much of it was taken."""

    def __init__(self, number: int) -> None:
        self._left = number
        self.taken = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for _ in range(self._left):
            self.taken += 1
            yield MEGABYTE


@asynccontextmanager
async def over_tcp(lrs: Living) -> AsyncIterator[httpx.AsyncClient]:
    """The same application behind a real server, as `lrs serve` runs it."""
    transport: Any = lrs.http._transport
    server = uvicorn.Server(uvicorn.Config(transport.app, port=0, lifespan="off", log_config=None, http="httptools"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server tells it by nothing else
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", auth=(lrs.key, lrs.secret), headers=lrs.http.headers
    ) as http:
        yield http
    server.should_exit = True
    await serving


def too_large(answer: httpx.Response) -> None:
    error = refused(answer, 413)
    assert error["where"] == "body"
    assert "10000000 bytes" in error["why"]
    assert error["accepted"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_body_that_is_told_to_be_too_large_is_not_read(shared: Living, method: str) -> None:
    before, body = await count(shared), Chunks(50)
    headers = {**JSON, "Content-Length": "50000000"}

    answer = await shared.http.request(
        method,
        "/xapi/statements",
        params={"statementId": str(uuid4())} if method == "PUT" else {},
        content=body,
        headers=headers,
    )

    too_large(answer)
    assert body.taken == 0
    assert await count(shared) == before


async def test_a_body_of_unknown_length_is_read_up_to_the_limit(shared: Living) -> None:
    before, body = await count(shared), Chunks(50)

    answer = await shared.http.post("/xapi/statements", content=body, headers=JSON)

    too_large(answer)
    assert body.taken <= 12
    assert await count(shared) == before


async def test_a_body_that_is_larger_than_told_is_refused(shared: Living) -> None:
    answer = await shared.http.post("/xapi/statements", content=Chunks(50), headers={**JSON, "Content-Length": "10"})

    too_large(answer)


@pytest.mark.parametrize("told", [True, False], ids=["with a length", "chunked"])
async def test_the_sender_of_a_large_body_gets_the_answer_over_tcp(shared: Living, told: bool) -> None:
    async with over_tcp(shared) as http:
        too_large(await http.post("/xapi/statements", content=MEGABYTE * 50 if told else Chunks(50), headers=JSON))
        assert (await http.post("/xapi/statements", json=statement())).status_code == 200


async def test_head_has_no_body_over_tcp(shared: Living) -> None:
    async with over_tcp(shared) as http:
        first = await http.head("/xapi/statements", params={"limit": "1"})
        second = await http.head("/xapi/statements", params={"limit": "-1"})

    assert (first.status_code, first.content) == (200, b"")
    assert (second.status_code, second.content) == (400, b"")


async def test_a_client_that_leaves_in_the_middle_of_a_body_stores_nothing(shared: Living) -> None:
    before = await count(shared)
    async with over_tcp(shared) as http:
        _, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
        request = http.build_request("POST", "/xapi/statements", headers={**JSON, "Content-Length": "1000"})
        head = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        credential = f"Basic {b64encode(f'{shared.key}:{shared.secret}'.encode()).decode()}"
        writer.write(f"POST /xapi/statements HTTP/1.1\r\n{head}Authorization: {credential}\r\n\r\n[".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await http.get("/xapi/statements", params={"limit": "1"})).status_code == 200

    assert await count(shared) == before


def long_response(size: int) -> Json:
    return identified(result={"response": "a" * size})


async def test_a_statement_that_no_document_can_hold_is_refused_and_named(shared: Living) -> None:
    before = await count(shared)
    many = [{"mbox": f"mailto:{number:05}@example.org"} for number in range(50_000)]
    large = {
        "response": long_response(MOST_BYTES),
        "activity": statement(object={"id": f"http://example.org/{'a' * 1_000_000}"}),
        "agents": statement(actor={"objectType": "Group", "member": many}),
    }

    for sent in large.values():
        error = refused(await shared.post([statement(), sent]), 413)
        assert error["what"] == "the statement is too large"
        assert error["where"] == "statements[1]"
        assert refused(await shared.post(sent), 413)["where"] == "statement"
    assert await count(shared) == before


async def test_a_statement_of_almost_eight_megabytes_is_stored_and_read_back(lrs: Living) -> None:
    sent = {
        **long_response(MOST_BYTES - 600_000),
        "object": {"id": f"{COURSE}/{'b' * 400_000}"},
        "context": {"registration": str(uuid4())},
    }

    assert (await lrs.post(sent)).status_code == 200

    back = await lrs.http.get("/xapi/statements", params={"statementId": sent["id"]})
    assert back.json()["result"] == sent["result"]
    found = await lrs.http.get("/xapi/statements", params={"registration": sent["context"]["registration"]})
    assert len(found.json()["statements"]) == 1


async def test_a_page_of_large_statements_ends_early_and_has_more(lrs: Living) -> None:
    sent = [long_response(6_000_000) for _ in range(5)]
    for each in sent:
        assert (await lrs.post(each)).status_code == 200

    answer = await lrs.http.get("/xapi/statements")
    sizes, ids = [], []
    while True:
        page = orjson.loads(answer.content)
        sizes.append(len(page["statements"]))
        ids += [each["id"] for each in page["statements"]]
        if not page["more"]:
            break
        answer = await lrs.http.get(page["more"])

    assert sizes == [2, 2, 1]
    assert sorted(ids) == sorted(each["id"] for each in sent)


async def test_the_limit_is_a_setting(mongodb_url: str) -> None:
    async with application(mongodb_url, max_body_bytes=100) as http:
        answer = await http.post("/xapi/statements", json=statement(), headers={"X-Experience-API-Version": "1.0.3"})

    assert "more than 100 bytes (LRS_MAX_BODY_BYTES)" in refused(answer, 413)["why"]
