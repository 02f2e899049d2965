"""Who is who, and who belongs where, under /api/v1/people. The scope is `admin`."""

from urllib.parse import urlencode

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.asked import read
from lrs.core.credentials import Access
from lrs.core.people.models import Merge, NewPeople, PeopleQuery, Split
from lrs.core.people.table import COLUMNS
from lrs.xapi.multipart import media_type

router = APIRouter(prefix="/api/v1", tags=["people"], dependencies=[Security(described.BASIC)])

_CSV = {"text/csv": {"schema": {"type": "string", "description": f"columns {', '.join(COLUMNS)}"}}}
_PEOPLE = described.taking(NewPeople)
_PEOPLE["requestBody"]["content"] |= _CSV


@router.put("/people", summary="Add or replace people, all or none", openapi_extra=_PEOPLE)
async def put(request: Request) -> Response:
    granted = await _admitted(request)
    directory, who = requests.served(request).directory, granted.credential.key
    if media_type(request.headers.get("content-type", "")) == "text/csv":
        return answers.json(await directory.put_table(granted.store, who, await requests.body(request)))
    return answers.json(await directory.put(granted.store, who, await requests.content(request)))


@router.get("/people", summary="People by id", openapi_extra=described.model(PeopleQuery))
async def people(request: Request) -> Response:
    granted = await requests.access(request, "admin")
    given = requests.plain_parameters(request, *PeopleQuery.model_fields)
    found, last = await requests.served(request).directory.find(granted.store, read(PeopleQuery, given))
    more = f"{request.url.path}?{urlencode({**given, 'after': last})}" if last is not None else ""
    return answers.json({"people": found, "more": more})


@router.post("/people/merge", summary="Make several people one", openapi_extra=described.taking(Merge))
async def merge(request: Request) -> Response:
    granted = await _admitted(request)
    content = await requests.content(request)
    directory = requests.served(request).directory
    return answers.json(await directory.merge(granted.store, granted.credential.key, content))


@router.post("/people/split", summary="Give identifiers to another person", openapi_extra=described.taking(Split))
async def split(request: Request) -> Response:
    granted = await _admitted(request)
    content = await requests.content(request)
    directory = requests.served(request).directory
    return answers.json(await directory.split(granted.store, granted.credential.key, content))


@router.get("/people/{person}", summary="One person")
async def person(request: Request, person: str) -> Response:
    granted = await _admitted(request)
    return answers.json(await requests.served(request).directory.get(granted.store, person))


@router.delete("/people/{person}", summary="Delete a person; the statements stay", status_code=204)
async def remove(request: Request, person: str) -> Response:
    granted = await _admitted(request)
    await requests.served(request).directory.remove(granted.store, granted.credential.key, person)
    return Response(status_code=204)


async def _admitted(request: Request) -> Access:
    """Return the access of an administrator whose request has no parameters."""
    granted = await requests.access(request, "admin")
    requests.refuse_parameters(request)
    return granted
