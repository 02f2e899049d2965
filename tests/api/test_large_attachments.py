"""Large attachments on a process of its own: what they cost in memory, and what is left of a client that leaves."""

import asyncio
import hashlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from tests.api.mixed import BOUNDARY, attachment, body, json_part, kept, mixed
from tests.api.samples import count, identified
from tests.living import Living
from tests.proc import forget_most, memory

PIECE = 500_000
SIZE = 40_000_000
MOST_GROWTH = 25_000_000  # less than the attachment; 50 MB are promised for one of 100 MB
END = f"\r\n--{BOUNDARY}--".encode()

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read in /proc")


@dataclass(frozen=True)
class Server:
    """A process of `lrs http`, asked with a test's credential."""

    http: httpx.AsyncClient
    pid: int


@pytest.fixture(scope="module")
async def server(shared: Living, mongodb_url: str) -> AsyncIterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        variables = {"LRS_MONGODB_URL": mongodb_url, "LRS_API_KEY": "first", "LRS_API_SECRET": "first"}
        command = (sys.executable, "-m", "lrs", "http", "--fd", str(listening.fileno()))
        process = await asyncio.create_subprocess_exec(
            *command, env={**os.environ, **variables}, pass_fds=[listening.fileno()]
        )
        try:
            async with httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{listening.getsockname()[1]}",
                auth=(shared.key, shared.secret),
                headers={"X-Experience-API-Version": "1.0.3"},
                timeout=60,
                trust_env=False,
            ) as http:
                assert (await http.get("/xapi/statements")).status_code == 200
                yield Server(http, process.pid)
        finally:
            process.terminate()
            await process.wait()


def data() -> list[bytes]:
    """An attachment of SIZE in pieces, each another."""
    return [number.to_bytes(4, "big") * (PIECE // 4) for number in range(SIZE // PIECE)]


def beginning(statement_id: str, sha2: str) -> bytes:
    """The body of a request up to the data of its attachment."""
    sent = {**identified(attachments=[attachment(sha2=sha2, length=SIZE)]), "id": statement_id}
    headers = {"Content-Transfer-Encoding": "binary", "X-Experience-API-Hash": sha2}
    return body(json_part(sent), (headers, b"")).removesuffix(END)


async def sending(first: bytes, pieces: list[bytes]) -> AsyncIterator[bytes]:
    yield first
    for piece in pieces:
        yield piece
    yield END


async def test_a_large_attachment_goes_in_and_out_in_little_memory(server: Server) -> None:
    hashed, statement_id = hashlib.sha256(b"".join(data())).hexdigest(), identified()["id"]

    before = forget_most(server.pid)
    content = sending(beginning(statement_id, hashed), data())
    posted = await server.http.post("/xapi/statements", content=content, headers=mixed())
    grown_in = memory(server.pid, "VmHWM") - before

    before, size = forget_most(server.pid), 0
    asked = {"statementId": statement_id, "attachments": "true"}
    async with server.http.stream("GET", "/xapi/statements", params=asked) as answer:
        async for piece in answer.aiter_raw():
            size += len(piece)
    grown_out = memory(server.pid, "VmHWM") - before

    assert posted.status_code == 200, posted.text
    assert SIZE < size < SIZE + 2000
    assert max(grown_in, grown_out) < MOST_GROWTH, (grown_in, grown_out)


async def test_nothing_is_left_of_a_client_that_leaves_in_the_middle(server: Server, shared: Living) -> None:
    before = await count(shared), await kept(shared)

    class Leaving(Exception):
        pass

    async def half() -> AsyncIterator[bytes]:
        yield beginning(identified()["id"], "a" * 64)
        for piece in data()[:10]:
            yield piece
        while (await kept(shared))[2] < before[1][2] + 10:  # noqa: ASYNC110 - until it has taken some of it
            await asyncio.sleep(0.02)
        raise Leaving

    with pytest.raises(Leaving):
        await server.http.post("/xapi/statements", content=half(), headers=mixed())

    async with asyncio.timeout(60):
        while await kept(shared) != before[1]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await count(shared) == before[0]
    assert (await server.http.get("/xapi/statements")).status_code == 200
