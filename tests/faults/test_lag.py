"""Metrics of the whole store follow what is stored, under load."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import httpx
import orjson
import pytest

from lrs.cli.sample import generate
from lrs.xapi import Json
from tests.faults import system as systems
from tests.faults.answers import Answers
from tests.reference import evaluate

SINCE, UNTIL = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 5, 25, tzinfo=UTC)
LIST = 25  # statements in a request
RATE = 20  # requests a second
SECONDS = 20
MARKED = 10  # the lag is measured after every so many requests: each half second
POLL_S = 0.1
MOST_LAG_S = 2.0


@dataclass
class Load:
    """Requests sent by the clock, whether or not those before were answered, and when each was answered."""

    url: str
    http: httpx.AsyncClient
    statements: Sequence[Json]
    answered: dict[int, float] = field(default_factory=dict)

    async def run(self) -> None:
        begin = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(len(self.statements) // LIST):
                await asyncio.sleep(begin + number / RATE - time.monotonic())
                tasks.create_task(self._post(number))

    def acknowledged(self, requests: int) -> float | None:
        """When all of the first so many requests were answered, on the monotonic clock; None if they aren't yet."""
        times = [self.answered.get(number) for number in range(requests)]
        known = [each for each in times if each is not None]
        return max(known) if len(known) == requests else None

    async def _post(self, number: int) -> None:
        content = orjson.dumps(self.statements[number * LIST : (number + 1) * LIST])
        answer = await self.http.post(f"{self.url}/xapi/statements", content=content)
        assert answer.status_code == httpx.codes.OK, answer.text
        self.answered[number] = time.monotonic()


def posts_after(statements: Sequence[Json]) -> dict[int, float]:
    """The least `posts` that an answer has that knows the first n requests, for every MARKED-th n.

    What comes later may take posts away (a void, an earlier twin), so it is the least of all numbers from there on.
    """
    marks = range(MARKED, len(statements) // LIST + 1, MARKED)
    told = [
        evaluate(statements[: mark * LIST], metric="posts", since=SINCE, until=UNTIL, now=UNTIL, guarded=False)[0]
        for mark in marks
    ]
    least = accumulate(reversed([row.value or 0 for row in told]), min)
    return dict(zip(reversed(marks), least, strict=True))


async def lags(load: Load, answers: Answers, expected: dict[int, float]) -> list[float]:
    """For each mark the time from its acknowledgement to the first answer that counts all posts up to it, in s."""
    found: dict[int, float] = {}
    while len(found) < len(expected):
        (row,) = await answers.rows("posts")
        present = time.monotonic()
        for mark in set(expected) - set(found):
            acknowledged = load.acknowledged(mark)
            if acknowledged is not None and (row.value or 0) >= expected[mark]:
                found[mark] = max(present - acknowledged, 0.0)
        await asyncio.sleep(POLL_S)
    return [found[mark] for mark in sorted(found)]


@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_metrics_of_the_whole_store_follow_within_two_seconds(tmp_path: Path) -> None:
    count = LIST * RATE * SECONDS
    statements = generate(people=200, statements=count, seed=11, start=SINCE, end=UNTIL).statements
    expected = posts_after(statements)
    async with systems.running(tmp_path) as system, systems.connect(system) as http:
        answers = Answers(system, http, SINCE, UNTIL)
        load = Load(system.url, http, statements)
        begin = time.monotonic()
        async with asyncio.TaskGroup() as tasks, asyncio.timeout(SECONDS * 3):
            tasks.create_task(load.run())
            measured = await lags(load, answers, expected)
    rate = count / (max(load.answered.values()) - begin)
    told = sorted(measured)
    print(f"\nlag: median {told[len(told) // 2]:.2f} s, longest {told[-1]:.2f} s, at {rate:.0f} statements a second")
    crowding = systems.crowding()
    assert rate > 0.9 * LIST * RATE / crowding, f"{rate:.0f} statements a second were acknowledged"
    assert told[len(told) // 2] < MOST_LAG_S, [f"{each:.2f}" for each in measured]
    assert told[-1] < MOST_LAG_S * crowding, [f"{each:.2f}" for each in measured]
