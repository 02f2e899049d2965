"""What answers need that show people one by one: the names of some, and the key that makes the others' pseudonyms."""

import os
from collections.abc import Collection
from typing import Any, TypeAlias

from pymongo import AsyncMongoClient

from lrs.store.databases import CONTROL, PREFIX
from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]

KEY_BYTES = 32


class Pseudonyms:
    """The keys of stores, in their records in the control database; whoever takes a key away gives all new pseudonyms.

    Who knows a key and everybody's identifiers can tell who is who, so no answer and no log shows it.
    """

    def __init__(self, client: AsyncMongoClient[Document]) -> None:
        self._client = client
        self._stores = client[CONTROL]["stores"]

    async def key(self, store: str) -> bytes:
        """Return the key of a store, made at random when it is first asked for. Raises: Unavailable."""
        with driver_errors():
            made = {"$set": {"pseudonym_key": os.urandom(KEY_BYTES)}}
            await self._stores.update_one({"_id": store, "pseudonym_key": {"$exists": False}}, made)
            found = await self._stores.find_one({"_id": store}, {"pseudonym_key": 1})
        assert found is not None  # a store that is open has a record
        return bytes(found["pseudonym_key"])

    async def names(self, store: str, people: Collection[str]) -> dict[str, str]:
        """Return the names of people by their ids, of those who have one. Raises: Unavailable."""
        if not people:
            return {}
        with driver_errors():
            found = self._client[PREFIX + store]["people"].find({"_id": {"$in": list(people)}}, {"name": 1})
            return {each["_id"]: each["name"] async for each in found if each.get("name") is not None}
