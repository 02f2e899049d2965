"""Back-pressure: a process holds so much of the bodies of all requests, and tells who finds no room to come again."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
import uvicorn

from lrs.api.backlog import LEAST_BYTES, REQUEST_BYTES
from tests.api.conftest import application
from tests.api.mixed import BOUNDARY, attachment, body, json_part, mixed, part
from tests.api.samples import identified, refused, statement

MOST = LEAST_BYTES // 2  # of one body: two of them fill the backlog
SPARE = 1000  # what the end of a body may take
JSON = {"Content-Type": "application/json", "X-Experience-API-Version": "1.0.3"}
PIECE = b" " * 1_000_000


@dataclass
class Slow:
    """A body that begins with `size` spaces, and ends when it is told to."""

    size: int
    beginning: bytes = b""
    end: bytes = field(default_factory=lambda: orjson.dumps(statement()))
    taken: asyncio.Event = field(default_factory=asyncio.Event)
    goes_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.beginning:
            yield self.beginning
        for begin in range(0, self.size, len(PIECE)):
            yield PIECE[: self.size - begin]
        self.taken.set()
        await self.goes_on.wait()
        yield self.end


@pytest.fixture
async def http(mongodb_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A process of its own, whose bodies may have MOST bytes."""
    async with application(mongodb_url, max_body_bytes=MOST) as asked:
        asked.headers.update(JSON)
        assert (await post_one(asked)).status_code == 200  # from now on no secret needs hashing
        yield asked


async def post(http: httpx.AsyncClient, content: bytes | Slow, **headers: str) -> httpx.Response:
    return await http.post("/xapi/statements", content=content, headers={**JSON, **headers})


async def post_one(http: httpx.AsyncClient) -> httpx.Response:
    return await post(http, orjson.dumps(statement()))


@asynccontextmanager
async def uploading(http: httpx.AsyncClient, *bodies: Slow, **headers: str) -> AsyncIterator[Sequence[httpx.Response]]:
    """Requests under way, whose bodies have been taken as far as they go; their answers are there after the block."""
    answers: list[httpx.Response] = []
    posting = [asyncio.create_task(post(http, each, **headers)) for each in bodies]
    taking = [asyncio.create_task(each.taken.wait()) for each in bodies]
    for taken, answered in zip(taking, posting, strict=True):
        await asyncio.wait([taken, answered], return_when=asyncio.FIRST_COMPLETED)
    assert all(each.done() for each in taking), [each.result().text for each in posting if each.done()]
    try:
        yield answers
    finally:
        for each in bodies:
            each.goes_on.set()
        answers += await asyncio.gather(*posting)


def long_bodies() -> list[Slow]:
    return [Slow(MOST - SPARE), Slow(MOST - SPARE)]


def refused_for_now(answer: httpx.Response) -> None:
    error = refused(answer, 503)
    assert error["what"] == "the store can't keep up"
    assert "bytes of requests wait to be written" in error["why"]
    assert error["accepted"]
    assert int(answer.headers["retry-after"]) >= 1


async def test_who_finds_no_room_is_sent_away_for_a_moment(http: httpx.AsyncClient) -> None:
    async with uploading(http, *long_bodies()) as answers:
        refused_for_now(await post_one(http))
        refused_for_now(await http.put("/xapi/statements", params={"statementId": "-"}, json=statement()))
        refused_for_now(await http.post("/xapi/activities/state", content=b"a document"))

    assert [each.status_code for each in answers] == [200, 200]
    assert (await post_one(http)).status_code == 200


async def test_who_sends_nothing_is_answered_all_the_same(http: httpx.AsyncClient) -> None:
    async with uploading(http, *long_bodies()):
        assert (await http.get("/xapi/statements", params={"limit": "1"})).status_code == 200
        assert (await http.get("/healthz")).status_code == 200
        assert (await http.get("/readyz")).status_code == 200


async def test_a_body_that_will_find_no_room_is_not_read(http: httpx.AsyncClient) -> None:
    large = Slow(MOST - SPARE)

    async with uploading(http, Slow(MOST - SPARE), Slow(REQUEST_BYTES)):
        refused_for_now(await post(http, large, **{"Content-Length": str(MOST)}))
        assert (await post_one(http)).status_code == 200

    assert not large.taken.is_set()


async def test_a_body_of_unknown_length_is_read_until_there_is_no_room(http: httpx.AsyncClient) -> None:
    large = Slow(MOST - SPARE)

    async with uploading(http, Slow(MOST - SPARE), Slow(REQUEST_BYTES)):
        refused_for_now(await post(http, large))

    assert not large.taken.is_set()


