"""One LRS for all tests here, asked in both versions of xAPI unless a test says `only`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TypeAlias
from uuid import uuid4

import httpx
import pytest

from lrs.store.stores import Stores
from lrs.xapi.versions import Version
from tests.conformance.asking import Xapi
from tests.living import Living, asked_by, new_store

Guest: TypeAlias = Callable[[str], Awaitable[Living]]


@pytest.fixture(scope="package")
async def shared(transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Living]:
    """The LRS on a store that all tests here share: each may look for its own statements only."""
    async with new_store(stores) as store, asked_by(transport, store, stores) as living:
        yield living


@pytest.fixture(params=list(Version), ids=str)
def version(request: pytest.FixtureRequest) -> Version:
    """The version that a test asks in."""
    asked: Version = request.param
    return asked


@pytest.fixture
def xapi(shared: Living, version: Version) -> Xapi:
    """The xAPI of the shared LRS."""
    return Xapi(shared, version)


@pytest.fixture(scope="package")
async def guest(shared: Living, stores: Stores) -> AsyncIterator[Guest]:
    """Returns the same LRS asked with a credential that has one scope, made when it is first asked for."""
    made: dict[str, Living] = {}
    async with AsyncExitStack() as stack:

        async def of(scope: str) -> Living:
            if scope not in made:
                key = f"key-{uuid4()}"
                scopes = frozenset(scope.split())
                await stores.credentials.put(key, "secret", name="a guest", store=shared.store.name, scopes=scopes)
                transport, auth = shared.http._transport, httpx.BasicAuth(key, "secret")
                client = httpx.AsyncClient(transport=transport, base_url=shared.http.base_url, auth=auth)
                made[scope] = replace(shared, http=await stack.enter_async_context(client), key=key)
            return made[scope]

        yield of
