"""Credentials: a key, the hash of its secret, the store it opens and what it may do."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Any, TypeAlias

from pymongo.asynchronous.collection import AsyncCollection

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]

WITHIN_S = 8

# OWASP's least parameters for scrypt; 40 ms here, paid once for a secret in a process (see `core.credentials`).
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


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

    def opens_with(self, secret: str) -> bool:
        """Tell whether this is the credential's secret. Takes the same time whether it is or not."""
        return hmac.compare_digest(self.secret_hash, _hash(secret, self.salt))


NOBODY = Credential("", "", "", frozenset(), None, False, None, b"", b"")
"""A credential that nothing opens."""


class Credentials:
    """The collection `credentials` of the control database."""

    def __init__(self, collection: AsyncCollection[Document]) -> None:
        self._collection = collection

    async def put(self, key: str, secret: str, *, name: str, store: str, scopes: frozenset[str]) -> None:
        """Make the credential, or give the one with this key a new secret. Only a salted hash is kept."""
        salt = os.urandom(16)
        changed = {
            "name": name,
            "store": store,
            "scopes": sorted(scopes),
            "salt": salt,
            "secret_hash": _hash(secret, salt),
        }
        with driver_errors(WITHIN_S):
            await self._collection.update_one({"_id": key}, {"$set": changed}, upsert=True)

    async def get(self, key: str) -> Credential | None:
        """Return the credential with this key."""
        with driver_errors(WITHIN_S):
            found = await self._collection.find_one({"_id": key})
        if found is None:
            return None
        return Credential(
            key=key,
            name=found["name"],
            store=found["store"],
            scopes=frozenset(found["scopes"]),
            xapi_version=found.get("xapi_version"),
            lenient=found.get("lenient", False),
            dedupe_s=found.get("dedupe_s"),
            secret_hash=found["secret_hash"],
            salt=found["salt"],
        )

    async def any(self) -> bool:
        """Tell whether there is any credential yet."""
        with driver_errors(WITHIN_S):
            return await self._collection.find_one({}, {"_id": 1}) is not None


def _hash(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, **_SCRYPT)
