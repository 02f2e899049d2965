"""Bad input: each is a 4xx in the one shape, names its place, and changes nothing."""

import copy
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.xapi import Json
from tests.api.samples import ANN, BEN, COURSE, count, refused, statement
from tests.living import Living

RICH: Json = statement(
    id="8a5a1f0e-3d8d-4a6e-9d4a-0d9b3a6c7e11",
    actor={"objectType": "Group", "name": "Team", "openid": "https://id.example.org/t", "member": [ANN, BEN]},
    verb={"id": "http://example.org/did", "display": {"en": "did"}},
    object={
        "objectType": "Activity",
        "id": COURSE,
        "definition": {
            "name": {"en": "Quiz"},
            "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
            "interactionType": "choice",
            "choices": [{"id": "a", "description": {"en": "A"}}],
            "correctResponsesPattern": ["a"],
            "extensions": {"http://example.org/x": {"a": [1]}},
        },
    },
    result={
        "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
        "success": True,
        "duration": "PT1H",
        "response": "a",
    },
    context={
        "registration": "8a5a1f0e-3d8d-4a6e-9d4a-0d9b3a6c7e12",
        "instructor": ANN,
        "contextActivities": {"parent": [{"id": COURSE}], "other": {"id": COURSE}},
        "language": "en",
        "platform": "LMS",
        "statement": {"objectType": "StatementRef", "id": "8a5a1f0e-3d8d-4a6e-9d4a-0d9b3a6c7e13"},
    },
    timestamp="2026-11-22T09:30:00Z",
    stored="2026-11-22T09:30:00Z",
    authority=BEN,
    version="1.0.0",
    attachments=[
        {
            "usageType": "http://example.org/usage",
            "display": {"en": "A"},
            "contentType": "text/plain",
            "length": 1,
            "sha2": "0" * 64,
            "fileUrl": "https://example.org/a",
        }
    ],
)

NOT_JSON: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1, column 1"),
    "cut off": (b'{"actor": ', "line 1, column"),
    "comma": (b'{"actor": {},\n "verb": {},,}', "line 2, column 13"),
    "NaN": (b'{"result": NaN}', "line 1, column 12"),
    "Infinity": (b"[\n1,\n-Infinity]", "line 3, column"),
    "too large a number": (b'{"a": 1e999}', "line 1, column 7"),
    "lone surrogate": (b'{"a":\n "\\ud800"}', "line 2, column 3"),
    "not UTF-8": (b'{"a": "\xff"}', "byte 8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "byte 1"),
    "byte order mark": (b"\xef\xbb\xbf{}", "line 1, column 1"),
    "single quotes": (b"{'a': 1}", "line 1, column 2"),
    "two documents": (b"{}{}", "line 1, column 3"),
    "10,000 arrays": (b"[" * 10_000 + b"]" * 10_000, "line 1, column 1026"),
    "10,000 objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "line 1, column"),
}


@pytest.mark.clause("Data 2.2")
@pytest.mark.parametrize(("body", "place"), NOT_JSON.values(), ids=NOT_JSON)
async def test_what_is_no_json_is_refused_at_its_place(shared: Living, body: bytes, place: str) -> None:
    before = await count(shared)

    for method, parameters in (("POST", {}), ("PUT", {"statementId": RICH["id"]})):
        answer = await shared.http.request(
            method, "/xapi/statements", params=parameters, content=body, headers={"Content-Type": "application/json"}
        )
        error = refused(answer, 400)
        assert error["where"].startswith(f"body, {place}")
        assert error["why"]
        assert len(answer.content) < 1000
    assert await count(shared) == before


@pytest.mark.parametrize("body", [None, True, 0, 1.5, "text", [None], [[]], [statement(), 1], ["x"], {}], ids=str)
async def test_json_that_is_no_statement_is_refused(shared: Living, body: Any) -> None:
    before = await count(shared)

    error = refused(await shared.post(body), 400)

    assert error["where"].startswith("statement")
    assert await count(shared) == before


@pytest.mark.parametrize("levels", [101, 300, 1000])
async def test_an_extension_that_is_nested_too_deeply_is_refused_at_its_place(shared: Living, levels: int) -> None:
    before = await count(shared)
    extensions = {"http://example.org/flat": [[1]], "http://example.org/deep": "[]"}
    body = orjson.dumps([statement(), statement(context={"extensions": extensions})])

    error = refused(await post_bytes(shared, body.replace(b'"[]"', b"[" * levels + b"]" * levels)), 400)

    assert error["where"] == 'statements[1].context.extensions["http://example.org/deep"]'
    assert "100 levels" in error["why"]
    assert error["accepted"] == "up to 100 levels"
    assert await count(shared) == before


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**70), 10**300, 1e308, -0.0, 1e-320], ids=str)
async def test_huge_numbers_are_taken_and_come_back(shared: Living, number: float) -> None:
    body = orjson.dumps(statement(result={"score": {"raw": 0}})).replace(b'"raw":0', b'"raw":%a' % number)

    posted = await shared.http.post("/xapi/statements", content=body, headers={"Content-Type": "application/json"})

    assert posted.status_code == 200
    back = await shared.http.get("/xapi/statements", params={"statementId": posted.json()[0]})
    assert float(back.json()["result"]["score"]["raw"]) == float(number)


