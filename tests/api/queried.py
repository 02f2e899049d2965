"""The analysts' questions about statements, as a client asks them."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias
from urllib.parse import urlencode
from uuid import UUID

from lrs.store.statements import NewStatement
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.values import parse_timestamp
from tests.living import Living
from tests.store.samples import new

STATEMENTS = "/api/v1/statements"
AGGREGATE = f"{STATEMENTS}/aggregate"

Message: TypeAlias = dict[str, Any]
Hear: TypeAlias = Callable[[], Awaitable[None]]


async def write(store: Store, statements: Sequence[Json], *, in_time: bool = False) -> list[NewStatement]:
    """Store statements, as the core does, now or when what they tell of happened, with ids of ours; return them."""
    written = []
    for begin in range(0, len(statements), 500):
        async with store.statements.storing() as stored:
            part = [
                new(each, stored=parse_timestamp(each["timestamp"]) if in_time else stored)
                for each in statements[begin : begin + 500]
            ]
            await store.statements.insert(part)
            written += part
    return written


async def arrived(store: Store, statements: Sequence[Json], at: datetime | None = None) -> list[NewStatement]:
    """Store statements as if they had come at a moment, or when what they tell of happened; return them."""
    written = [
        new(each, stored=at or parse_timestamp(each["timestamp"]), statement_id=UUID(each["id"])) for each in statements
    ]
    async with store.statements.storing():
        for begin in range(0, len(written), 500):
            assert await store.statements.insert(written[begin : begin + 500])
    return written


async def groups(lrs: Living, **parameters: str) -> dict[str, Any]:
    """Return an answer about statements in groups."""
    answer = await lrs.http.get(AGGREGATE, params=parameters)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def abandoned(lrs: Living, path: str, until: Hear | None = None, **parameters: str) -> list[Message]:
    """Ask, and leave when `until` returns, else in the middle of the answer; return what was sent until the
    application was done with it.

    Whoever leaves reads nothing any more: the second piece of a body waits for it, as in a full socket.
    """
    sent: list[Message] = []
    flows, left = asyncio.Event(), asyncio.Event()
    credential = b"Basic " + base64.b64encode(f"{lrs.key}:{lrs.secret}".encode())
    begun = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        for message in begun:
            return message
        await (flows.wait() if until is None else until())
        left.set()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if sum(each["type"] == "http.response.body" for each in sent) > 1:
            flows.set()
            await left.wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(parameters).encode(),
        "root_path": "",
        "headers": [(b"authorization", credential)],
        "server": ("lrs.example.org", 80),
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    application: Any = lrs.http._transport.app  # type: ignore[attr-defined]
    await asyncio.wait_for(application(scope, receive, send), 30)
    return sent


async def at_work(store: Store) -> list[Message]:
    """Return what the database has open of a store's statements: commands that run, and cursors that wait."""
    stages: list[Message] = [
        {"$currentOp": {"allUsers": True, "idleCursors": True}},
        {"$match": {"ns": f"{store.database.name}.statements", "op": {"$ne": "insert"}}},
    ]
    return [each async for each in await store.database.client.admin.aggregate(stages)]


async def comes_to_rest(store: Store, within_s: float = 5) -> None:
    """Wait until the database has nothing open any more."""
    loop = asyncio.get_running_loop()
    limit = loop.time() + within_s
    while found := await at_work(store):
        assert loop.time() < limit, found
        await asyncio.sleep(0.02)
