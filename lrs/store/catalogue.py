"""What is known of activities and agents: a view beside the statements, and the statements it may not have seen yet."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store import feed
from lrs.store.driver_errors import driver_errors
from lrs.store.feed import Arrival

Document: TypeAlias = dict[str, Any]
Kind: TypeAlias = Literal["activities", "agents"]

READ_S = 8  # how long a read may take; then the answer is 503


class Catalogue:
    """The collections `activities` and `agents` of one store: `known`, a text, under an activity's id or agent's key.

    The text is JSON and no document, because an extension may hold what a document can't.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database

    async def known(self, kind: Kind, keys: Collection[str]) -> dict[str, bytes]:
        """Return what is known under those of the keys that are there. Raises: Unavailable."""
        if not keys:
            return {}
        with driver_errors(READ_S):
            found = self._database[kind].find({"_id": {"$in": list(keys)}})
            return {document["_id"]: document["known"] async for document in found}

    async def save(self, kind: Kind, known: Mapping[str, bytes], session: AsyncClientSession) -> None:
        """Put each text in the place of the one under its key."""
        writes = [UpdateOne({"_id": key}, {"$set": {"known": text}}, upsert=True) for key, text in known.items()]
        if writes:
            await self._database[kind].bulk_write(writes, ordered=False, session=session)

    async def tail(self, key: str, since: datetime | None, limit: int) -> list[Arrival]:
        """Return the latest defining statements that carry a key (see `columns`) and were stored after a time,
        voided ones too, the latest first. Raises: Unavailable.
        """
        query: Document = {"keys": key, "defines": {"$ne": False}}
        if since is not None:
            query["stored"] = {"$gt": since}
        with driver_errors(READ_S):
            return await feed.latest(self._database, query, limit)
