"""xAPI Communication 2.1.3, 2.1.4 and Data 2.5: which statements GET of the Statement Resource finds."""

import asyncio
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

import orjson
import pytest

from lrs import clock
from lrs.xapi import Json
from lrs.xapi.query import encode_cursor, more_path, parse_query
from lrs.xapi.versions import Version
from tests.api.samples import ANN, CONSISTENT_THROUGH, UNKNOWN_ID, identified, reference, refused, voiding
from tests.conformance.asking import Params, Xapi, having, only

OTHER_PARAMETERS: Params = {
    "agent": orjson.dumps(ANN).decode(),
    "verb": "http://example.org/verbs/did",
    "activity": "http://example.org/a",
    "registration": UNKNOWN_ID,
    "related_activities": "true",
    "related_agents": "true",
    "since": "2020-01-01T00:00:00Z",
    "until": "2020-01-01T00:00:00Z",
    "limit": 1,
    "ascending": "true",
}


def _activity() -> str:
    return f"http://example.org/activities/{uuid4()}"


@pytest.mark.clause("Communication 2.1.3/1")
async def test_both_ids_at_once_are_refused(xapi: Xapi) -> None:
    refused(await xapi.get("statements", {"statementId": UNKNOWN_ID, "voidedStatementId": UNKNOWN_ID}), 400)


@pytest.mark.clause("Communication 2.1.3/2")
@pytest.mark.parametrize("name", ["statementId", "voidedStatementId"])
async def test_an_id_with_any_filter_is_refused(xapi: Xapi, name: str) -> None:
    for other, value in OTHER_PARAMETERS.items():
        answer = await xapi.get("statements", {name: UNKNOWN_ID, other: value})
        assert answer.status_code == 400, other


@pytest.mark.clause("Communication 2.1.3/2", "Communication 2.1.3/7", "Communication 2.1.3/8")
@pytest.mark.parametrize(
    "more", [{}, {"format": "ids"}, {"attachments": "false"}, {"format": "exact", "attachments": "false"}]
)
async def test_an_id_gives_one_statement(xapi: Xapi, more: Params) -> None:
    kept, gone = await xapi.store(identified()), await xapi.store(identified())
    await xapi.store(voiding(gone["id"]))
    for name, wanted in (("statementId", kept), ("voidedStatementId", gone)):
        answer = await xapi.get("statements", {name: wanted["id"], **more})
        assert answer.status_code == 200
        assert answer.json()["id"] == wanted["id"]
        assert "statements" not in answer.json()


@pytest.mark.clause("Communication 2.1.3/3", "Data 2.5/1")
@pytest.mark.parametrize(
    "parameters",
    [
        {"registration": "b5f2d9c2-6b0e-4a41-9d0e-3f1d5d1c7a11"},
        {"verb": "http://example.org/nobody/did"},
        {"until": "1999-01-01T00:00:00Z"},
    ],
)
async def test_nothing_found_is_an_empty_list(xapi: Xapi, parameters: Params) -> None:
    answer = await xapi.get("statements", parameters)
    assert answer.status_code == 200
    assert answer.json()["statements"] == []
    assert not answer.json().get("more")


@pytest.mark.clause("Data 2.5/1", "Data 2.5/2")
@pytest.mark.parametrize("ascending", ["false", "true"])
async def test_a_limited_list_goes_on_at_more_until_it_is_empty(xapi: Xapi, ascending: str) -> None:
    activity = _activity()
    sent = [identified(object={"id": activity}) for _ in range(5)]
    await xapi.post(sent)
    answer = await xapi.get("statements", {"activity": activity, "limit": 2, "ascending": ascending, "format": "ids"})
    pages = [answer.json()]
    while pages[-1]["more"]:
        assert pages[-1]["more"].startswith("/xapi/statements?")
        answer = await xapi.living.http.get(pages[-1]["more"], headers={"X-Experience-API-Version": xapi.version.value})
        assert answer.status_code == 200
        pages.append(answer.json())
    assert [len(page["statements"]) for page in pages] == [2, 2, 1]
    found = [each for page in pages for each in page["statements"]]
    assert {each["id"] for each in found} == {each["id"] for each in sent}
    assert all(each["object"] == {"id": activity} for each in found)
    assert [each["stored"] for each in found] == sorted((e["stored"] for e in found), reverse=ascending == "false")


