"""The directory of people of a store, as administrators keep it. Every edit is one transaction, and audited in it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from lrs.core import asked
from lrs.core.people import edits, table
from lrs.core.people.models import Merge, NewPeople, PeopleQuery, Split, checked_agent
from lrs.errors import BadRequest, Conflict, NotFound
from lrs.store.interactions import Session
from lrs.store.people import Wanted
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from lrs.xapi.actors import actor_key

Document: TypeAlias = dict[str, Any]

MERGED, SPLIT, PUT, REMOVED = "people.merge", "people.split", "people.put", "people.delete"


@dataclass(frozen=True, slots=True)
class Directory:
    """The people of all stores; each method is given the store, and `who` asks for the audit."""

    stores: Stores

    async def put(self, store: Store, who: str, body: object) -> Json:
        """Add or replace people from parsed JSON as `NewPeople` describes it, all or none, and count what changed.

        Shape: {"people": n in the request, "changed": n}. Raises: BadRequest and Conflict naming the place.
        """
        people, given = await asyncio.to_thread(_documents, body, store.timezone)
        wanted = Wanted([each["_id"] for each in people], _keys(people))
        changed = await self._edit(store, who, PUT, wanted, lambda found: edits.put(people, given, found))
        return {"people": len(people), "changed": len(changed)}

    async def put_table(self, store: Store, who: str, body: bytes) -> Json:
        """Do the same from CSV (see `table`). Raises: BadRequest and Conflict naming line and column."""
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            where, why = f"body, byte {error.start + 1}", f"not UTF-8: {error.reason}"
            raise BadRequest("the table can't be read", where=where, why=why, accepted="CSV in UTF-8") from error
        read = await asyncio.to_thread(table.read, text)
        try:
            return await self.put(store, who, {"people": read.people})
        except BadRequest as error:
            raise BadRequest(
                error.what, where=read.place(error.where), why=error.why, accepted=error.accepted
            ) from error
        except Conflict as error:
            raise Conflict(error.what, where=read.place(error.where), why=error.why, accepted=error.accepted) from error

    async def find(self, store: Store, query: PeopleQuery) -> tuple[list[Json], str | None]:
        """Return a page of people by id, and the last id when there are more. Raises: BadRequest, Unavailable."""
        if query.group is not None and query.kind is None:
            why = "a group of which kind?"
            raise BadRequest(
                "a group is named without its kind", where="group", why=why, accepted="kind=team beside it"
            )
        filters = query.model_dump(include={"id", "kind", "group"}, exclude_none=True)
        found = await store.people.page(filters, after=query.after, limit=query.limit + 1)
        page = found[: query.limit]
        return [edits.shown(each) for each in page], page[-1]["_id"] if len(found) > len(page) else None

    async def get(self, store: Store, person: str) -> Json:
        """Return one person. Raises: NotFound, Unavailable."""
        found = await store.people.get(person)
        if found is None:
            raise _unknown(person)
        return edits.shown(found)

    async def remove(self, store: Store, who: str, person: str) -> None:
        """Delete a person; each identifier is somebody of its own again. Raises: NotFound, Unavailable."""

        def decide(found: Mapping[str, Document]) -> Mapping[str, Document | None]:
            if person not in found:
                raise _unknown(person)
            return {person: None}

        await self._edit(store, who, REMOVED, Wanted([person]), decide)

    async def merge(self, store: Store, who: str, body: object) -> Json:
        """Make several people one, as `Merge` describes it, and return that one.

        Raises: BadRequest, NotFound, Conflict for one who would be too much.
        """
        chosen = asked.read(Merge, body)
        wanted = Wanted([chosen.into, *chosen.people], partners=chosen.people)
        await self._edit(store, who, MERGED, wanted, lambda found: edits.merge(chosen, found))
        return await self.get(store, chosen.into)

    async def split(self, store: Store, who: str, body: object) -> Json:
        """Give identifiers to another, as `Split` describes it, and return both.

        Raises: BadRequest, NotFound, Conflict for one who would be too much.
        """
        chosen = asked.read(Split, body)
        for n, each in enumerate(chosen.identifiers):
            checked_agent(each, f"identifiers[{n}]")
        wanted = Wanted([chosen.person, chosen.into])
        await self._edit(store, who, SPLIT, wanted, lambda found: edits.split(chosen, found))
        return {"people": [await self.get(store, each) for each in (chosen.person, chosen.into)]}

    async def _edit(
        self,
        store: Store,
        who: str,
        what: str,
        wanted: Wanted,
        decide: Callable[[Mapping[str, Document]], Mapping[str, Document | None]],
    ) -> Mapping[str, Document | None]:
        async def audit(session: Session, changed: Mapping[str, Document | None]) -> None:
            of = ", ".join(list(changed)[:100])  # ids only, and as many as can be read
            gone = sum(person is None for person in changed.values())
            after = {"people": len(changed) - gone, "removed": gone}
            await self.stores.audit.record(who, store.name, what, of, before={}, after=after, session=session)

        return await store.people.edit(wanted, decide, audit)


def _documents(body: object, timezone: str) -> tuple[list[Document], list[list[Json]]]:
    """Return the documents of people, and their identifiers as they are given."""
    zone = ZoneInfo(timezone)
    people = asked.read(NewPeople, body).people
    documents = [edits.document(each, f"people[{n}]", zone) for n, each in enumerate(people)]
    return documents, [each.identifiers for each in people]


def _keys(people: Sequence[Document]) -> list[str]:
    return [str(actor_key(agent)) for person in people for agent in person["agents"]]


def _unknown(person: str) -> NotFound:
    return NotFound("there is no such person", where="id", why=repr(person[:60]))
