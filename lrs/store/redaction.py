"""The redaction rules of one store, as every process applies them within a few seconds."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

import schemas
from lrs.store.driver_errors import driver_errors
from lrs.xapi.redaction import Rule, read_rule

Document: TypeAlias = dict[str, Any]

REMEMBERED_S = 3.0  # how long rules are applied before they are looked up again
WITHIN_S = 2  # a write waits for it, besides its own time

UNCHANGED: Document = {"defaults": True, "rules": []}
"""The settings of a store in which none were made."""

DEFAULT_RULES: tuple[Rule, ...] = tuple(map(read_rule, schemas.load("redaction.json")["rules"]))
"""The rules of every store that does not switch them off."""


class Redaction:
    """The field `redaction` of a store's record in the control database: `{defaults: bool, rules: [...]}`."""

    def __init__(self, stores: AsyncCollection[Document], store: str) -> None:
        self._stores = stores
        self._store = store
        self._until = 0.0
        self._rules: tuple[Rule, ...] = ()
        self._loading: asyncio.Task[None] | None = None

    async def get(self) -> Document:
        """Return the settings. Raises: Unavailable."""
        with driver_errors(WITHIN_S):
            return await self.read(None)

    async def read(self, session: AsyncClientSession | None) -> Document:
        """Return the settings, as a transaction sees them."""
        found = await self._stores.find_one({"_id": self._store}, {"redaction": 1}, session=session)
        settings: Document = (found or {}).get("redaction", UNCHANGED)
        return settings

    async def put(self, settings: Document, session: AsyncClientSession) -> None:
        """Replace the settings in a transaction; their rules are valid. When it has ended, call `renew`."""
        await self._stores.update_one({"_id": self._store}, {"$set": {"redaction": settings}}, session=session)

    async def renew(self) -> None:
        """Look the rules up again before they are next applied."""
        if self._loading is not None:  # it may have read the old ones
            await asyncio.wait([self._loading])
        self._until = 0.0

    async def rules(self) -> Sequence[Rule]:
        """Return the rules to apply. Raises: Unavailable."""
        if time.monotonic() >= self._until:
            if self._loading is None:  # many requests at once share one look
                self._loading = asyncio.create_task(self._load())
            await asyncio.shield(self._loading)
        return self._rules

    async def _load(self) -> None:
        until = time.monotonic() + REMEMBERED_S
        try:
            self._rules = tuple(map(read_rule, active(await self.get())))
            self._until = until
        finally:
            self._loading = None


def active(settings: Document) -> list[Document]:
    """Return the rules that settings switch on: the store's own, and those of all stores unless switched off."""
    return [*(schemas.load("redaction.json")["rules"] if settings["defaults"] else []), *settings["rules"]]
