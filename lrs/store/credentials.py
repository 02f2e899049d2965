"""Credentials: a key, the hash of its secret, the store it opens and what it may do."""

import asyncio
import hashlib
import hmac
import os
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Required, TypeAlias, TypedDict, Unpack

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from lrs import clock
from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]

WITHIN_S = 8

COST = 2**14
"""scrypt's n. OWASP's least parameters; 40 ms here, paid once for a secret in a process (see `core.credentials`)."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request is allowed, and the defaults it asked for when it was made."""

    key: str
    name: str
    store: str
    scopes: frozenset[str]
    xapi_version: str | None  # what a request without a version header is taken for
    lenient: bool  # whether what breaks the standard, but is meant well, is taken (see `xapi.leniency`)
    dedupe_s: int | None  # for how many seconds a statement without id counts as the same one sent again
    secret_hash: bytes
    salt: bytes
    created: datetime | None = None
    cost: int = COST  # what its secret was hashed with

    def opens_with(self, secret: str) -> bool:
        """Tell whether this is the credential's secret. Takes the same time whether it is or not."""
        return hmac.compare_digest(self.secret_hash, _hash(secret, self.salt, self.cost))


class Chosen(TypedDict, total=False):
    """What is chosen when a credential is made: fields of `Credential`."""

    name: Required[str]
    store: Required[str]
    scopes: Required[frozenset[str]]
    xapi_version: str | None
    lenient: bool
    dedupe_s: int | None


NOBODY = Credential("", "", "", frozenset(), None, False, None, b"", b"")
"""A credential that nothing opens."""


class Credentials:
    """The collection `credentials` of the control database. Only tests hash the secrets they make at less than COST."""

    def __init__(self, collection: AsyncCollection[Document], cost: int = COST) -> None:
        self._collection = collection
        self._cost = cost

    async def put(self, key: str, secret: str, **settings: Unpack[Chosen]) -> None:
        """Make the credential, or give the one with this key a new secret. Only a salted hash is kept."""
        changed = {"$set": await _document(secret, settings, self._cost), "$setOnInsert": {"created": clock.now()}}
        with driver_errors(WITHIN_S):
            await self._collection.update_one({"_id": key}, changed, upsert=True)

    async def add(
        self, key: str, secret: str, session: AsyncClientSession | None = None, **settings: Unpack[Chosen]
    ) -> Credential | None:
        """Make the credential, as `put` does, and return it; None, with nothing changed, when the key is taken.

        In a transaction if a session is given.
        """
        document = {"_id": key, **await _document(secret, settings, self._cost), "created": clock.now()}
        with _errors(session):
            if session is not None and await self._collection.find_one({"_id": key}, session=session) is not None:
                return None  # looked for first: to come upon a key that is taken would end the transaction
            try:
                await self._collection.insert_one(document, session=session)
            except DuplicateKeyError:
                if session is not None:
                    raise
                return None
        return _credential(document)

    async def delete(self, key: str, session: AsyncClientSession | None = None) -> Credential | None:
        """Delete the credential and return it; None when there is none with this key.

        In a transaction if a session is given.
        """
        with _errors(session):
            found = await self._collection.find_one_and_delete({"_id": key}, session=session)
        return None if found is None else _credential(found)

    async def get(self, key: str) -> Credential | None:
        """Return the credential with this key."""
        with driver_errors(WITHIN_S):
            found = await self._collection.find_one({"_id": key})
        return None if found is None else _credential(found)

    async def all(self) -> list[Credential]:
        """Return all credentials, by key."""
        with driver_errors(WITHIN_S):
            return [_credential(found) async for found in self._collection.find({}).sort("_id", 1)]

    async def any(self) -> bool:
        """Tell whether there is any credential yet."""
        with driver_errors(WITHIN_S):
            return await self._collection.find_one({}, {"_id": 1}) is not None


def _errors(session: AsyncClientSession | None) -> AbstractContextManager[None]:
    """Whoever began a transaction answers for its failures, and may try it again."""
    return driver_errors(WITHIN_S) if session is None else nullcontext()


async def _document(secret: str, settings: Chosen, cost: int) -> Document:
    salt = os.urandom(16)
    secret_hash = await asyncio.to_thread(_hash, secret, salt, cost)  # in a thread, for it takes 40 ms
    return {**settings, "scopes": sorted(settings["scopes"]), "salt": salt, "secret_hash": secret_hash, "cost": cost}


def _credential(found: Document) -> Credential:
    return Credential(
        key=found["_id"],
        name=found["name"],
        store=found["store"],
        scopes=frozenset(found["scopes"]),
        xapi_version=found.get("xapi_version"),
        lenient=found.get("lenient", False),
        dedupe_s=found.get("dedupe_s"),
        secret_hash=found["secret_hash"],
        salt=found["salt"],
        created=found.get("created"),
        cost=found.get("cost", COST),
    )


def _hash(secret: str, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=cost, r=8, p=1)
