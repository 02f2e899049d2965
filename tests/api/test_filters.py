"""Lists of statements by their filters (xAPI Communication 2.1.3)."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, ANSWERED, BEN, COURSE, identified, listed, read, refused, statement
from tests.living import Living

QUIZ = "http://example.org/activities/quiz"
REGISTRATION = "5d0b1c3e-1b9e-4d67-9a8d-2f1f9b6f3c11"
CARL: Json = {"mbox_sha1sum": "da39a3ee5e6b4b0d3255bfef95601890afd80709"}
TEAM: Json = {"objectType": "Group", "openid": "https://id.example.org/team", "member": [BEN, CARL]}


def as_json(value: Json) -> str:
    return orjson.dumps(value).decode()


async def found(lrs: Living, sent: list[Json], **parameters: str | int) -> list[int]:
    """Return which of the statements sent are found, by their positions."""
    positions = {each["id"]: position for position, each in enumerate(sent)}
    return sorted(positions[each] for each in await listed(lrs, **parameters) if each in positions)


MATCHING: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "actor": ({"actor": BEN}, {"agent": as_json(BEN)}),
    "actor named otherwise": ({"actor": {**BEN, "name": "Ben"}}, {"agent": as_json(BEN)}),
    "actor group": ({"actor": TEAM}, {"agent": as_json({"objectType": "Group", "openid": TEAM["openid"]})}),
    "group member": ({"actor": TEAM}, {"agent": as_json(CARL)}),
    "object agent": ({"object": {"objectType": "Agent", **BEN}}, {"agent": as_json(BEN)}),
    "verb": ({"verb": {"id": ANSWERED}}, {"verb": ANSWERED}),
    "activity": ({"object": {"id": QUIZ}}, {"activity": QUIZ}),
    "registration": ({"context": {"registration": REGISTRATION.upper()}}, {"registration": REGISTRATION}),
    "verb and agent": ({"verb": {"id": ANSWERED}, "actor": BEN}, {"verb": ANSWERED, "agent": as_json(BEN)}),
}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(("changes", "parameters"), MATCHING.values(), ids=MATCHING)
async def test_a_filter_finds_what_matches_and_nothing_else(
    shared: Living, changes: dict[str, Any], parameters: dict[str, str]
) -> None:
    sent = [identified(), identified(**changes), identified(object={"id": "http://example.org/other"})]
    await shared.post(sent)

    assert await found(shared, sent, **parameters) == [1]


RELATED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "instructor": ({"context": {"instructor": BEN}}, {"agent": as_json(BEN)}),
    "team": ({"context": {"team": TEAM}}, {"agent": as_json(BEN)}),
    "authority": ({"authority": BEN}, {"agent": as_json(BEN)}),
    "agent of a SubStatement": (
        {"object": {"objectType": "SubStatement", **statement(actor=BEN)}},
        {"agent": as_json(BEN)},
    ),
    "parent": ({"context": {"contextActivities": {"parent": {"id": QUIZ}}}}, {"activity": QUIZ}),
    "grouping": ({"context": {"contextActivities": {"grouping": [{"id": QUIZ}]}}}, {"activity": QUIZ}),
    "category": ({"context": {"contextActivities": {"category": [{"id": QUIZ}]}}}, {"activity": QUIZ}),
    "other": ({"context": {"contextActivities": {"other": [{"id": COURSE}, {"id": QUIZ}]}}}, {"activity": QUIZ}),
    "object of a SubStatement": (
        {"object": {"objectType": "SubStatement", **statement(object={"id": QUIZ})}},
        {"activity": QUIZ},
    ),
}


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize(("changes", "parameters"), RELATED.values(), ids=RELATED)
async def test_a_related_filter_looks_farther(
    shared: Living, changes: dict[str, Any], parameters: dict[str, str]
) -> None:
    sent = [identified(), identified(**changes)]
    await shared.post(sent)
    related = f"related_{'agents' if 'agent' in parameters else 'activities'}"

    assert await found(shared, sent, **parameters) == []
    assert await found(shared, sent, **parameters, **{related: "false"}) == []
    assert await found(shared, sent, **parameters, **{related: "true"}) == [1]


@pytest.mark.clause("Communication 2.1.3")
async def test_since_is_exclusive_and_until_inclusive_on_stored(shared: Living) -> None:
    sent = []
    for _ in range(3):
        sent.append(identified(timestamp="2001-01-01T00:00:00Z"))
        await shared.post(sent[-1])
        await asyncio.sleep(0.002)
    middle = (await read(shared, sent[1]["id"]))["stored"]

    assert await found(shared, sent, since=middle) == [2]
    assert await found(shared, sent, until=middle) == [0, 1]
    assert await found(shared, sent, since=middle, until=middle) == []
    assert await found(shared, sent, since=middle.replace("Z", "+00:00")) == [2]


@pytest.mark.clause("Communication 2.1.3")
async def test_the_newest_come_first_unless_asked_otherwise(lrs: Living) -> None:
    sent = []
    for _ in range(4):
        sent += (await lrs.post(identified())).json()
        await asyncio.sleep(0.002)

    assert await listed(lrs) == sent[::-1]
    assert await listed(lrs, ascending="false") == sent[::-1]
    assert await listed(lrs, ascending="true") == sent
    assert await listed(lrs, limit=2) == sent[:1:-1]
    assert await listed(lrs, ascending="true", limit=1) == sent[:1]


@pytest.mark.clause("Communication 2.1.3")
async def test_an_empty_list_has_no_more(shared: Living) -> None:
    answer = await shared.http.get("/xapi/statements", params={"registration": str(uuid4())})

    assert answer.json() == {"statements": [], "more": ""}


WRONG = {
    "verb": "answered",
    "activity": "course",
    "registration": "1",
    "agent": "{",
    "related_agents": "yes",
    "related_activities": "1",
    "since": "yesterday",
    "until": "2026-13-01T00:00:00Z",
    "limit": "-1",
    "ascending": "True",
    "format": "xml",
    "attachments": "0",
    "cursor": "abc",
    "statementId": "1",
    "voidedStatementId": "1",
    "Verb": ANSWERED,
    "anything": "1",
}


@pytest.mark.clause("Communication 3.2")
@pytest.mark.parametrize(("name", "value"), WRONG.items(), ids=WRONG)
async def test_a_parameter_that_cannot_be_used_is_named(shared: Living, name: str, value: str) -> None:
    error = refused(await shared.http.get("/xapi/statements", params={name: value}), 400)

    assert error["where"] == name
    assert error["accepted"]


@pytest.mark.parametrize("agent", ['{"mbox": "ann"}', "[]", as_json({"objectType": "Group", "member": [ANN]})])
async def test_an_agent_that_names_nobody_is_refused(shared: Living, agent: str) -> None:
    assert refused(await shared.http.get("/xapi/statements", params={"agent": agent}), 400)["where"] == "agent"
