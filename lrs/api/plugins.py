"""What administrators do with plugins, under /api/v1: each in the store of the credential that asks."""

from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Security
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core.asked import read
from lrs.core.credentials import Access
from lrs.core.plugins import Plugins
from lrs.core.plugins.pages import FailureQuery

router = APIRouter(prefix="/api/v1", tags=["plugins"], dependencies=[Security(described.BASIC)])

_Query = TypeVar("_Query", bound=BaseModel)

READERS = ("analytics/read", "admin")

_CONFIG: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "description": "what differs from the defaults of `config_schema`"}
            }
        },
    }
}


@router.get("/plugins", summary="All plugins, the normaliser, and those of which only a view is left")
async def plugins(request: Request) -> Response:
    granted = await _admitted(request, *READERS)
    return answers.json({"plugins": await _plugins(request).listed(granted.store)})


@router.get("/plugins/{name}", summary="One plugin: metrics, configuration and its schema")
async def plugin(request: Request, name: str) -> Response:
    granted = await _admitted(request, *READERS)
    return answers.json(await _plugins(request).shown(granted.store, name, personal=granted.may("admin")))


@router.get("/plugins/{name}/status", summary="How far a plugin has come, and what stopped it")
async def status(request: Request, name: str) -> Response:
    granted = await _admitted(request, *READERS)
    return answers.json(await _plugins(request).status(granted.store, name, personal=granted.may("admin")))


@router.put("/plugins/{name}/config", summary="Replace a plugin's configuration", openapi_extra=_CONFIG)
async def configure(request: Request, name: str) -> Response:
    granted = await _admitted(request, "admin")
    sent = await requests.content(request)
    answer = await _plugins(request).configure(granted.store, name, sent, who=granted.credential.key)
    return answers.json(answer)


@router.post("/plugins/{name}/enable", summary="Run a plugin")
async def enable(request: Request, name: str) -> Response:
    granted = await _admitted(request, "admin")
    return answers.json(await _plugins(request).enable(granted.store, name, True, who=granted.credential.key))


@router.post("/plugins/{name}/disable", summary="Stop a plugin; what it derived is kept, and not shown")
async def disable(request: Request, name: str) -> Response:
    granted = await _admitted(request, "admin")
    return answers.json(await _plugins(request).enable(granted.store, name, False, who=granted.credential.key))


@router.post("/plugins/{name}/rebuild", summary="Derive a view anew while the old one is served", status_code=202)
async def rebuild(request: Request, name: str) -> Response:
    granted = await _admitted(request, "admin")
    answer = await _plugins(request).rebuild(granted.store, name, who=granted.credential.key)
    return answers.json(answer, status=202)


@router.post("/plugins/{name}/retry", summary="Try again what a plugin failed on", status_code=202)
async def retry(request: Request, name: str) -> Response:
    granted = await _admitted(request, "admin")
    return answers.json(await _plugins(request).retry(granted.store, name, who=granted.credential.key), status=202)


@router.get(
    "/plugins/{name}/failures",
    summary="Statements that a plugin failed on, with the reason",
    openapi_extra=described.model(FailureQuery),
)
async def failures(request: Request, name: str) -> Response:
    granted = await requests.access(request, "admin")
    query, given = _query(request, FailureQuery)
    found, cursor = await _plugins(request).failures(granted.store, name, query)
    return answers.json({"failures": found, "more": _more(request, given, cursor)})


def _plugins(request: Request) -> Plugins:
    return requests.served(request).plugins


async def _admitted(request: Request, *scopes: str) -> Access:
    granted = await requests.access(request, *scopes)
    requests.refuse_parameters(request)
    return granted


def _query(request: Request, model: type[_Query]) -> tuple[_Query, dict[str, str]]:
    given = requests.plain_parameters(request, *model.model_fields)
    return read(model, given), given


def _more(request: Request, given: dict[str, str], cursor: str) -> str:
    return f"{request.url.path}?{urlencode({**given, 'cursor': cursor})}" if cursor else ""
