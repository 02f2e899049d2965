"""Nothing is to be seen of a statement that others refer to until it comes, and then it is one like any other
(xAPI Data 2.3.2, Communication 2.1.3).
"""

import asyncio
from collections.abc import Callable

import orjson
import pytest

from lrs.store import feed
from lrs.store.connection import Client
from lrs.xapi import Json
from tests.api.samples import ANSWERED, BEN, VOIDED, count, identified, listed, reference, refused, voiding
from tests.living import Living

REFERRING = pytest.mark.parametrize("refer", [reference, voiding], ids=["reference", "voiding"])
WAYS = pytest.mark.parametrize("way", ["single", "list", "PUT"])


async def send(lrs: Living, sent: Json, way: str) -> int:
    """Send a statement, in a list together with another one; return the status."""
    if way == "PUT":
        return (await lrs.http.put("/xapi/statements", params={"statementId": sent["id"]}, json=sent)).status_code
    return (await lrs.post([identified(), sent] if way == "list" else sent)).status_code


async def by_ones(lrs: Living, **parameters: str) -> list[str]:
    """Return the ids of a list that is read in pages of one statement."""
    answer = await lrs.http.get("/xapi/statements", params={"limit": 1, **parameters})
    found = [each["id"] for each in answer.json()["statements"]]
    while answer.json()["more"]:
        answer = await lrs.http.get(answer.json()["more"])
        found += [each["id"] for each in answer.json()["statements"]]
    return found


async def status(lrs: Living, **parameters: str) -> int:
    return (await lrs.http.get("/xapi/statements", params=parameters)).status_code


async def scanned(lrs: Living) -> list[str]:
    """Return the ids of what a worker finds that catches up without the feed."""
    return [str(each.id) for each in (await feed.scan(lrs.store.database, None, 100))[0]]


@pytest.mark.clause("Communication 2.1.3")
@REFERRING
async def test_what_is_only_referred_to_is_in_no_list(lrs: Living, refer: Callable[[str], Json]) -> None:
    target = identified()["id"]
    sent = [identified(), refer(target), identified()]
    for each in sent:
        await lrs.post(each)
        await asyncio.sleep(0.002)
    ids = [each["id"] for each in sent]

    assert await listed(lrs, ascending="true") == await by_ones(lrs, ascending="true") == ids
    assert await listed(lrs) == await by_ones(lrs) == ids[::-1]
    assert await listed(lrs, until="2901-01-01T00:00:00Z", ascending="true") == ids
    assert await listed(lrs, verb=sent[1]["verb"]["id"], ascending="true") == [ids[1]]
    assert await scanned(lrs) == ids


@pytest.mark.clause("Communication 2.1.4")
@REFERRING
async def test_what_is_only_referred_to_is_not_found_by_its_id(shared: Living, refer: Callable[[str], Json]) -> None:
    target = identified()["id"]
    await shared.post(refer(target))
    await shared.post([refer(target), identified()])

    assert await status(shared, statementId=target) == 404
    assert await status(shared, voidedStatementId=target) == 404


@WAYS
async def test_the_feed_tells_of_a_target_when_it_comes_and_once(lrs: Living, client: Client, way: str) -> None:
    target = identified()
    referring = [voiding(target["id"]), reference(target["id"])]
    told: list[str] = []
    async with feed.open_feed(client, None) as opened:
        await opened.begin()
        for each in (*referring, target):
            await send(lrs, each, way if each is target else "single")
        while arrivals := (await opened.news(100)).arrivals:
            told += [str(each.id) for each in arrivals.get(lrs.store.name, [])]

    assert told[:2] == [each["id"] for each in referring]
    assert told.count(target["id"]) == 1
    assert len(told) == (4 if way == "list" else 3)
    assert sorted(await scanned(lrs)) == sorted(told)


