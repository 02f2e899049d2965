"""The resources of the xAPI with what each requires, and clients that send what a test says and nothing else."""

import base64
from typing import Any
from uuid import uuid4

import httpx
import orjson

from tests.api.samples import ANN, identified
from tests.conformance.asking import Params, Xapi

AGENT = orjson.dumps(ANN).decode()
ACTIVITY = "http://example.org/activities/errors"
RESOURCES: dict[str, Params] = {
    "statements": {},
    "activities": {"activityId": ACTIVITY},
    "activities/state": {"activityId": ACTIVITY, "agent": AGENT},
    "activities/profile": {"activityId": ACTIVITY},
    "agents": {"agent": AGENT},
    "agents/profile": {"agent": AGENT},
}


def stranger(xapi: Xapi, **headers: str) -> httpx.AsyncClient:
    """Return a client of the same LRS that sends only the headers given."""
    transport: Any = xapi.living.http._transport
    return httpx.AsyncClient(transport=transport, base_url="http://lrs.example.org", headers=headers)


def basic(key: str, secret: str) -> str:
    """Return the header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


async def ask(xapi: Xapi, method: str, path: str, more: Params) -> httpx.Response:
    """Send a request that would be right but for the parameters given."""
    document = {"activities/state": "stateId", "activities/profile": "profileId", "agents/profile": "profileId"}
    named: Params = {document[path]: str(uuid4())} if path in document and method != "GET" else {}
    sent = identified()
    if path == "statements" and method == "PUT":
        named = {"statementId": sent["id"]}
    content = b"" if method in {"GET", "DELETE"} else orjson.dumps(sent)
    told = {"content_type": "application/json", "if_none_match": "*"} if content else {}
    return await xapi.ask(method, path, {**RESOURCES[path], **named, **more}, content, **told)