@pytest.mark.clause("Data 2.5/3")
async def test_a_link_of_yesterday_is_still_answered(xapi: Xapi) -> None:
    asked, yesterday = [("activity", _activity()), ("limit", "2")], clock.now() - timedelta(hours=25)
    token = encode_cursor(parse_query(asked), position=(yesterday, UNKNOWN_ID), bound=yesterday)
    answer = await xapi.living.http.get(f"/xapi/statements?{more_path(asked, token)}")
    assert (answer.status_code, answer.json()) == (200, {"statements": [], "more": ""})


@pytest.mark.clause("Communication 2.1.3/4")
@pytest.mark.parametrize(
    ("method", "parameters", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"statementId": UNKNOWN_ID}, 404),
        ("GET", {"unknown": "x"}, 400),
        ("GET", {"since": "x"}, 400),
        ("HEAD", {}, 200),
        ("HEAD", {"statementId": UNKNOWN_ID}, 404),
        ("POST", {}, 200),
        ("POST", {"unknown": "x"}, 400),
        ("PUT", {"statementId": "own"}, 204),
        ("PUT", {}, 400),
    ],
)
async def test_every_answer_says_through_when_it_is_consistent(
    xapi: Xapi, method: str, parameters: Params, status: int
) -> None:
    sent = identified()
    content = orjson.dumps(sent) if method in {"POST", "PUT"} else b""
    named = {name: sent["id"] if value == "own" else value for name, value in parameters.items()}
    answer = await xapi.ask(method, "statements", named, content, content_type="application/json")
    assert answer.status_code == status
    datetime.fromisoformat(answer.headers[CONSISTENT_THROUGH])


@pytest.mark.clause("Communication 2.1.3/4")
async def test_what_was_stored_before_that_time_is_found(xapi: Xapi) -> None:
    stored = await xapi.store(identified(object={"id": _activity()}))
    answer = await xapi.get("statements", {"activity": stored["object"]["id"]})
    through = datetime.fromisoformat(answer.headers[CONSISTENT_THROUGH])
    now = datetime.fromisoformat((await xapi.store(identified()))["stored"])
    assert datetime.fromisoformat(stored["stored"]) <= through <= now
    assert now - through < timedelta(seconds=10)
    assert [each["id"] for each in answer.json()["statements"]] == [stored["id"]]


async def _in_a_row(xapi: Xapi, count: int) -> tuple[str, list[Json]]:
    """Store statements about an activity at different times; return the activity and them, the oldest first."""
    activity, stored = _activity(), []
    for _ in range(count):
        stored.append(await xapi.store(identified(object={"id": activity})))
        await asyncio.sleep(0.002)
    return activity, stored


@pytest.mark.clause("Communication 2.1.3/15", "Communication 2.1.3/16", "Communication 2.1.3/21")
async def test_since_excludes_its_time_and_until_includes_it(xapi: Xapi) -> None:
    activity, stored = await _in_a_row(xapi, 4)
    ids, times = [each["id"] for each in stored], [each["stored"] for each in stored]
    assert await xapi.ids(activity=activity, since=times[1]) == [ids[3], ids[2]]
    assert await xapi.ids(activity=activity, until=times[1]) == [ids[1], ids[0]]
    assert await xapi.ids(activity=activity, since=times[0], until=times[2]) == [ids[2], ids[1]]
    assert await xapi.ids(activity=activity, since=times[0], until=times[2], ascending="true") == [ids[1], ids[2]]
    assert await xapi.ids(activity=activity, since=times[3]) == []


