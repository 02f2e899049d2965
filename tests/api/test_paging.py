"""Pages of a list and their `more` links (xAPI Communication 2.1.3, Data 2.5)."""

import asyncio
import re
from itertools import chain
from urllib.parse import parse_qsl, urlsplit

import httpx
import orjson
import pytest

from lrs import clock
from lrs.core.statements import MOST, PAGE
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp
from tests.api.conftest import application
from tests.api.samples import (
    ANN,
    ANSWERED,
    BEN,
    CONSISTENT_THROUGH,
    count,
    identified,
    listed,
    refused,
    statement,
    voiding,
)
from tests.living import Living


async def follow(http: httpx.AsyncClient, **parameters: str | int) -> list[list[str]]:
    """Return the ids of all pages."""
    pages = []
    answer = await http.get("/xapi/statements", params=parameters)
    while True:
        assert answer.status_code == 200, answer.text
        pages.append([each["id"] for each in answer.json()["statements"]])
        more = answer.json()["more"]
        if not more:
            return pages
        answer = await http.get(more)


def flat(pages: list[list[str]]) -> list[str]:
    return list(chain.from_iterable(pages))


async def fill(lrs: Living, number: int) -> list[str]:
    """Store statements, several of them in the same millisecond; return their ids."""
    ids: list[str] = []
    while len(ids) < number:
        ids += (await lrs.post([statement() for _ in range(min(7, number - len(ids)))])).json()
    return ids


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("ascending", ["true", "false"])
async def test_pages_hold_every_statement_once(lrs: Living, ascending: str) -> None:
    sent = await fill(lrs, 25)

    pages = await follow(lrs.http, limit=4, ascending=ascending)

    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 4, 1]
    assert sorted(flat(pages)) == sorted(sent)
    assert flat(pages) == await listed(lrs, ascending=ascending)


@pytest.mark.clause("Communication 2.1.3")
async def test_the_last_full_page_has_no_more(lrs: Living) -> None:
    await fill(lrs, 8)

    assert [len(page) for page in await follow(lrs.http, limit=4)] == [4, 4]


@pytest.mark.parametrize("ascending", ["true", "false"])
async def test_pages_hold_every_statement_once_while_others_write(lrs: Living, twin: Living, ascending: str) -> None:
    sent = await fill(lrs, 60)
    ended = asyncio.Event()

    async def write(writer: Living) -> list[str]:
        written: list[str] = []
        while not ended.is_set():
            written += (await writer.post([statement(), statement()])).json()
            written += (await writer.post(statement())).json()
        return written

    writing = [asyncio.create_task(write(lrs)) for _ in range(3)]
    await asyncio.sleep(0.05)
    seen = flat(await follow(twin.http, limit=3, ascending=ascending))
    ended.set()
    written = flat(await asyncio.gather(*writing))

    assert len(seen) == len(set(seen))
    assert set(sent) <= set(seen) <= {*sent, *written}
    assert len(written) > 10


async def test_the_pages_going_up_end_where_the_first_one_promised(lrs: Living) -> None:
    """Otherwise a reader who is slower than the writers would never come to an end."""
    sent = await fill(lrs, 6)
    first = await lrs.http.get("/xapi/statements", params={"limit": 3, "ascending": "true"})
    await fill(lrs, 6)

    second = await lrs.http.get(first.json()["more"])

    assert {each["id"] for each in first.json()["statements"] + second.json()["statements"]} == set(sent)
    assert second.json()["more"] == ""


async def test_what_is_voided_between_two_pages_shifts_nothing(lrs: Living) -> None:
    sent = [identified() for _ in range(6)]
    for each in sent:
        await lrs.post(each)
        await asyncio.sleep(0.002)
    first = await lrs.http.get("/xapi/statements", params={"limit": 3})
    await lrs.post(voiding(sent[3]["id"]))

    second = await lrs.http.get(first.json()["more"])

    assert [each["id"] for each in second.json()["statements"]] == [sent[number]["id"] for number in (2, 1, 0)]


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("parameters", [{"limit": 0}, {}, {"limit": 1000}, {"limit": 10**17}])
async def test_the_server_limits_a_page_silently(lrs: Living, parameters: dict[str, int]) -> None:
    for _ in range(3):
        assert (await lrs.post([statement() for _ in range(200)])).status_code == 200

    pages = await follow(lrs.http, **parameters)

    assert len(pages[0]) == (MOST if "limit" in parameters else PAGE)
    assert len(set(flat(pages))) == 600


