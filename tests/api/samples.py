"""Statements to send, and ways to look at what the LRS answers."""

from typing import Any
from uuid import uuid4

import httpx

from lrs.xapi import Json
from tests.living import Living

ANN: Json = {"mbox": "mailto:ann@example.org"}
BEN: Json = {"account": {"homePage": "https://lms.example.org", "name": "ben"}}
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
ANSWERED = "http://adlnet.gov/expapi/verbs/answered"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
COURSE = "http://example.org/activities/course"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"
CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"
VERSION = "X-Experience-API-Version"
ERROR = {"status", "what", "where", "why", "accepted"}


def statement(**changes: Any) -> Json:
    """A valid statement without an id, with some of its properties changed."""
    return {"actor": ANN, "verb": {"id": COMPLETED}, "object": {"id": COURSE}, **changes}


def identified(**changes: Any) -> Json:
    """The same with an id of its own."""
    return statement(id=str(uuid4()), **changes)


def reference(target: str, **changes: Any) -> Json:
    """A statement with an id of its own about another statement."""
    return identified(object={"objectType": "StatementRef", "id": target}, **{"verb": {"id": ANSWERED}, **changes})


def voiding(target: str, **changes: Any) -> Json:
    """A statement with an id of its own that voids another."""
    return reference(target, verb={"id": VOIDED}, **changes)


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    """Return the error of an answer, whose shape and status are checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert set(error) - {"errors"} == ERROR  # all places, where there may be several
    assert error["status"] == status
    assert all(isinstance(error[name], str) for name in ERROR - {"status"})
    assert error["what"]
    return error


async def read(lrs: Living, statement_id: str) -> Json:
    """Return one statement, which must be there."""
    answer = await lrs.http.get("/xapi/statements", params={"statementId": statement_id})
    assert answer.status_code == 200, answer.text
    whole: Json = answer.json()
    return whole


async def listed(lrs: Living, **parameters: str | int) -> list[str]:
    """Return the ids of a list of statements, in the order of the answer."""
    answer = await lrs.http.get("/xapi/statements", params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["statements"]]


async def count(lrs: Living) -> int:
    """Return how many statements the store holds, voided ones too."""
    return await lrs.store.database["statements"].count_documents({"raw": {"$exists": True}})
