"""X-Experience-API-Consistent-Through of several applications on one database, as several HTTP processes are."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from lrs.xapi import Json
from tests.api.conftest import application
from tests.api.samples import CONSISTENT_THROUGH, identified, read, statement
from tests.faults.system import crowding
from tests.follower import Follower
from tests.living import Living

SOON_S = 2.0  # until what is stored by one is below what every other tells


async def told(http: httpx.AsyncClient, **parameters: str) -> datetime:
    answer = await http.get("/xapi/statements", params={"limit": "1", **parameters})
    return datetime.fromisoformat(answer.headers[CONSISTENT_THROUGH])


class Load:
    """Clients that post to applications until they are told to stop; `sent` is what was acknowledged."""

    def __init__(self) -> None:
        self.sent: set[str] = set()
        self._ended = asyncio.Event()
        self._posting: list[asyncio.Task[None]] = []

    def begin(self, http: httpx.AsyncClient, clients: int = 4) -> None:
        self._posting += [asyncio.create_task(self._post(http, number)) for number in range(clients)]

    async def end(self) -> None:
        self._ended.set()
        await asyncio.gather(*self._posting)

    async def _post(self, http: httpx.AsyncClient, number: int) -> None:
        while not self._ended.is_set():
            body: Json | list[Json] = statement() if number % 2 else [statement() for _ in range(1 + number * 5)]
            answer = await http.post("/xapi/statements", json=body)
            assert answer.status_code == 200, answer.text
            self.sent.update(answer.json())


@pytest.mark.clause("Communication 2.1.3")
async def test_who_reads_up_to_the_promise_of_either_misses_nothing(
    lrs: Living, twin: Living, mongodb_url: str
) -> None:
    """Two applications write, a third one starts in the middle, and a client asks them in turn."""
    load, follower, applications = Load(), Follower(), [lrs.http, twin.http]
    async with application(mongodb_url) as late:
        late.auth, late.headers = httpx.BasicAuth(lrs.key, lrs.secret), lrs.http.headers
        for http in applications:
            load.begin(http)
        for turn in range(40):
            if turn == 20:
                load.begin(late)
                applications.append(late)
            assert await follower.look(applications[turn % len(applications)])
            await asyncio.sleep(0.01)
        await load.end()

        assert 0 < len(follower.seen) <= len(load.sent)
        present = datetime.now(UTC)
        async with asyncio.timeout(SOON_S * crowding()):
            while datetime.fromisoformat(follower.through) <= present:
                await follower.look(twin.http)
                await asyncio.sleep(0.05)
    assert follower.seen == load.sent


@pytest.mark.clause("Communication 2.1.3")
async def test_what_one_stores_is_soon_below_what_the_other_tells(lrs: Living, twin: Living) -> None:
    for one, other in ((lrs, twin), (twin, lrs)):
        sent = identified()
        assert (await one.post(sent)).status_code == 200
        stored = datetime.fromisoformat((await read(one, sent["id"]))["stored"])
        async with asyncio.timeout(SOON_S * crowding()):
            while await told(other.http) <= stored:  # noqa: ASYNC110 - no event tells of another application
                await asyncio.sleep(0.05)


@pytest.mark.clause("Communication 2.1.3")
async def test_an_application_alone_tells_the_present(lrs: Living) -> None:
    for _ in range(10):
        present = datetime.now(UTC) - timedelta(milliseconds=1)  # what is told is cut to whole milliseconds
        assert await told(lrs.http) >= present
        sent = identified()
        assert (await lrs.post(sent)).status_code == 200
        assert await told(lrs.http) > datetime.fromisoformat((await read(lrs, sent["id"]))["stored"])


@pytest.mark.clause("Communication 2.1.3")
async def test_what_is_told_never_goes_back_when_another_starts(lrs: Living, mongodb_url: str) -> None:
    before = [await told(lrs.http)]
    async with application(mongodb_url) as late:
        late.auth, late.headers = httpx.BasicAuth(lrs.key, lrs.secret), lrs.http.headers
        posting = asyncio.create_task(late.post("/xapi/statements", json=statement()))
        for _ in range(50):
            before.append(await told(lrs.http))
            await asyncio.sleep(0.01)
        assert (await posting).status_code == 200
    assert before == sorted(before)
