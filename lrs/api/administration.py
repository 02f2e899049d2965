"""What administrators do, under /api/v1: credentials and stores. The scope `admin` is for the whole LRS."""

from urllib.parse import urlencode

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.administration import NewCredential, NewStore
from lrs.core.asked import read
from lrs.core.credentials import Access
from lrs.core.redaction import RedactionSettings
from lrs.core.refusals import RefusalQuery

router = APIRouter(prefix="/api/v1", tags=["administration"], dependencies=[Security(described.BASIC)])


@router.get("/credentials", summary="All credentials, without their secrets")
async def credentials(request: Request) -> Response:
    await _admitted(request)
    return answers.json({"credentials": await requests.served(request).administration.credentials()})


@router.post(
    "/credentials",
    summary="Make a credential; its secret is told only now",
    status_code=201,
    openapi_extra=described.taking(NewCredential),
)
async def create_credential(request: Request) -> Response:
    granted = await _admitted(request)
    asked = await requests.content(request)
    who = granted.credential.key
    made = await requests.served(request).administration.create_credential(asked, store=granted.store.name, who=who)
    return answers.json(made, status=201)


@router.delete("/credentials/{key}", summary="Delete a credential", status_code=204)
async def delete_credential(request: Request, key: str) -> Response:
    granted = await _admitted(request)
    await requests.served(request).administration.delete_credential(key, used=granted.credential.key)
    return Response(status_code=204)


@router.get("/stores", summary="All stores")
async def stores(request: Request) -> Response:
    await _admitted(request)
    return answers.json({"stores": await requests.served(request).administration.list_stores()})


@router.post("/stores", summary="Create a store", status_code=201, openapi_extra=described.taking(NewStore))
async def create_store(request: Request) -> Response:
    await _admitted(request)
    return answers.json(
        await requests.served(request).administration.create_store(await requests.content(request)), status=201
    )


@router.get("/stores/{store}/redaction", summary="What is dropped from statements before they are stored")
async def redaction(request: Request, store: str) -> Response:
    await _admitted(request)
    return answers.json(await requests.served(request).administration.redaction(store))


@router.put(
    "/stores/{store}/redaction", summary="Change what is dropped", openapi_extra=described.taking(RedactionSettings)
)
async def change_redaction(request: Request, store: str) -> Response:
    granted = await _admitted(request)
    administration, asked = requests.served(request).administration, await requests.content(request)
    return answers.json(await administration.change_redaction(store, asked, who=granted.credential.key))


@router.get("/refusals", summary="Refused requests, the newest first", openapi_extra=described.model(RefusalQuery))
async def refusals(request: Request) -> Response:
    granted = await requests.access(request, "admin")
    given = requests.plain_parameters(request, *RefusalQuery.model_fields)
    query = read(RefusalQuery, given)
    found, cursor = await requests.served(request).refusals.find(query, store=granted.store.name)
    more = f"{request.url.path}?{urlencode({**given, 'cursor': cursor})}" if cursor else ""
    return answers.json({"refusals": found, "more": more})


async def _admitted(request: Request) -> Access:
    """Return the access of an administrator whose request has no parameters."""
    granted = await requests.access(request, "admin")
    requests.refuse_parameters(request)
    return granted
