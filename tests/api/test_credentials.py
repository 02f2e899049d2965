"""Who is let in: a credential opens one store (Communication 4). `test_scopes` says what it may do there."""

import httpx
import pytest

from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.doors import address, ask, bare, basic, there
from tests.api.samples import count, identified, listed, refused, statement
from tests.living import Living


@pytest.mark.clause("Communication 4.0")
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
async def test_what_is_no_credential_is_refused(shared: Living, auth: str, status: int) -> None:
    before = await count(shared)
    for method, path in {method: (method, path) for method, path in there(shared)}.values():  # see also test_scopes
        request = httpx.Request(
            method,
            f"http://lrs.example.org{address(bare(path))}",
            headers=[(b"authorization", auth.encode()), (b"x-experience-api-version", b"1.0.3")],
            json=statement(),
        )

        answer = await shared.http.send(request, auth=None)

        assert refused(answer, status)["where"] == "Authorization"
        if status == 401:
            assert answer.headers["www-authenticate"] == 'Basic realm="LRS", charset="UTF-8"'
    assert await count(shared) == before


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