@pytest.mark.clause("Data 2.3.2")
@pytest.mark.clause("Communication 2.1.3")
@WAYS
async def test_a_target_that_comes_late_is_voided_and_its_referrers_are_found(shared: Living, way: str) -> None:
    target = identified(object={"id": f"http://example.org/late/{way}"})
    void, about = voiding(target["id"]), reference(target["id"], actor=BEN)
    await shared.post(void)
    await shared.post([about, identified()])

    assert await send(shared, target, way) in (200, 204)

    assert await status(shared, statementId=target["id"]) == 404
    assert await status(shared, voidedStatementId=target["id"]) == 200
    assert set(await listed(shared, activity=target["object"]["id"])) == {void["id"], about["id"]}
    by_both = {"activity": target["object"]["id"], "agent": orjson.dumps(BEN).decode()}
    assert await listed(shared, **by_both) == [about["id"]]


@pytest.mark.clause("Data 2.3.1")
@WAYS
async def test_a_target_that_came_late_is_the_same_or_another_like_any_other(lrs: Living, way: str) -> None:
    target = identified()
    await lrs.post(voiding(target["id"]))
    await send(lrs, target, way)
    stored = await lrs.http.get("/xapi/statements", params={"voidedStatementId": target["id"]})
    other = {**target, "verb": {"id": ANSWERED}}
    number = await count(lrs)

    assert [(await lrs.post(each)).status_code for each in (target, [target])] == [200, 200]
    assert await send(lrs, target, "PUT") == 204
    assert refused(await lrs.post(other), 409)["where"] == "statement.id"
    assert refused(await lrs.post([identified(), other]), 409)["where"] == "statements[1].id"
    assert await send(lrs, other, "PUT") == 409

    again = await lrs.http.get("/xapi/statements", params={"voidedStatementId": target["id"]})
    assert again.json() == stored.json()
    assert await count(lrs) == number


@pytest.mark.clause("Communication 2.1.2")
async def test_a_refused_list_leaves_its_target_awaited(lrs: Living) -> None:
    target, there = identified(), identified()
    await lrs.post(there)
    await lrs.post(voiding(target["id"]))

    refused(await lrs.post([target, {**there, "verb": {"id": ANSWERED}}]), 409)

    assert await status(lrs, voidedStatementId=target["id"]) == 404
    assert await count(lrs) == 2
    assert await send(lrs, target, "single") == 200
    assert await status(lrs, voidedStatementId=target["id"]) == 200


async def test_a_list_may_hold_targets_and_others_and_what_is_there_already(lrs: Living) -> None:
    there, other = identified(), identified()
    targets = [identified(), identified()]
    await lrs.post([there, *(voiding(each["id"]) for each in targets)])

    assert (await lrs.post([there, targets[0], other, targets[1]])).status_code == 200

    assert [await status(lrs, voidedStatementId=each["id"]) for each in targets] == [200, 200]
    assert await status(lrs, statementId=other["id"]) == 200
    assert await count(lrs) == 6
    assert sorted(await scanned(lrs)) == sorted({*await listed(lrs), *(each["id"] for each in targets)})


@pytest.mark.clause("Data 2.3.1")
async def test_of_several_that_bring_the_target_at_once_one_does(lrs: Living, twin: Living) -> None:
    for _ in range(5):
        target = identified()
        other = {**target, "verb": {"id": ANSWERED}}
        void = voiding(target["id"])
        await lrs.post(void)

        bodies: list[Json | list[Json]] = [target, other, [identified(), target], [identified(), other]]
        answers = await asyncio.gather(*((lrs, twin)[n % 2].post(body) for n, body in enumerate(bodies * 2)))

        assert sorted(answer.status_code for answer in answers) == [200] * 4 + [409] * 4
        stored = await twin.http.get("/xapi/statements", params={"voidedStatementId": target["id"]})
        as_sent = answers[0].status_code == 200
        assert stored.json()["verb"]["id"] == (target if as_sent else other)["verb"]["id"]
        assert (await scanned(lrs)).count(target["id"]) == 1
        assert void["id"] in await listed(lrs, verb=VOIDED)