async def test_a_body_that_is_too_large_is_told_so_and_not_to_come_again(http: httpx.AsyncClient) -> None:
    async with uploading(http, Slow(MOST - SPARE)):
        refused(await post(http, Slow(MOST), **{"Content-Length": str(4 * MOST)}), 413)


async def test_the_largest_body_finds_room_when_it_is_alone(mongodb_url: str) -> None:
    most = LEAST_BYTES + 1_000_000
    async with application(mongodb_url, max_body_bytes=most) as http:
        assert (await post(http, PIECE * (most // len(PIECE) - 1) + orjson.dumps(statement()))).status_code == 200


async def test_a_small_body_counts_for_what_a_request_takes_once_it_is_read(http: httpx.AsyncClient) -> None:
    many = LEAST_BYTES // REQUEST_BYTES
    slow = [Slow(10) for _ in range(many + 100)]

    async with uploading(http, *slow) as answers:
        assert (await post_one(http)).status_code == 200

    # They end at once, and before the first is answered there are too many.
    statuses = [each.status_code for each in answers]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= many


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (PIECE * 15 + orjson.dumps(statement()), 200),
        (PIECE * 15, 400),
        (PIECE * 15 + orjson.dumps({**statement(), "verb": {"id": "no IRI"}}), 400),
        (PIECE * 16 + b" ", 413),
    ],
    ids=["stored", "no JSON", "no statement", "too large"],
)
async def test_what_was_answered_is_held_no_longer(http: httpx.AsyncClient, content: bytes, status: int) -> None:
    for _ in range(3):
        assert (await post(http, content)).status_code == status

    async with uploading(http, *long_bodies()) as answers:
        pass
    assert [each.status_code for each in answers] == [200, 200]


async def test_what_was_refused_for_now_is_held_no_longer(http: httpx.AsyncClient) -> None:
    async with uploading(http, Slow(MOST - SPARE), Slow(REQUEST_BYTES)):
        for _ in range(5):
            refused_for_now(await post(http, Slow(MOST - SPARE)))
        assert (await post_one(http)).status_code == 200


CLOSING = f"\r\n--{BOUNDARY}--".encode()


async def test_statements_with_attachments_count_while_they_come(http: httpx.AsyncClient) -> None:
    begun, end = body(json_part([])).removesuffix(b"[]" + CLOSING), orjson.dumps(statement()) + CLOSING
    slow = [Slow(MOST - 2 * SPARE, beginning=begun, end=end) for _ in range(2)]

    async with uploading(http, *slow, **mixed()) as answers:
        refused_for_now(await post_one(http))

    assert [each.status_code for each in answers] == [200, 200]
    assert (await post_one(http)).status_code == 200


async def test_attachments_do_not_count(http: httpx.AsyncClient) -> None:
    data = PIECE * 15
    sent = identified(attachments=[attachment(data)])
    begun, end = body(json_part(sent), part(data)).removesuffix(data + CLOSING), CLOSING
    slow = [Slow(len(data), beginning=begun, end=end) for _ in range(3)]

    async with uploading(http, *slow, **mixed()) as answers:
        assert (await post_one(http)).status_code == 200

    assert [each.status_code for each in answers] == [200, 200, 200]


@asynccontextmanager
async def over_tcp(http: httpx.AsyncClient) -> AsyncIterator[int]:
    """The same application behind a real server; gives its port."""
    transport: Any = http._transport
    server = uvicorn.Server(uvicorn.Config(transport.app, port=0, lifespan="off", log_config=None, http="httptools"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server tells it by nothing else
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def begin(port: int, size: int) -> asyncio.StreamWriter:
    """A client that has sent so much of a body that is to be longer."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    told = {**JSON, "Content-Length": str(size + 1), "Authorization": f"Basic {b64encode(b'first:first').decode()}"}
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    writer.write(f"POST /xapi/statements HTTP/1.1\r\nHost: lrs\r\n{head}\r\n".encode())
    writer.write(b" " * size)
    await writer.drain()
    return writer


async def becomes(http: httpx.AsyncClient, status: int) -> None:
    """Wait until this is the answer to a body that is told to be as large as it may be, though it is not."""
    content, told = orjson.dumps(statement()), {"Content-Length": str(MOST)}
    async with asyncio.timeout(30):
        while (await post(http, content, **told)).status_code != status:  # noqa: ASYNC110 - nothing else tells it
            await asyncio.sleep(0.02)


async def test_what_clients_leave_behind_is_held_no_longer(http: httpx.AsyncClient) -> None:
    async with over_tcp(http) as port:
        leaving = [await begin(port, MOST * 2 // 3) for _ in range(2)]
        await becomes(http, 503)
        for writer in leaving:
            writer.close()
            await writer.wait_closed()
        await becomes(http, 200)
    async with uploading(http, *long_bodies()) as answers:
        pass
    assert [each.status_code for each in answers] == [200, 200]
