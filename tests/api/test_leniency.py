"""What a lenient credential may send and ask against the standard, and how the others are told so."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from lrs.kit.telling import SCOPES
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.leniency import HINT, LENIENCIES, Leniency
from tests.api.samples import ANN, count, identified, listed, read, refused
from tests.living import Living


@pytest.fixture
async def lenient(shared: Living, stores: Stores) -> AsyncIterator[Living]:
    """The same application on the same store, asked with a lenient credential."""
    key = f"key-{uuid4()}"
    await stores.credentials.put(
        key, "secret", name="old content", store=shared.store.name, scopes=SCOPES, lenient=True
    )
    async with httpx.AsyncClient(
        transport=shared.http._transport,
        base_url=shared.http.base_url,
        auth=httpx.BasicAuth(key, "secret"),
        headers={"X-Experience-API-Version": "1.0.3"},
    ) as http:
        yield replace(shared, http=http, key=key)


def contains(whole: object, part: object) -> bool:
    """Tell whether an object has everything of another, at any depth."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    return whole == part


@pytest.mark.parametrize("leniency", LENIENCIES, ids=lambda leniency: leniency.name)
async def test_what_is_tolerated_is_refused_from_a_strict_credential_and_stored_in_standard_form_from_a_lenient_one(
    shared: Living, lenient: Living, leniency: Leniency
) -> None:
    sent = identified(**leniency.before)
    before = await count(shared)

    for body in (sent, [identified(), sent]):
        error = refused(await shared.post(body), 400)
        assert error["accepted"].endswith(HINT)
        assert error["where"].startswith("statement")
    assert await count(shared) == before

    assert (await lenient.post([sent, identified()])).status_code == 200
    stored = await read(shared, sent["id"])
    assert contains(stored, leniency.after)
    assert not contains(stored, leniency.before)


async def test_a_put_is_tolerated_as_a_post_is(shared: Living, lenient: Living) -> None:
    sent = identified(actor={"name": ["Ann"], "mbox": ["mailto:ann@example.org"]})

    for credential, status in ((shared, 400), (lenient, 204)):
        answer = await credential.http.put("/xapi/statements", params={"statementId": sent["id"]}, json=sent)
        assert answer.status_code == status, answer.text

    assert (await read(shared, sent["id"]))["actor"] == {"name": "Ann", **ANN}


async def test_the_standard_form_and_the_tolerated_one_are_the_same_statement(shared: Living, lenient: Living) -> None:
    standard = identified(actor={"name": "Ann", **ANN}, timestamp="2026-11-22T09:30:00Z")
    old = {**standard, "actor": {"name": ["Ann"], "mbox": ["mailto:ann@example.org"]}}

    answers = [await lenient.post(old), await shared.post(standard), await lenient.post(old)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


@pytest.mark.parametrize(
    "agent",
    [
        {"name": ["Eve"], "mbox": ["mailto:{}@example.org"]},
        {"mbox": "{}@example.org"},
        {"objectType": "Person", "mbox": ["mailto:{}@example.org"]},
        {"account": [{"accountServiceHomePage": "https://lms.example.org", "accountName": "{}"}]},
    ],
    ids=["arrays", "no mailto", "person", "account"],
)
async def test_the_agent_of_a_launch_link_is_found(shared: Living, lenient: Living, agent: Json) -> None:
    told = json.dumps(agent).replace("{}", f"eve-{uuid4()}")
    sent = identified(actor=json.loads(told))
    assert (await lenient.post(sent)).status_code == 200

    assert await listed(lenient, agent=told) == [sent["id"]]
    error = refused(await shared.http.get("/xapi/statements", params={"agent": told}), 400)
    assert error["where"] == "agent"
    assert error["accepted"].endswith(HINT)


async def test_every_page_of_a_list_keeps_the_agent_of_a_launch_link(lenient: Living) -> None:
    told = json.dumps({"name": ["Eve"], "mbox": [f"mailto:eve-{uuid4()}@example.org"]})
    sent = [identified(actor=json.loads(told)) for _ in range(3)]
    assert (await lenient.post(sent)).status_code == 200

    first = (await lenient.http.get("/xapi/statements", params={"agent": told, "limit": 2})).json()
    second = (await lenient.http.get(first["more"])).json()

    assert {each["id"] for page in (first, second) for each in page["statements"]} == {each["id"] for each in sent}


@pytest.mark.parametrize("broken", [{"verb": {"id": "did"}}, {"actor": None}, {"actor": {"mbox": ["nobody"]}}])
async def test_what_has_no_meaning_is_refused_from_everybody(shared: Living, lenient: Living, broken: Json) -> None:
    for credential in (shared, lenient):
        error = refused(await credential.post(identified(**broken)), 400)
        assert "lenient" not in error["accepted"]
