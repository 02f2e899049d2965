"""The same id again: silently accepted with the same content, refused with another (xAPI Data 2.3.1, Com. 2.1)."""

import asyncio
from itertools import permutations
from uuid import uuid4

import httpx
import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, ANSWERED, BEN, COMPLETED, count, identified, listed, read, refused, statement
from tests.living import Living


async def put(lrs: Living, sent: Json) -> httpx.Response:
    return await lrs.http.put("/xapi/statements", params={"statementId": sent["id"]}, json=sent)


def changed(sent: Json) -> Json:
    return {**sent, "verb": {"id": ANSWERED}}


@pytest.mark.clause("Communication 2.1.2")
async def test_the_same_statement_again_changes_nothing(lrs: Living) -> None:
    sent = identified()
    await lrs.post(sent)
    first = await read(lrs, sent["id"])

    posted, listed_one, put_again = await lrs.post(sent), await lrs.post([sent]), await put(lrs, sent)

    assert (posted.status_code, posted.json()) == (200, [sent["id"]])
    assert (listed_one.status_code, listed_one.json()) == (200, [sent["id"]])
    assert put_again.status_code == 204
    assert await read(lrs, sent["id"]) == first
    assert await count(lrs) == 1


@pytest.mark.clause("Data 2.3.1")
async def test_a_statement_as_it_is_read_back_is_the_same_one(lrs: Living) -> None:
    sent = identified()
    await lrs.post(sent)
    await lrs.post(identified(timestamp="2015-11-18T12:17:00+02:00", context={"contextActivities": {"other": []}}))

    for each in (await lrs.http.get("/xapi/statements")).json()["statements"]:
        given = each if each["id"] != sent["id"] else {**each, "timestamp": None}
        again = {name: value for name, value in given.items() if value is not None}
        assert (await lrs.post(again)).status_code == 200


@pytest.mark.clause("Communication 2.1.1")
@pytest.mark.clause("Communication 2.1.2")
@pytest.mark.parametrize(
    "change",
    [{"verb": {"id": ANSWERED}}, {"actor": BEN}, {"result": {"success": True}}, {"timestamp": "2001-01-01T00:00:00Z"}],
    ids=lambda change: next(iter(change)),
)
async def test_a_changed_duplicate_is_refused_and_the_first_survives(lrs: Living, change: Json) -> None:
    sent = identified()
    await lrs.post(sent)
    first = await read(lrs, sent["id"])
    other = {**sent, **change}

    assert refused(await lrs.post(other), 409)["where"] == "statement.id"
    assert refused(await put(lrs, other), 409)["where"] == "statement.id"
    assert refused(await lrs.post([other]), 409)["where"] == "statements[0].id"

    assert await read(lrs, sent["id"]) == first
    assert await count(lrs) == 1


@pytest.mark.clause("Communication 2.1.2")
async def test_a_changed_duplicate_in_a_list_refuses_the_whole_list(lrs: Living) -> None:
    sent = identified()
    await lrs.post(sent)

    error = refused(await lrs.post([identified(), identified(), changed(sent), identified()]), 409)

    assert error["where"] == "statements[2].id"
    assert await listed(lrs) == [sent["id"]]
    assert (await read(lrs, sent["id"]))["verb"]["id"] == COMPLETED


@pytest.mark.clause("Communication 2.1.2")
async def test_an_id_twice_in_a_list_is_refused(lrs: Living) -> None:
    sent = identified()

    error = refused(await lrs.post([statement(), sent, {**sent, "id": sent["id"].upper()}]), 400)

    assert error["where"] == "statements[2].id"
    assert await count(lrs) == 0


@pytest.mark.clause("Communication 2.1.2")
async def test_one_bad_statement_in_a_list_is_named_and_nothing_is_stored(lrs: Living) -> None:
    bad = statement(actor={"mbox": "ann@example.org"})

    error = refused(await lrs.post([identified(), identified(), identified(), bad]), 400)

    assert error["where"] == "statements[3].actor.mbox"
    assert await count(lrs) == 0


async def test_a_list_sent_again_with_news_stores_the_news(lrs: Living) -> None:
    sent = [identified() for _ in range(10)]
    await lrs.post(sent[:5])

    again = await lrs.post(sent)

    assert (again.status_code, again.json()) == (200, [each["id"] for each in sent])
    assert await count(lrs) == 10
    assert set(await listed(lrs)) == {each["id"] for each in sent}


@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
async def test_the_same_statement_at_once_is_stored_once(lrs: Living, twin: Living, as_list: bool) -> None:
    sent = identified()
    body = [sent, identified()] if as_list else sent

    answers = await asyncio.gather(*(each.post(body) for each in (lrs, twin) * 10))

    assert {answer.status_code for answer in answers} == {200}
    assert await count(lrs) == (2 if as_list else 1)


@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
async def test_of_differing_statements_at_once_one_wins_and_the_others_learn_it(
    lrs: Living, twin: Living, as_list: bool
) -> None:
    for _ in range(5):
        sent = identified()
        versions = [{**sent, "object": {"id": f"http://example.org/{number}"}} for number in range(8)]
        bodies: list[Json | list[Json]] = [[each, identified()] if as_list else each for each in versions]

        answers = await asyncio.gather(
            *((lrs, twin)[number % 2].post(body) for number, body in enumerate(bodies) for _ in (1, 2))
        )

        winner = (await read(lrs, sent["id"]))["object"]["id"]
        statuses = [answer.status_code for answer in answers]
        expected = [200 if each["object"]["id"] == winner else 409 for each in versions for _ in (1, 2)]
        assert statuses == expected


async def test_lists_that_share_ids_in_any_order_are_stored_at_once(lrs: Living, twin: Living) -> None:
    sent = [identified() for _ in range(4)]
    orders = list(permutations(sent))

    answers = await asyncio.gather(*((lrs, twin)[number % 2].post(list(order)) for number, order in enumerate(orders)))

    assert {answer.status_code for answer in answers} == {200}
    assert set(await listed(lrs)) == {each["id"] for each in sent}


async def test_lists_that_overlap_a_statement_at_once_are_whole_or_refused(lrs: Living, twin: Living) -> None:
    shared = identified()
    lists = [[{**shared, "actor": actor}, statement(id=str(uuid4()))] for actor in (ANN, BEN) for _ in range(5)]

    answers = await asyncio.gather(*((lrs, twin)[n % 2].post(each) for n, each in enumerate(lists)))

    stored = set(await listed(lrs))
    for sent, answer in zip(lists, answers, strict=True):
        assert (sent[1]["id"] in stored) is (answer.status_code == 200)
    assert {answer.status_code for answer in answers} == {200, 409}
