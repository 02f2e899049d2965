"""Refused requests are recorded, so that an admin sees why nothing arrives; never with a secret in them."""

import asyncio
import base64
import json
import os
import signal
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import pytest

from lrs.settings import Settings
from lrs.store.mongod import EmbeddedMongod
from lrs.xapi import Json
from tests.api.conftest import Admit, application
from tests.api.samples import COURSE, UNKNOWN_ID, identified, refused, statement
from tests.living import Living

REFUSALS = "/api/v1/refusals"
JSON = {"Content-Type": "application/json"}


async def refusals(lrs: Living, **parameters: Any) -> list[Json]:
    """Return the refusals of the test's own credential, the newest first."""
    answer = await lrs.http.get(REFUSALS, params={"credential": lrs.key, **parameters})
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["refusals"]
    return found


async def send(lrs: Living, method: str, path: str, auth: httpx.Auth | None, **told: Any) -> httpx.Response:
    return await lrs.http.send(lrs.http.build_request(method, path, **told), auth=auth)


async def test_a_refused_statement_is_listed_with_its_place_and_reason(lrs: Living) -> None:
    bad = statement(actor={"mbox": "ann"})
    answer = await lrs.post([statement(), bad])

    (refusal,) = await refusals(lrs)

    error = refused(answer, 400)
    told = {name: refusal[name] for name in error}
    assert told == error
    assert refusal["where"] == "statements[1].actor.mbox"
    assert (refusal["credential"], refusal["name"], refusal["store"]) == (lrs.key, "a test", lrs.store.name)
    assert (refusal["method"], refusal["path"]) == ("POST", "/xapi/statements")
    assert refusal["time"].endswith("Z")
    assert json.loads(refusal["body"]) == [statement(), bad]


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "an unknown parameter": ({"method": "GET", "params": {"limt": "1"}}, 400),
    "no version": ({"method": "GET", "headers": {"X-Experience-API-Version": "0.9"}}, 400),
    "no JSON": ({"method": "POST", "content": b"{", "headers": JSON}, 400),
    "another method": ({"method": "PATCH"}, 405),
    "no such resource": ({"method": "GET", "url": "/xapi/statementz"}, 404),
    "a broken alternate request": ({"method": "POST", "params": {"method": "EAT"}}, 400),
}


@pytest.mark.parametrize(("request_", "status"), REFUSED.values(), ids=REFUSED)
async def test_every_refusal_of_the_xapi_is_recorded(lrs: Living, request_: dict[str, Any], status: int) -> None:
    answer = await lrs.http.request(**{"url": "/xapi/statements", **request_})

    (refusal,) = await refusals(lrs, status=status)

    assert refusal["status"] == answer.status_code == status
    assert refusal["what"] == refused(answer, status)["what"]


async def test_a_conflict_is_recorded(lrs: Living) -> None:
    sent = identified()
    await lrs.post(sent)
    await lrs.post({**sent, "object": {"id": f"{COURSE}/2"}})

    (refusal,) = await refusals(lrs)

    assert (refusal["status"], refusal["where"]) == (409, "statement.id")


async def test_what_is_not_there_is_no_refusal_nor_is_what_succeeds(lrs: Living) -> None:
    await lrs.post(statement())
    await lrs.http.get("/xapi/statements", params={"statementId": UNKNOWN_ID})
    await lrs.http.get(REFUSALS, params={"limit": "0"})

    assert await refusals(lrs) == []


async def test_a_missing_scope_is_recorded(lrs: Living, admit: Admit) -> None:
    guest = await admit("state")
    await guest.post(statement())

    (refusal,) = await refusals(lrs, credential=guest.key)

    assert (refusal["status"], refusal["name"], refusal["store"]) == (403, "a guest", lrs.store.name)


async def test_a_wrong_secret_and_an_unknown_key_are_recorded_without_a_secret(lrs: Living) -> None:
    unknown, secret = f"unknown-{uuid4()}", f"hidden-{uuid4()}"
    for key in (lrs.key, unknown):
        await send(lrs, "POST", "/xapi/statements", httpx.BasicAuth(key, secret), json=statement())

    (of_known,) = await refusals(lrs)
    (of_unknown,) = await refusals(lrs, credential=unknown)

    assert (of_known["status"], of_known["store"], of_known["name"]) == (401, lrs.store.name, "a test")
    assert (of_unknown["status"], of_unknown["store"], of_unknown["name"]) == (401, None, None)
    assert secret not in json.dumps([of_known, of_unknown])


async def test_a_long_key_is_cut(lrs: Living) -> None:
    key = str(uuid4()) * 10
    await send(lrs, "GET", "/xapi/statements", httpx.BasicAuth(key, "secret"))

    assert len(await refusals(lrs, credential=key[:100])) == 1


async def test_a_form_is_never_copied(lrs: Living) -> None:
    secret = f"hidden-{uuid4()}"
    token = base64.b64encode(f"{lrs.key}:{secret}".encode()).decode()
    form = {"Authorization": f"Basic {token}", "X-Experience-API-Version": "1.0.3", "content": "{}"}
    media_type = {"Content-Type": "application/x-www-form-urlencoded"}
    own = httpx.BasicAuth(lrs.key, lrs.secret)
    for parameters in ({"method": "POST"}, {"method": "POST", "more": "1"}, {}):
        await send(lrs, "POST", "/xapi/statements", own, params=parameters, content=urlencode(form), headers=media_type)

    found = await refusals(lrs)

    assert len(found) == 3
    text = json.dumps(found)
    assert token not in text
    assert secret not in text


