"""xAPI Communication 2.4, 2.5 and 2.8: Agents, Activities and About."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import HEADER, Version
from tests.api.samples import identified, refused
from tests.conformance.asking import Params, Xapi, only

PERSON = {"objectType", "name", "mbox", "mbox_sha1sum", "openid", "account"}


def _agents() -> list[Json]:
    """Return an agent for each kind of identifier."""
    mark = uuid4().hex
    return [
        {"mbox": f"mailto:{mark}@example.org"},
        {"mbox_sha1sum": (mark * 2)[:40]},
        {"openid": f"http://{mark}.example.org"},
        {"account": {"homePage": "http://example.org", "name": mark}},
    ]


async def _person(xapi: Xapi, agent: Json) -> Json:
    answer = await xapi.get("agents", {"agent": orjson.dumps(agent).decode()})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found: Json = answer.json()
    return found


def _is_person(found: Json) -> None:
    """Check the form of a Person: arrays of what Agents have."""
    assert found["objectType"] == "Person"
    assert set(found) <= PERSON
    assert all(isinstance(found[name], list) for name in set(found) - {"objectType"})
    for name in ("name", "mbox", "mbox_sha1sum", "openid"):
        assert all(isinstance(value, str) for value in found.get(name, []))
    assert all(value.startswith("mailto:") for value in found.get("mbox", []))
    for account in found.get("account", []):
        assert set(account) == {"homePage", "name"}


def _pairs(text: str) -> list[tuple[str, Any]]:
    """Return the properties of a JSON object in their order, twice what is there twice."""
    found: list[tuple[str, Any]] = json.JSONDecoder(object_pairs_hook=list).decode(text)
    return found


@pytest.mark.clause("Communication 2.4/1", "Communication 2.4/4")
@pytest.mark.parametrize("kind", range(4))
async def test_a_known_agent_is_a_Person_with_all_of_its_names(xapi: Xapi, kind: int) -> None:
    agent = _agents()[kind]
    for name in ("Ann", "Ann Other", "Ann"):
        await xapi.store(identified(actor={**agent, "name": name}))
    found = await _person(xapi, agent)
    _is_person(found)
    (identifier,) = agent
    assert agent[identifier] in found[identifier]
    assert sorted(found["name"]) == ["Ann", "Ann Other"]


@pytest.mark.clause("Communication 2.4/3", "Communication 2.4/4")
@pytest.mark.parametrize("kind", range(4))
async def test_an_unknown_agent_is_a_Person_with_what_was_asked(xapi: Xapi, kind: int) -> None:
    agent = _agents()[kind]
    (identifier,) = agent
    found = await _person(xapi, {**agent, "name": "Nobody", "objectType": "Agent"})
    _is_person(found)
    assert found[identifier] == [agent[identifier]]
    assert found.get("name", []) in ([], ["Nobody"])


@only(Version.V1)
@pytest.mark.clause("Communication 2.4/5")
async def test_a_Person_has_each_property_once(xapi: Xapi) -> None:
    agent = _agents()[0]
    await xapi.store(identified(actor={**agent, "name": "Ann"}))
    answer = await xapi.get("agents", {"agent": orjson.dumps(agent).decode()})
    names = [name for name, _ in _pairs(answer.text)]
    assert len(names) == len(set(names))
    assert set(names) <= PERSON


WRONG_AGENTS = [
    None,
    "",
    "x",
    "[]",
    "{}",
    '{"name":"x"}',
    '{"mbox":"x"}',
    '{"mbox":["mailto:a@example.org"]}',
    '{"mbox":null}',
]


@pytest.mark.clause("Communication 2.4/2")
@pytest.mark.parametrize("agent", [*WRONG_AGENTS, '{"objectType":"Group","mbox":"mailto:a@example.org"}'])
async def test_an_Agent_must_be_asked_for(xapi: Xapi, agent: str | None) -> None:
    error = refused(await xapi.get("agents", {} if agent is None else {"agent": agent}), 400)
    assert error["where"].startswith("agent")


@pytest.mark.clause("Communication 2.5/1")
async def test_an_activity_has_all_that_statements_tell_of_it(xapi: Xapi) -> None:
    activity = f"http://example.org/activities/{uuid4()}"
    first = {"name": {"en": "Course"}, "type": "http://example.org/type", "extensions": {"http://e.org/x": {"a": None}}}
    second = {"name": {"de": "Kurs"}, "moreInfo": "http://example.org/more"}
    await xapi.store(identified(object={"id": activity, "definition": first}))
    answer = await xapi.get("activities", {"activityId": activity})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {"objectType": "Activity", "id": activity, "definition": first}
    await xapi.store(identified(context={"contextActivities": {"parent": [{"id": activity, "definition": second}]}}))
    merged = (await xapi.get("activities", {"activityId": activity})).json()["definition"]
    assert merged == {**first, **second, "name": {"en": "Course", "de": "Kurs"}}


@pytest.mark.clause("Communication 2.5/2")
@pytest.mark.parametrize("parameters", [{}, {"activityId": ""}, {"activityId": "no-iri"}, {"activityId": "ab=c://x"}])
async def test_an_activityId_must_be_asked_for(xapi: Xapi, parameters: Params) -> None:
    error = refused(await xapi.get("activities", parameters), 400)
    assert error["where"] == "activityId"


@pytest.mark.clause("IEEE 9274.1.1 4.1.6.4/1")
async def test_of_an_unknown_activity_there_is_an_Activity(xapi: Xapi) -> None:
    activity = f"http://example.org/activities/{uuid4()}"
    answer = await xapi.get("activities", {"activityId": activity})
    assert answer.status_code == 200
    assert answer.json() == {"objectType": "Activity", "id": activity}


@pytest.mark.clause("Communication 2.8/1")
async def test_About_lists_the_latest_version_of_each_major_version(xapi: Xapi) -> None:
    versions = (await xapi.get("about")).json()["version"]
    assert all(re.fullmatch(r"(0\.9|0\.95|\d+\.\d+\.\d+)", each) for each in versions)
    assert {"1.0.0", "1.0.3", "2.0.0"} <= set(versions)


@only(Version.V1)
@pytest.mark.clause("Communication 2.8/2")
async def test_About_has_nothing_but_versions_and_extensions(xapi: Xapi) -> None:
    pairs = _pairs((await xapi.get("about")).text)
    assert [name for name, _ in pairs] == ["version", "extensions"]
    for name, _ in pairs[1][1]:
        assert re.match(r"[a-z]+:", name)


@pytest.mark.clause("Communication 2.8/3")
@pytest.mark.parametrize("header", [None, "", "0.9", "1.1.0", "3.0.0", "BAD", "1.0.3", "2.0.0"])
async def test_About_is_answered_whatever_the_version_header(xapi: Xapi, header: str | None) -> None:
    transport: Any = xapi.living.http._transport
    told = {} if header is None else {HEADER: header}
    async with httpx.AsyncClient(transport=transport, base_url="http://lrs.example.org") as stranger:
        answer = await stranger.get("/xapi/about", headers=told)
    assert answer.status_code == 200
    assert "version" in answer.json()
    assert answer.headers[HEADER] in {"1.0.3", "2.0.0"}
