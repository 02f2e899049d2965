"""One real MongoDB for the whole test run, a store of its own for each test, and the LRS as its clients meet it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr

from lrs.app import create_app
from lrs.settings import Settings
from lrs.store.connection import Client, connect
from lrs.store.databases import PREFIX
from lrs.store.mongod import EmbeddedMongod
from lrs.store.stores import Store, Stores
from lrs.worker import Worker
from tests.living import SCOPES, Derivation, Living


@pytest.fixture(scope="session")
async def mongodb_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A private replica set, as `lrs serve` starts it."""
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path_factory.mktemp("data"), mongodb_url=None))
    url = await mongod.start()
    yield url
    await mongod.stop()


@pytest.fixture(scope="session")
async def client(mongodb_url: str) -> AsyncIterator[Client]:
    async with connect(mongodb_url) as connected:
        yield connected


@pytest.fixture(scope="session")
def stores(client: Client) -> Stores:
    return Stores(client)


@pytest.fixture
async def store(stores: Stores) -> AsyncIterator[Store]:
    """An empty store in UTC."""
    async with _new_store(stores) as made:
        yield made


@pytest.fixture
async def derivation(store: Store, client: Client) -> AsyncIterator[Derivation]:
    """The normaliser and the plugins, driven by hand: no feed, no waiting."""
    async with Derivation.of(store, client) as made:
        yield made


@pytest.fixture
async def lrs(mongodb_url: str, store: Store, stores: Stores) -> AsyncIterator[Living]:
    """The HTTP application on the store, asked with its credential. No worker runs."""
    key, secret = f"key-{uuid4()}", "secret"
    await stores.credentials.put(key, secret, name="a test", store=store.name, scopes=SCOPES)
    chosen = Settings(mongodb_url=mongodb_url, data_dir=Path("none"), api_key="first", api_secret=SecretStr("first"))
    app = create_app(chosen, announce=lambda first: None)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"X-Experience-API-Version": "1.0.3"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://lrs.example.org", auth=(key, secret), headers=headers
        ) as http:
            yield Living(http=http, store=store, key=key, secret=secret)


@pytest.fixture
async def working_lrs(lrs: Living, client: Client) -> AsyncIterator[Living]:
    """The same with a worker that reads the feed."""
    working = asyncio.create_task(Worker(client).run())
    yield lrs
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


@asynccontextmanager
async def _new_store(stores: Stores) -> AsyncIterator[Store]:
    name = f"t{uuid4().hex}"
    await stores.create(name, timezone="UTC")
    yield await stores.open(name)
    await stores.drain()  # or its promise would hold back what the applications of other tests tell
    await stores.control["stores"].delete_one({"_id": name})
    await stores.client.drop_database(PREFIX + name)
