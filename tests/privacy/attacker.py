"""Somebody with `analytics/read`, unlimited queries and no roster: asks everything there is, and keeps the answers."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self, TypeAlias

from lrs.core.analytics.releaser import Releaser
from lrs.core.analytics.tables import ViewTables
from lrs.core.people.identities import Identities
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Store, Stores
from tests.privacy.organisation import WEEKS
from tests.reference.samples import MONDAY
from tests.reference.statements import Statement
from tests.telling import Telling, spread

K = 5
WHOLE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7 * WEEKS)}
ODD = {"since": spread(MONDAY, 3.3), "until": spread(MONDAY, 7 * WEEKS - 8.0001)}
WINDOWS: Sequence[Mapping[str, str]] = (
    {**WHOLE, "bucket": "week"},
    {**WHOLE, "bucket": "month"},
    WHOLE,
    ODD,
    *({"since": spread(MONDAY, 7 * week), "until": spread(MONDAY, 7 * WEEKS)} for week in range(1, WEEKS)),
)

METRICS = [f"{plugin.name}.{metric.id}" for plugin in load_plugins().values() for metric in plugin.metrics]

Place: TypeAlias = tuple[str | None, str | None]
"""The group and the beginning of the bucket of a row."""


@dataclass(frozen=True)
class Question:
    """A metric, a partition (None: the whole store), and what else is asked."""

    metric: str
    partition: str | None
    asked: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answer:
    """The rows of an answer by their places, and what else it tells."""

    rows: Mapping[Place, Mapping[str, Any]]
    window: tuple[str, str]
    coverage: Any
    stale: bool

    def weeks(self, place: Place, cells: Iterable[Place]) -> list[str]:
        """Return the weeks that a row is over, of those of some cells, by when they begin."""
        bucket = self.rows[place]["bucket"]
        begin, end = (bucket["start"], bucket["end"]) if bucket else self.window
        return sorted({week for _, week in cells if week is not None and begin <= week < end})


class Guarded(Telling):
    """A store whose weeks are released as in earnest: what was released changes only where k people differ."""

    @classmethod
    @asynccontextmanager
    async def told(
        cls, stores: Stores, people: Sequence[dict[str, Any]], statements: Sequence[Statement]
    ) -> AsyncIterator[Self]:
        """A new store that knows people and was told statements; what is closed of it is released."""
        async with cls.to_a_new_store(stores) as made:
            await made.introduce(people)
            await made.tell([statements])
            yield made

    async def release(self, store: Store | None = None) -> None:
        async with self.client.start_session() as session:
            for plugin in load_plugins().values():
                working = Releaser(
                    plugin,
                    store or self.store,
                    "a test",
                    session,
                    Identities(),
                    ViewTables(),
                    timedelta(0),
                    min_group=K,
                )
                await working.start()
                while await working.step():
                    pass

    async def also(self, *statements: Statement) -> None:
        """Store statements, derive from them, and release what may be."""
        await self.tell([statements])

    async def asked(self, metric: str, partition: str | None, asked: Mapping[str, str]) -> Answer:
        """Ask one question, whatever is released by now."""
        more: dict[str, Any] = {**asked, **({} if partition is None else {"group_by": partition})}
        answer = (await self.ask(metric, **more)).as_dict()
        return Answer(
            rows={(each["group"], each["bucket"] and each["bucket"]["start"]): each for each in answer["rows"]},
            window=(answer["window"]["since"], answer["window"]["until"]),
            coverage=answer["coverage"],
            stale=answer["stale"],
        )

    async def everything(
        self, partitions: Sequence[str | None], windows: Sequence[Mapping[str, Any]] = WINDOWS
    ) -> dict[Question, Answer]:
        """Ask every metric of every plugin, of these partitions and over these windows."""
        return await self.all_of(METRICS, partitions, windows)

    async def all_of(
        self, metrics: Sequence[str], partitions: Sequence[str | None], windows: Sequence[Mapping[str, Any]]
    ) -> dict[Question, Answer]:
        """Ask some metrics, all questions about one at once: what one waits for in the database, others compute."""
        found: dict[Question, Answer] = {}
        for metric in metrics:
            asked = [(partition, window) for partition in partitions for window in windows]
            answers = await asyncio.gather(*(self.asked(metric, *each) for each in asked))
            questions = [Question(metric, partition, tuple(window.items())) for partition, window in asked]
            found.update(zip(questions, answers, strict=True))
        return found
