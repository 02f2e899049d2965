"""What a credential changes in how a request is read: its default version, and what only a lenient one may send."""

import base64
from typing import Any

import pytest

from lrs.store.stores import Stores
from tests.api.conftest import Admit
from tests.api.samples import ANN, VERSION, refused, statement
from tests.living import Living


async def admitted(admit: Admit, stores: Stores, **properties: Any) -> Living:
    """A credential with properties, whose client sends no version header."""
    guest = await admit("all")
    await stores.control["credentials"].update_one({"_id": guest.key}, {"$set": properties})
    del guest.http.headers[VERSION]
    return guest


@pytest.mark.clause("Communication 3.3")
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
async def test_a_missing_version_is_refused_in_the_version_of_the_credential(
    admit: Admit, stores: Stores, version: str
) -> None:
    guest = await admitted(admit, stores, xapi_version=version)

    for answer in (await guest.post(statement()), await guest.http.get("/xapi/statements")):
        assert refused(answer, 400)["where"] == VERSION
        assert answer.headers[VERSION] == version


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
async def test_a_lenient_credential_may_leave_its_version_out(admit: Admit, stores: Stores, version: str) -> None:
    guest = await admitted(admit, stores, xapi_version=version, lenient=True)

    posted, got = await guest.post(statement()), await guest.http.get("/xapi/statements", params={"limit": "1"})

    assert [(each.status_code, each.headers[VERSION]) for each in (posted, got)] == [(200, version), (200, version)]
    assert got.json()["statements"][0]["version"] == {"1.0.3": "1.0.0", "2.0.0": "2.0.0"}[version]


async def test_a_lenient_credential_without_a_version_still_has_to_name_one(admit: Admit, stores: Stores) -> None:
    guest = await admitted(admit, stores, lenient=True)

    assert refused(await guest.http.get("/xapi/statements"), 400)["where"] == VERSION


@pytest.mark.clause("Communication 3.2")
async def test_a_parameter_without_meaning_is_left_out_for_a_lenient_credential_only(
    lrs: Living, admit: Admit, stores: Stores
) -> None:
    guest = await admitted(admit, stores, lenient=True)
    parameters = {"limit": "1", "cachebuster": "1764000000", "activity_platform": "Storyline"}
    await lrs.post([statement(), statement()])

    strict = await lrs.http.get("/xapi/statements", params=parameters)
    taken = await guest.http.get("/xapi/statements", params=parameters, headers={VERSION: "1.0.3"})
    following = await guest.http.get(taken.json()["more"], headers={VERSION: "1.0.3"})

    assert refused(strict, 400)["where"] == "cachebuster"
    assert len(taken.json()["statements"]) == 1
    assert len(following.json()["statements"]) == 1


async def test_a_parameter_with_a_meaning_is_checked_for_a_lenient_credential_too(admit: Admit, stores: Stores) -> None:
    guest = await admitted(admit, stores, lenient=True)

    answer = await guest.http.get("/xapi/statements", params={"limit": "many"}, headers={VERSION: "1.0.3"})

    assert refused(answer, 400)["where"] == "limit"


@pytest.mark.clause("Communication 4.0")
async def test_a_bare_token_opens_for_a_lenient_credential_only(lrs: Living, admit: Admit, stores: Stores) -> None:
    guest = await admitted(admit, stores, lenient=True)

    def bare(living: Living) -> dict[str, str]:
        token = base64.b64encode(f"{living.key}:{living.secret}".encode()).decode()
        return {"Authorization": token, VERSION: "1.0.3"}

    strict = await lrs.http.send(lrs.http.build_request("GET", "/xapi/statements", headers=bare(lrs)), auth=None)
    taken = await lrs.http.send(lrs.http.build_request("GET", "/xapi/statements", headers=bare(guest)), auth=None)

    error = refused(strict, 401)
    assert "lenient" in error["why"]
    assert taken.status_code == 200


@pytest.mark.clause("Communication 1.5.1")
async def test_a_chunked_body_is_read_like_any_other(lrs: Living) -> None:
    async def chunks() -> Any:
        yield b'{"actor": {"mbox": "mailto:a'
        yield b'nn@example.org"}, "verb": {"id": "http://example.org/v"}, "object": {"id": "http://example.org/o"}}'

    answer = await lrs.http.post("/xapi/statements", content=chunks(), headers={"Content-Type": "application/json"})

    assert answer.status_code == 200
    assert (await lrs.http.get("/xapi/statements")).json()["statements"][0]["actor"]["mbox"] == ANN["mbox"]
