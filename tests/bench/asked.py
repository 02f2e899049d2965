"""How long analysts wait: every metric over all weeks, asked again and again, and right after somebody was edited."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson

from lrs.xapi import Json
from tests.bench.figures import Times
from tests.bench.organisations import SINCE, UNTIL, Plan
from tests.connection import Connection

AGAIN = 5  # times that a question is asked once more
TOGETHER = 1000  # people in one request
PATIENCE_S = 600.0

_WINDOW = {"since": SINCE.isoformat(), "until": UNTIL.isoformat()}
_QUESTIONS: dict[str, Json] = {"whole store": {}, "departments": {"group_by": "department"}}


async def measure(port: int, organisations: Sequence[Plan]) -> dict[str, Any]:
    """Tell who the people of the organisations are, and return how long answers take, in s.

    `warm` is the median of each question asked again, `computed` that of windows that were not asked before, both by
    what is asked and metric; `edited` how long an answer takes right after an edit, and how long until groups are
    answered by it.
    """
    people = [person for plan in organisations for person in plan.roster()]
    connection = Connection(port)
    try:
        for begin in range(0, len(people), TOGETHER):
            await _put(connection, people[begin : begin + TOGETHER])
        names = [each["id"] for each in (await _get(connection, "/api/v1/metrics"))["metrics"]]
        released_s = await _released(connection, names)
        figures: Json = {"people": len(people), "released_s": released_s, "warm": {}, "computed": {}}
        for asked, question in _QUESTIONS.items():
            computed = {name: await _computed(connection, name, question) for name in names}
            warm = {name: await _warm(connection, name, question) for name in names}
            figures["computed"][asked], figures["warm"][asked] = computed, warm
        return figures | await _edited(connection, people[0])
    finally:
        connection.close()


async def _edited(connection: Connection, person: Json) -> dict[str, Any]:
    """Give somebody another department, and ask at once."""
    began = time.monotonic()
    await _put(connection, [{**person, "groups": [{"kind": "department", "group": "A new one"}]}])
    begin = time.monotonic()
    answer = await _metric(connection, "discussion.participants", {})
    answered_s = time.monotonic() - begin
    assert not answer["stale"]
    await _released(connection, ["discussion.participants"])
    return {"edited": {"answered_s": answered_s, "groups_s": time.monotonic() - began}}


async def _released(connection: Connection, names: Sequence[str]) -> float:
    """Wait until the groups of all plugins are answered by what is known, and return for how long."""
    begin = time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        for name in {each.partition(".")[0]: each for each in names}.values():
            while True:
                if not (await _metric(connection, name, {"group_by": "department"}))["stale"]:
                    break
                await asyncio.sleep(0.05)
    return time.monotonic() - begin


async def _warm(connection: Connection, name: str, question: Json) -> float:
    await _metric(connection, name, question)
    return Times.of([await _timed(connection, name, question) for _ in range(AGAIN)]).median


async def _computed(connection: Connection, name: str, question: Json) -> float:
    """Return how long an answer takes that was not given before, of acts that are kept in memory."""
    untils = [(UNTIL - timedelta(milliseconds=number)).isoformat() for number in range(1, AGAIN + 1)]
    await _metric(connection, name, question)
    return Times.of([await _timed(connection, name, {**question, "until": until}) for until in untils]).median


async def _timed(connection: Connection, name: str, question: Json) -> float:
    begin = time.monotonic()
    await _metric(connection, name, question)
    return time.monotonic() - begin


async def _metric(connection: Connection, name: str, question: Json) -> Json:
    return await _get(connection, f"/api/v1/metrics/{name}?{urlencode({**_WINDOW, **question})}")


async def _get(connection: Connection, path: str) -> Json:
    answer = await connection.request("GET", path)
    assert answer.status == 200, (path, answer.content[:300])
    told: Json = orjson.loads(answer.content)
    return told


async def _put(connection: Connection, people: Sequence[Json]) -> None:
    answer = await connection.request("PUT", "/api/v1/people", orjson.dumps({"people": people}))
    assert answer.status in (200, 204), answer.content[:300]
