"""xAPI Communication 4.0: who may ask, and for what."""

from uuid import uuid4

import pytest

from lrs.xapi.versions import HEADER, Version
from tests.api.samples import identified, refused, voiding
from tests.conformance.asking import Xapi, only
from tests.conformance.conftest import Guest
from tests.conformance.resources import RESOURCES, ask, basic, stranger

SCOPES = [
    ("statements/write", "GET", "statements"),
    ("statements/read", "POST", "statements"),
    ("statements/read", "PUT", "statements"),
    ("statements/read", "GET", "activities/state"),
    ("statements/write", "PUT", "activities/state"),
    ("state", "GET", "statements"),
    ("state", "PUT", "agents/profile"),
    ("profile", "PUT", "activities/state"),
    ("all/read", "POST", "statements"),
    ("all/read", "PUT", "activities/state"),
    ("all/read", "DELETE", "activities/profile"),
]


@pytest.mark.clause("Communication 3.2/5", "Communication 4.0/2")
@pytest.mark.parametrize(("scope", "method", "path"), SCOPES)
async def test_what_a_credential_may_not_do_is_403(
    guest: Guest, version: Version, scope: str, method: str, path: str
) -> None:
    error = refused(await ask(Xapi(await guest(scope), version), method, path, {}), 403)
    assert error["where"] == "Authorization"


@pytest.mark.clause("Communication 4.0/2")
@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("statements/write", "POST", "statements"),
        ("statements/read", "GET", "statements"),
        ("all/read", "GET", "activities/state"),
        ("state", "PUT", "activities/state"),
        ("profile", "PUT", "agents/profile"),
        ("all", "PUT", "activities/profile"),
    ],
)
async def test_what_a_credential_may_do_is_done(
    guest: Guest, version: Version, scope: str, method: str, path: str
) -> None:
    answer = await ask(Xapi(await guest(scope), version), method, path, {})
    assert answer.status_code in {200, 204}, answer.text


@pytest.mark.clause("Communication 3.2/5", "Communication 2.1.4/1")
async def test_a_refused_voiding_by_who_may_only_read_voids_nothing(guest: Guest, version: Version) -> None:
    writer, reader = Xapi(await guest("all"), version), Xapi(await guest("statements/read"), version)
    stored = await writer.store(identified())
    refused(await reader.post(voiding(stored["id"])), 403)
    assert await reader.read(stored["id"]) == stored


@only(Version.V1)
@pytest.mark.clause("Communication 4.0/1")
async def test_HTTP_Basic_opens_the_LRS(xapi: Xapi) -> None:
    told = {HEADER: "1.0.3", "Authorization": basic(xapi.living.key, xapi.living.secret)}
    async with stranger(xapi, **told) as friend:
        assert (await friend.get("/xapi/statements")).status_code == 200
        assert (
            await friend.get(
                "/xapi/statements", headers={"Authorization": told["Authorization"].replace("Basic", "bASIC")}
            )
        ).status_code == 200


@pytest.mark.clause("Communication 4.0/2", "Communication 3.2/1")
@pytest.mark.parametrize("wrong", ["another secret", "no secret", "another key", "both empty", "another scheme"])
async def test_a_wrong_credential_is_401(xapi: Xapi, wrong: str) -> None:
    key, secret = xapi.living.key, xapi.living.secret
    header = {
        "another secret": basic(key, secret + "x"),
        "no secret": basic(key, ""),
        "another key": basic(str(uuid4()), secret),
        "both empty": "Basic Og==",
        "another scheme": "Bearer abc",
    }[wrong]
    sent = identified()
    async with stranger(xapi, **{HEADER: xapi.version.value, "Authorization": header}) as other:
        for answer in (await other.get("/xapi/statements"), await other.post("/xapi/statements", json=sent)):
            refused(answer, 401)
            assert answer.headers["www-authenticate"].startswith("Basic")
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 4.0/2", "Communication 3.2/1")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_wrong_credential_is_401_on_every_resource(xapi: Xapi, path: str) -> None:
    told = {HEADER: xapi.version.value, "Authorization": basic(xapi.living.key, "wrong")}
    async with stranger(xapi, **told) as other:
        refused(await other.get(f"/xapi/{path}", params=RESOURCES[path]), 401)


@only(Version.V1)
@pytest.mark.clause("Communication 4.1/6")
@pytest.mark.parametrize("path", RESOURCES)
async def test_a_request_without_the_header_is_401(xapi: Xapi, path: str) -> None:
    async with stranger(xapi, **{HEADER: xapi.version.value}) as other:
        answer = await other.get(f"/xapi/{path}", params=RESOURCES[path])
    refused(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Basic")
