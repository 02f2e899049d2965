"""What every request and answer of the xAPI has in common (xAPI Communication 1.1, 3.2, 3.3; 2.1.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.samples import (
    ANSWERED,
    CONSISTENT_THROUGH,
    UNKNOWN_ID,
    VERSION,
    count,
    identified,
    listed,
    read,
    refused,
    statement,
)
from tests.living import Living

SPELLINGS = (
    "/xapi/statements",
    "/xAPI/statements",
    "/XAPI/statements",
    "/data/xAPI/statements",
    "/data/xapi/statements/",
    "/xAPI//statements",
    "//xAPI/statements",
    "/xapi/statements/",
    "/xapi/statements//",
)


@pytest.mark.clause("Communication 3.3")
@pytest.mark.parametrize(
    ("told", "served"),
    [
        ("1.0", "1.0.3"),
        ("1.0.0", "1.0.3"),
        ("1.0.3", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("2.0", "2.0.0"),
        ("2.0.0", "2.0.0"),
    ],
)
async def test_a_version_is_served_as_its_latest_patch(shared: Living, told: str, served: str) -> None:
    posted = await shared.post(statement(), **{VERSION: told})
    got = await shared.http.get("/xapi/statements", params={"limit": 1}, headers={VERSION: told})
    bad = await shared.post(statement(verb=None), **{VERSION: told})

    assert [answer.status_code for answer in (posted, got, bad)] == [200, 200, 400]
    assert {answer.headers[VERSION] for answer in (posted, got, bad)} == {served}


@pytest.mark.clause("Communication 3.3")
@pytest.mark.parametrize("told", ["", "0.9", "0.95", "1.1.0", "3.0.0", "1", "2.1.0", "latest"])
async def test_an_unknown_version_is_refused(shared: Living, told: str) -> None:
    before = await count(shared)

    answers = [
        await shared.post(statement(), **{VERSION: told}),
        await shared.http.get("/xapi/statements", headers={VERSION: told}),
    ]

    for answer in answers:
        assert refused(answer, 400)["where"] == VERSION
        assert answer.headers[VERSION] == "1.0.3"
    assert await count(shared) == before


@pytest.mark.clause("Communication 3.3")
async def test_a_missing_version_is_refused_and_named(shared: Living) -> None:
    before = await count(shared)
    del shared.http.headers[VERSION]
    try:
        answers = [await shared.post(statement()), await shared.http.get("/xapi/statements")]
        put = await shared.http.put("/xapi/statements", params={"statementId": UNKNOWN_ID}, json=statement())
    finally:
        shared.http.headers[VERSION] = "1.0.3"

    for answer in (*answers, put):
        error = refused(answer, 400)
        assert error["where"] == VERSION
        assert "1.0.x" in error["accepted"]
        assert answer.headers[VERSION] == "1.0.3"
    assert await count(shared) == before


@pytest.mark.clause("Communication 3.3")
async def test_a_request_refused_before_its_version_is_looked_at_is_answered_in_it(shared: Living) -> None:
    answer = await shared.http.get("/xapi/statements", auth=("", ""), headers={VERSION: "2.0.0"})

    refused(answer, 401)
    assert answer.headers[VERSION] == "2.0.0"


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({}, 200),
        ({"verb": ANSWERED}, 200),
        ({"statementId": UNKNOWN_ID}, 404),
        ({"voidedStatementId": UNKNOWN_ID}, 404),
        ({"verb": "no IRI"}, 400),
        ({"nothing": "1"}, 400),
        ({"statementId": UNKNOWN_ID, "limit": "1"}, 400),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_every_answer_says_how_far_it_is_consistent(
    shared: Living, method: str, parameters: dict[str, str], status: int
) -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=1)

    answer = await shared.http.request(method, "/xapi/statements", params=parameters)

    assert answer.status_code == status
    told = answer.headers[CONSISTENT_THROUGH]
    assert len(told) == len("2026-11-22T09:30:00.000Z")
    assert before <= datetime.fromisoformat(told) <= datetime.now(UTC) + timedelta(seconds=1)


@pytest.mark.clause("Communication 2.1.3")
async def test_a_request_without_a_version_still_learns_how_far_answers_are_consistent(shared: Living) -> None:
    answer = await shared.http.get("/xapi/statements", headers={VERSION: "0.9"})

    assert answer.status_code == 400
    assert CONSISTENT_THROUGH in answer.headers


@pytest.mark.clause("Communication 2.1.3")
async def test_what_was_just_stored_lies_below_the_promise(shared: Living) -> None:
    """Without waiting, because no other application is there."""
    for _ in range(20):
        sent = identified()
        await shared.post(sent)
        stored = (await read(shared, sent["id"]))["stored"]
        answer = await shared.http.get("/xapi/statements", params={"limit": 1})
        assert answer.headers[CONSISTENT_THROUGH] > stored
        since = datetime.fromisoformat(stored) - timedelta(milliseconds=1)
        assert sent["id"] in await listed(shared, since=since.isoformat(), ascending="true")


@pytest.mark.parametrize("path", SPELLINGS)
async def test_each_spelling_of_a_path_leads_there_without_a_redirect(shared: Living, path: str) -> None:
    url, sent = f"http://lrs.example.org{path}", identified()

    posted = await shared.http.post(url, json=sent)
    got = await shared.http.get(url, params={"statementId": sent["id"]})

    assert (posted.status_code, got.status_code) == (200, 200)
    assert got.json()["id"] == sent["id"]
    assert got.headers[VERSION] == "1.0.3"


@pytest.mark.clause("Communication 1.1")
async def test_head_is_get_without_the_body(shared: Living) -> None:
    sent = identified()
    await shared.post(sent)

    for parameters in ({"statementId": sent["id"]}, {"limit": "1"}):
        got = await shared.http.get("/xapi/statements", params=parameters)
        head = await shared.http.head("/xapi/statements", params=parameters)
        assert (head.status_code, head.content) == (200, b"")
        moving = {"x-experience-api-consistent-through"}
        assert {*head.headers.items()} - {*got.headers.items()} <= {(name, head.headers[name]) for name in moving}


@pytest.mark.clause("Communication 1.5")
@pytest.mark.parametrize(
    "media_type", ["text/plain", "multipart/form-data; boundary=a", "application/x-www-form-urlencoded", "", "json"]
)
async def test_a_body_that_is_not_declared_json_is_refused(shared: Living, media_type: str) -> None:
    before = await count(shared)

    error = refused(await shared.post(statement(), **{"Content-Type": media_type}), 400)

    assert error["where"] == "Content-Type"
    assert "application/json" in error["accepted"]
    assert await count(shared) == before


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON", "application/json ;a=b"])
async def test_parameters_and_case_of_the_media_type_make_no_difference(shared: Living, media_type: str) -> None:
    assert (await shared.post(statement(), **{"Content-Type": media_type})).status_code == 200


@pytest.mark.clause("Communication 3.2")
async def test_post_takes_no_parameters(shared: Living) -> None:
    answer = await shared.http.post("/xapi/statements", params={"statementId": UNKNOWN_ID}, json=statement())

    assert refused(answer, 400)["where"] == "statementId"


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
async def test_a_method_without_meaning_is_answered_with_those_that_have_one(shared: Living, method: str) -> None:
    answer = await shared.http.request(method, "/xapi/statements")

    error = refused(answer, 405)
    assert error["where"] == f"{method} /xapi/statements"
    assert answer.headers["allow"] == error["accepted"] == "GET, HEAD, POST, PUT"


@pytest.mark.parametrize(
    "path", ["/nothing", "/xapi/nothing", "/api/v1/nothing", "/xapi/statements/more", "/xapistatements"]
)
async def test_an_unknown_address_is_not_found(shared: Living, path: str) -> None:
    assert refused(await shared.http.get(path), 404)["where"] == path


async def test_answers_may_not_be_taken_from_a_browsers_cache(shared: Living) -> None:
    for path in ("/xapi/statements", "/xapi/nothing", "/xapi/about", "/api/v1/metrics", "/", "/healthz", "/nothing"):
        answer = await shared.http.get(path)
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
