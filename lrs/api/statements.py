"""The Statement Resource, /xapi/statements (xAPI Communication 2.1)."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, multipart, requests
from lrs.core import statements
from lrs.core.credentials import Access
from lrs.errors import NotFound
from lrs.xapi.formats import parse_accept_language
from lrs.xapi.query import PARAMETERS, StatementQuery, parse_query
from lrs.xapi.values import format_timestamp

router = APIRouter(prefix="/xapi/statements", tags=["xAPI"], dependencies=[Security(described.BASIC)])

_FILTERS = described.statements(
    statementId="one statement by its id",
    voidedStatementId="one voided statement by its id",
    agent="an Agent or identified Group as JSON",
    verb="a verb's IRI",
    activity="an activity's IRI",
    registration="a registration's UUID",
    related_activities=("whether `activity` also means context and SubStatements", ["true", "false"]),
    related_agents=("whether `agent` also means authority, instructor, team, members", ["true", "false"]),
    since="only what was stored after this time",
    until="only what was stored at or before this time",
    limit="how many; 0 for as many as the server gives",
    format=("how statements are written", ["exact", "ids", "canonical"]),
    attachments=("whether the answer is multipart/mixed with attachments", ["true", "false"]),
    ascending=("oldest first", ["true", "false"]),
)

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"


@router.post("", summary="Store a statement or a list", openapi_extra=described.body(described.statements()))
async def post(request: Request) -> Response:
    granted = await requests.access(request, "statements/write")
    await _promise(request, granted)
    version = requests.version(request, granted)
    requests.parameters(request, granted)
    sent = await multipart.sent(request)
    async with multipart.turn(request, sent):
        ids = await statements.post(granted, sent, version)
    return Response(orjson.dumps(ids), media_type="application/json")


@router.put(
    "",
    summary="Store one statement under a given id",
    openapi_extra=described.body(described.statements(statementId="the statement's id, a UUID")),
)
async def put(request: Request) -> Response:
    granted = await requests.access(request, "statements/write")
    await _promise(request, granted)
    version = requests.version(request, granted)
    parameters = requests.parameters(request, granted, "statementId")
    sent = await multipart.sent(request)
    async with multipart.turn(request, sent):
        await statements.put(granted, parameters.get("statementId"), sent, version)
    return Response(status_code=204)


@router.get("", summary="Read statements by id or filters", openapi_extra=_FILTERS)
async def get(request: Request) -> Response:
    granted = await requests.access(request, "statements/read", "statements/read/mine")
    await _promise(request, granted)
    requests.version(request, granted)
    pairs = requests.pairs(request, granted, PARAMETERS)
    query = parse_query(pairs)
    languages = parse_accept_language(request.headers.get("accept-language"))
    if query.statement_id or query.voided_statement_id:
        found = await statements.get(granted, query, languages)
        if found is None:
            raise NotFound("there is no such statement", where="statementId", why="unknown, or voided or not as asked")
        _last_modified(request, found[1])
        return await _answer(request, granted, found[0], [found[0]], query)
    page = await statements.find(granted, query, pairs, languages)
    request.state.headers[CONSISTENT_THROUGH] = format_timestamp(page.consistent_through)
    _last_modified(request, page.latest)
    more = f"{_path(request)}?{page.more}" if page.more else ""
    joined = b'{"statements":[' + b",".join(page.statements) + b'],"more":' + orjson.dumps(more) + b"}"
    return await _answer(request, granted, joined, page.statements, query)


async def _promise(request: Request, granted: Access) -> None:
    """Have every answer say through when it is consistent, refusals too: clients wait by it (Communication 2.1.3)."""
    through = await granted.store.statements.through()
    request.state.headers = {CONSISTENT_THROUGH: format_timestamp(through)}


def _last_modified(request: Request, latest: datetime | None) -> None:
    """Have the answer say when the latest of its statements was stored (IEEE 9274.1.1 4.1.6.1)."""
    if latest is not None:
        request.state.headers["Last-Modified"] = answers.http_date(latest)


async def _answer(
    request: Request, granted: Access, body: bytes, found: Sequence[bytes], query: StatementQuery
) -> Response:
    if query.attachments:
        return await multipart.answer(request, granted, body, found)
    return Response(body, media_type=multipart.JSON)


def _path(request: Request) -> str:
    """Return the path the client used, for `more`: below LRS_PUBLIC_URL's path if there is one."""
    path: str = request.state.original_path
    prefix = requests.served(request).settings.public_path
    return f"{prefix}{path}"
