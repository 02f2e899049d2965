"""A store that is told statements in an order of the test's choice, and whose answers stand beside the reference's."""

import dataclasses
import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs.core.analytics import Analytics
from lrs.core.analytics.answer import MetricAnswer, Row
from lrs.core.analytics.guard import Reason, Shown
from lrs.core.people.directory import Directory
from lrs.kit import telling
from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.counts import Counted
from lrs.store.stores import Store, Stores
from tests import reference
from tests.reference.statements import Statement
from tests.releasing import release

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


class Telling(telling.Telling):
    """One store, told statements batch by batch and asked about the metrics of discussion."""

    async def tell(self, batches: Sequence[Sequence[Statement]]) -> None:
        """Store batch after batch, each read and applied before the next is stored. A batch may come again."""
        async with Derivation.of(self.store, self.client, load_plugins().values()) as derivation:
            for batch in batches:
                await derivation.take(await self.post(batch), MUCH_LATER)
                await derivation.apply()
        await self.release()

    async def read(self, batches: Sequence[Sequence[Statement]]) -> None:
        """Store batch after batch, each read before the next is stored; no plugin hears of it."""
        async with Derivation.of(self.store, self.client, ()) as derivation:
            for batch in batches:
                await derivation.take(await self.post(batch), MUCH_LATER)

    async def interactions(self) -> dict[str, dict[str, Any]]:
        """Return what the normaliser made of it all, but for what was voided and what tells when it arrived."""
        return {
            each["_id"]: {name: value for name, value in each.items() if name not in _KEPT_ON_ARRIVAL}
            async for each in self.store.interactions(0).everything()
            if not each["voided"]
        }

    async def counts(self) -> tuple[Counter[Counted], Counter[Counted]]:
        """Return the counts that are kept of the interactions, and what counting them now gives."""
        kept = Counter(dict(await self.store.counts(0).all()))
        now = Counter([_counted(each) async for each in self.store.interactions(0).everything()])
        now.update([Counted(verb=each["verb"]) async for each in self.store.database["unmapped_0"].find()])
        return kept, now

    async def introduce(self, people: Sequence[dict[str, Any]]) -> None:
        """Tell who is who and who belongs where, in the shape of `PUT /api/v1/people`."""
        await Directory(Stores(self.client)).put(self.store, "a test", {"people": list(people)})

    async def release(self, store: Store | None = None) -> None:
        """Release whatever is due: after people have changed, or in another time zone than before."""
        await release(store or self.store, self.client)

    async def answer(self, metric: str, *, guarded: bool = True, timezone: str = "UTC", **asked: Any) -> MetricAnswer:
        """Ask about a metric (without a plugin's name of discussion); unguarded, even one person's act is shown."""
        if "group_by" in asked:
            await self.release(dataclasses.replace(self.store, timezone=timezone))
        return await self.ask(metric, guarded=guarded, timezone=timezone, **asked)

    async def ask(self, metric: str, *, guarded: bool = True, timezone: str = "UTC", **asked: Any) -> MetricAnswer:
        """Ask without having anything released first."""
        store = dataclasses.replace(self.store, timezone=timezone)
        name = metric if "." in metric else f"discussion.{metric}"
        _, answer = await (_guarded() if guarded else _bare()).metric(store, name, list(asked.items()))
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


def _counted(interaction: dict[str, Any]) -> Counted:
    target = {"status": interaction["target_status"], "via": interaction["target_via"]}
    return Counted(kind=interaction["kind"], state=interaction["state"], source=interaction["source"], **target)


@functools.cache
def _guarded() -> Analytics:
    return Analytics(load_plugins(), min_group=5)


@functools.cache
def _bare() -> Analytics:
    bare = {
        name: dataclasses.replace(
            plugin,
            metrics=tuple(dataclasses.replace(each, min_values=0, min_denominator=0) for each in plugin.metrics),
        )
        for name, plugin in load_plugins().items()
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
        for name, shown in other.beside.items():
            beside = row.beside.get(name, Shown(None, Reason.NO_DATA))
            if beside.reason != shown.reason or not _close(beside.value, shown.value):
                yield (row.group, *bucket, name, beside), (other.group, name, shown)


def _close(value: float | None, other: float | None) -> bool:
    """Tell whether two values agree: times are kept to the millisecond."""
    if value is None or other is None:
        return value is other
    return abs(value - other) <= 1e-3 * max(1.0, abs(other))


def spread(moment: datetime, days: float) -> str:
    """Return the moment so many days later, as a parameter of a request."""
    return (moment + timedelta(days=days)).isoformat()
