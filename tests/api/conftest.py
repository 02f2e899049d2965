"""More applications on the same store, and credentials that may do less."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeAlias
from uuid import uuid4

import httpx
import pytest

from lrs.store.connection import Client
from lrs.store.stores import Stores
from tests.api.talking import talk
from tests.living import Living, asked_by, new_store, serving

Admit: TypeAlias = Callable[..., Awaitable[Living]]


@asynccontextmanager
async def application(url: str, **chosen: Any) -> AsyncIterator[httpx.AsyncClient]:
    """Another application on a database, with the first credential of its environment and no version header."""
    async with (
        serving(url, **chosen) as transport,
        httpx.AsyncClient(transport=transport, base_url="http://lrs.example.org", auth=("first", "first")) as http,
    ):
        yield http


@pytest.fixture(scope="module")
async def shared(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Living]:
    """The LRS on a store that the tests of a module share: each may look for its own statements only."""
    async with new_store(stores) as store, asked_by(transport, store, stores) as living:
        yield living


@pytest.fixture(scope="module")
async def talking(shared: Living, client: Client) -> Living:
    """The same, in which three departments have talked for four weeks."""
    return await talk(shared, client)


@pytest.fixture
async def other(lrs: Living, transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Living]:
    """The administrator of another store."""
    async with new_store(stores) as store, asked_by(transport, store, stores) as living:
        yield living


@pytest.fixture
async def twin(lrs: Living, mongodb_url: str) -> AsyncIterator[Living]:
    """A second application on the same store, as a second HTTP process would be."""
    async with application(mongodb_url) as http:
        http.auth = httpx.BasicAuth(lrs.key, lrs.secret)
        http.headers["X-Experience-API-Version"] = "1.0.3"
        yield replace(lrs, http=http)


@pytest.fixture
async def admit(lrs: Living, stores: Stores) -> AsyncIterator[Admit]:
    """Makes a credential with some scopes, and settings such as `lenient`; returns the application asked with it."""
    async with AsyncExitStack() as stack:

        async def make(*scopes: str, store: str = lrs.store.name, secret: str = "secret", **settings: Any) -> Living:
            key = f"key-{uuid4()}"
            granted = frozenset(scopes)
            await stores.credentials.put(key, secret, name="a guest", store=store, scopes=granted, **settings)
            http = await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=lrs.http._transport,
                    base_url=lrs.http.base_url,
                    auth=httpx.BasicAuth(key, secret),
                    headers={"X-Experience-API-Version": "1.0.3"},
                )
            )
            return replace(lrs, http=http, key=key, secret=secret)

        yield make
