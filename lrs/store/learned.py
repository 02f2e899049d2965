"""Groups whose members are learned from interactions, and the interactions they are learned from."""

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Any, TypeAlias

from pymongo import ASCENDING, DESCENDING, DeleteOne, ReplaceOne
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.driver_errors import driver_errors
from lrs.store.shorthand import SHORT, queried, whole

Document: TypeAlias = dict[str, Any]

_OBJECT, _COURSE, _TEAM = SHORT["object_id"], SHORT["course_id"], f"{SHORT['teams']}.group"
_JOINS = queried(kind={"$in": ["join", "leave"]})
_INSTRUCTORS = queried(actor_role="instructor")
_TEAMS: Document = {_TEAM: {"$exists": True}}


class Learned:
    """The collection `learned` of one store: {_id, kind, group, role, events: [[agent, t, statement, joins]]}."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._database = database
        self._groups = database["learned"]

    async def create_indexes(self, generation: int) -> None:
        """Make the indexes on the interactions of a generation by which the members of a group are found."""
        interactions = self._database[f"interactions_{generation}"]
        for names, which in (
            ([_OBJECT, SHORT["kind"]], _JOINS),
            ([_TEAM], _TEAMS),
            ([_COURSE, SHORT["actor_role"]], _INSTRUCTORS),
        ):
            await interactions.create_index([(name, ASCENDING) for name in names], partialFilterExpression=which)

    async def everything(self) -> list[Document]:
        """Return all groups. Raises: Unavailable."""
        with driver_errors():
            return await self._groups.find({}).to_list()

    async def groups(self, keys: Collection[str]) -> dict[str, Document]:
        """Return the groups with these ids."""
        found = self._groups.find({"_id": {"$in": list(keys)}})
        return {group["_id"]: group async for group in found}

    async def save(self, groups: Sequence[Document], session: AsyncClientSession) -> None:
        """Put each group in the place of the one with its id; one without events goes."""
        writes = [
            ReplaceOne({"_id": group["_id"]}, group, upsert=True)
            if group["events"]
            else DeleteOne({"_id": group["_id"]})
            for group in groups
        ]
        if writes:
            await self._groups.bulk_write(writes, ordered=False, session=session)

    async def telling(self, generation: int, ids: Collection[str]) -> list[Document]:
        """Return those of the interactions that say anything of memberships."""
        query = {"_id": {"$in": list(ids)}, "$or": [_JOINS, _TEAMS, _INSTRUCTORS]}
        return await self._interactions(generation, query)

    async def of_groups(self, generation: int, kind: str, groups: Collection[str]) -> AsyncGenerator[Document, None]:
        """Yield the interactions that may say anything of the members of some groups of a kind, who left them first."""
        named = {"$in": list(groups)}
        queries = [{_COURSE: named, **_INSTRUCTORS}] if kind == "course" else [{_OBJECT: named, **_JOINS}]
        if kind == "team":
            queries.append({_TEAM: named})
        for query in queries:
            found = self._database[f"interactions_{generation}"].find(query)
            async for each in found.sort(SHORT["kind"], DESCENDING) if _OBJECT in query else found:
                yield whole(each)

    async def named(self, generation: int) -> set[tuple[str, str]]:
        """Return kind and name of all groups that interactions may say anything of, and of those that are kept."""
        interactions = self._database[f"interactions_{generation}"]
        joined = await interactions.distinct(_OBJECT, _JOINS)
        teams = await interactions.distinct(_TEAM, _TEAMS)
        courses = await interactions.distinct(_COURSE, _INSTRUCTORS)
        kept = {(group["kind"], group["group"]) async for group in self._groups.find({}, {"kind": 1, "group": 1})}
        told = {("team", each) for each in [*joined, *teams]} | {("community", each) for each in joined}
        return kept | {(kind, name) for kind, name in told | {("course", each) for each in courses} if name is not None}

    async def _interactions(self, generation: int, query: Document) -> list[Document]:
        found = await self._database[f"interactions_{generation}"].find(query).to_list()
        return [whole(each) for each in found]
