"""Counts: how many interactions there are of each kind, state and sender, kept as they are written.

Counting them when somebody asks would read them all.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeAlias

from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]


class Counted(NamedTuple):
    """What is counted together: interactions alike in these, or statements with an unmapped `verb`."""

    kind: str | None = None
    state: str | None = None
    source: str | None = None
    status: str | None = None  # of the target
    via: str | None = None
    verb: str | None = None


class Counts:
    """The collection `counts_<n>` of one generation of interactions: what a `Counted` holds, and `n`."""

    def __init__(self, database: AsyncDatabase[Document], generation: int) -> None:
        self._collection = database[f"counts_{generation}"]

    async def drop(self) -> None:
        """Delete this generation."""
        await self._collection.drop()

    async def add(self, more: Mapping[Counted, int], session: AsyncClientSession) -> None:
        """Add to the counts, in the session's transaction; a number below zero takes away."""
        writes = [
            UpdateOne({"_id": _key(each)}, {"$inc": {"n": n}, "$setOnInsert": each._asdict()}, upsert=True)
            for each, n in more.items()
            if n
        ]
        if writes:
            await self._collection.bulk_write(writes, ordered=False, session=session)

    async def all(self) -> list[tuple[Counted, int]]:
        """Return what there is and how many of each. Raises: Unavailable."""
        with driver_errors():
            found = self._collection.find({"n": {"$gt": 0}}, {"_id": 0})
            return [(Counted(**each), n) async for each in found if (n := each.pop("n"))]


def _key(counted: Counted) -> str:
    return "\n".join(part or "" for part in counted)