ASKED_WRONG = {
    "unknown plugin": ("/api/v1/metrics/nothing.threads", {}, 404, "metrics/nothing.threads"),
    "unknown metric": ("/api/v1/metrics/discussion.nothing", {}, 404, "metrics/discussion.nothing"),
    "no metric": ("/api/v1/metrics/discussion", {}, 404, "metrics/discussion"),
    "unknown parameter": ("/api/v1/metrics/discussion.threads", {"sice": "2026-01-01"}, 400, "sice"),
    "of the catalogue": ("/api/v1/metrics", {"since": "2026-01-01"}, 400, "since"),
    "of the report": ("/api/v1/interactions/report", {"since": "2026-01-01"}, 400, "since"),
    "bucket": ("/api/v1/metrics/discussion.threads", {"bucket": "year"}, 400, "bucket"),
    "partition": ("/api/v1/metrics/discussion.threads", {"group_by": "moon"}, 400, "group_by"),
    "group alone": ("/api/v1/metrics/discussion.threads", {"group": "a"}, 400, "group"),
    "format": ("/api/v1/metrics/discussion.threads", {"format": "exe"}, 400, "format"),
    "groups by day": ("/api/v1/metrics/discussion.threads", {"group_by": "course", "bucket": "day"}, 400, "bucket"),
    "no time": ("/api/v1/metrics/discussion.threads", {"since": "yesterday"}, 400, "since"),
    "no date": ("/api/v1/metrics/discussion.threads", {"until": "2026-02-30"}, 400, "until"),
    "backwards": ("/api/v1/metrics/discussion.threads", {"since": "2026-02-01", "until": "2026-01-01"}, 400, "until"),
    "empty": ("/api/v1/metrics/discussion.threads", {"since": "2026-02-01", "until": "2026-02-01"}, 400, "until"),
    "future": ("/api/v1/metrics/discussion.threads", {"since": "2999-01-01"}, 400, "since"),
    "before time": ("/api/v1/metrics/discussion.threads", {"until": "0001-01-01"}, 400, "until"),
    "many buckets": (
        "/api/v1/metrics/discussion.threads",
        {"since": "1900-01-01", "until": "2026-01-01", "bucket": "day"},
        400,
        "bucket",
    ),
}


@pytest.mark.parametrize(("path", "parameters", "status", "where"), ASKED_WRONG.values(), ids=ASKED_WRONG)
async def test_a_question_that_cannot_be_answered_says_why(
    shared: Living, path: str, parameters: dict[str, str], status: int, where: str
) -> None:
    error = refused(await shared.http.get(path, params=parameters), status)

    assert error["where"] == where
    assert error["accepted"] or error["why"]


WRONG_REQUESTS: dict[str, dict[str, Any]] = {
    "no credential": {"auth": ("", "")},
    "an unknown parameter": {"params": {"no such parameter": "1"}},
    "a parameter twice": {"params": [("since", "2026-01-01T00:00:00Z"), ("since", "2026-01-01T00:00:00Z")]},
    "a body that is no JSON": {
        "params": {"statementId": RICH["id"]},
        "content": b"{",
        "headers": {"Content-Type": "application/json"},
    },
    "a body of another type": {
        "params": {"statementId": RICH["id"]},
        "content": b"a=b",
        "headers": {"Content-Type": "text/plain"},
    },
    "another method": {"method": "PATCH"},
}


@pytest.mark.parametrize("wrong", WRONG_REQUESTS.values(), ids=WRONG_REQUESTS)
async def test_every_endpoint_fails_in_the_one_shape(shared: Living, wrong: dict[str, Any]) -> None:
    described = (await shared.http.get("/openapi.json")).json()["paths"]
    before, failures = await count(shared), 0

    for path, operations in described.items():
        for method in operations:
            asked = {"method": method.upper(), **wrong}
            answer = await shared.http.request(url=path.replace("{name}", "discussion.threads"), **asked)
            if answer.status_code >= 400:
                refused(answer, answer.status_code)
                failures += 1
            assert answer.status_code < 500

    assert failures >= 2
    assert await count(shared) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
PATIENT = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def as_json(value: Any) -> bytes:
    """JSON as the standard library writes it, lone surrogates and large integers included."""
    return json.dumps(value).encode()


def places(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield before
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in items:
        yield from places(part, (*before, step))


def replaced(value: Any, place: tuple[str | int, ...], part: Any) -> Any:
    """Return the value with another part at a place."""
    if not place:
        return part
    changed = copy.copy(value)
    changed[place[0]] = replaced(value[place[0]], place[1:], part)
    return changed


async def post_bytes(lrs: Living, body: bytes) -> httpx.Response:
    return await lrs.http.post("/xapi/statements", content=body, headers={"Content-Type": "application/json"})


@PATIENT
@given(body=JSON | st.lists(st.just(RICH) | JSON, max_size=3))
async def test_arbitrary_json_is_stored_or_refused(shared: Living, body: Any) -> None:
    answer = await post_bytes(shared, as_json(body))

    if answer.status_code not in (200, 409):
        refused(answer, 400)


@PATIENT
@given(
    place=st.sampled_from(list(places(RICH))), part=JSON | st.sampled_from([RICH, ANN, COURSE, {}, []]), new=st.uuids()
)
async def test_a_statement_with_an_arbitrary_part_is_stored_or_refused_at_its_place(
    shared: Living, place: tuple[str | int, ...], part: Any, new: Any
) -> None:
    answer = await post_bytes(shared, as_json(replaced({**RICH, "id": str(new)}, place, part)))

    if answer.status_code not in (200, 409):
        error = refused(answer, 400)
        assert error["where"].startswith(("statement", "body"))


@PATIENT
@given(parameters=st.dictionaries(st.sampled_from(["agent", "verb", "since", "limit", "cursor", "more"]), st.text()))
async def test_arbitrary_parameters_are_answered_or_refused(shared: Living, parameters: dict[str, str]) -> None:
    query = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in parameters.items()})

    answer = await shared.http.get(f"/xapi/statements?{query}")

    if answer.status_code != 200:
        refused(answer, 400)
