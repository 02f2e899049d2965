"""Clients that read at a steady pace, and how long their answers take."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.bench.organisations import SINCE, UNTIL
from tests.connection import Connection

STATEMENTS_EVERY_S, METRIC_EVERY_S = 0.1, 0.5

_LAST_WEEKS = {"since": "2026-04-27T00:00:00+00:00", "until": UNTIL.isoformat(), "bucket": "week"}
_VERBS = (
    "http://id.tincanapi.com/verb/replied",
    "http://activitystrea.ms/like",
    "http://adlnet.gov/expapi/verbs/passed",
)
_STATEMENTS = tuple(
    f"/xapi/statements?limit=100&{filters}"
    for filters in (
        "ascending=true",
        *(f"verb={quote(verb, safe='')}" for verb in _VERBS),
        f"since={quote(SINCE.isoformat(), safe='')}",
    )
)
_METRICS = tuple(
    f"/api/v1/metrics/discussion.{name}?{urlencode(_LAST_WEEKS)}" for name in ("posts", "median_response_time")
)


@dataclass
class Latencies:
    """Seconds of each answer."""

    statements_s: list[float] = field(default_factory=list)
    metrics_s: list[float] = field(default_factory=list)


@asynccontextmanager
async def reading(port: int) -> AsyncIterator[Latencies]:
    """Read pages of statements and metrics inside the block."""
    taken = Latencies()
    clients = [
        asyncio.create_task(_read(port, _STATEMENTS, STATEMENTS_EVERY_S, taken.statements_s)),
        asyncio.create_task(_read(port, _METRICS, METRIC_EVERY_S, taken.metrics_s)),
    ]
    try:
        yield taken
    finally:
        for client in clients:
            client.cancel()
        ended = await asyncio.gather(*clients, return_exceptions=True)
    for each in ended:
        if isinstance(each, Exception):
            raise each


async def _read(port: int, paths: tuple[str, ...], every_s: float, taken: list[float]) -> None:
    """Ask for the paths in turn, one each so many seconds, or as soon as the last is answered."""
    connection, number = Connection(port), 0
    try:
        while True:
            begin = time.monotonic()
            answer = await connection.request("GET", paths[number % len(paths)])
            assert answer.status == 200, (paths[number % len(paths)], answer.content[:300])
            taken.append(time.monotonic() - begin)
            number += 1
            await asyncio.sleep(begin + every_s - time.monotonic())
    finally:
        connection.close()