@pytest.mark.clause("Communication 2.1.3")
async def test_more_keeps_every_parameter(lrs: Living) -> None:
    agent = orjson.dumps({**BEN, "name": "Zoë & Ben + 1"}).decode()
    matching: Json = {"actor": BEN, "verb": {"id": ANSWERED}}
    sent = (await lrs.post([statement(**(matching if n % 2 else {})) for n in range(10)])).json()[1::2]
    parameters = {
        "agent": agent,
        "verb": ANSWERED,
        "since": "2001-01-01T00:00:00+02:00",
        "until": "2901-01-01T00:00:00Z",
        "related_agents": "true",
        "related_activities": "true",
        "limit": "2",
        "format": "ids",
        "ascending": "true",
    }
    first = await lrs.http.get("/xapi/statements", params=parameters)

    more = urlsplit(first.json()["more"])
    pages = await follow(lrs.http, **parameters)

    assert more.path == "/xapi/statements"
    told = parse_qsl(more.query)
    assert [pair for pair in told if pair[0] != "cursor"] == list(parameters.items())
    assert flat(pages) == sorted(sent, key=(await listed(lrs, ascending="true")).index)


@pytest.mark.parametrize("path", ["/xAPI/statements", "/data/xAPI/statements", "//xapi//statements/"])
async def test_more_leads_by_the_way_the_client_came(lrs: Living, path: str) -> None:
    await fill(lrs, 3)
    first = await lrs.http.get(f"http://lrs.example.org{path}", params={"limit": 2})

    second = await lrs.http.get(httpx.URL("http://lrs.example.org").join(first.json()["more"]))

    assert urlsplit(first.json()["more"])[:3] == ("", "", re.sub("//", "/", path))
    assert len(second.json()["statements"]) == 1


async def test_more_leads_through_a_proxy(lrs: Living, mongodb_url: str) -> None:
    await fill(lrs, 3)
    async with application(mongodb_url, public_url="https://example.org/learning") as http:
        http.auth, http.headers = httpx.BasicAuth(lrs.key, lrs.secret), lrs.http.headers
        answer = await http.get("/xapi/statements", params={"limit": 2})

    assert answer.json()["more"].startswith("/learning/xapi/statements?limit=2&cursor=")


async def test_more_outlives_the_server(lrs: Living, twin: Living) -> None:
    sent = await fill(lrs, 4)
    first = await lrs.http.get("/xapi/statements", params={"limit": 2})

    second = await twin.http.get(first.json()["more"])

    ids = [each["id"] for each in first.json()["statements"] + second.json()["statements"]]
    assert sorted(ids) == sorted(sent)


@pytest.mark.parametrize(
    "change",
    [{"verb": ANSWERED}, {"agent": orjson.dumps(ANN).decode()}, {"ascending": "true"}, {"since": "2001-01-01T00:00Z"}],
    ids=lambda change: next(iter(change)),
)
async def test_a_link_whose_filters_were_changed_is_refused(lrs: Living, change: dict[str, str]) -> None:
    await fill(lrs, 3)
    first = await lrs.http.get("/xapi/statements", params={"limit": 2})
    told = dict(parse_qsl(urlsplit(first.json()["more"]).query))

    error = refused(await lrs.http.get("/xapi/statements", params={**told, **change}), 400)

    assert error["where"] == "cursor"


@pytest.mark.clause("Communication 2.1.3")
async def test_nothing_below_the_promise_of_a_list_appears_later(lrs: Living, twin: Living) -> None:
    """A client that has seen everything up to the header's time may go on from there."""
    ended = asyncio.Event()

    async def write(as_list: bool) -> None:
        while not ended.is_set():
            await lrs.post([statement(), statement()] if as_list else statement())

    writing = [asyncio.create_task(write(number % 2 == 0)) for number in range(8)]
    seen: set[str] = set()
    since = "2001-01-01T00:00:00.000Z"
    for _ in range(25):
        answer = await lrs.http.get("/xapi/statements", params={"since": since, "ascending": "true", "limit": MOST})
        found = [(each["stored"], each["id"]) for each in answer.json()["statements"]]
        assert not {key for _, key in found} & seen
        through = answer.headers[CONSISTENT_THROUGH]
        seen |= {key for stored, key in found if stored < through}
        # `since` is exclusive: the last moment that is wholly visible is the one before the promise.
        since = max([stored for stored, _ in found if stored < through], default=since)
        await asyncio.sleep(0.005)
    ended.set()
    await asyncio.gather(*writing)

    # The twin's promise is a moment old: what was stored just now lies below what is told only soon.
    present = format_timestamp(clock.now())
    answer = await lrs.http.get("/xapi/statements", params={"limit": 1})
    while answer.headers[CONSISTENT_THROUGH] <= present:
        answer = await lrs.http.get("/xapi/statements", params={"limit": 1})
    rest = await listed(lrs, since=since, ascending="true", limit=MOST)
    assert await count(lrs) == len(seen) + len(rest)
