"""The measure of all rows: a statement app with nothing in it but what storing and reading need.

It parses the JSON, inserts one document a statement under the same indexes and joins stored bytes on reading. It
checks no credential and no rule, tells no duplicate, voids nothing, follows no reference, promises nothing; a list is
not atomic. So what the LRS takes beyond it is the price of everything else.

Run by the benchmark: `python -m tests.bench.bare <mongodb url> <port>`.
"""

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import orjson
import uvicorn
from pymongo import AsyncMongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

DATABASE = "bare"


def keys(statement: dict[str, Any]) -> Iterator[str]:
    """Yield what the statement is found by, as the LRS has it: one multikey index for every filter."""
    context = statement.get("context", {})
    yield f"v:{statement['verb']['id']}"
    if "registration" in context:
        yield f"r:{context['registration']}"
    for prefix, agent in (("a", statement["actor"]), ("A", statement["actor"]), ("A", statement["authority"])):
        yield f"{prefix}:{identifier(agent)}"
    activity = statement["object"]["id"]
    yield from (f"o:{activity}", f"O:{activity}")
    for activities in context.get("contextActivities", {}).values():
        yield from (f"O:{each['id']}" for each in activities)


def identifier(agent: dict[str, Any]) -> str:
    """Return the one text by which an Agent is found."""
    account = agent.get("account")
    return str(agent["mbox"]) if account is None else f"{account['homePage']}|{account['name']}"


def document(statement: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what is stored of a statement: its bytes as they are read, and what finds them."""
    statement.setdefault("id", str(uuid4()))
    statement["stored"] = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"
    return {
        "_id": UUID(statement["id"]),
        "raw": orjson.dumps(statement),
        "stored": now,
        "keys": sorted(set(keys(statement))),
    }


def wanted(parameters: Any) -> dict[str, Any]:
    """Return the filter of a query: its one filter's key."""
    if "verb" in parameters:
        return {"keys": f"v:{parameters['verb']}"}
    if "agent" in parameters:
        return {"keys": f"a:{identifier(orjson.loads(parameters['agent']))}"}
    if "activity" in parameters:
        prefix = "O" if parameters.get("related_activities") == "true" else "o"
        return {"keys": f"{prefix}:{parameters['activity']}"}
    return {}


def create_app(url: str) -> Starlette:
    """Return the application; its writes are as durable as the LRS's."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(
        url, w="majority", journal=True, uuidRepresentation="standard", tz_aware=True
    )
    statements = client[DATABASE]["statements"]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await statements.create_index([("stored", 1), ("_id", 1)])
        await statements.create_index([("keys", 1), ("stored", 1), ("_id", 1)])
        await statements.create_index([("ref", 1)], sparse=True)
        yield
        await client.close()

    async def post(request: Request) -> Response:
        parsed = orjson.loads(await request.body())
        now = datetime.now(UTC)
        if isinstance(parsed, list):
            documents = [document(each, now) for each in parsed]
            await statements.insert_many(documents, ordered=False)
        else:
            documents = [document(parsed, now)]
            await statements.insert_one(documents[0])
        return Response(orjson.dumps([str(each["_id"]) for each in documents]), media_type="application/json")

    async def get(request: Request) -> Response:
        parameters = request.query_params
        if "statementId" in parameters:
            found = await statements.find_one({"_id": UUID(parameters["statementId"])}, {"raw": 1})
            return Response(found["raw"] if found else b"", 200 if found else 404, media_type="application/json")
        limit = int(parameters.get("limit", 100))
        cursor = statements.find(wanted(parameters), {"raw": 1}).sort([("stored", -1), ("_id", -1)]).limit(limit)
        raws = [each["raw"] async for each in cursor]
        return Response(b'{"statements":[' + b",".join(raws) + b'],"more":""}', media_type="application/json")

    routes = [
        Route("/xapi/statements", post, methods=["POST"]),
        Route("/xapi/statements", get, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(create_app(sys.argv[1]), port=int(sys.argv[2]), loop="uvloop", http="httptools", access_log=False)
