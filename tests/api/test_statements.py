"""Statements in and out, one at a time and as a list (xAPI Communication 2.1, Data 2.4)."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.api.samples import ANN, COURSE, UNKNOWN_ID, count, identified, listed, read, refused, statement
from tests.living import Living


@pytest.mark.clause("Communication 2.1.2")
async def test_a_posted_statement_is_read_back(lrs: Living) -> None:
    sent = statement(result={"score": {"raw": 0.12123434}}, object={"id": COURSE, "definition": {"name": {"en": "Á"}}})

    posted = await lrs.post(sent)

    assert posted.status_code == 200
    (statement_id,) = posted.json()
    back = await read(lrs, statement_id)
    assert {name: back[name] for name in sent} == sent
    assert back["id"] == statement_id


@pytest.mark.clause("Communication 2.1.2")
async def test_a_list_is_answered_with_its_ids_in_their_order(lrs: Living) -> None:
    given = str(uuid4())

    posted = await lrs.post([statement(), statement(id=given), statement()])

    ids = posted.json()
    assert posted.status_code == 200
    assert ids[1] == given
    assert len(set(ids)) == 3
    assert set(await listed(lrs)) == set(ids)


async def test_an_empty_list_is_taken_and_stores_nothing(lrs: Living) -> None:
    posted = await lrs.post([])

    assert (posted.status_code, posted.json(), await count(lrs)) == (200, [], 0)


@pytest.mark.clause("Communication 2.1.1")
async def test_a_statement_is_put_under_the_id_of_the_request(lrs: Living) -> None:
    statement_id = str(uuid4())

    answer = await lrs.http.put("/xapi/statements", params={"statementId": statement_id}, json=statement())

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await read(lrs, statement_id))["actor"] == ANN


@pytest.mark.clause("Communication 2.1.1")
async def test_put_takes_the_same_id_in_the_statement_whatever_its_case(lrs: Living) -> None:
    sent = identified()

    answer = await lrs.http.put("/xapi/statements", params={"statementId": sent["id"].upper()}, json=sent)

    assert answer.status_code == 204
    assert await listed(lrs) == [sent["id"]]


@pytest.mark.clause("Communication 2.1.1")
@pytest.mark.parametrize("parameters", [{}, {"statementId": "1"}, {"statementId": ""}, {"statementid": UNKNOWN_ID}])
async def test_put_without_an_id_is_refused(lrs: Living, parameters: dict[str, str]) -> None:
    answer = await lrs.http.put("/xapi/statements", params=parameters, json=statement())

    assert refused(answer, 400)["where"].lower() == "statementid"
    assert await count(lrs) == 0


@pytest.mark.clause("Communication 2.1.1")
async def test_put_with_another_id_in_the_statement_is_refused(lrs: Living) -> None:
    answer = await lrs.http.put("/xapi/statements", params={"statementId": UNKNOWN_ID}, json=identified())

    assert refused(answer, 400)["where"] == "statement.id"
    assert await count(lrs) == 0


@pytest.mark.clause("Communication 2.1.1")
async def test_put_takes_no_list(lrs: Living) -> None:
    answer = await lrs.http.put("/xapi/statements", params={"statementId": UNKNOWN_ID}, json=[statement()])

    refused(answer, 400)
    assert await count(lrs) == 0


@pytest.mark.clause("Communication 2.1.3")
async def test_an_unknown_id_is_not_found(lrs: Living) -> None:
    for name in ("statementId", "voidedStatementId"):
        refused(await lrs.http.get("/xapi/statements", params={name: UNKNOWN_ID}), 404)


@pytest.mark.clause("Communication 2.1.3")
async def test_an_id_is_found_whatever_its_case(lrs: Living) -> None:
    sent = identified()
    await lrs.post({**sent, "id": sent["id"].upper()})

    assert (await read(lrs, sent["id"].upper()))["id"] == sent["id"]


@pytest.mark.clause("Communication 2.1.3")
async def test_an_id_and_a_filter_exclude_each_other(lrs: Living) -> None:
    parameters = {"statementId": UNKNOWN_ID, "limit": "1"}

    assert refused(await lrs.http.get("/xapi/statements", params=parameters), 400)["where"] == "limit"


@pytest.mark.clause("Data 2.4.7", "Data 2.4.8", "Data 2.4.9", "Data 2.4.10", "Data 2.4.1")
async def test_what_the_sender_left_out_is_filled_in(lrs: Living) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    (statement_id,) = (await lrs.post(statement())).json()
    after = datetime.now(UTC)

    back = await read(lrs, statement_id)

    assert UUID(statement_id).version == 4
    assert before <= datetime.fromisoformat(back["stored"]) <= after
    assert back["timestamp"] == back["stored"]
    assert back["version"] == "1.0.0"
    assert back["authority"]["account"]["name"] == lrs.key


@pytest.mark.clause("Data 2.4.7", "Data 2.4.9", "Data 2.4.10")
async def test_what_the_sender_gave_is_kept(lrs: Living) -> None:
    given = {"timestamp": "2015-11-18T12:17:00.123456+02:00", "version": "1.0.1", "authority": {"mbox": "mailto:a@b.c"}}
    (statement_id,) = (await lrs.post(statement(**given))).json()

    back = await read(lrs, statement_id)

    assert {name: back[name] for name in given} == given


@pytest.mark.clause("Data 2.4.8")
async def test_stored_is_the_servers_whatever_the_sender_gave(lrs: Living) -> None:
    (statement_id,) = (await lrs.post(statement(stored="2001-01-01T00:00:00.000Z"))).json()

    stored = (await read(lrs, statement_id))["stored"]

    assert datetime.fromisoformat(stored) > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.clause("Data 2.4.8")
async def test_stored_always_has_milliseconds(lrs: Living) -> None:
    for _ in range(5):
        await lrs.post(statement())
        await asyncio.sleep(0.001)

    answer = await lrs.http.get("/xapi/statements")

    assert all(len(each["stored"]) == len("2026-11-22T09:30:00.000Z") for each in answer.json()["statements"])


@pytest.mark.clause("Data 2.4.6.2")
async def test_a_single_context_activity_comes_back_as_an_array(lrs: Living) -> None:
    context = {"contextActivities": {"parent": {"id": COURSE}}}
    sub_statement = {"objectType": "SubStatement", **statement(context=context)}
    (statement_id,) = (await lrs.post(statement(context=context, object=sub_statement))).json()

    back = await read(lrs, statement_id)

    assert back["context"]["contextActivities"] == {"parent": [{"id": COURSE}]}
    assert back["object"]["context"]["contextActivities"] == {"parent": [{"id": COURSE}]}


@pytest.mark.clause("Data 2.4.10")
async def test_a_statement_of_xapi_2_is_told_from_one_of_xapi_1(lrs: Living) -> None:
    sent = statement(context={"contextAgents": [{"objectType": "contextAgent", "agent": ANN}]})

    error = refused(await lrs.post(sent), 400)
    taken = await lrs.post(sent, **{"X-Experience-API-Version": "2.0.0"})

    assert error["where"] == "statement.context.contextAgents"
    assert (await read(lrs, taken.json()[0]))["version"] == "2.0.0"
