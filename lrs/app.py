"""The HTTP application: the only wiring of routes, core and database."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from lrs import __version__
from lrs.api import (
    administration,
    analysts,
    analytics,
    audit,
    documents,
    errors,
    health,
    network,
    people,
    plugins,
    resources,
    schemas,
    statements,
    tables,
    welcome,
)
from lrs.api.compression import Compression
from lrs.api.direct import Direct
from lrs.api.protocol import Protocol
from lrs.api.requests import Served
from lrs.core.administration import Administration
from lrs.core.analytics import Analytics
from lrs.core.analytics.persons import PersonTables
from lrs.core.audit import AuditTrail
from lrs.core.credentials import Doorkeeper, FirstCredential, ensure_first
from lrs.core.network import Network
from lrs.core.people.directory import Directory
from lrs.core.plugins import Plugins
from lrs.core.refusals import Refusals
from lrs.errors import Unavailable
from lrs.plugin.loader import load_plugins, packages
from lrs.plugin.spec import Plugin
from lrs.settings import Settings
from lrs.store.connection import connect
from lrs.store.stores import Stores

Answer = TypeVar("Answer")

DATABASE_STARTS_S = 60.0  # a private mongod that was killed recovers first


@dataclass(frozen=True, slots=True)
class Application:
    """What the server calls: the protocol around all, and behind it the framework where that is needed."""

    framework: FastAPI
    entrance: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.entrance({**scope, "app": self.framework}, receive, send)


def create_app(settings: Settings, announce: Callable[[FirstCredential], None]) -> Application:
    """Return the application for a database that is there.

    `announce` is told the first credential when it was made because there was none: its secret is shown only then.
    Raises: StartupError when a plugin can't be loaded.
    """
    assert settings.mongodb_url is not None
    installed = load_plugins()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        assert settings.mongodb_url is not None
        client = connect(settings.mongodb_url)
        stores = Stores(client)
        secret = settings.api_secret.get_secret_value() if settings.api_secret is not None else None
        _, first = await asyncio.gather(
            _once_there(stores.begin),
            _once_there(lambda: ensure_first(stores, settings.api_key, secret, settings.timezone)),
        )
        if first is not None and first.made:
            announce(first)
        served = app.state.served = _served(settings, stores, installed)
        yield
        await served.refusals.drain()
        await stores.drain()
        await client.close()

    app = FastAPIOffline(
        title="Social LRS",
        version=__version__,
        summary="An xAPI learning record store with social-learning analytics",
        lifespan=lifespan,
        redirect_slashes=False,
        redoc_url=None,
    )
    errors.install(app)
    analysed = (analysts, analytics, tables, network)
    administered = (administration, people, plugins, audit)
    for module in (statements, documents, resources, *analysed, *administered, schemas, health, welcome):
        app.include_router(module.router)
    direct = Direct(app, [statements.router, documents.router, resources.router])
    return Application(app, Protocol(Compression(direct), settings.public_path, settings.max_body_bytes))


def _served(settings: Settings, stores: Stores, installed: Mapping[str, Plugin]) -> Served:
    """Return what routes are handed."""
    home_page = settings.public_url or f"http://{settings.host}:{settings.port}"
    doorkeeper = Doorkeeper(stores, home_page)
    asked = Analytics(installed, min_group=settings.min_group)
    return Served(
        settings=settings,
        doorkeeper=doorkeeper,
        analytics=asked,
        network=Network(stores, asked),
        administration=Administration(stores, doorkeeper),
        directory=Directory(stores),
        plugins=Plugins(stores, installed, packages()),
        refusals=Refusals(stores),
        tables=PersonTables(stores, asked),
        audit=AuditTrail(stores),
    )


async def _once_there(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """Ask the database, which may be starting at the same time as this process. Raises: Unavailable."""
    limit = time.monotonic() + DATABASE_STARTS_S
    while True:
        try:
            return await ask()
        except Unavailable:
            if time.monotonic() > limit:
                raise
            await asyncio.sleep(0.05)
