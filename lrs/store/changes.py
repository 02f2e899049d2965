"""The numbered log of changes to interactions. One writer numbers it inside its transactions, so it has no gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

Document: TypeAlias = dict[str, Any]
Operation: TypeAlias = Literal["insert", "state_change", "retarget"]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry: its number, what happened (insert, state_change, retarget), to which interaction of which kind."""

    seq: int
    op: Operation
    interaction_id: str
    kind: str


class Changes:
    """The collection `changes_<n>` of one generation of interactions, whose `_id` is the number."""

    def __init__(self, database: AsyncDatabase[Document], generation: int) -> None:
        self._collection = database[f"changes_{generation}"]

    async def append(self, entries: Sequence[LogEntry], session: AsyncClientSession) -> None:
        """Write entries, whose numbers follow the last one."""
        if entries:
            await self._collection.insert_many(
                [
                    {"_id": entry.seq, "op": entry.op, "of": entry.interaction_id, "kind": entry.kind}
                    for entry in entries
                ],
                session=session,
            )

    async def after(self, seq: int, limit: int) -> list[LogEntry]:
        """Return up to `limit` entries with numbers above `seq`, in order."""
        found = self._collection.find({"_id": {"$gt": seq}}).sort("_id", 1).limit(limit)
        return [LogEntry(entry["_id"], entry["op"], entry["of"], entry["kind"]) async for entry in found]
