"""What the rules of a store drop is never stored; by default the text of private messages."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from lrs.xapi import Json
from tests.api.samples import ANN, COURSE, count, identified, read, refused
from tests.living import Living

SEND = "http://activitystrea.ms/send"
TO = "https://yetanalytics.com/profiles/prepositions/concepts/context-extensions/to"
SECRET = "just between us"
SIGNATURE = {
    "usageType": "http://adlnet.gov/expapi/attachments/signature",
    "display": {"en": "Signature"},
    "contentType": "application/octet-stream",
    "length": 10,
    "sha2": "0" * 64,
}


def message(**changes: Any) -> Json:
    """A private message as Moodle sends it, with text wherever there may be some."""
    definition = {
        "name": {"en": SECRET},
        "description": {"en": SECRET},
        "type": "http://id.tincanapi.com/activitytype/chat-message",
        "extensions": {"https://example.org/text": SECRET},
    }
    result = {"response": SECRET, "extensions": {"https://example.org/text": SECRET}, "completion": True}
    target = {"id": "https://lms.example.org/message?id=1", "definition": definition}
    context = {"extensions": {TO: ANN}}
    return identified(verb={"id": SEND}, object=target, result=result, context=context, **changes)


async def stored(lrs: Living) -> list[Json]:
    return [each async for each in lrs.store.database["statements"].find({})]


def address(lrs: Living) -> str:
    return f"/api/v1/stores/{lrs.store.name}/redaction"


async def put(lrs: Living, **settings: Any) -> httpx.Response:
    return await lrs.http.put(address(lrs), json=settings)


@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
async def test_no_text_of_a_private_message_is_stored_and_the_record_says_so(lrs: Living, as_list: bool) -> None:
    sent = message()
    assert (await lrs.post([sent, identified()] if as_list else sent)).status_code == 200

    (document,) = [each for each in await stored(lrs) if each["verb"] == SEND]
    assert SECRET not in str(document)
    assert document["redacted"] == [
        "object.definition.name",
        "object.definition.description",
        "object.definition.extensions",
        "result.response",
        "result.extensions",
    ]
    back = await read(lrs, sent["id"])
    assert back["object"]["definition"] == {"type": "http://id.tincanapi.com/activitytype/chat-message"}
    assert back["result"] == {"completion": True}
    assert back["context"] == sent["context"]
    assert "redacted" not in back


async def test_what_no_rule_concerns_is_stored_as_it_was_sent(lrs: Living) -> None:
    sent = {**message(), "verb": {"id": "http://activitystrea.ms/create"}}
    await lrs.post(sent)

    (document,) = await stored(lrs)
    assert "redacted" not in document
    assert (await read(lrs, sent["id"]))["result"] == sent["result"]


async def test_the_unredacted_statement_sent_again_is_the_same_one(lrs: Living) -> None:
    sent = message(timestamp="2026-11-22T09:30:00Z")
    for body in (sent, sent, [sent], await read_back(lrs, sent)):
        assert (await lrs.post(body)).status_code == 200
    assert (await lrs.http.put("/xapi/statements", params={"statementId": sent["id"]}, json=sent)).status_code == 204

    assert await count(lrs) == 1
    refused(await lrs.post({**sent, "actor": {"mbox": "mailto:eve@example.org"}}), 409)


async def read_back(lrs: Living, sent: Json) -> Json:
    await lrs.post(sent)
    return await read(lrs, sent["id"])


async def test_a_store_adds_rules_and_switches_the_default_off(lrs: Living) -> None:
    before = (await lrs.http.get(address(lrs))).json()
    assert (before["defaults"], before["rules"]) == (True, [])
    assert [each["name"] for each in before["active"]] == ["private messages"]
    rule = {
        "name": "answers",
        "when": {"verb": ["http://adlnet.gov/expapi/verbs/answered"], "object_type": []},
        "drop": ["result.response", "actor.name"],
        "keep": [],
    }

    changed = await put(lrs, defaults=False, rules=[rule])

    assert changed.status_code == 200
    assert changed.json() == (await lrs.http.get(address(lrs))).json()
    assert changed.json() == {"defaults": False, "rules": [rule], "active": [rule]}
    answer = identified(
        actor={**ANN, "name": "Ann"},
        verb={"id": "http://adlnet.gov/expapi/verbs/answered"},
        result={"response": SECRET, "success": True},
    )
    sent = message()
    await lrs.post([answer, sent])
    assert (await read(lrs, answer["id"]))["result"] == {"success": True}
    assert (await read(lrs, answer["id"]))["actor"]["mbox"] == ANN["mbox"]
    assert (await read(lrs, sent["id"]))["result"] == sent["result"]


async def test_the_default_stays_on_where_a_store_only_adds_rules(lrs: Living) -> None:
    answer = await put(lrs, rules=[{"name": "names", "drop": ["actor.name"]}])

    assert [each["name"] for each in answer.json()["active"]] == ["private messages", "names"]


async def test_rules_apply_in_other_processes_within_some_seconds(lrs: Living, twin: Living) -> None:
    actor = {**ANN, "name": "Ann"}
    await twin.post(identified(actor=actor))
    await put(lrs, rules=[{"name": "names", "drop": ["actor.name"]}])

    limit = time.monotonic() + 10
    while True:
        sent = identified(actor=actor)
        await twin.post(sent)
        if "name" not in (await read(twin, sent["id"]))["actor"]:
            break
        assert time.monotonic() < limit, "the rule never came into force"
        await asyncio.sleep(0.1)


async def test_rules_of_one_store_are_not_those_of_another(lrs: Living, shared: Living) -> None:
    await put(lrs, defaults=False, rules=[])

    sent = message()
    await shared.post(sent)

    assert "response" not in (await read(shared, sent["id"]))["result"]


@pytest.mark.clause("Data 2.6")
async def test_a_signed_statement_that_would_be_redacted_is_refused(lrs: Living) -> None:
    error = refused(await lrs.post([identified(), message(attachments=[SIGNATURE])]), 400)

    assert error["where"] == "statements[1].attachments"
    assert "result.response" in error["why"]
    assert await count(lrs) == 0


WRONG: dict[str, tuple[Any, str]] = {
    "no object": ([], "body"),
    "an unknown field": ({"rule": []}, "rule"),
    "defaults as text": ({"defaults": "no"}, "defaults"),
    "no name": ({"rules": [{"drop": ["result"]}]}, "rules[0].name"),
    "nothing to drop": ({"rules": [{"name": "a", "drop": []}]}, "rules[0].drop"),
    "the actor": ({"rules": [{"name": "a", "drop": ["result", "actor"]}]}, "rules[0].drop[1]"),
    "the object's id": ({"rules": [{"name": "a", "drop": ["object.id"]}]}, "rules[0].drop[0]"),
    "the id": ({"rules": [{"name": "a", "drop": ["result"]}, {"name": "b", "drop": ["id"]}]}, "rules[1].drop[0]"),
    "a verb that is no IRI": (
        {"rules": [{"name": "a", "when": {"verb": ["send"]}, "drop": ["result"]}]},
        "rules[0].when.verb[0]",
    ),
    "a type that is no IRI": (
        {"rules": [{"name": "a", "when": {"object_type": ["course"]}, "drop": ["result"]}]},
        "rules[0].when.object_type[0]",
    ),
    "an unknown condition": (
        {"rules": [{"name": "a", "when": {"actor": ["x"]}, "drop": ["result"]}]},
        "rules[0].when.actor",
    ),
    "an extension that is no IRI": ({"rules": [{"name": "a", "drop": ["result"], "keep": ["x"]}]}, "rules[0].keep[0]"),
}


@pytest.mark.parametrize(("settings", "where"), WRONG.values(), ids=WRONG)
async def test_a_rule_that_cannot_be_is_refused_at_its_place_and_changes_nothing(
    lrs: Living, settings: Any, where: str
) -> None:
    error = refused(await lrs.http.put(address(lrs), json=settings), 400)

    assert error["where"] == where
    assert (await lrs.http.get(address(lrs))).json()["rules"] == []


async def test_a_store_that_is_not_there_has_no_rules(lrs: Living) -> None:
    for answer in (
        await lrs.http.get("/api/v1/stores/nowhere/redaction"),
        await lrs.http.put("/api/v1/stores/nowhere/redaction", json={}),
    ):
        assert refused(answer, 404)["where"] == "store"


async def test_an_ordinary_course_is_none_of_its_business(lrs: Living) -> None:
    sent = identified(object={"id": COURSE, "definition": {"name": {"en": "Course"}}}, result={"response": "a"})
    await lrs.post(sent)

    back = await read(lrs, sent["id"])
    assert {name: back[name] for name in ("object", "result")} == {name: sent[name] for name in ("object", "result")}
