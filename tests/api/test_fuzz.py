"""Whatever is sent, nothing fails on our side, and a list is stored whole or not at all. See `fuzzing`."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import schemathesis.openapi
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from lrs.errors import InvalidStatement
from lrs.store.databases import PREFIX
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.query import PARAMETERS
from lrs.xapi.statements import validate_batch
from lrs.xapi.versions import Version
from tests.api.fuzzing import answered, fuzz, sendable
from tests.living import Living
from tests.xapi.mutations import MALFORMED, mutations
from tests.xapi.strategies import ACTORS, IRIS, JSON, UUIDS, statements, timestamps

VERSIONS = {Version.V1: "1.0.3", Version.V2: "2.0.0"}


def _plain(statement: Json) -> Json:
    """Return the statement with an id of its own and without attachments, whose data would have to be sent along."""
    kept = {key: part for key, part in statement.items() if key != "attachments"}
    inner = {key: part for key, part in kept["object"].items() if key != "attachments"}
    return {**kept, "object": inner, "id": str(uuid4())}


async def stored(lrs: Living, ids: list[str]) -> int:
    return await lrs.store.database["statements"].count_documents({"_id": {"$in": [UUID(each) for each in ids]}})


async def send_list(lrs: Living, batch: list[Any], version: Version) -> httpx.Response:
    headers = {"Content-Type": "application/json", "X-Experience-API-Version": VERSIONS[version]}
    return await lrs.http.post("/xapi/statements", content=json.dumps(batch).encode(), headers=headers)


@st.composite
def lists(draw: st.DrawFn) -> tuple[Version, list[Json]]:
    version = draw(st.sampled_from(list(Version)))
    return version, draw(st.lists(statements(version).map(_plain), min_size=1, max_size=3))


@st.composite
def broken_lists(draw: st.DrawFn) -> tuple[Version, list[str], list[Any]]:
    """Lists of which one statement was broken at one place, if only by a hair; with their ids."""
    version, batch = draw(lists())
    ids, position = [each["id"] for each in batch], draw(st.integers(0, len(batch) - 1))
    broken = draw(st.sampled_from([each for each in mutations(batch[position]) if not _has_attachments(each)]))
    return version, ids, [*batch[:position], broken, *batch[position + 1 :]]


def _has_attachments(statement: Any) -> bool:
    return isinstance(statement, dict) and "attachments" in json.dumps(statement)


@pytest.mark.clause("Communication 2.1.2")
async def test_every_valid_list_is_stored_whole(shared: Living) -> None:
    async def send(example: tuple[Version, list[Json]]) -> None:
        version, batch = example
        answer = await send_list(shared, batch, version)

        assert answer.status_code == 200, answer.text
        assert answer.json() == [each["id"] for each in batch]
        assert await stored(shared, answer.json()) == len(batch)

    await fuzz(lists(), send, examples=25)


@pytest.mark.clause("Communication 2.1.2")
async def test_of_a_list_with_a_broken_statement_nothing_is_stored(shared: Living) -> None:
    async def send(example: tuple[Version, list[str], list[Any]]) -> None:
        version, ids, batch = example
        try:
            expected = 200 if validate_batch(json.loads(json.dumps(batch)), version) else 400
        except InvalidStatement:
            expected = 400
        answer = await send_list(shared, batch, version)

        answered(answer)
        assert answer.status_code == expected, answer.text
        assert await stored(shared, ids) >= len(ids) - 1 if expected == 200 else await stored(shared, ids) == 0

    await fuzz(broken_lists(), send, examples=40)


ANYTHING = st.text(max_size=20) | st.sampled_from([text for texts in MALFORMED.values() for text in texts])
VALUES: dict[str, st.SearchStrategy[str]] = {
    "agent": ACTORS.map(json.dumps) | JSON.map(json.dumps),
    "since": timestamps(),
    "until": timestamps(),
    "limit": st.integers(-1, 2**70).map(str),
    "format": st.sampled_from(["ids", "exact", "canonical"]),
    **dict.fromkeys(("verb", "activity"), IRIS),
    **dict.fromkeys(("statementId", "voidedStatementId", "registration"), UUIDS),
    **dict.fromkeys(
        ("related_activities", "related_agents", "attachments", "ascending"), st.sampled_from(["true", "false"])
    ),
}


@st.composite
def queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    names = draw(st.lists(st.sampled_from([*PARAMETERS, "Agent", "cachebuster"]), max_size=4))
    return [(name, draw(VALUES[name] if name in VALUES and draw(st.integers(0, 3)) else ANYTHING)) for name in names]


@pytest.mark.clause("Communication 2.1.3")
async def test_every_query_is_answered_or_refused(shared: Living) -> None:
    async def send(query: list[tuple[str, str]]) -> None:
        answer = await shared.http.get("/xapi/statements", params=[(name, _sendable(value)) for name, value in query])

        answered(answer)
        if answer.status_code == 200 and "statementId" not in dict(query):
            assert "statements" in answer.text

    await fuzz(queries(), send, examples=80)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


PIECES: list[bytes] = [
    b"--b",
    b"--b--",
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"--",
    b"Content-Type: application/json",
    b"Content-Type: text/plain; charset=\xff",
    b"Content-Transfer-Encoding: binary",
    b"Content-Transfer-Encoding: base64",
    b"X-Experience-API-Hash: " + b"0" * 64,
    b'{"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "urn:v"}, "object": {"id": "urn:o"}}',
    b"[]",
    b"null",
    b"\x00",
]
TYPES = [
    "multipart/mixed; boundary=b",
    'multipart/mixed; boundary="b"',
    "multipart/mixed",
    "multipart/form-data; boundary=b",
]
BODIES = st.binary(max_size=200) | st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=14).map(b"".join)
REQUESTS = st.tuples(
    st.sampled_from(["POST", "PUT"]),
    st.sampled_from(
        ["statements", "activities/state", "agents/profile", "activities/profile", "statements?method=PUT"]
    ),
    st.sampled_from([*TYPES, "application/json", "application/x-www-form-urlencoded", "", "text/plain; =;"]),
    BODIES,
)


async def test_random_bytes_are_refused_or_stored(shared: Living) -> None:
    async def send(example: tuple[str, str, str, bytes]) -> None:
        method, path, media_type, body = example
        named = {"statementId": str(uuid4())} if path == "statements" and method == "PUT" else {}
        if "/" in path:
            named = {
                "activityId": "urn:a",
                "agent": '{"mbox":"mailto:a@example.org"}',
                "stateId": "s",
                "profileId": "p",
            }
            unknown = {"activities/state": ["profileId"], "agents/profile": ["activityId", "stateId"]}
            for name in unknown.get(path, ["agent", "stateId"]):
                del named[name]
        url = httpx.URL(f"/xapi/{path}").copy_merge_params(named)
        answered(await shared.http.request(method, url, content=body, headers={"Content-Type": media_type}))

    await fuzz(REQUESTS, send, examples=120)


@pytest.fixture
async def cleaned(shared: Living, stores: Stores) -> AsyncIterator[Living]:
    """The same LRS; stores and credentials that were made are deleted afterwards."""
    names = set(await stores.names())
    yield shared
    for made in set(await stores.names()) - names:
        await stores.control["stores"].delete_one({"_id": made})
        await stores.client.drop_database(PREFIX + made)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
async def test_whatever_the_description_allows_or_not_is_answered(cleaned: Living, mode: GenerationMode) -> None:
    described = (await cleaned.http.get("/openapi.json")).json()
    schema = schemathesis.openapi.from_dict(described)
    operations = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(operations) == sum(map(len, described["paths"].values()))

    async def send(case: Case[Any]) -> None:
        if (request := sendable(cleaned.http, case)) is not None:
            answered(await cleaned.http.send(request))

    cases = st.one_of([operation.as_strategy(generation_mode=mode) for operation in operations])
    await fuzz(cases, send, examples=4 * len(operations))
