"""What the system says of itself: its statements, its metrics, and how far it has derived."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import orjson

from lrs.core.runner import reader_name
from lrs.store.connection import connect
from lrs.store.mongod import running_url
from lrs.store.stores import DEFAULT, Stores
from lrs.xapi import Json
from tests.faults.system import System
from tests.reference import Row

POLL_S = 0.03
METRICS = (
    "threads",
    "posts",
    "replies",
    "participants",
    "median_response_time",
    "unanswered_rate",
    "reply_reciprocity",
)


@dataclass(frozen=True)
class Answers:
    """Questions to a running system over HTTP. `since` and `until` are the window of all metrics."""

    system: System
    http: httpx.AsyncClient
    since: datetime
    until: datetime

    async def metric(self, name: str, **parameters: str) -> dict[str, Any]:
        """The answer of a metric of discussion over the window."""
        window = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        url = f"{self.system.url}/api/v1/metrics/discussion.{name}"
        answer = await self.http.get(url, params=window | parameters)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    async def rows(self, name: str, bucket: str | None = None) -> list[Row]:
        """The rows of a metric, in the shape of the reference."""
        told = await self.metric(name, **({} if bucket is None else {"bucket": bucket}))
        return [_row(row) for row in told["rows"]]

    async def derived(self, moment: datetime) -> None:
        """Wait until everything that was stored by `moment` is in the metrics, through failing answers."""
        while True:
            try:
                until = (await self.metric("posts"))["data_until"]
            except httpx.HTTPError:
                until = None
            if until is not None and datetime.fromisoformat(until) >= moment:
                return
            await asyncio.sleep(POLL_S)

    async def statements(self) -> list[Json]:
        """All statements that are not voided, page by page."""
        found: list[Json] = []
        path = "/xapi/statements?limit=500"
        while path:
            answer = await self.http.get(f"{self.system.url}{path}")
            answer.raise_for_status()
            page = orjson.loads(answer.content)
            found += page["statements"]
            path = page["more"]
        return found

    async def voided(self, key: str) -> Json:
        """A voided statement."""
        answer = await self.http.get(f"{self.system.url}/xapi/statements", params={"voidedStatementId": key})
        answer.raise_for_status()
        told: Json = answer.json()
        return told

    async def require_once(self, acknowledged: Iterable[str], posted: Mapping[str, Json]) -> None:
        """Check that each acknowledged statement is there once, unchanged, and nothing that was never posted."""
        found = await self.statements()
        times = Counter(statement["id"] for statement in found)
        assert not [key for key, count in times.items() if count > 1]
        voided = [await self.voided(key) for key in set(acknowledged) - set(times)]
        for statement in [*found, *voided]:
            sent = posted[statement["id"]]
            for part in ("actor", "verb", "object"):
                assert orjson.dumps(_as_kept(sent, part)) == orjson.dumps(_as_kept(statement, part))

    async def rebuilt(self, before: int) -> int:
        """Wait until the view of discussion has another generation than `before`; return it."""
        while (generation := await self.generation()) == before:  # noqa: ASYNC110 - another process's write
            await asyncio.sleep(POLL_S)
        return generation

    async def generation(self) -> int:
        """Which view of discussion is served."""
        url = running_url(self.system.data_dir)
        assert url is not None
        async with connect(url) as client:
            store = await Stores(client).open(DEFAULT)
            return (await store.positions.get(reader_name("discussion"))).generation


def _as_kept(statement: Json, part: str) -> Json:
    """A part of a statement; of the text of a private message only what it is about, for the rest is never stored."""
    told: Json = statement[part]
    is_message = statement["verb"]["id"].endswith("/send")
    return {"id": told["id"]} if part == "object" and is_message else told


def _row(told: Mapping[str, Any]) -> Row:
    bucket = told["bucket"] or {"start": None, "end": None}
    start, end = (None if each is None else datetime.fromisoformat(each) for each in (bucket["start"], bucket["end"]))
    counts = (told["value"], told["n_people"], told["n_acts"])
    return Row(told["group"], start, end, *counts, told["suppressed"], told["reason"])
