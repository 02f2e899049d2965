"""The document resources: State, Agent Profile and Activity Profile (xAPI Communication 2.2, 2.3, 2.6, 2.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core import documents
from lrs.core.credentials import Access
from lrs.errors import BadRequest, NotFound
from lrs.xapi import preconditions
from lrs.xapi.documents import (
    CONTEXT_PARAMETERS,
    ID_PARAMETER,
    JSON,
    Content,
    Resource,
    parse_context,
    parse_name,
    read_content,
)
from lrs.xapi.preconditions import Preconditions, parse_preconditions
from lrs.xapi.query import read_timestamp
from lrs.xapi.versions import Version

router = APIRouter(tags=["xAPI"], dependencies=[Security(described.BASIC)])

_DESCRIBED = {
    "activityId": "an activity's IRI",
    "agent": "an Agent or identified Group as JSON",
    "registration": "a registration's UUID",
    "stateId": "the document's id",
    "profileId": "the document's id",
    "since": "list only ids of documents changed after this time",
}
_BODY = {"required": True, "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}

# What a client stored as HTML must not run as a page of this server's when somebody opens its address in a browser.
_SANDBOXED = {"Content-Security-Policy": "sandbox"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What every request for documents carries."""

    resource: Resource
    granted: Access
    version: Version
    parameters: Mapping[str, str]
    demanded: Preconditions

    @property
    def is_single(self) -> bool:
        return ID_PARAMETER[self.resource] in self.parameters


def _serve(resource: Resource, path: str, scope: str) -> None:
    """Make the routes of a document resource."""
    some = "some or all documents" if resource is Resource.STATE else "a document"
    with_body = {**_extra(resource), "requestBody": _BODY}

    @router.get(path, summary=f"Read a document ({resource}) or list ids", openapi_extra=_extra(resource, "since"))
    async def get(request: Request) -> Response:
        asked = await _asked(request, resource, "since", scopes=(scope, "all/read"))
        return await (_get_one(asked) if asked.is_single else _get_ids(asked))

    @router.put(path, summary=f"Store a document ({resource})", openapi_extra=with_body)
    async def put(request: Request) -> Response:
        asked = await _asked(request, resource, scopes=(scope,))
        name, content = parse_name(resource, asked.parameters), await _content(request, asked)
        await documents.put(asked.granted, name, content, asked.demanded, asked.version)
        return Response(status_code=204)

    @router.post(path, summary=f"Merge into a document ({resource})", openapi_extra=with_body)
    async def post(request: Request) -> Response:
        asked = await _asked(request, resource, scopes=(scope,))
        name, content = parse_name(resource, asked.parameters), await _content(request, asked)
        await documents.post(asked.granted, name, content, asked.demanded, asked.version)
        return Response(status_code=204)

    @router.delete(path, summary=f"Delete {some} ({resource})", openapi_extra=_extra(resource))
    async def delete(request: Request) -> Response:
        asked = await _asked(request, resource, scopes=(scope,))
        if resource is Resource.STATE and not asked.is_single:
            await _delete_all(asked)
        else:
            name = parse_name(resource, asked.parameters)
            await documents.delete(asked.granted, name, asked.demanded, asked.version)
        return Response(status_code=204)


def _extra(resource: Resource, *further: str) -> dict[str, Any]:
    names = (*CONTEXT_PARAMETERS[resource], ID_PARAMETER[resource], *further)
    return described.statements(**{name: _DESCRIBED[name] for name in names})


async def _asked(request: Request, resource: Resource, *further: str, scopes: tuple[str, ...]) -> _Asked:
    granted = await requests.access(request, *scopes)
    version = requests.version(request, granted)
    known = (*CONTEXT_PARAMETERS[resource], ID_PARAMETER[resource], *further)
    parameters = requests.parameters(request, granted, *known)
    demanded = parse_preconditions(_header(request, "if-match"), _header(request, "if-none-match"))
    return _Asked(resource, granted, version, parameters, demanded)


def _header(request: Request, name: str) -> str | None:
    """Return a header that may be repeated, as one list."""
    return ", ".join(request.headers.getlist(name)) if name in request.headers else None


async def _content(request: Request, asked: _Asked) -> Content:
    lenient = asked.granted.credential.lenient and asked.resource is Resource.STATE
    return read_content(await requests.body(request), request.headers.get("content-type"), lenient=lenient)


async def _get_one(asked: _Asked) -> Response:
    name = parse_name(asked.resource, asked.parameters)
    if "since" in asked.parameters:
        why = f"it narrows a list of ids, and {ID_PARAMETER[asked.resource]} names one document (IEEE 9274.1.1 4.1.6.2)"
        raise BadRequest("unknown parameter", where="since", why=why, accepted="one of the two")
    found = await documents.get(asked.granted, name)
    if found is None:
        why = "it was never stored in this context, or it was deleted"
        raise NotFound("there is no such document", where=ID_PARAMETER[asked.resource], why=why)
    return _answer(asked, found.content, found.etag, found.updated)


async def _get_ids(asked: _Asked) -> Response:
    context = parse_context(asked.resource, asked.parameters)
    since = asked.parameters.get("since")
    ids, updated = await documents.ids(
        asked.granted, context, None if since is None else read_timestamp("since", since)
    )
    listed = orjson.dumps(ids)
    return _answer(asked, Content(listed, JSON), preconditions.etag(listed), updated)


async def _delete_all(asked: _Asked) -> None:
    if asked.demanded.given:
        raise BadRequest(
            "a precondition needs one document",
            where="If-Match" if asked.demanded.if_match is not None else "If-None-Match",
            why="without stateId every document of the context is meant (xAPI Communication 2.3)",
            accepted="stateId with the precondition, or neither",
        )
    await documents.delete_all(asked.granted, parse_context(asked.resource, asked.parameters))


def _answer(asked: _Asked, content: Content, etag: str, updated: datetime | None) -> Response:
    headers = {"ETag": etag}
    if updated is not None:
        headers["Last-Modified"] = answers.http_date(updated)
    if preconditions.unmet(asked.demanded, etag) == "If-None-Match":  # of a browser that has it in its cache
        return Response(status_code=304, headers=headers)
    preconditions.check(asked.demanded, etag, asked.version)
    return Response(content.data, headers={**headers, "Content-Type": content.content_type, **_SANDBOXED})


_serve(Resource.STATE, "/xapi/activities/state", "state")
_serve(Resource.AGENT_PROFILE, "/xapi/agents/profile", "profile")
_serve(Resource.ACTIVITY_PROFILE, "/xapi/activities/profile", "profile")
