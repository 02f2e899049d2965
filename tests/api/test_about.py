"""GET about: the versions that are served, for anybody who asks (Communication 2.8)."""

import httpx
import pytest

from lrs import __version__
from lrs.xapi.values import is_iri
from tests.api.conftest import application
from tests.api.samples import VERSION, refused
from tests.living import Living


async def ask(lrs: Living, **headers: str) -> httpx.Response:
    """Ask without a credential, and without a version unless one is given."""
    request = lrs.http.build_request("GET", "/xapi/about")
    del request.headers[VERSION]
    request.headers.update(headers)
    return await lrs.http.send(request, auth=None)


@pytest.mark.clause("Communication 2.8")
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.7")
async def test_about_names_the_latest_patch_of_each_version_and_nothing_but_extensions(shared: Living) -> None:
    answer = await ask(shared)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    about = answer.json()
    assert set(about) == {"version", "extensions"}
    assert about["version"] == ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]
    assert all(is_iri(name) for name in about["extensions"])
    assert about["extensions"]["urn:social-lrs:about:software"] == {"name": "Social LRS", "version": __version__}


@pytest.mark.clause("Communication 2.8")
@pytest.mark.parametrize(
    ("version", "answered"),
    [("1.0.3", "1.0.3"), ("1.0", "1.0.3"), ("2.0.0", "2.0.0"), ("0.9", "1.0.3"), ("BAD", "1.0.3"), ("", "1.0.3")],
)
async def test_no_version_header_is_refused(shared: Living, version: str, answered: str) -> None:
    answer = await ask(shared, **{VERSION: version})

    assert answer.status_code == 200
    assert answer.headers[VERSION] == answered


async def test_a_wrong_credential_is_not_looked_at(shared: Living) -> None:
    assert (await ask(shared, Authorization="Basic bm9ib2R5Om5v")).status_code == 200


@pytest.mark.clause("Communication 3.2")
async def test_a_parameter_is_refused(shared: Living) -> None:
    assert refused(await shared.http.get("/xapi/about", params={"lang": "en"}), 400)["where"] == "lang"


@pytest.mark.clause("Communication 1.1")
async def test_head_answers_without_a_body(shared: Living) -> None:
    answer = await shared.http.head("/xapi/about")

    assert (answer.status_code, answer.content) == (200, b"")


async def test_behind_a_proxy_the_addresses_are_those_that_clients_use(mongodb_url: str) -> None:
    async with application(mongodb_url, public_url="https://learn.example.org/lrs") as http:
        extensions = (await http.get("/xapi/about")).json()["extensions"]

    assert extensions["urn:social-lrs:about:analytics"] == "/lrs/api/v1"
    assert extensions["urn:social-lrs:about:documentation"] == "/lrs/docs"