async def test_only_the_beginning_of_a_body_is_copied(lrs: Living) -> None:
    await lrs.post([statement(result={"response": "x" * 5000}), {}])

    (refusal,) = await refusals(lrs)

    assert len(refusal["body"]) == 2000
    assert refusal["body"].startswith('[{"actor":')


async def test_what_redaction_drops_is_not_in_the_copy_nor_in_the_reason(lrs: Living) -> None:
    sent = statement(verb={"id": "http://activitystrea.ms/send"}, result={"response": "just between us"})
    named = {**sent, "object": {"id": COURSE, "definition": {"name": "just between us"}}}
    await lrs.post({**sent, "actor": {}})
    await lrs.post(named)
    await lrs.http.post("/xapi/statements", content=json.dumps(sent).replace("/", "\\/")[:-1], headers=JSON)

    found = await refusals(lrs)

    assert [each["where"] for each in found][1:] == ["statement.object.definition.name", "statement.actor"]
    assert "between us" not in json.dumps(found)
    assert found[0]["body"] is None
    assert found[2]["body"].startswith('{"actor":')


async def test_refusals_are_found_by_time_status_and_page(lrs: Living) -> None:
    for number in range(5):
        await lrs.http.get("/xapi/statements", params={f"p{number}": "1"})
    await lrs.post({})
    everything = await refusals(lrs)

    assert [each["where"] for each in everything][1:] == ["p4", "p3", "p2", "p1", "p0"]
    assert len(await refusals(lrs, limit=2)) == 2
    assert await refusals(lrs, until=everything[-1]["time"]) == []
    assert await refusals(lrs, since=everything[-1]["time"]) == everything
    assert await refusals(lrs, since="2999-01-01") == []
    assert await refusals(lrs, status=409) == []

    paged: list[Json] = []
    more = f"{REFUSALS}?{urlencode({'credential': lrs.key, 'limit': 2})}"
    while more:
        answer = (await lrs.http.get(more)).json()
        paged += answer["refusals"]
        more = answer["more"]
    assert paged == everything


async def test_the_refusals_of_another_store_are_asked_for_by_its_name(lrs: Living, shared: Living) -> None:
    await shared.http.get("/xapi/statements", params={"other": "1"})

    assert await refusals(lrs, credential=shared.key) == []
    (refusal,) = await refusals(lrs, credential=shared.key, store=shared.store.name)
    assert refusal["where"] == "other"


@pytest.mark.parametrize(
    ("parameters", "status", "where"),
    [
        ({"limit": "0"}, 400, "limit"),
        ({"limit": "1001"}, 400, "limit"),
        ({"since": "yesterday"}, 400, "since"),
        ({"status": "500"}, 400, "status"),
        ({"cursor": "1"}, 400, "cursor"),
        ({"name": "a"}, 400, "name"),
        ({"store": "nowhere"}, 404, "store"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused(
    lrs: Living, parameters: dict[str, str], status: int, where: str
) -> None:
    assert refused(await lrs.http.get(REFUSALS, params=parameters), status)["where"] == where


async def test_many_refusals_at_once_are_all_recorded(lrs: Living, twin: Living) -> None:
    for each in (lrs, twin):  # the secret is checked once, which is slow
        await each.http.get("/xapi/statements")
    asked = ((lrs, twin)[number % 2].http.get("/xapi/statements", params={f"p{number}": "1"}) for number in range(200))
    answers = await asyncio.gather(*asked)

    assert {answer.status_code for answer in answers} == {400}
    limit = time.monotonic() + 60  # a busy machine takes longer than an answer waits
    while len(await refusals(lrs, limit=1000)) < 200:
        assert time.monotonic() < limit
        await asyncio.sleep(0.1)
    assert {each["where"] for each in await refusals(lrs, limit=1000)} == {f"p{number}" for number in range(200)}


async def test_the_record_is_bounded(lrs: Living) -> None:
    await lrs.post({})

    options = await lrs.store.database["refusals"].options()

    assert options["capped"] is True
    assert options["size"] == 16_000_000


@pytest.mark.slow
async def test_a_database_that_hangs_neither_changes_a_refusal_nor_delays_it(tmp_path: Path) -> None:
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path / "data", mongodb_url=None))
    url = await mongod.start()
    version = {"X-Experience-API-Version": "1.0.3"}
    try:
        async with application(url) as http:
            assert (await http.get("/xapi/statements", headers=version)).status_code == 200
            assert mongod.pid is not None
            os.kill(mongod.pid, signal.SIGSTOP)
            began = time.monotonic()
            answers = await asyncio.gather(
                *(http.get("/xapi/statements", params={"p": "1"}) for _ in range(20)), http.get("/xapi/statements")
            )
            took = time.monotonic() - began
            os.kill(mongod.pid, signal.SIGCONT)
            for answer in answers:
                refused(answer, 400)
            assert took < 3
    finally:
        await mongod.stop()