@pytest.mark.clause("Communication 2.1.3/17", "Communication 2.1.3/21")
async def test_limit_takes_the_first_of_the_order(xapi: Xapi) -> None:
    activity, stored = await _in_a_row(xapi, 4)
    ids = [each["id"] for each in stored]
    assert await xapi.ids(activity=activity) == ids[::-1]
    assert await xapi.ids(activity=activity, ascending="true") == ids
    assert await xapi.ids(activity=activity, ascending="false", limit=3) == ids[:0:-1]
    assert await xapi.ids(activity=activity, ascending="true", limit=1) == ids[:1]
    assert await xapi.ids(activity=activity, limit=0) == ids[::-1]


@pytest.mark.clause("Communication 2.1.3/22", "Communication 2.1.3/23")
async def test_a_statement_is_found_by_what_it_refers_to_within_its_own_time(xapi: Xapi) -> None:
    activity = _activity()
    target = await xapi.store(identified(object={"id": activity}))
    await asyncio.sleep(0.002)
    first = await xapi.store(reference(target["id"]))
    await asyncio.sleep(0.002)
    second = await xapi.store(reference(first["id"]))
    aside = having("context.statement", {"objectType": "StatementRef", "id": target["id"]})
    await xapi.store(aside)
    chain = [second["id"], first["id"], target["id"]]
    assert await xapi.ids(activity=activity) == chain
    assert await xapi.ids(activity=activity, verb=target["verb"]["id"], agent=orjson.dumps(ANN).decode()) == chain
    assert await xapi.ids(activity=activity, since=target["stored"]) == chain[:2]
    assert await xapi.ids(activity=activity, until=first["stored"]) == chain[1:]
    assert await xapi.ids(activity=activity, limit=1) == chain[:1]
    assert (await xapi.read(first["id"]))["object"]["id"] == target["id"]


@pytest.mark.clause("Communication 2.1.4/1", "Communication 2.1.4/2")
async def test_a_voided_statement_is_in_no_list_and_what_refers_to_it_is(xapi: Xapi) -> None:
    activity = _activity()
    target = await xapi.store(identified(object={"id": activity}))
    comment = await xapi.store(reference(target["id"]))
    void = await xapi.store(voiding(target["id"]))
    assert await xapi.ids(activity=activity) == [void["id"], comment["id"]]
    assert target["id"] not in await xapi.ids(verb=target["verb"]["id"])
    assert target["id"] not in await xapi.ids(
        since=(datetime.fromisoformat(target["stored"]) - timedelta(seconds=1)).isoformat()
    )
    refused(await xapi.get("statements", {"statementId": target["id"]}), 404)
    voided = await xapi.get("statements", {"voidedStatementId": target["id"]})
    assert voided.json() == target
    refused(await xapi.get("statements", {"voidedStatementId": void["id"]}), 404)


@pytest.mark.clause("IEEE 9274.1.1 4.1.6.1/2")
async def test_Last_Modified_of_one_statement_is_when_it_was_stored(xapi: Xapi) -> None:
    stored = await xapi.store(identified())
    answer = await xapi.get("statements", {"statementId": stored["id"]})
    modified = parsedate_to_datetime(answer.headers["last-modified"])
    assert modified == datetime.fromisoformat(stored["stored"]).replace(microsecond=0)


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.6.1/2")
@pytest.mark.parametrize("ascending", ["true", "false"])
async def test_Last_Modified_of_a_list_is_when_its_latest_statement_was_stored(xapi: Xapi, ascending: str) -> None:
    activity, stored = await _in_a_row(xapi, 3)
    answer = await xapi.get("statements", {"activity": activity, "ascending": ascending})
    modified = parsedate_to_datetime(answer.headers["last-modified"])
    assert modified == datetime.fromisoformat(stored[-1]["stored"]).replace(microsecond=0)
