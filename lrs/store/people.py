"""People of one store: who owns which identifiers and belongs where, under a version that every edit raises."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from pymongo import ASCENDING, ReplaceOne, ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors

Document: TypeAlias = dict[str, Any]
Decide: TypeAlias = Callable[[Mapping[str, Document]], Mapping[str, Document | None]]
Also: TypeAlias = Callable[[AsyncClientSession, Mapping[str, Document | None]], Awaitable[None]]

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""An edit since then concerns acts of any time."""

VERSION = "version"
WITHIN_S = 20  # an edit of 10,000 people takes a second or two


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people an edit looks at: by id, by the keys of their identifiers, by whom a membership names as `with`."""

    ids: Collection[str] = ()
    identifiers: Collection[str] = ()
    partners: Collection[str] = ()

    def query(self) -> Document:
        clauses: list[Document] = [
            {"_id": {"$in": list(self.ids)}},
            {"identifiers": {"$in": list(self.identifiers)}},
        ]
        if self.partners:
            clauses.append({"memberships.with": {"$in": list(self.partners)}})
        return {"$or": clauses}


class People:
    """The collections `people` and `identity` of one store.

    A person is {_id, name, agents, identifiers, memberships, opt_in, opt_out, active}; `agents` are xAPI Agents as
    given, `identifiers` their keys, absent for a person without any. `identity` holds the version, and for each
    version from which time on acts may belong to another person or group than before.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._client = database.client
        self._people = database["people"]
        self._identity = database["identity"]

    async def create_indexes(self) -> None:
        # Sparse: several people may have no identifier yet, but no two share one.
        await self._people.create_index([("identifiers", ASCENDING)], unique=True, sparse=True)
        await self._people.create_index([("memberships.kind", ASCENDING), ("memberships.group", ASCENDING)])

    async def edit(self, wanted: Wanted, decide: Decide, also: Also) -> Mapping[str, Document | None]:
        """Change people in one transaction with the version, and return what has changed.

        `decide` is given the wanted people by id and returns those to write, None for one to remove; what stays as it
        is raises no version. `also` writes in the same transaction. Both may be called again. Edits at the same time
        happen one after the other. Raises: what `decide` raises, Unavailable.
        """

        async def change(session: AsyncClientSession) -> Mapping[str, Document | None]:
            found = {each["_id"]: each async for each in self._people.find(wanted.query(), session=session)}
            decided = decide(found)
            changed = {key: person for key, person in decided.items() if person != found.get(key)}
            if changed:
                await self.raise_version(BEGINNING, session)
                await self._write(changed, session)
                await also(session, changed)
            return changed

        with driver_errors(WITHIN_S):
            async with self._client.start_session() as session:
                return await session.with_transaction(change)

    async def raise_version(self, since: datetime, session: AsyncClientSession) -> int:
        """Count a change of who is who, or who belongs where, that concerns acts from `since` on."""
        counted = await self._identity.find_one_and_update(
            {"_id": VERSION}, {"$inc": {"n": 1}}, upsert=True, return_document=ReturnDocument.AFTER, session=session
        )
        assert counted is not None  # there is one after an upsert
        number: int = counted["n"]
        await self._identity.insert_one({"_id": number, "since": since}, session=session)
        return number

    async def version(self) -> int:
        """Return the identity version, 0 before the first edit. Raises: Unavailable."""
        with driver_errors():
            found = await self._identity.find_one({"_id": VERSION})
        return found["n"] if found is not None else 0

    async def changed_since(self, version: int) -> datetime | None:
        """Return from which time on acts are concerned by what came after a version. Raises: Unavailable."""
        with driver_errors():
            later = self._identity.find({"_id": {"$gt": version}}, {"since": 1})
            return min([each["since"] async for each in later], default=None)

    async def get(self, person: str) -> Document | None:
        """Return one person. Raises: Unavailable."""
        with driver_errors():
            return await self._people.find_one({"_id": person})

    async def page(self, query: Mapping[str, Any], *, after: str | None, limit: int) -> list[Document]:
        """Return up to `limit` people by id, those up to `after` left out.

        `query` may hold an `id`, or a `kind` and with it a `group` that a membership has. Raises: Unavailable.
        """
        clauses: list[Document] = [{} if after is None else {"_id": {"$gt": after}}]
        if "id" in query:
            clauses.append({"_id": query["id"]})
        if "kind" in query:
            clauses.append({"memberships": {"$elemMatch": {each: query[each] for each in query if each != "id"}}})
        with driver_errors():
            found = self._people.find({"$and": clauses}).sort("_id", ASCENDING).limit(limit)
            return [person async for person in found]

    async def everybody(self) -> list[Document]:
        """Return all people as far as analytics need them: without names and agents. Raises: Unavailable."""
        with driver_errors():
            return await self._people.find({}, {"name": 0, "agents": 0}).to_list()

    async def _write(self, changed: Mapping[str, Document | None], session: AsyncClientSession) -> None:
        """Take every identifier away before it is given anew: the index checks each write by itself."""
        before = {"_id": {"$in": list(changed)}}
        await self._people.update_many(before, {"$unset": {"identifiers": ""}}, session=session)
        await self._people.delete_many(
            {"_id": {"$in": [key for key, person in changed.items() if person is None]}}, session=session
        )
        kept = [ReplaceOne({"_id": key}, each, upsert=True) for key, each in changed.items() if each is not None]
        if kept:
            await self._people.bulk_write(kept, ordered=False, session=session)
