"""The lease of the worker: of several workers one works, the others wait and take over when it is gone.

A killed process leaves its transactions open, and they block others for as long as the server lets them live. The
lease therefore names the sessions in use, and whoever takes over ends them first.
"""

import contextlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from bson.binary import Binary
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from lrs import clock
from lrs.store.databases import CONTROL

Document: TypeAlias = dict[str, Any]

TERM = timedelta(seconds=2)  # a killed worker is replaced after this; renewed four times as often


class LeaseLost(Exception):
    """Another worker has taken over: what was under way must not be committed."""


class Lease:
    """One named lease in the control database."""

    def __init__(self, client: AsyncMongoClient[Document], name: str, owner: str) -> None:
        self._client = client
        self._leases = client[CONTROL]["leases"]
        self._name = name
        self.owner = owner

    async def acquire(self, sessions: list[AsyncClientSession]) -> bool:
        """Take the lease if it is free or has run out, and end the sessions of its last holder."""
        present = clock.now()
        last = await self._leases.find_one({"_id": self._name})
        if last is not None:
            if last["owner"] != self.owner and last["until"] >= present:
                return False
            # Before the lease is taken: whoever is killed between the two must leave their names behind. Those of an
            # earlier attempt of our own too: what it could not abort would block this one.
            await end_sessions(self._client, last["sessions"])
        keys = [session_key(session) for session in sessions]
        held = {"owner": self.owner, "until": present + TERM, "sessions": keys}
        free = {"_id": self._name, "$or": [{"until": {"$lt": present}}, {"owner": self.owner}]}
        try:
            await self._leases.update_one(free, {"$set": held}, upsert=True)
        except DuplicateKeyError:
            return False
        return True

    async def renew(self) -> None:
        """Keep the lease for another term. Raises: LeaseLost."""
        mine = {"_id": self._name, "owner": self.owner}
        renewed = await self._leases.update_one(mine, {"$set": {"until": clock.now() + TERM}})
        if not renewed.matched_count:
            raise LeaseLost(self._name)

    async def release(self) -> None:
        """Give the lease back, so that another worker needs not wait for it to run out."""
        with contextlib.suppress(Exception):  # on the way out; the lease runs out by itself
            await self._leases.delete_one({"_id": self._name, "owner": self.owner})


async def end_sessions(client: AsyncMongoClient[Document], sessions: Iterable[UUID | Binary]) -> None:
    """End server sessions, given by the ids of `session_key`, with the transactions they hold."""
    # A command's own encoding knows no UUIDs, whatever the client's options say of those in documents.
    ended = [{"id": Binary.from_uuid(key) if isinstance(key, UUID) else key} for key in sessions]
    if ended:
        await client.admin.command("killSessions", ended)


def session_key(session: AsyncClientSession) -> Binary:
    """Return the id under which the server knows a session."""
    identifier = session.session_id["id"]
    return identifier if isinstance(identifier, Binary) else Binary.from_uuid(UUID(bytes=bytes(identifier)))
