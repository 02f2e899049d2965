"""What the normaliser keeps of one store: interactions, items with their authors, and verbs no rule maps."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from pymongo import ASCENDING, ReplaceOne, WriteConcern
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.cursor import AsyncCursor
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.shorthand import SHORT, queried, shortened, shortened_item, whole, whole_item
from lrs.store.unsettled import Unsettled

Document: TypeAlias = dict[str, Any]
Session: TypeAlias = AsyncClientSession
"""The session of a transaction, handed through the core as it is."""

Outcome = TypeVar("Outcome")

_UNHURRIED = WriteConcern(w=1, j=False)


async def in_transaction(session: Session, write: Callable[[Session], Awaitable[Outcome]], hurried: bool) -> Outcome:
    """Run a transaction, which may be tried again.

    One that is not `hurried` is acknowledged before it is on the disk: after a crash of the database what it wrote is
    gone as a whole, with the position that it moved. Raises: PyMongoError.
    """
    return await session.with_transaction(write, write_concern=None if hurried else _UNHURRIED)


class Interactions:
    """The collections `interactions_<n>`, `items_<n>` and `unmapped_<n>` of one generation."""

    def __init__(self, database: AsyncDatabase[Document], generation: int) -> None:
        self._interactions = database[f"interactions_{generation}"]
        self._items = database[f"items_{generation}"]
        self._unmapped = database[f"unmapped_{generation}"]
        self._statements = database["statements"]
        self.unsettled = Unsettled(database, generation)

    async def create_indexes(self) -> None:
        index = self._interactions.create_index
        await index([(SHORT["needs"], ASCENDING)], sparse=True)
        await index([(SHORT[name], ASCENDING) for name in ("repetition", "repeats", "t")])
        await index([(SHORT["closes"], ASCENDING)], sparse=True)

    async def drop(self) -> None:
        """Delete this generation."""
        for collection in (self._interactions, self._items, self._unmapped, self.unsettled):
            await collection.drop()

    async def known(self, ids: Collection[str]) -> set[str]:
        """Return which of the interactions are there."""
        found = self._interactions.find({"_id": {"$in": list(ids)}}, {"_id": 1})
        return {each["_id"] async for each in found}

    async def voided(self, ids: Collection[UUID]) -> set[UUID]:
        """Return which of the statements are voided by now."""
        query = {"_id": {"$in": list(ids)}, "voided_by": {"$exists": True}}
        return {found["_id"] async for found in self._statements.find(query, {"_id": 1})}

    async def actors(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the actors of those of the statements that are there, not voided, and by somebody identified."""
        if not ids:
            return {}
        query = {"_id": {"$in": list(ids)}, "voided_by": None, "actor": {"$exists": True}}
        found = self._statements.find(query, {"actor": 1})
        return {document["_id"]: document["actor"] async for document in found}

    async def by_nobody(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Return those of the statements that stand and whose actor has no identifier: anonymous Groups'."""
        query = {"_id": {"$in": list(ids)}, "voided_by": None, "actor": {"$exists": False}, "raw": {"$exists": True}}
        return {found["_id"]: found["raw"] async for found in self._statements.find(query, {"raw": 1})}

    async def unmapped(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """Return the verbs of those of the statements that no rule maps."""
        found = self._unmapped.find({"_id": {"$in": list(ids)}})
        return {each["_id"]: each["verb"] async for each in found}

    async def of_statements(self, ids: Collection[UUID]) -> list[Document]:
        """Return the interactions of the statements, whose ids begin with the statement's."""
        return await self._load({"$or": [{"_id": {"$gte": f"{key}:", "$lt": f"{key};"}} for key in ids]})

    async def needing(self, keys: Collection[int], most: int) -> list[Document]:
        """Return the interactions that look up what has one of the keys, found or not, or are closed by it; of more
        than `most` any `most` + 1.
        """
        return await self._load(_needing(keys), most + 1)

    def pages_needing(self, keys: Collection[int], size: int) -> AsyncIterator[list[Document]]:
        """Yield all of these, some at a time. They may be written meanwhile, as long as they go on needing the keys."""
        return _pages(self._interactions.find(_needing(keys), batch_size=size), size)

    async def closing(self, keys: Collection[int]) -> list[Document]:
        """Return the acts that close others by one of the keys, voided ones left out."""
        return await self._load(queried(closes={"$in": list(keys)}, voided={"$ne": True}))

    async def kept_of_series(self, keys: Collection[int], since: datetime) -> list[Document]:
        """Return the interactions from a time on that repeat none of the others with the same repetition key."""
        return await self._load(_of_series(keys, since) | queried(repeats=None))

    async def all_of_series(self, keys: Collection[int], since: datetime, most: int) -> list[Document]:
        """Return the interactions from a time on that may repeat one another; of more than `most` any `most` + 1."""
        return await self._load(_of_series(keys, since), most + 1)

    def pages_of_series(self, keys: Collection[int], since: datetime, size: int) -> AsyncIterator[list[Document]]:
        """Yield all of these by (key, t, statement id), some at a time."""
        found = self._interactions.find(_of_series(keys, since), batch_size=size, allow_disk_use=True)
        return _pages(found.sort([(SHORT["repetition"], ASCENDING), (SHORT["t"], ASCENDING), ("_id", ASCENDING)]), size)

    async def items(self, keys: Collection[str]) -> list[Document]:
        """Return the items known under the keys."""
        return [whole_item(found) async for found in self._items.find({"_id": {"$in": list(keys)}})]

    async def created(self, keys: Collection[int], most: int) -> list[str]:
        """Return the items of creates, not all of them the first, that look up what has one of the keys; of more than
        `most` creates any `most` + 1.
        """
        item = SHORT["object_id"]
        query = queried(needs={"$in": list(keys)}, creates=True)
        return [each[item] async for each in self._interactions.find(query, {"_id": 0, item: 1}).limit(most + 1)]

    async def first_create(
        self, item: str, deletion: int, *, excluding: Collection[UUID], but: Collection[str] = ()
    ) -> Document | None:
        """Return the first create of an item by (t, statement id), of those neither voided nor excluded.

        `deletion` is the key that all creates of the item need, `but` are kinds of acts that are left out.
        """
        kinds = {"$nin": list(but)}
        query = queried(needs=deletion, creates=True, object_id=item, voided={"$ne": True}, kind=kinds)
        async for found in self._interactions.find(query).sort([(SHORT["t"], ASCENDING), ("_id", ASCENDING)]):
            create = whole(found)
            if create["statement_id"] not in excluding:
                return create
        return None

    async def save(
        self,
        *,
        inserted: Sequence[Document],
        changed: Iterable[Document],
        items: Iterable[Document],
        made: Sequence[Document] = (),
        unmapped: Mapping[UUID, str],
        forgotten: Collection[UUID],
        session: Session,
    ) -> None:
        """Write what has changed, in the session's transaction. `made` are the items that were not there before,
        `forgotten` statements are voided: their unmapped verbs no longer count.
        """
        if inserted:
            await self._interactions.insert_many(map(shortened, inserted), ordered=False, session=session)
        if replaced := [ReplaceOne({"_id": each["_id"]}, shortened(each)) for each in changed]:
            await self._interactions.bulk_write(replaced, ordered=False, session=session)
        if made:
            await self._items.insert_many(map(shortened_item, made), ordered=False, session=session)
        if moved := [ReplaceOne({"_id": each["_id"]}, shortened_item(each)) for each in items]:
            await self._items.bulk_write(moved, ordered=False, session=session)
        if unmapped:
            await self._unmapped.insert_many(
                [{"_id": statement, "verb": verb} for statement, verb in unmapped.items()], session=session
            )
        if forgotten:
            await self._unmapped.delete_many({"_id": {"$in": list(forgotten)}}, session=session)

    async def everything(self) -> AsyncIterator[Document]:
        """Yield all interactions by their ids, voided ones too: for who compares one generation with another."""
        async for found in self._interactions.find().sort("_id", ASCENDING):
            yield whole(found)

    async def all_items(self) -> AsyncIterator[Document]:
        """Yield all items."""
        async for found in self._items.find():
            yield whole_item(found)

    async def by_ids(self, ids: Collection[str]) -> dict[str, Document]:
        """Return the interactions with these ids."""
        return {each["_id"]: each for each in await self._load({"_id": {"$in": list(ids)}})}

    async def _load(self, query: Document, most: int = 0) -> list[Document]:
        return [whole(found) for found in await self._interactions.find(query).limit(most).to_list()]


def _needing(keys: Collection[int]) -> Document:
    return queried(needs={"$in": list(keys)})


def _of_series(keys: Collection[int], since: datetime) -> Document:
    return queried(repetition={"$in": list(keys)}, t={"$gte": since})


async def _pages(cursor: AsyncCursor[Document], size: int) -> AsyncIterator[list[Document]]:
    async with cursor:
        while found := await cursor.to_list(size):
            yield [whole(each) for each in found]
