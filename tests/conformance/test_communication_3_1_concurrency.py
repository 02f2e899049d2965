"""xAPI Communication 3.1: nobody overwrites a document that they have not seen."""

import re
from hashlib import sha1

import pytest

from lrs.xapi.versions import Version
from tests.api.samples import refused
from tests.conformance.asking import Params, Xapi, only
from tests.conformance.documents import ACTIVITY_PROFILE, AGENT_PROFILE, ALL, STATE, Documents

OLD, NEW = b'{"a": "old"}', b'{"b": "new"}'
NEVER = '"0000000000000000000000000000000000000000"'
JSON = {"content_type": "application/json"}
PROFILES = pytest.mark.parametrize("of", [AGENT_PROFILE, ACTIVITY_PROFILE], ids=lambda of: of.path)
EACH = pytest.mark.parametrize("of", ALL, ids=lambda of: of.path)


async def _stored(xapi: Xapi, of: Documents) -> Params:
    where = of.where(**{of.name: "x"})
    answer = await xapi.ask("PUT", of.path, where, OLD, **JSON, if_none_match="*")
    assert answer.status_code == 204, answer.text
    return where


async def _etag(xapi: Xapi, of: Documents, where: Params) -> str:
    tag: str = (await xapi.get(of.path, where)).headers["etag"]
    return tag


async def _is_unchanged(xapi: Xapi, of: Documents, where: Params) -> bool:
    return (await xapi.get(of.path, where)).content == OLD


@EACH
@pytest.mark.clause("Communication 3.1/2", "Communication 3.1/5")
async def test_a_document_has_an_ETag_in_quotes_that_changes_with_it(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    first = await _etag(xapi, of, where)
    assert re.fullmatch(r'"[^"]+"', first)
    assert await _etag(xapi, of, where) == first
    await xapi.ask("POST", of.path, where, NEW, **JSON, if_match=first)
    second = await _etag(xapi, of, where)
    assert re.fullmatch(r'"[^"]+"', second)
    assert second != first
    assert (await xapi.ask("HEAD", of.path, where)).headers["etag"] == second


@EACH
@only(Version.V1)
@pytest.mark.clause("Communication 3.1/3")
async def test_the_ETag_is_the_SHA_1_of_the_content(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    assert await _etag(xapi, of, where) == f'"{sha1(OLD).hexdigest()}"'


@EACH
@pytest.mark.clause("Communication 3.1/2")
async def test_a_list_of_ids_has_an_ETag(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    answer = await xapi.get(of.path, {name: value for name, value in where.items() if name != of.name})
    assert re.fullmatch(r'"[^"]+"', answer.headers["etag"])


@PROFILES
@only(Version.V1)
@pytest.mark.clause("Communication 3.1/1")
async def test_PUT_of_a_new_profile_document_needs_a_precondition(xapi: Xapi, of: Documents) -> None:
    where = of.where(**{of.name: "x"})
    refused(await xapi.ask("PUT", of.path, where, NEW, **JSON), 400)
    refused(await xapi.get(of.path, where), 404)


@EACH
@pytest.mark.clause("Communication 3.1/6", "Communication 3.1/8", "Communication 3.1/9")
async def test_PUT_heeds_If_Match(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    tag = await _etag(xapi, of, where)
    refused(await xapi.ask("PUT", of.path, where, NEW, **JSON, if_match=NEVER), 412)
    assert await _is_unchanged(xapi, of, where)
    assert (await xapi.ask("PUT", of.path, where, NEW, **JSON, if_match=f"{NEVER}, {tag}")).status_code == 204
    assert (await xapi.get(of.path, where)).content == NEW
    refused(await xapi.ask("PUT", of.path, where, OLD, **JSON, if_match=tag), 412)
    assert (await xapi.ask("PUT", of.path, where, OLD, **JSON, if_match="*")).status_code == 204
    absent = of.where(**{of.name: "absent"})
    refused(await xapi.ask("PUT", of.path, absent, NEW, **JSON, if_match="*"), 412)
    refused(await xapi.get(of.path, absent), 404)


@EACH
@pytest.mark.clause("Communication 3.1/7", "Communication 3.1/8", "Communication 3.1/9")
async def test_PUT_heeds_If_None_Match(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    refused(await xapi.ask("PUT", of.path, where, NEW, **JSON, if_none_match="*"), 412)
    assert await _is_unchanged(xapi, of, where)
    assert (
        await xapi.ask("PUT", of.path, of.where(**{of.name: "y"}), NEW, **JSON, if_none_match="*")
    ).status_code == 204


@PROFILES
@pytest.mark.clause("Communication 3.1/10", "Communication 3.1/11", "Communication 3.1/12")
async def test_PUT_onto_a_profile_document_without_either_is_a_conflict(xapi: Xapi, of: Documents) -> None:
    await _conflicts(xapi, of)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.4/4")
async def test_PUT_onto_a_state_document_without_either_is_a_conflict(xapi: Xapi) -> None:
    await _conflicts(xapi, STATE)


async def _conflicts(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    error = refused(await xapi.ask("PUT", of.path, where, NEW, **JSON), 409)
    said = " ".join(str(each) for each in error.values())
    assert "If-Match" in said
    assert re.search(r"\b(GET|current|check|read)\b", said)
    assert await _is_unchanged(xapi, of, where)


@only(Version.V1)
@pytest.mark.clause("Communication 3.1/10")
async def test_a_state_document_is_put_without_either(xapi: Xapi) -> None:
    where = await _stored(xapi, STATE)
    assert (await xapi.ask("PUT", STATE.path, where, NEW, **JSON)).status_code == 204
    assert (await xapi.get(STATE.path, where)).content == NEW


@EACH
@pytest.mark.clause("IEEE 9274.1.1 4.1.4/1", "IEEE 9274.1.1 4.1.4/3")
async def test_POST_heeds_If_Match(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    refused(await xapi.ask("POST", of.path, where, NEW, **JSON, if_match=NEVER), 412)
    refused(await xapi.ask("POST", of.path, where, NEW, **JSON, if_none_match="*"), 412)
    assert await _is_unchanged(xapi, of, where)
    tag = await _etag(xapi, of, where)
    assert (await xapi.ask("POST", of.path, where, NEW, **JSON, if_match=tag)).status_code == 204
    assert (await xapi.get(of.path, where)).json() == {"a": "old", "b": "new"}


@EACH
@pytest.mark.clause("IEEE 9274.1.1 4.1.4/2", "IEEE 9274.1.1 4.1.4/3")
async def test_DELETE_heeds_If_Match(xapi: Xapi, of: Documents) -> None:
    where = await _stored(xapi, of)
    refused(await xapi.ask("DELETE", of.path, where, if_match=NEVER), 412)
    assert await _is_unchanged(xapi, of, where)
    tag = await _etag(xapi, of, where)
    assert (await xapi.ask("DELETE", of.path, where, if_match=tag)).status_code == 204
    refused(await xapi.get(of.path, where), 404)
