"""Who may do what: a credential opens one store, and its scopes say what it may do there (Communication 4)."""

import base64
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from lrs.core.credentials import SCOPES
from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import ANN, COURSE, UNKNOWN_ID, count, identified, listed, refused, statement
from tests.living import Living

OPEN = {("GET", "/xapi/about"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/api/v1/schemas/{name}")}
READ = {"statements/read", "all/read", "all"}
WRITE = {"statements/write", "all"}
ANALYSE = {"analytics/read", "analytics/identify"}
ADMINISTER = {"admin"}
DOCUMENTS = {
    "/xapi/activities/state": {"state", "all"},
    "/xapi/agents/profile": {"profile", "all"},
    "/xapi/activities/profile": {"profile", "all"},
}
TOLD = {"/xapi/activities": {"activityId": COURSE}, "/xapi/agents": {"agent": json.dumps(ANN)}}
CHANGES = ("enable", "disable", "rebuild", "retry")
ADMITTED = {
    ("POST", "/xapi/statements"): WRITE,
    ("PUT", "/xapi/statements"): WRITE,
    ("GET", "/xapi/statements"): READ | {"statements/read/mine"},
    **{("GET", path): scopes | {"all/read"} for path, scopes in DOCUMENTS.items()},
    **{(method, path): scopes for path, scopes in DOCUMENTS.items() for method in ("PUT", "POST", "DELETE")},
    **{("GET", path): READ | {"profile"} for path in TOLD},
    ("GET", "/api/v1/metrics"): ANALYSE,
    ("GET", "/api/v1/metrics/{name}"): ANALYSE,
    ("GET", "/api/v1/charts"): ANALYSE,
    ("GET", "/api/v1/charts/{name}"): ANALYSE,
    ("GET", "/api/v1/network"): ANALYSE,
    ("GET", "/api/v1/interactions/report"): ANALYSE,
    ("GET", "/api/v1/statements"): READ,
    ("GET", "/api/v1/statements/aggregate"): READ | ANALYSE,
    ("GET", "/api/v1/credentials"): ADMINISTER,
    ("POST", "/api/v1/credentials"): ADMINISTER,
    ("DELETE", "/api/v1/credentials/{key}"): ADMINISTER,
    ("GET", "/api/v1/stores"): ADMINISTER,
    ("POST", "/api/v1/stores"): ADMINISTER,
    ("GET", "/api/v1/stores/{store}/redaction"): ADMINISTER,
    ("PUT", "/api/v1/stores/{store}/redaction"): ADMINISTER,
    ("GET", "/api/v1/refusals"): ADMINISTER,
    ("GET", "/api/v1/audit"): ADMINISTER,
    ("GET", "/api/v1/people"): ADMINISTER,
    ("PUT", "/api/v1/people"): ADMINISTER,
    ("GET", "/api/v1/people/{person}"): ADMINISTER,
    ("DELETE", "/api/v1/people/{person}"): ADMINISTER,
    ("POST", "/api/v1/people/merge"): ADMINISTER,
    ("POST", "/api/v1/people/split"): ADMINISTER,
    **{("GET", f"/api/v1/plugins{path}"): ANALYSE | ADMINISTER for path in ("", "/{name}", "/{name}/status")},
    ("GET", "/api/v1/plugins/{name}/failures"): ADMINISTER,
    ("PUT", "/api/v1/plugins/{name}/config"): ADMINISTER,
    **{("POST", f"/api/v1/plugins/{{name}}/{change}"): ADMINISTER for change in CHANGES},
}
"""Each route, and the scopes any of which opens it."""

ANSWERED = {200, 201, 202, 204, 404, 409}
"""How requests of `ask` are answered that are let in: what some name isn't there, or is there already."""


async def routes(lrs: Living) -> set[tuple[str, str]]:
    described = (await lrs.http.get("/openapi.json")).json()["paths"]
    return {(method.upper(), path) for path, operations in described.items() for method in operations}


BODIES: dict[str, Any] = {
    "/api/v1/credentials": {"key": "first"},
    "/api/v1/stores": {"name": "default"},
    "/api/v1/people": {"people": []},
    "/api/v1/people/merge": {"into": "nobody", "people": ["somebody"]},
    "/api/v1/people/split": {
        "person": "nobody",
        "identifiers": [{"mbox": "mailto:ann@example.org"}],
        "into": "somebody",
    },
    "/api/v1/plugins/{name}/config": {},
}


def address(path: str) -> str:
    return path.format(name="discussion.threads", key="nobody", person="nobody", store="nowhere")


def a_document(path: str) -> dict[str, str]:
    """The parameters of a document that is not there."""
    parts = {
        "/xapi/activities/state": {"activityId": COURSE, "agent": json.dumps(ANN), "stateId": str(uuid4())},
        "/xapi/agents/profile": {"agent": json.dumps(ANN), "profileId": str(uuid4())},
        "/xapi/activities/profile": {"activityId": COURSE, "profileId": str(uuid4())},
    }
    return parts[path]


async def ask(http: httpx.AsyncClient, route: tuple[str, str], auth: str | None = None) -> httpx.Response:
    """Send a request that is right but for its credential."""
    method, path = route
    headers = {} if auth is None else {"Authorization": auth}
    parameters = {"statementId": UNKNOWN_ID} if route == ("PUT", "/xapi/statements") else TOLD.get(path, {})
    if path in DOCUMENTS:
        parameters = a_document(path)
        headers["If-None-Match"] = "*"
    body = (BODIES.get(path) or statement()) if method in ("POST", "PUT") else None
    request = http.build_request(method, address(path), params=parameters, json=body, headers=headers)
    return await (http.send(request) if auth is None else http.send(request, auth=None))


def basic(text: str | bytes) -> str:
    return f"Basic {base64.b64encode(text.encode() if isinstance(text, str) else text).decode()}"


async def test_every_route_is_open_or_has_its_scopes_listed_here(shared: Living) -> None:
    assert await routes(shared) == OPEN | ADMITTED.keys()


@pytest.mark.clause("Communication 4.0")
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_opens_the_routes_it_is_for_and_no_other(shared: Living, stores: Stores, scope: str) -> None:
    key = f"only {scope}"
    await stores.credentials.put(key, "secret", name="a guest", store=shared.store.name, scopes=frozenset((scope,)))
    before = await count(shared)

    for route, scopes in ADMITTED.items():
        answer = await ask(shared.http, route, basic(f"{key}:secret"))
        if scope in scopes:
            assert answer.status_code in ANSWERED, (route, answer.text)
        else:
            error = refused(answer, 403)
            assert "lacks the scope" in error["why"]
            assert error["accepted"].startswith("a credential with the scope")

    assert (await count(shared) > before) is (scope in WRITE)


async def test_a_credential_without_scopes_opens_nothing(lrs: Living, admit: Admit) -> None:
    guest = await admit()

    for route in ADMITTED:
        refused(await ask(guest.http, route), 403)


@pytest.mark.clause("Communication 4.0")
@pytest.mark.parametrize("route", ADMITTED, ids=" ".join)
@pytest.mark.parametrize(
    ("auth", "status"),
    [
        ("", 401),
        ("Basic", 401),
        ("Bearer abc", 401),
        (basic(":"), 401),
        (basic("nobody:secret"), 401),
        (basic("first:wrong"), 401),
        (basic("first:"), 401),
        (basic("no colon"), 401),
        (basic("\0:\0"), 401),
        (basic("ключ:пароль"), 401),
        (basic(b"\xff\xfe:\xff"), 400),
        ("Basic %%%", 400),
        ("Basic Zmlyc3Q6Zmlyc3Q", 400),
        ("Basic ключ", 400),
    ],
)
async def test_what_is_no_credential_is_refused(shared: Living, route: tuple[str, str], auth: str, status: int) -> None:
    before = await count(shared)
    request = httpx.Request(
        route[0],
        f"http://lrs.example.org{address(route[1])}",
        headers=[(b"authorization", auth.encode()), (b"x-experience-api-version", b"1.0.3")],
        json=statement(),
    )

    answer = await shared.http.send(request, auth=None)

    assert refused(answer, status)["where"] == "Authorization"
    if status == 401:
        assert answer.headers["www-authenticate"] == 'Basic realm="LRS", charset="UTF-8"'
    assert await count(shared) == before


async def test_without_a_credential_the_answer_asks_for_one(shared: Living) -> None:
    for route in ADMITTED:
        request = shared.http.build_request(route[0], address(route[1]))
        answer = await shared.http.send(request, auth=None)
        assert refused(answer, 401)["what"] == "no credential was sent"
        assert answer.headers["www-authenticate"].startswith("Basic ")


async def test_a_key_and_a_secret_may_have_any_characters(lrs: Living, stores: Stores) -> None:
    for key, secret in (("ключ", "пароль"), ("a b", "c:d:e"), ("emoji 🔑", "")):
        await stores.credentials.put(key, secret, name=key, store=lrs.store.name, scopes=frozenset(("all",)))
        answer = await ask(lrs.http, ("GET", "/xapi/statements"), basic(f"{key}:{secret}"))
        assert answer.status_code == 200, answer.text


async def test_another_store_sees_nothing(lrs: Living, shared: Living) -> None:
    mine, same_id = identified(), identified()
    await lrs.post([mine, same_id])

    assert not {mine["id"], same_id["id"]} & set(await listed(shared))
    for sent in (mine, same_id):
        refused(await shared.http.get("/xapi/statements", params={"statementId": sent["id"]}), 404)
    assert (await shared.post({**same_id, "verb": {"id": "http://example.org/other"}})).status_code == 200
    assert await count(lrs) == 2


async def test_a_secret_may_be_changed(lrs: Living, twin: Living, stores: Stores) -> None:
    """The old one opens nothing where it was not used a moment ago."""
    await stores.credentials.put(lrs.key, "new", name="a test", store=lrs.store.name, scopes=frozenset(("all",)))

    refused(await ask(twin.http, ("GET", "/xapi/statements"), basic(f"{lrs.key}:secret")), 401)
    assert (await ask(twin.http, ("GET", "/xapi/statements"), basic(f"{lrs.key}:new"))).status_code == 200


async def test_a_secret_that_was_right_opens_no_other_key(lrs: Living, admit: Admit) -> None:
    other = await admit("all", secret="another secret")
    await ask(other.http, ("GET", "/xapi/statements"))

    refused(await ask(lrs.http, ("GET", "/xapi/statements"), basic(f"{lrs.key}:another secret")), 401)
    refused(await ask(lrs.http, ("GET", "/xapi/statements"), basic(f"{lrs.key}\0:secret")), 401)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_the_state_of_the_server_needs_no_credential(shared: Living, path: str) -> None:
    answer = await shared.http.send(shared.http.build_request("GET", path), auth=None)

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
