"""The lease of the worker: of several workers one works, the others wait and take over when it is gone.

A killed process leaves its transactions open, and they block others for as long as the server lets them live. The
lease therefore names the sessions in use, and whoever takes over ends them first.
"""

import contextlib
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from bson.binary import Binary
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from lrs import clock

Document: TypeAlias = dict[str, Any]

TERM = timedelta(seconds=2)  # a killed worker is replaced after this; renewed four times as often


class LeaseLost(Exception):
    """Another worker has taken over: what was under way must not be committed."""


class Lease:
    """One named lease in the control database."""

    def __init__(self, client: AsyncMongoClient[Document], name: str, owner: str) -> None:
        self._client = client
        self._leases = client["lrs"]["leases"]
        self._name = name
        self.owner = owner

    async def acquire(self, sessions: list[AsyncClientSession]) -> bool:
        """Take the lease if it is free or has run out, and end the sessions of its last holder."""
        present = clock.now()
        held = {"owner": self.owner, "until": present + TERM, "sessions": [_id(session) for session in sessions]}
        free = {"_id": self._name, "$or": [{"until": {"$lt": present}}, {"owner": self.owner}]}
        try:
            last = await self._leases.find_one_and_update(free, {"$set": held}, upsert=True)
        except DuplicateKeyError:
            return False
        if last is not None and last["owner"] != self.owner:
            await end_sessions(self._client, last["sessions"])
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


async def end_sessions(client: AsyncMongoClient[Document], sessions: list[Any]) -> None:
    """End server sessions with the transactions they hold."""
    if sessions:
        await client.admin.command("killSessions", [{"id": session} for session in sessions])


def _id(session: AsyncClientSession) -> Binary:
    identifier = session.session_id["id"]
    return identifier if isinstance(identifier, Binary) else Binary.from_uuid(UUID(bytes=bytes(identifier)))
