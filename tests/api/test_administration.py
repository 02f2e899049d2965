"""Credentials and stores over the API, by whoever has the scope `admin`."""

import re
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lrs.core.credentials import SCOPES
from lrs.store.credentials import COST
from lrs.store.databases import PREFIX
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.samples import VERSION, listed, refused, statement
from tests.living import Living

CREDENTIALS, STORES = "/api/v1/credentials", "/api/v1/stores"
JSON = {"Content-Type": "application/json"}


async def made(lrs: Living, **asked: Any) -> Json:
    """Make a credential and return what is told of it."""
    answer = await lrs.http.post(CREDENTIALS, json=asked)
    assert answer.status_code == 201, answer.text
    credential: Json = answer.json()
    return credential


async def known(lrs: Living) -> dict[str, Json]:
    """Return the listed credentials by key."""
    answer = await lrs.http.get(CREDENTIALS)
    assert answer.status_code == 200
    return {each["key"]: each for each in answer.json()["credentials"]}


async def ask(lrs: Living, credential: Json, **headers: str) -> httpx.Response:
    """Read statements with another credential."""
    auth = httpx.BasicAuth(credential["key"], credential["secret"])
    return await lrs.http.get("/xapi/statements", auth=auth, headers=headers)


@pytest.fixture
async def store_name(stores: Stores) -> AsyncIterator[str]:
    """A name of a store that there isn't; one that the test creates is dropped."""
    name = f"t{uuid4().hex}"
    yield name
    await stores.control["stores"].delete_one({"_id": name})
    await stores.client.drop_database(PREFIX + name)


async def test_a_credential_is_made_and_its_secret_told_once(lrs: Living) -> None:
    credential = await made(lrs, name="Moodle")

    assert len(credential["secret"]) >= 32
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", credential["created"])
    told = {name: value for name, value in credential.items() if name not in ("key", "secret", "created")}
    settings = {"xapi_version": None, "lenient": False, "dedupe": None}
    assert told == {"name": "Moodle", "store": lrs.store.name, "scopes": ["all"], **settings}
    shown = {name: value for name, value in credential.items() if name != "secret"}
    assert (await known(lrs))[credential["key"]] == shown
    assert (await ask(lrs, credential)).status_code == 200


async def test_a_secret_is_hashed_at_full_cost(lrs: Living, stores: Stores) -> None:
    found = await stores.credentials.get((await made(lrs))["key"])

    assert found is not None
    assert found.cost == COST


async def test_all_settings_of_a_credential_are_kept(lrs: Living) -> None:
    key = f"key-{uuid4()}"
    chosen = {"key": key, "secret": "séсret 1", "name": "Old content", "store": lrs.store.name, "lenient": True}

    credential = await made(
        lrs, **chosen, scopes=["statements/read", "state", "state"], xapi_version="2.0.1", dedupe=600
    )

    assert credential | chosen == credential
    assert credential["scopes"] == ["statements/read", "state"]
    assert (credential["xapi_version"], credential["dedupe"]) == ("2.0.0", 600)
    without_secret = {name: value for name, value in credential.items() if name != "secret"}
    assert (await known(lrs))[key] == without_secret
    assert (await ask(lrs, credential)).status_code == 200


@pytest.mark.parametrize("scope", SCOPES)
async def test_each_scope_can_be_given(lrs: Living, scope: str) -> None:
    assert (await made(lrs, scopes=[scope]))["scopes"] == [scope]


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.3", "2.0", "2.0.0"])
async def test_a_request_without_version_is_refused_in_the_version_of_its_credential(lrs: Living, version: str) -> None:
    credential = await made(lrs, xapi_version=version)
    request = httpx.Request("GET", f"{lrs.http.base_url}/xapi/statements")

    answer = await lrs.http.send(request, auth=httpx.BasicAuth(credential["key"], credential["secret"]))

    assert refused(answer, 400)["where"] == VERSION
    assert answer.headers[VERSION] == credential["xapi_version"] == ("1.0.3" if version < "2" else "2.0.0")


WRONG: dict[str, tuple[Any, str]] = {
    "no object": ([], "body"),
    "an unknown field": ({"nmae": "Moodle"}, "nmae"),
    "an unknown scope": ({"scopes": ["all", "everything"]}, "scopes[1]"),
    "no scope": ({"scopes": []}, "scopes"),
    "scopes as text": ({"scopes": "all"}, "scopes"),
    "an unknown store": ({"store": "nowhere"}, "store"),
    "an old version": ({"xapi_version": "0.9"}, "xapi_version"),
    "lenient as a number": ({"lenient": 1}, "lenient"),
    "dedupe as text": ({"dedupe": "600"}, "dedupe"),
    "dedupe below zero": ({"dedupe": -1}, "dedupe"),
    "dedupe over a week": ({"dedupe": 7 * 86400 + 1}, "dedupe"),
    "a key with a colon": ({"key": "a:b"}, "key"),
    "a key with a slash": ({"key": "a/b"}, "key"),
    "an empty key": ({"key": ""}, "key"),
    "a key with a line break": ({"key": "a\nb"}, "key"),
    "a long key": ({"key": "x" * 101}, "key"),
    "an empty secret": ({"secret": ""}, "secret"),
    "an empty name": ({"name": ""}, "name"),
}


