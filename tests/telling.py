"""A store that is told statements in an order of the test's choice, and whose answers stand beside the reference's."""

import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

import orjson

from lrs.core import statements
from lrs.core.analytics import Analytics
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.attachments import Sent
from lrs.core.credentials import Access, Doorkeeper
from lrs.core.people.directory import Directory
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.databases import PREFIX
from lrs.store.stores import Store, Stores
from lrs.xapi.versions import Version
from tests import reference
from tests.living import SCOPES, Derivation
from tests.reference.statements import Statement

METRICS = (
    "threads",
    "posts",
    "replies",
    "participants",
    "median_response_time",
    "unanswered_rate",
    "reply_reciprocity",
)
MUCH_LATER = datetime(2027, 6, 1, tzinfo=UTC)  # by then every week of the tests' statements is closed

_KEPT_ON_ARRIVAL = {"t_stored"}


@dataclasses.dataclass(frozen=True)
class Telling:
    """One store, told statements batch by batch."""

    access: Access
    client: Client

    @classmethod
    @asynccontextmanager
    async def to_a_new_store(cls, stores: Stores) -> AsyncIterator[Self]:
        name, key = f"t{uuid4().hex}", f"key-{uuid4()}"
        await stores.create(name, timezone="UTC")
        await stores.credentials.put(key, "secret", name="a test", store=name, scopes=SCOPES)
        yield cls(await Doorkeeper(stores, "http://lrs.example.org").admit(key, "secret"), stores.client)
        await stores.control["stores"].delete_one({"_id": name})
        await stores.client.drop_database(PREFIX + name)

    @property
    def store(self) -> Store:
        return self.access.store

    async def forget(self) -> None:
        """Empty the store; its indexes stay."""
        database = self.store.database
        for name in await database.list_collection_names():
            await database[name].delete_many({})

    async def post(self, batch: Sequence[Statement]) -> list[str]:
        """Store statements as a client does."""
        return await statements.post(self.access, Sent(orjson.dumps(list(batch))), Version.V1)

    async def tell(self, batches: Sequence[Sequence[Statement]]) -> None:
        """Store batch after batch, each read and applied before the next is stored. A batch may come again."""
        async with Derivation.of(self.store, self.client) as derivation:
            for batch in batches:
                await derivation.take(await self.post(batch), MUCH_LATER)
                await derivation.apply()

    async def interactions(self) -> dict[str, dict[str, Any]]:
        """Return what the normaliser made of it all, but for what was voided and what tells when it arrived."""
        found = self.store.database["interactions_0"].find({"state": {"$ne": "voided"}})
        return {
            each["_id"]: {name: value for name, value in each.items() if name not in _KEPT_ON_ARRIVAL}
            async for each in found
        }

    async def view(self) -> dict[str, dict[str, Any]]:
        """Return the acts of the view of discussion that is served."""
        position = await self.store.positions.get("plugin:discussion")
        found = self.store.database[f"view_discussion_{position.generation}"].find()
        return {each["_id"]: each async for each in found}

    async def introduce(self, people: Sequence[dict[str, Any]]) -> None:
        """Tell who is who and who belongs where, in the shape of `PUT /api/v1/people`."""
        await Directory(Stores(self.client)).put(self.store, "a test", {"people": list(people)})

    async def release(self, store: Store | None = None) -> None:
        """Release whatever is due: after people have changed, or in another time zone than before."""
        async with Derivation.of(store or self.store, self.client) as derivation:
            await derivation.apply()

    async def answer(self, metric: str, *, guarded: bool = True, timezone: str = "UTC", **asked: Any) -> MetricAnswer:
        """Ask about a metric of discussion; unguarded, even one person's act and one value are shown."""
        if "group_by" in asked:
            await self.release(dataclasses.replace(self.store, timezone=timezone))
        return await self.ask(metric, guarded=guarded, timezone=timezone, **asked)

    async def ask(self, metric: str, *, guarded: bool = True, timezone: str = "UTC", **asked: Any) -> MetricAnswer:
        """Ask without having anything released first."""
        store = dataclasses.replace(self.store, timezone=timezone)
        _, answer = await _analytics(guarded).metric(store, f"discussion.{metric}", list(asked.items()))
        return answer

    async def differences(
        self, expected: Any, metric: str, *, since: str, until: str, guarded: bool = True, **asked: Any
    ) -> list[tuple[Any, Any]]:
        """Return the rows (product's, reference's) that differ; `expected` is what `reference.read` returned."""
        answer = await self.answer(metric, guarded=guarded, since=since, until=until, **asked)
        wanted = reference.evaluate(
            expected,
            metric=metric,
            since=datetime.fromisoformat(since),
            until=datetime.fromisoformat(until),
            now=MUCH_LATER,
            guarded=guarded,
            **asked,
        )
        return list(_differing(answer.rows, wanted))


def _analytics(guarded: bool) -> Analytics:
    plugins = load_plugins()
    if guarded:
        return Analytics(plugins, min_group=5)
    bare = {
        name: dataclasses.replace(
            plugin,
            metrics=tuple(dataclasses.replace(each, min_values=0, min_denominator=0) for each in plugin.metrics),
        )
        for name, plugin in plugins.items()
    }
    return Analytics(bare, min_group=1)


def _differing(given: Sequence[Row], wanted: Sequence[reference.Row]) -> Iterator[tuple[Any, Any]]:
    if len(given) != len(wanted):
        yield f"{len(given)} rows", f"{len(wanted)} rows"
        return
    for row, other in zip(given, wanted, strict=True):
        bucket = (row.bucket.start, row.bucket.end) if row.bucket is not None else (None, None)
        mine = (row.group, *bucket, row.n_people, row.n_acts, row.suppressed, row.reason)
        theirs = (other.group, other.start, other.end, other.n_people, other.n_acts, other.suppressed, other.reason)
        if mine != theirs or not _close(row.value, other.value):
            yield (*mine, row.value), (*theirs, other.value)


def _close(value: float | None, other: float | None) -> bool:
    """Tell whether two values agree: times are kept to the millisecond."""
    if value is None or other is None:
        return value is other
    return abs(value - other) <= 1e-3 * max(1.0, abs(other))


def spread(moment: datetime, days: float) -> str:
    """Return the moment so many days later, as a parameter of a request."""
    return (moment + timedelta(days=days)).isoformat()
