"""Statements of the first and the last moments of the calendar, where there is no day before or behind."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lrs.store.connection import Client
from lrs.store.stores import Stores
from lrs.worker import Worker
from lrs.xapi import Json
from tests.living import Living, asked_by, new_store

ZONES = ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"]
FIRST, LAST = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"
ENDS = (FIRST, "0001-01-01T23:00:00Z", "9999-12-25T00:00:00Z", "9999-12-31T00:00:00Z", LAST)
PEOPLE = 10
GROUP = {"objectType": "Group", "mbox": "mailto:team@example.org"}


def agent(number: int) -> Json:
    return {"objectType": "Agent", "mbox": f"mailto:person-{number}@example.org"}


def thread(name: str) -> Json:
    kind = "http://id.tincanapi.com/activitytype/discussion"
    return {"id": f"https://forum.example.org/threads/{name}", "definition": {"type": kind}}


def post(name: str) -> Json:
    kind = "http://id.tincanapi.com/activitytype/forum-reply"
    return {"id": f"https://forum.example.org/posts/{name}", "definition": {"type": kind}}


def said(who: int, verb: str, about: Json, t: str, **context: Any) -> Json:
    told = {"actor": agent(who), "verb": {"id": verb}, "object": about, "timestamp": t}
    return {**told, "context": context} if context else told


def at(t: str, before: str = "2026-01-14T12:00:00Z") -> list[Json]:
    """A thread, an answer then and one before, a message, a team joined, acted for and left, a mentor session."""
    below = {"contextActivities": {"parent": [thread(t)]}}
    joined = {"id": "https://forum.example.org/groups/1", "definition": {"type": "http://activitystrea.ms/group"}}
    return [
        said(0, "http://activitystrea.ms/create", thread(t), t, team=GROUP),
        said(1, "http://id.tincanapi.com/verb/replied", post(t), t, **below),
        said(2, "http://id.tincanapi.com/verb/replied", post(f"{t}-before"), before, **below),
        said(0, "http://activitystrea.ms/send", agent(1), t),
        said(0, "http://activitystrea.ms/share", thread(t), t),
        said(0, "http://activitystrea.ms/join", joined, t),
        said(1, "http://id.tincanapi.com/verb/mentored", agent(2), t),
        said(0, "http://activitystrea.ms/leave", joined, t),
    ]


def threads(day: int) -> list[Json]:
    return [
        said(who, "http://activitystrea.ms/create", thread(f"{day}-{who}"), f"2026-03-{day:02}T12:00:00Z")
        for who in range(PEOPLE)
    ]


@asynccontextmanager
async def working(client: Client) -> AsyncIterator[None]:
    task = asyncio.create_task(Worker(client, settles=timedelta(0)).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def rebuilt(lrs: Living, names: Sequence[str]) -> None:
    """Ask for it, and wait until it is done."""
    for name in names:
        assert (await lrs.http.post(f"/api/v1/plugins/{name}/rebuild")).status_code == 202
    limit = time.monotonic() + 30
    while any([(await lrs.http.get(f"/api/v1/plugins/{name}/status")).json()["rebuilding"] for name in names]):
        assert time.monotonic() < limit, "it is not rebuilt"
        await asyncio.sleep(0.05)


async def posts_of_east(lrs: Living, wanted: float) -> dict[str, Any]:
    """Return the answer by department, once the worker has released what is wanted, or else what there is."""
    limit = time.monotonic() + 20
    while True:
        asked = {"since": "2026-03-02", "until": "2026-03-23", "group_by": "department"}
        answer = await lrs.metric("discussion.threads", **asked)
        (row,) = answer["rows"]
        if (row["value"] == wanted and not answer["stale"]) or time.monotonic() > limit:
            return dict(row)
        await asyncio.sleep(0.05)


@pytest.fixture(params=ZONES)
async def lrs(request: Any, transport: httpx.ASGITransport, stores: Stores) -> AsyncIterator[Living]:
    """The LRS in a zone, with a department."""
    async with new_store(stores, request.param) as store, asked_by(transport, store, stores) as made:
        department = [{"kind": "department", "group": "East"}]
        people = [{"id": f"p{n}", "identifiers": [agent(n)], "groups": department} for n in range(PEOPLE)]
        assert (await made.http.put("/api/v1/people", json={"people": people})).status_code == 200
        yield made


async def test_what_is_told_of_the_ends_of_the_calendar_stops_nothing(lrs: Living, client: Client) -> None:
    async with working(client):
        sent = await lrs.post([*threads(2), *(each for t in ENDS for each in at(t)), *at(LAST, FIRST)])
        assert sent.status_code == 200, sent.text
        await lrs.derived()
        assert (await posts_of_east(lrs, PEOPLE))["value"] == PEOPLE
    async with working(client):
        await lrs.post([*threads(9), *at(FIRST, LAST)])
        await lrs.derived()
        assert (await posts_of_east(lrs, 2 * PEOPLE))["value"] == 2 * PEOPLE
        await rebuilt(lrs, ["discussion", "sharing", "mentoring", "network"])
        await rebuilt(lrs, ["interactions"])
        await lrs.post(threads(16))
        await lrs.derived()
        assert (await posts_of_east(lrs, 3 * PEOPLE))["value"] == 3 * PEOPLE
        for span in ({"since": "0002-01-03", "until": "9998-12-30"}, {"since": "9998-12-01", "until": "9998-12-30"}):
            for metric in (
                "discussion.threads",
                "discussion.median_response_time",
                "sharing.shares",
                "mentoring.sessions",
            ):
                await lrs.metric(metric, **span)
        for plugin in ("sharing", "mentoring", "network"):
            await lrs.derived(plugin)
            status = (await lrs.http.get(f"/api/v1/plugins/{plugin}/status")).json()
            assert status["failure"] is None


@pytest.mark.parametrize("asked", [{}, {"since": "0002-01-03", "until": "9997-12-31"}])
async def test_statements_in_groups_are_counted_beside_those_of_the_ends(lrs: Living, asked: dict[str, str]) -> None:
    await lrs.post([*threads(2), *(said(0, "http://activitystrea.ms/create", thread(t), t) for t in ENDS)])

    for unit in ("day", "week", "month"):
        answer = await lrs.http.get("/api/v1/statements/aggregate", params={"group_by": unit, **asked})
        assert (answer.status_code, [row["count"] for row in answer.json()["rows"]]) == (200, [PEOPLE]), answer.text