@pytest.mark.parametrize(("asked", "where"), WRONG.values(), ids=WRONG)
async def test_what_no_credential_can_be_is_refused_at_its_place(lrs: Living, asked: Any, where: str) -> None:
    before = await known(lrs)

    error = refused(await lrs.http.post(CREDENTIALS, json=asked), 400)

    assert error["where"] == where
    assert await known(lrs) == before


async def test_a_body_that_is_no_json_is_refused(lrs: Living) -> None:
    refused(await lrs.http.post(CREDENTIALS, content=b"{", headers=JSON), 400)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused(await lrs.http.post(CREDENTIALS, content=b"{}", headers=form), 415)


async def test_a_key_that_is_taken_is_refused_and_its_credential_stays(lrs: Living) -> None:
    credential = await made(lrs, scopes=["all/read"])

    error = refused(await lrs.http.post(CREDENTIALS, json={"key": credential["key"], "secret": "another"}), 409)

    assert error["where"] == "key"
    assert (await ask(lrs, credential)).status_code == 200
    refused(await ask(lrs, {**credential, "secret": "another"}), 401)


async def test_a_deleted_credential_opens_nothing_from_then_on(lrs: Living) -> None:
    credential = await made(lrs)
    assert (await ask(lrs, credential)).status_code == 200

    deleted = await lrs.http.delete(f"{CREDENTIALS}/{credential['key']}")

    assert deleted.status_code == 204
    refused(await ask(lrs, credential), 401)
    assert credential["key"] not in await known(lrs)
    assert refused(await lrs.http.delete(f"{CREDENTIALS}/{credential['key']}"), 404)["where"] == "key"


async def test_a_credential_can_not_delete_itself(lrs: Living) -> None:
    refused(await lrs.http.delete(f"{CREDENTIALS}/{lrs.key}"), 409)

    assert lrs.key in await known(lrs)


async def test_only_admin_opens_administration(lrs: Living, admit: Admit) -> None:
    guest = await admit("all", "analytics/identify")

    for answer in (await guest.http.get(CREDENTIALS), await guest.http.post(CREDENTIALS, json={"scopes": ["admin"]})):
        assert "admin" in refused(answer, 403)["why"]


async def test_a_new_store_is_empty_and_kept_apart(lrs: Living, store_name: str) -> None:
    await lrs.post(statement())

    created = await lrs.http.post(STORES, json={"name": store_name, "timezone": "Europe/Berlin"})

    assert (created.status_code, created.json()) == (201, {"name": store_name, "timezone": "Europe/Berlin"})
    assert created.json() in (await lrs.http.get(STORES)).json()["stores"]
    credential = await made(lrs, store=store_name)
    answer = await ask(lrs, credential)
    assert answer.json()["statements"] == []
    own = httpx.BasicAuth(credential["key"], credential["secret"])
    sent = await lrs.http.post("/xapi/statements", json=statement(), auth=own)
    assert sent.status_code == 200
    assert sent.json()[0] not in await listed(lrs)


async def test_a_store_that_is_there_is_not_created_again(lrs: Living, store_name: str) -> None:
    await lrs.http.post(STORES, json={"name": store_name, "timezone": "Europe/Berlin"})

    error = refused(await lrs.http.post(STORES, json={"name": store_name}), 409)

    assert error["where"] == "name"
    told = {"name": store_name, "timezone": "Europe/Berlin"}
    assert told in (await lrs.http.get(STORES)).json()["stores"]


WRONG_STORES: dict[str, tuple[Any, str]] = {
    "no name": ({}, "name"),
    "capitals": ({"name": "Acme"}, "name"),
    "a dot": ({"name": "a.b"}, "name"),
    "long": ({"name": "x" * 41}, "name"),
    "a line break": ({"name": "acme\n"}, "name"),
    "no time zone": ({"name": "acme", "timezone": "Berlin"}, "timezone"),
    "a path": ({"name": "acme", "timezone": "../etc/passwd"}, "timezone"),
    "an unknown field": ({"name": "acme", "zone": "UTC"}, "zone"),
}


@pytest.mark.parametrize(("asked", "where"), WRONG_STORES.values(), ids=WRONG_STORES)
async def test_what_no_store_can_be_is_refused_at_its_place(lrs: Living, asked: Any, where: str) -> None:
    assert refused(await lrs.http.post(STORES, json=asked), 400)["where"] == where
