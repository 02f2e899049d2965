"""The database goes away and comes back: a clear 503 soon, nothing half-stored, and then everything as before."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from lrs.settings import Settings
from lrs.store.mongod import EmbeddedMongod
from lrs.xapi import Json
from tests.api.conftest import application
from tests.api.samples import identified, refused, statement

BOUND_S = 15  # the store waits 8 s; the rest is for a busy machine
HEADERS = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}


@dataclass(frozen=True)
class Alone:
    """An application on a mongod of its own."""

    mongod: EmbeddedMongod
    http: httpx.AsyncClient

    def signal(self, number: signal.Signals) -> None:
        assert self.mongod.pid is not None
        os.kill(self.mongod.pid, number)
        while number is signal.SIGSTOP and not _is_stopped(self.mongod.pid):
            time.sleep(0.001)

    async def post(self, body: Json | list[Json]) -> httpx.Response:
        return await self.http.post("/xapi/statements", json=body, headers=HEADERS)

    async def get(self, **parameters: str) -> httpx.Response:
        return await self.http.get("/xapi/statements", params=parameters, headers=HEADERS)


def _is_stopped(pid: int) -> bool:
    """Tell whether all threads are: on a busy machine one may still have answered."""
    states = [each.read_text().rpartition(")")[2].split()[0] for each in Path(f"/proc/{pid}/task").glob("*/stat")]
    return set(states) == {"T"}


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Alone]:
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path / "data", mongodb_url=None))
    url = await mongod.start()
    try:
        async with application(url) as http:
            yield Alone(mongod, http)
    finally:
        await mongod.stop()


def refused_for_now(answer: httpx.Response) -> None:
    assert refused(answer, 503)["what"].startswith("the database")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.slow
async def test_a_killed_database_is_answered_with_503_until_it_is_back(alone: Alone) -> None:
    kept, single, pair = identified(), identified(), [identified(), identified()]
    assert (await alone.post(kept)).status_code == 200
    assert (await alone.post([identified(), identified()])).status_code == 200
    alone.signal(signal.SIGKILL)
    await alone.mongod.wait()

    began = time.monotonic()
    answers = await asyncio.gather(
        alone.post(single),
        alone.post(pair),
        alone.get(limit="1"),
        alone.get(statementId=kept["id"]),
        alone.http.get("/readyz"),
        alone.http.get("/xapi/statements", headers=HEADERS, auth=("unknown", "secret")),
        *(alone.post(statement()) for _ in range(50)),
    )

    assert time.monotonic() - began < BOUND_S
    for answer in answers:
        refused_for_now(answer)
    assert (await alone.http.get("/healthz")).status_code == 200

    await alone.mongod.start()
    assert (await alone.get(statementId=kept["id"])).status_code == 200
    everything = (await alone.get()).json()["statements"]
    assert len(everything) == 3
    assert (await alone.post(single)).status_code == 200
    assert (await alone.post(pair)).status_code == 200
    assert len((await alone.get()).json()["statements"]) == 6


@pytest.mark.slow
async def test_a_database_that_hangs_is_answered_with_503_and_holds_nothing_twice(alone: Alone) -> None:
    single, pair = identified(), [identified(), identified()]
    assert (await alone.post([identified(), identified()])).status_code == 200
    alone.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        answers = await asyncio.gather(alone.post(single), alone.post(pair), alone.get(statementId=single["id"]))
        assert time.monotonic() - began < BOUND_S
    finally:
        alone.signal(signal.SIGCONT)

    for answer in answers:
        refused_for_now(answer)
    assert (await alone.post(single)).status_code == 200
    assert (await alone.post(pair)).status_code == 200
    assert len((await alone.get()).json()["statements"]) == 5


@pytest.mark.slow
async def test_a_kill_in_the_middle_of_writing_loses_nothing_that_was_answered_and_halves_no_list(alone: Alone) -> None:
    accepted: set[str] = set()
    lists: list[list[str]] = []
    ended, enough = asyncio.Event(), asyncio.Event()

    async def write(as_list: bool) -> None:
        while not ended.is_set():
            body = [identified() for _ in range(3 if as_list else 1)]
            lists.append([each["id"] for each in body])
            answer = await alone.post(body if as_list else body[0])
            assert answer.status_code in (200, 503)
            if answer.status_code == 200:
                accepted.update(answer.json())
            if len(accepted) >= 40:
                enough.set()

    writing = [asyncio.create_task(write(number % 2 == 0)) for number in range(8)]
    await enough.wait()
    alone.signal(signal.SIGKILL)
    await alone.mongod.wait()
    ended.set()
    await alone.mongod.start()
    await asyncio.gather(*writing)

    stored: set[str] = set()
    answer = await alone.get(limit="500")
    stored.update(each["id"] for each in answer.json()["statements"])
    while more := answer.json()["more"]:
        answer = await alone.http.get(more, headers=HEADERS)
        stored.update(each["id"] for each in answer.json()["statements"])
    assert accepted <= stored
    assert all(stored.isdisjoint(each) or stored.issuperset(each) for each in lists)
