"""Metrics of groups over the API: people told by an administrator, statements told by a tool, rows by department."""

import asyncio
import time
from datetime import UTC, datetime

import httpx
import pytest

from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.connection import Client
from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import refused
from tests.api.talking import NAMES, person
from tests.living import Living, asked_by, new_store
from tests.reference.samples import DAY, reply, thread
from tests.releasing import release

ASKED = {"since": "2026-03-02", "until": "2026-03-09", "group_by": "department"}
POSTS = "/api/v1/metrics/discussion.posts"


async def told(lrs: Living) -> list[str]:
    """Tell who the people are, and what they said: each starts a thread and answers another's. Return statement ids."""
    people = [person(name) for name in NAMES]
    assert (await lrs.http.put("/api/v1/people", json={"people": people})).status_code == 200
    starts = [thread(n, who, n, f"t:{who}") for n, who in enumerate(NAMES)]
    answers = [reply(100 + n, who, DAY + n, f"p:{who}", f"t:{NAMES[n - 1]}") for n, who in enumerate(NAMES)]
    sent = await lrs.post(
        [{name: part for name, part in each.items() if name != "stored"} for each in starts + answers]
    )
    ids: list[str] = sent.json()
    return ids


async def released(lrs: Living, values: list[float | None], within_s: float = 60) -> None:
    """Wait until departments are shown with these values, and nothing is about to change."""
    limit = time.monotonic() + within_s
    while time.monotonic() < limit:
        answer = await lrs.metric("discussion.posts", **ASKED)
        if [row["value"] for row in answer["rows"]] == values and not answer["stale"]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"not released within {within_s} s: {answer}")


@pytest.fixture
async def talking(lrs: Living, client: Client) -> Living:
    """Thirteen people of three departments have talked, and everything is released."""
    async with Derivation.of(lrs.store, client, load_plugins().values()) as derivation:
        await derivation.take(await told(lrs), datetime(2026, 6, 1, tzinfo=UTC))
        await derivation.apply()
    await release(lrs.store, client)
    return lrs


async def test_who_may_not_read_metrics_sees_no_group(talking: Living, admit: Admit) -> None:
    guest = await admit("all", "admin")

    refused(await talking.http.get(POSTS, params=ASKED, auth=httpx.BasicAuth("nobody", "at all")), 401)
    refused(await guest.http.get(POSTS, params=ASKED), 403)


async def test_another_store_sees_no_group(talking: Living, stores: Stores) -> None:
    async with new_store(stores) as other, asked_by(talking.http._transport, other, stores) as elsewhere:  # type: ignore[arg-type]
        assert [row["reason"] for row in (await elsewhere.metric("discussion.posts", **ASKED))["rows"]] == ["no_data"]


async def test_departments_are_shown_by_the_guards_decision_and_never_a_person(talking: Living) -> None:
    answer = await talking.metric("discussion.posts", **ASKED)

    assert [(row["group"], row["value"], row["reason"]) for row in answer["rows"]] == [
        ("East", None, "too_few_people"),
        ("North", 12, None),
        ("West", None, "too_few_people"),
    ]
    assert not answer["stale"]
    assert "example.org" not in str(answer)


async def test_an_edit_of_people_makes_groups_stale_and_counts_in_the_whole_store_at_once(talking: Living) -> None:
    merged = await talking.http.post("/api/v1/people/merge", json={"into": "a", "people": ["b", "c"]})

    assert merged.status_code == 200
    assert (await talking.metric("discussion.posts", **ASKED))["stale"]
    (row,) = (await talking.metric("discussion.participants", since="2026-03-02", until="2026-03-09"))["rows"]
    assert row["value"] == len(NAMES) - 2


async def test_the_catalogue_names_the_partitions(lrs: Living) -> None:
    metrics = (await lrs.http.get("/api/v1/metrics")).json()["metrics"]

    assert {tuple(each["group_by"]) for each in metrics} == {("course", "department", "team", "community", "role")}


async def test_an_unknown_partition_is_refused_with_the_known_ones(lrs: Living) -> None:
    error = refused(await lrs.http.get(POSTS, params={"group_by": "programme"}), 400)

    assert (error["where"], error["accepted"]) == ("group_by", "course, department, team, community, role")


async def test_the_worker_releases_what_it_has_derived_and_once_more_after_an_edit(working_lrs: Living) -> None:
    lrs = working_lrs
    await told(lrs)
    await released(lrs, [None, 12, None])

    moved = [{**person(name), "groups": [{"kind": "department", "group": "North"}]} for name in "abc"]
    assert (await lrs.http.put("/api/v1/people", json={"people": moved})).status_code == 200
    await released(lrs, [None, None])  # North is complementary to West now
