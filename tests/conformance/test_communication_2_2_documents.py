"""xAPI Communication 2.2, 2.3, 2.6 and 2.7: documents of States and profiles."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import BEN, refused
from tests.conformance.asking import Params, Xapi, only, rule
from tests.conformance.documents import ALL, STATE, Documents

JSON = "application/json"


def each(clause: str) -> pytest.MarkDecorator:
    """Ask each resource about a clause of Communication 2.2."""
    return pytest.mark.parametrize("of", [rule(clause, one.path, one) for one in ALL])


def own(number: int | Mapping[str, int]) -> pytest.MarkDecorator:
    """Ask each resource about a clause of its own section."""
    numbers = number if isinstance(number, Mapping) else {one.section: number for one in ALL}
    clauses = [(one, f"Communication {one.section}/{numbers[one.section]}") for one in ALL if one.section in numbers]
    return pytest.mark.parametrize("of", [rule(clause, one.path, one) for one, clause in clauses])


async def _put(xapi: Xapi, of: Documents, where: Params, content: Any, **headers: str) -> httpx.Response:
    told = {"content_type": JSON, "if_none_match": "*", **headers}
    return await xapi.ask(
        "PUT", of.path, where, content if isinstance(content, bytes) else orjson.dumps(content), **told
    )


async def _post(xapi: Xapi, of: Documents, where: Params, content: Any, **headers: str) -> httpx.Response:
    told = {"content_type": JSON, **headers}
    return await xapi.ask(
        "POST", of.path, where, content if isinstance(content, bytes) else orjson.dumps(content), **told
    )


async def _ids(xapi: Xapi, of: Documents, where: Params) -> list[str]:
    answer = await xapi.get(of.path, where)
    assert (answer.status_code, answer.headers["content-type"]) == (200, JSON)
    found: list[str] = answer.json()
    return sorted(found)


@own(1)
async def test_a_document_is_put_read_and_deleted(xapi: Xapi, of: Documents) -> None:
    where = of.where(**{of.name: "a/b ä&?"})
    refused(await xapi.get(of.path, where), 404)
    put = await _put(xapi, of, where, {"x": 1})
    assert (put.status_code, put.content) == (204, b"")
    got = await xapi.get(of.path, where)
    assert (got.status_code, got.json()) == (200, {"x": 1})
    changed = await _put(xapi, of, where, {"y": 2}, if_none_match='"none"', if_match=got.headers["etag"])
    assert changed.status_code == 204
    newer = await xapi.get(of.path, where)
    assert newer.json() == {"y": 2}
    deleted = await xapi.ask("DELETE", of.path, where, if_match=newer.headers["etag"])
    assert (deleted.status_code, deleted.content) == (204, b"")
    refused(await xapi.get(of.path, where), 404)


@own(1)
async def test_a_document_is_posted_where_there_is_none(xapi: Xapi, of: Documents) -> None:
    where = of.where(**{of.name: "posted"})
    posted = await _post(xapi, of, where, b"\x00\xff", content_type="application/octet-stream")
    assert (posted.status_code, posted.content) == (204, b"")
    assert (await xapi.get(of.path, where)).content == b"\x00\xff"


@each("Communication 2.2/1")
async def test_a_document_of_what_nobody_has_heard_of_is_taken(xapi: Xapi, of: Documents) -> None:
    assert (await _put(xapi, of, of.where(**{of.name: "new"}), {})).status_code == 204
    assert await _ids(xapi, of, of.where()) == []


@each("Communication 2.2/5")
@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", "text/plain"),
        (b"\x00\xff\r\n", "application/octet-stream"),
        ('"ä" '.encode(), "application/json"),
        (b' { "a" : 1.00 } ', "application/json; charset=UTF-8"),
        (b"<p>", 'text/html; charset="latin-1"'),
    ],
)
async def test_a_document_comes_back_byte_for_byte(
    xapi: Xapi, of: Documents, content: bytes, content_type: str
) -> None:
    where = of.where(**{of.name: "bytes"})
    assert (await _put(xapi, of, where, content, content_type=content_type)).status_code == 204
    got = await xapi.get(of.path, where)
    assert (got.content, got.headers["content-type"]) == (content, content_type)


@pytest.mark.clause("Communication 2.2/4")
@each("Communication 2.2/2")
async def test_POST_merges_what_is_at_the_top(xapi: Xapi, of: Documents) -> None:
    where = of.where(**{of.name: "merged"})
    before: Json = {"x": "foo", "y": "bar", "deep": {"a": 1, "b": [1]}, "list": [1, 2], "gone": 1}
    await _put(xapi, of, where, before)
    merged = await _post(xapi, of, where, {"x": "bash", "z": "faz", "deep": {"c": 2}, "list": [3], "gone": None})
    assert (merged.status_code, merged.content) == (204, b"")
    expected = {"x": "bash", "y": "bar", "z": "faz", "deep": {"c": 2}, "list": [3], "gone": None}
    got = await xapi.get(of.path, where)
    assert (got.json(), got.headers["content-type"]) == (expected, JSON)


UNMERGEABLE = [
    ("JSON onto text", (b"a text", "text/plain"), (b'{"a":1}', JSON)),
    ("text onto JSON", (b'{"a":1}', JSON), (b"a text", "text/plain")),
    ("text onto text", (b"one", "text/plain"), (b"two", "text/plain")),
    ("an array onto JSON", (b'{"a":1}', JSON), (b"[1]", JSON)),
    ("a string onto JSON", (b'{"a":1}', JSON), (b'"a"', JSON)),
    ("broken JSON onto JSON", (b'{"a":1}', JSON), (b'{"a":', JSON)),
    ("JSON onto an array", (b"[1]", JSON), (b'{"a":1}', JSON)),
    ("nothing onto JSON", (b'{"a":1}', JSON), (b"", JSON)),
]


@each("Communication 2.2/3")
@pytest.mark.parametrize(
    ("stored", "posted"), [case[1:] for case in UNMERGEABLE], ids=[case[0] for case in UNMERGEABLE]
)
async def test_what_can_not_be_merged_is_refused_and_changes_nothing(
    xapi: Xapi, of: Documents, stored: tuple[bytes, str], posted: tuple[bytes, str]
) -> None:
    where = of.where(**{of.name: "kept"})
    assert (await _put(xapi, of, where, stored[0], content_type=stored[1])).status_code == 204
    before = await xapi.get(of.path, where)
    refused(await _post(xapi, of, where, posted[0], content_type=posted[1]), 400)
    after = await xapi.get(of.path, where)
    assert (after.content, after.headers["content-type"]) == (stored[0], stored[1])
    assert after.headers["etag"] == before.headers["etag"]


@own(2)
async def test_without_a_name_the_ids_of_the_context_are_told(xapi: Xapi, of: Documents) -> None:
    where, other = of.where(), of.where()
    assert await _ids(xapi, of, where) == []
    for name in ("a", "b ä", "c"):
        await _put(xapi, of, {**where, of.name: name}, {})
    await _put(xapi, of, {**other, of.name: "d"}, {})
    assert await _ids(xapi, of, where) == ["a", "b ä", "c"]


@own(3)
async def test_since_leaves_out_what_was_not_changed_after_it(xapi: Xapi, of: Documents) -> None:
    where = of.where()
    await _put(xapi, of, {**where, of.name: "first"}, {"a": 1})
    await _put(xapi, of, {**where, of.name: "second"}, {"a": 1})
    modified = parsedate_to_datetime((await xapi.get(of.path, {**where, of.name: "second"})).headers["last-modified"])
    assert await _ids(xapi, of, {**where, "since": (modified - timedelta(seconds=5)).isoformat()}) == [
        "first",
        "second",
    ]
    assert await _ids(xapi, of, {**where, "since": (modified + timedelta(seconds=5)).isoformat()}) == []
    await asyncio.sleep(0.01)
    between = datetime.fromisoformat(
        (await xapi.store({"actor": BEN, "verb": {"id": "http://e.org/v"}, "object": {"id": "http://e.org/o"}}))[
            "stored"
        ]
    )
    await asyncio.sleep(0.01)
    await _post(xapi, of, {**where, of.name: "first"}, {"b": 2})
    assert await _ids(xapi, of, {**where, "since": between.isoformat()}) == ["first"]
    refused(await xapi.get(of.path, {**where, "since": "yesterday"}), 400)


@own({"2.3": 5, "2.7": 4})
async def test_an_activityId_is_needed(xapi: Xapi, of: Documents) -> None:
    await _needs(xapi, of, "activityId", [None, "", "no-iri", "ab=c://x"])


@own({"2.3": 6, "2.6": 4})
async def test_an_agent_is_needed(xapi: Xapi, of: Documents) -> None:
    wrong = ['{"name":"x"}', '{"mbox":"x"}', '{"mbox":null}', '{"Mbox":"mailto:a@example.org"}']
    await _needs(xapi, of, "agent", [None, "", "x", "[]", *wrong])


async def _needs(xapi: Xapi, of: Documents, name: str, values: Sequence[str | None]) -> None:
    """Send requests whose parameter is missing (None) or wrong; each must be refused at that parameter."""
    for method, value in product(("GET", "PUT", "POST", "DELETE"), values):
        where = {other: kept for other, kept in of.where(**{of.name: "x"}).items() if other != name}
        told = where if value is None else {**where, name: value}
        content = b"{}" if method in {"PUT", "POST"} else b""
        answer = await xapi.ask(method, of.path, told, content, content_type=JSON, if_none_match="*")
        assert answer.status_code == 400, (method, value)
        assert refused(answer, 400)["where"].startswith(name)


@own({"2.3": 8, "2.6": 5, "2.7": 5})
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
async def test_a_name_is_needed_to_change_a_document(xapi: Xapi, of: Documents, method: str) -> None:
    if of is STATE and method == "DELETE":
        return  # deletes all documents of the context: 2.3/4
    content = b"{}" if method != "DELETE" else b""
    error = refused(await xapi.ask(method, of.path, of.where(), content, content_type=JSON), 400)
    assert error["where"] == of.name


@pytest.mark.clause("Communication 2.3/4")
async def test_DELETE_without_a_stateId_deletes_the_context_and_no_other(xapi: Xapi) -> None:
    where, other = STATE.where(), STATE.where()
    registered = {**where, "registration": str(uuid4())}
    for context in (where, other, registered):
        for name in ("a", "b"):
            await _put(xapi, STATE, {**context, "stateId": name}, {})
    assert (await xapi.ask("DELETE", STATE.path, registered)).status_code == 204
    assert await _ids(xapi, STATE, registered) == []
    assert "a" in await _ids(xapi, STATE, where)
    assert (await xapi.ask("DELETE", STATE.path, where)).status_code == 204
    assert await _ids(xapi, STATE, where) == []
    assert await _ids(xapi, STATE, other) == ["a", "b"]


@pytest.mark.clause("Communication 2.3/7")
async def test_a_registration_is_a_context_of_its_own(xapi: Xapi) -> None:
    where = STATE.where(stateId="x")
    first, second = ({**where, "registration": str(uuid4())} for _ in range(2))
    await _put(xapi, STATE, where, {"of": "none"})
    await _put(xapi, STATE, first, {"of": "first"})
    refused(await xapi.get(STATE.path, second), 404)
    assert (await xapi.get(STATE.path, first)).json() == {"of": "first"}
    assert (await xapi.get(STATE.path, where)).json() == {"of": "none"}
    upper = {**first, "registration": str(first["registration"]).upper()}
    assert (await xapi.get(STATE.path, upper)).json() == {"of": "first"}
    for method in ("GET", "PUT", "POST", "DELETE"):
        for value in ("", "x", "0"):
            wrong = {**where, "registration": value}
            refused(await xapi.ask(method, STATE.path, wrong, b"{}", content_type=JSON), 400)


@pytest.mark.clause(*(f"IEEE 9274.1.1 {of.also}/1" for of in ALL))
async def test_Last_Modified_moves_on_with_the_document(xapi: Xapi) -> None:
    async def modified(of: Documents) -> datetime:
        return parsedate_to_datetime((await xapi.get(of.path, places[of.path])).headers["last-modified"])

    places = {of.path: of.where(**{of.name: "x"}) for of in ALL}
    for of in ALL:
        await _put(xapi, of, places[of.path], {"a": 1})
    first = [await modified(of) for of in ALL]
    await asyncio.sleep(1.01)  # the header has whole seconds
    for of in ALL:
        await _post(xapi, of, places[of.path], {"b": 1})
    for of, before in zip(ALL, first, strict=True):
        assert timedelta(seconds=1) <= await modified(of) - before < timedelta(minutes=1)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.2/2")
async def test_since_and_stateId_together_are_refused(xapi: Xapi) -> None:
    where = STATE.where(stateId="x")
    await _put(xapi, STATE, where, {})
    refused(await xapi.get(STATE.path, {**where, "since": "2020-01-01T00:00:00Z"}), 400)
