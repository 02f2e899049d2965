"""xAPI Communication 2.1.1 and 2.1.2: PUT and POST of the Statement Resource."""

from typing import Any
from uuid import uuid4

import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import BEN, UNKNOWN_ID, identified, refused, statement
from tests.conformance.asking import Xapi, only


@pytest.mark.clause("Communication 2.1.1/1")
@pytest.mark.parametrize("with_id", [True, False])
async def test_PUT_stores_a_statement_under_the_id_of_the_parameter(xapi: Xapi, with_id: bool) -> None:
    identity = str(uuid4())
    sent = statement(id=identity) if with_id else statement()
    answer = await xapi.put(sent, statementId=identity)
    assert (answer.status_code, answer.content) == (204, b"")
    stored = await xapi.read(identity)
    assert {name: stored[name] for name in ("id", "actor", "verb", "object")} == statement(id=identity)


@pytest.mark.clause("Communication 2.1.1/2")
@pytest.mark.parametrize("parameters", [{}, {"statementId": "x"}, {"statementId": ""}, {"StatementId": UNKNOWN_ID}])
async def test_PUT_needs_a_statementId(xapi: Xapi, parameters: dict[str, str | int]) -> None:
    sent = identified()
    content = orjson.dumps(sent)
    refused(await xapi.ask("PUT", "statements", parameters, content, content_type="application/json"), 400)
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 2.1.1/1")
async def test_PUT_takes_no_list(xapi: Xapi) -> None:
    sent = identified()
    content = orjson.dumps([sent])
    answer = await xapi.ask("PUT", "statements", {"statementId": sent["id"]}, content, content_type="application/json")
    refused(answer, 400)


@pytest.mark.clause("Communication 2.1.1/3", "Communication 2.1.2/3")
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_known_id_with_another_statement_changes_nothing(xapi: Xapi, method: str) -> None:
    stored = await xapi.store(identified())
    other = statement(id=stored["id"], actor=BEN)
    answer = await (xapi.put(other) if method == "PUT" else xapi.post(other))
    refused(answer, 409)
    assert await xapi.read(stored["id"]) == stored


@pytest.mark.clause("Communication 2.1.1/3", "Communication 2.1.2/3")
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_known_id_with_the_same_statement_changes_nothing(xapi: Xapi, method: str) -> None:
    sent = identified(object={"id": "http://example.org/a", "definition": {"name": {"en": "First"}}})
    stored = await xapi.store(sent)
    again = sent | {"object": {"id": "http://example.org/a", "definition": {"name": {"en": "Second"}}}}
    answer = await (xapi.put(again) if method == "PUT" else xapi.post(again))
    assert answer.status_code == (204 if method == "PUT" else 200)
    assert await xapi.read(stored["id"]) == stored


@pytest.mark.clause("Communication 2.1.2/3", "Communication 3.2/4")
async def test_a_list_with_a_known_id_of_another_statement_stores_none_of_it(xapi: Xapi) -> None:
    stored = await xapi.store(identified())
    new = identified()
    refused(await xapi.post([new, statement(id=stored["id"], actor=BEN)]), 409)
    assert (await xapi.get("statements", {"statementId": new["id"]})).status_code == 404
    assert await xapi.read(stored["id"]) == stored


@only(Version.V1)
@pytest.mark.clause("Communication 2.1.1/4")
async def test_the_id_of_the_statement_and_the_parameter_agree(xapi: Xapi) -> None:
    sent, other = identified(), str(uuid4())
    refused(await xapi.put(sent, statementId=other), 400)
    for identity in (sent["id"], other):
        assert (await xapi.get("statements", {"statementId": identity})).status_code == 404
    assert (await xapi.put(sent, statementId=sent["id"].upper())).status_code == 204


@pytest.mark.clause("Communication 2.1.2/1")
@pytest.mark.parametrize("count", [1, 2, 25])
async def test_POST_answers_with_the_ids_in_the_order_of_the_list(xapi: Xapi, count: int) -> None:
    sent = [identified() if number % 3 else statement(result={"score": {"raw": number}}) for number in range(count)]
    answer = await xapi.post(sent)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    ids = answer.json()
    assert len(set(ids)) == count
    for each, identity in zip(sent, ids, strict=True):
        assert each.get("id", identity) == identity
        assert (await xapi.read(identity)).get("result") == each.get("result")


@pytest.mark.clause("Communication 2.1.2/1")
async def test_POST_of_one_statement_answers_with_an_array_of_its_id(xapi: Xapi) -> None:
    sent = identified()
    assert (await xapi.post(sent)).json() == [sent["id"]]


@only(Version.V1)
@pytest.mark.clause("Communication 2.1.2/2")
async def test_a_POST_that_lists_stores_nothing_and_one_that_stores_lists_nothing(xapi: Xapi) -> None:
    stored = await xapi.store(identified())
    form = {"content_type": "application/x-www-form-urlencoded"}
    listed = await xapi.ask("POST", "statements", {"method": "GET"}, b"limit=1", **form)
    assert [each["id"] for each in listed.json()["statements"]] == [stored["id"]]
    refused(await xapi.ask("POST", "statements", {"limit": 1}, b"{}", content_type="application/json"), 400)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.1/1")
@pytest.mark.parametrize("same", [True, False])
@pytest.mark.parametrize("upper", [True, False])
async def test_a_list_with_the_same_id_twice_is_refused(xapi: Xapi, same: bool, upper: bool) -> None:
    first = identified()
    identity = first["id"].upper() if upper else first["id"]
    refused(
        await xapi.post([first, identified(), statement(**{"id": identity, **({} if same else {"actor": BEN})})]), 400
    )
    assert (await xapi.get("statements", {"statementId": first["id"]})).status_code == 404


@pytest.mark.clause("Communication 3.2/4")
@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("wrong", [{"actor": {}}, {"verb": "did"}, {"object": None}, {"id": "x"}, "whole"])
async def test_a_list_with_one_wrong_statement_stores_none_of_it(xapi: Xapi, place: int, wrong: Any) -> None:
    sent: list[Json] = [identified(), identified(), identified()]
    ids = [each["id"] for each in sent]
    sent[place] = "x" if wrong == "whole" else sent[place] | wrong  # type: ignore[assignment]
    error = refused(await xapi.post(sent), 400)
    assert error["where"].startswith(f"statements[{place}]")
    for identity in ids:
        assert (await xapi.get("statements", {"statementId": identity})).status_code == 404
