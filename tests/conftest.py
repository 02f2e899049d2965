"""One real MongoDB for the whole test run, a store of its own for each test, and the LRS as its clients meet it."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.settings import Settings
from lrs.store.connection import Client, connect
from lrs.store.mongod import EmbeddedMongod, exits
from lrs.store.mongod.data_dir import DataDirectory
from lrs.store.stores import Store, Stores
from lrs.worker import Worker
from tests.living import Living, asked_by, new_store, serving
from tests.memory import folder_in_memory


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take long: of several processes, none is left alone with one of them in the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
async def mongodb_url() -> AsyncIterator[str]:
    """A private replica set, as `lrs serve` starts it, but that a store is dropped without a wait of 100 ms."""
    with folder_in_memory() as folder:
        mongod = EmbeddedMongod(Settings(data_dir=folder, mongodb_url=None))
        url = await mongod.start()
        async with connect(url) as asked:
            await asked.admin.command("setParameter", 1, journalCommitInterval=5)  # ms
        yield url
        if mongod.pid is None:  # tests failed of it: say why it ended while its log is still there
            raise exits.explain(await mongod.wait(), DataDirectory(folder).log)
        os.kill(mongod.pid, signal.SIGKILL)  # what it holds goes with it: it need not be written out
        await mongod.stop()


@pytest.fixture(scope="session")
async def client(mongodb_url: str) -> AsyncIterator[Client]:
    async with connect(mongodb_url) as connected:
        yield connected


@pytest.fixture(scope="session")
def stores(client: Client) -> Stores:
    """All stores. Thousands of tests make a credential of their own: its secret is hashed in no time, not in 40 ms."""
    return Stores(client, hash_cost=2)


@pytest.fixture
async def store(stores: Stores) -> AsyncIterator[Store]:
    """An empty store in UTC."""
    async with new_store(stores) as made:
        yield made


@pytest.fixture
async def derivation(store: Store, client: Client) -> AsyncIterator[Derivation]:
    """The normaliser and the plugins, driven by hand: no feed, no waiting."""
    async with Derivation.of(store, client, load_plugins().values()) as made:
        yield made


@pytest.fixture(scope="session")
async def transport(mongodb_url: str) -> AsyncIterator[httpx.ASGITransport]:
    """The HTTP application, one for all tests: each has a store and a credential of its own. No worker runs."""
    async with serving(mongodb_url) as made:
        yield made


@pytest.fixture
async def lrs(transport: httpx.ASGITransport, store: Store, stores: Stores) -> AsyncIterator[Living]:
    """The LRS on the store, asked with a credential that may do everything."""
    async with asked_by(transport, store, stores) as living:
        yield living


@pytest.fixture
async def working_lrs(lrs: Living, client: Client) -> AsyncIterator[Living]:
    """The same with a worker that reads the feed."""
    working = asyncio.create_task(Worker(client, settles=timedelta(0)).run())
    yield lrs
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
