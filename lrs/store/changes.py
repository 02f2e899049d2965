"""The numbered log of changes to interactions. One writer numbers it inside its transactions, so it has no gaps."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

Document: TypeAlias = dict[str, Any]
Operation: TypeAlias = Literal["insert", "state_change", "retarget"]

TOGETHER = 1000  # entries in one document


class LogEntry(NamedTuple):
    """One entry: its number, what happened (insert, state_change, retarget), to which interaction of which kind."""

    seq: int
    op: Operation
    interaction_id: str
    kind: str


class Changes:
    """The collection `changes_<n>` of one generation of interactions.

    One document holds the entries of one batch, `{_id: number of the last, op, of, kind}` with a list of each.
    """

    def __init__(self, database: AsyncDatabase[Document], generation: int) -> None:
        self._collection = database[f"changes_{generation}"]

    async def drop(self) -> None:
        """Delete this log."""
        await self._collection.drop()

    async def append(self, entries: Sequence[LogEntry], session: AsyncClientSession) -> None:
        """Write entries, whose numbers follow one another and the last one."""
        for begin in range(0, len(entries), TOGETHER):
            together = entries[begin : begin + TOGETHER]
            document = {
                "_id": together[-1].seq,
                "op": [entry.op for entry in together],
                "of": [entry.interaction_id for entry in together],
                "kind": [entry.kind for entry in together],
            }
            await self._collection.insert_one(document, session=session)

    async def after(self, seq: int, limit: int) -> list[LogEntry]:
        """Return about `limit` entries with numbers above `seq`, in order; none only where there are no more."""
        entries: list[LogEntry] = []
        found = self._collection.find({"_id": {"$gt": seq}}).sort("_id", ASCENDING)
        async for document in found.limit(20).batch_size(4):
            first = document["_id"] - len(document["op"]) + 1
            told = zip(document["op"], document["of"], document["kind"], strict=True)
            entries += [LogEntry(number, *each) for number, each in enumerate(told, first) if number > seq]
            if len(entries) >= limit:
                break
        return entries
