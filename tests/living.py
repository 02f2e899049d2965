"""The LRS as a test meets it over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
from pydantic import SecretStr

from lrs import clock
from lrs.app import create_app
from lrs.core.runner import reader_name
from lrs.kit.telling import SCOPES
from lrs.settings import Settings
from lrs.store.databases import PREFIX
from lrs.store.positions import CATALOGUE, NORMALISER
from lrs.store.stores import Store, Stores
from lrs.xapi import Json


@dataclass(frozen=True)
class Living:
    """The HTTP application on one store, with a client that has its credential (all scopes, version 1.0.3)."""

    http: httpx.AsyncClient
    store: Store
    key: str
    secret: str

    async def post(self, statements: Json | Sequence[Json], **headers: str) -> httpx.Response:
        """POST statements to the Statement Resource."""
        told = {"Content-Type": "application/json", **headers}
        return await self.http.post("/xapi/statements", content=orjson.dumps(statements), headers=told)

    async def metric(self, name: str, **parameters: str) -> dict[str, Any]:
        """Return the answer of a metric."""
        answer = await self.http.get(f"/api/v1/metrics/{name}", params=parameters)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def derived(self, plugin: str = "discussion", within_s: float = 30) -> None:
        """Wait until the worker has derived everything that is stored by now."""
        await self._reached(reader_name(plugin), within_s)

    async def catalogued(self, within_s: float = 30) -> None:
        """Wait until the worker's catalogue knows everything that is stored by now."""
        await self._reached(CATALOGUE, within_s)

    async def normalised(self, within_s: float = 30) -> None:
        """Wait until the worker has read everything that is stored by now into interactions."""
        await self._reached(NORMALISER, within_s)

    async def _reached(self, reader: str, within_s: float) -> None:
        present, limit = clock.now(), time.monotonic() + within_s
        while time.monotonic() < limit:
            until = (await self.store.positions.get(reader)).data_until
            if until is not None and until >= present:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"the worker has not caught up within {within_s} s")


@asynccontextmanager
async def serving(mongodb_url: str, **chosen: Any) -> AsyncIterator[httpx.ASGITransport]:
    """An HTTP application on a database, with settings of its own; its first credential is first:first."""
    settings = Settings(
        mongodb_url=mongodb_url, data_dir=Path("none"), api_key="first", api_secret=SecretStr("first"), **chosen
    )
    app = create_app(settings, announce=lambda first: None)
    async with app.framework.router.lifespan_context(app.framework):
        yield httpx.ASGITransport(app, raise_app_exceptions=False)


@asynccontextmanager
async def new_store(stores: Stores, timezone: str = "UTC") -> AsyncIterator[Store]:
    """An empty store, which is dropped in the end: also where a test fails, or the workers of others would read it."""
    name = f"t{uuid4().hex}"
    await stores.create(name, timezone=timezone)
    try:
        yield await stores.open(name)
    finally:
        await stores.drain()  # or its promise would hold back what the applications of other tests tell
        await stores.control["stores"].delete_one({"_id": name})
        await stores.client.drop_database(PREFIX + name)


@asynccontextmanager
async def asked_by(transport: httpx.ASGITransport, store: Store, stores: Stores) -> AsyncIterator[Living]:
    """The LRS on a store, asked with a new credential that may do everything, in version 1.0.3."""
    key, secret = f"key-{uuid4()}", "secret"
    await stores.credentials.put(key, secret, name="a test", store=store.name, scopes=SCOPES)
    headers = {"X-Experience-API-Version": "1.0.3"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://lrs.example.org", auth=(key, secret), headers=headers
    ) as http:
        yield Living(http=http, store=store, key=key, secret=secret)
    application: Any = transport.app
    await application.framework.state.served.refusals.stores.drain()  # it is no writer any more where a test wants none
