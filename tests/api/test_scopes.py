"""Every route with every scope: the table in `doors` says who is let in, and nobody else is.

A route that is missing in the table fails here by its name.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest

from lrs.core.credentials import SCOPES
from lrs.core.runner import reader_name
from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.conftest import Admit
from tests.api.doors import (
    LET_IN,
    OPEN,
    SCOPES_OF,
    address,
    ask,
    bare,
    basic,
    doors,
    parameters,
    there,
)
from tests.api.samples import refused, statement
from tests.living import Living

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH")
SPELLINGS: dict[str, Callable[[str], str]] = {
    "below /data": lambda path: path.replace("/xapi", "/data/xapi"),
    "in capitals": lambda path: path.replace("/xapi", "/xAPI"),
    "with a slash at the end": lambda path: f"{path}/",
    "with two slashes": lambda path: path[0] + path[1:].replace("/", "//"),
}


async def only(stores: Stores, lrs: Living, *scopes: str) -> str:
    """Make a credential with these scopes and no others; return its header."""
    key = f"only {' '.join(scopes) or 'nothing'} in {lrs.store.name}"
    await stores.credentials.put(key, "secret", name="a guest", store=lrs.store.name, scopes=frozenset(scopes))
    return basic(f"{key}:secret")


async def held(lrs: Living) -> dict[str, int]:
    """How many documents each collection of the store holds, those apart that keep refusals and promises."""
    names = await lrs.store.database.list_collection_names()
    counted = {name: await lrs.store.database[name].count_documents({}) for name in names}
    return {name: n for name, n in counted.items() if n and name != "refusals"}


def shut(answer: httpx.Response) -> Json:
    """Return the error of who was not let in for want of a scope."""
    error = refused(answer, 403)
    assert "lacks the scope" in error["why"]
    assert error["accepted"].startswith("a credential with the scope")
    return error


async def test_every_route_stands_in_the_table_with_its_scopes(shared: Living) -> None:
    known = {(method, bare(path)) for method, path in SCOPES_OF}

    missing = sorted(doors(shared) - OPEN - known)
    assert not missing, f"routes without a row in tests/api/doors.py: {missing}"
    idle = sorted({(method, path) for method, path in SCOPES_OF} - there(shared).keys())
    assert not idle, f"rows of tests/api/doors.py without a route: {idle}"
    assert doors(shared) >= OPEN


def test_every_row_is_opened_by_scopes_that_there_are_and_shut_to_some() -> None:
    for route, scopes in SCOPES_OF.items():
        assert scopes, route
        assert scopes < set(SCOPES), route


@pytest.mark.clause("Communication 4.0")
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_opens_the_routes_it_is_for_and_no_other(shared: Living, stores: Stores, scope: str) -> None:
    guest = await only(stores, shared, scope)

    for route, scopes in there(shared).items():
        answer = await ask(shared.http, route, guest)
        if scope in scopes:
            assert answer.status_code in LET_IN, (route, answer.text)
        else:
            shut(answer)


@pytest.mark.parametrize("scope", SCOPES)
async def test_HEAD_opens_what_GET_does(shared: Living, stores: Stores, scope: str) -> None:
    guest = await only(stores, shared, scope)

    for route, scopes in there(shared).items():
        if route[0] == "GET":
            answer = await ask(shared.http, route, guest, method="HEAD")
            assert answer.status_code in (LET_IN if scope in scopes else {403}), route
            assert answer.content == b""


@pytest.mark.parametrize("scope", SCOPES)
async def test_another_spelling_of_a_path_opens_no_more(shared: Living, stores: Stores, scope: str) -> None:
    guest = await only(stores, shared, scope)

    for route, scopes in there(shared).items():
        for how, spelled in SPELLINGS.items():
            answer = await ask(shared.http, route, guest, spelled=spelled)
            assert answer.status_code in (LET_IN if scope in scopes else {403}), (route, how, answer.text)


@pytest.mark.parametrize("scope", SCOPES)
async def test_the_alternate_syntax_opens_what_the_method_that_it_stands_for_does(
    shared: Living, stores: Stores, scope: str
) -> None:
    guest = await only(stores, shared, scope)

    for route, scopes in there(shared).items():
        if route[1].startswith("/xapi"):
            answer = await in_a_form(shared, route, guest)
            assert answer.status_code in (LET_IN if scope in scopes else {403}), (route, answer.text)


async def in_a_form(lrs: Living, route: tuple[str, str], auth: str) -> httpx.Response:
    """The same request as a POST of a form, with credential and version in it."""
    method, path = route
    told = {"Authorization": auth, "X-Experience-API-Version": "1.0.3", **parameters(route)}
    if method in ("PUT", "POST"):
        told["content"] = orjson.dumps(statement()).decode()
        told["Content-Type"] = "application/json"
    if path.startswith(("/xapi/activities/", "/xapi/agents/")):
        told["If-None-Match"] = "*"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = lrs.http.build_request("POST", address(path), params={"method": method}, headers=headers)
    request = httpx.Request(request.method, request.url, headers=headers, content=urlencode(told).encode())
    return await lrs.http.send(request, auth=None)


async def test_who_is_shut_out_changes_nothing(lrs: Living, stores: Stores) -> None:
    await lrs.post(statement())
    guest, known = await only(stores, lrs), await stores.credentials.all()
    before = await held(lrs)

    for route in there(lrs):
        shut(await ask(lrs.http, route, guest))
        refused(await ask(lrs.http, route, basic(f"{lrs.key}:wrong")), 401)

    assert await held(lrs) == before
    assert await stores.credentials.all() == known


async def test_a_credential_without_scopes_opens_nothing(lrs: Living, admit: Admit) -> None:
    guest = await admit()

    for route in there(lrs):
        shut(await ask(guest.http, route))


async def test_without_a_credential_the_answer_asks_for_one(shared: Living) -> None:
    for route in there(shared):
        request = shared.http.build_request(route[0], address(bare(route[1])))
        answer = await shared.http.send(request, auth=None)
        assert refused(answer, 401)["what"] == "no credential was sent"
        assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_method_that_a_path_does_not_have_does_nothing(lrs: Living) -> None:
    before, found = await held(lrs), doors(lrs)

    for path in sorted({path for _, path in found}):
        for method in METHODS:
            stands_for = "GET" if method == "HEAD" else method
            if (stands_for, path) not in found:
                answer = await ask(lrs.http, (method, path))
                assert answer.status_code in (404, 405), (method, path, answer.text)

    assert await held(lrs) == before


async def test_what_is_open_tells_everybody_the_same(lrs: Living) -> None:
    await lrs.post(statement())

    for method, path in OPEN:
        mine, theirs = [await lrs.http.request(method, address(path), auth=auth) for auth in (lrs.http.auth, None)]
        assert (mine.status_code, theirs.status_code) == (200, 200), path
        assert mine.content == theirs.content, path
        assert b"ann@example.org" not in theirs.content


async def test_analysts_see_no_setting_that_names_people(lrs: Living, admit: Admit) -> None:
    names = {"instructors": {"agents": [{"mbox": "mailto:teacher@example.org"}]}, "fanout_max": 10}
    await lrs.http.put("/api/v1/plugins/interactions/config", json=names)

    whole = (await lrs.http.get("/api/v1/plugins/interactions")).json()
    for scope in ("analytics/read", "analytics/identify"):
        told = (await (await admit(scope)).http.get("/api/v1/plugins/interactions")).json()
        assert told["changed"] == {"fanout_max": 10}
        assert whole["config"].keys() - told["config"].keys() == {"instructors", "system_agents"}
        assert "teacher" not in str(told)

    assert whole["changed"] == names


async def test_analysts_see_that_a_plugin_stopped_but_not_on_whose_statement(lrs: Living, admit: Admit) -> None:
    failure: Any = {"statement": "5f3c", "seq": 7, "reason": "KeyError: 'mbox:mailto:ann@example.org'"}
    await lrs.store.positions.ask(reader_name("discussion"), {"failure": failure})

    told = (await (await admit("analytics/read")).http.get("/api/v1/plugins/discussion/status")).json()
    whole = (await lrs.http.get("/api/v1/plugins/discussion/status")).json()

    assert told["failure"] == {"statement": None, "position": 7, "reason": None}
    assert told["stale"] is True
    assert whole["failure"] == {"statement": "5f3c", "position": 7, "reason": failure["reason"]}
