"""The one handler that turns errors into answers of one shape."""

import orjson
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import compile_path

from lrs.api import refusals
from lrs.errors import BadRequest, LRSError, MethodNotAllowed, NotFound, Unauthorized, Unavailable

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Answer every failure of the application in the one shape."""
    app.add_exception_handler(LRSError, known)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)
    app.add_exception_handler(Exception, unknown)


def answer(error: LRSError) -> Response:
    """Return the answer for an error."""
    headers = {}
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = 'Basic realm="LRS", charset="UTF-8"'
    if isinstance(error, Unavailable):
        headers["Retry-After"] = "1"
    body = orjson.dumps({"error": error.as_dict()}, option=orjson.OPT_APPEND_NEWLINE)
    return Response(body, status_code=error.status, headers=headers, media_type="application/json")


async def refuse(request: Request, error: LRSError) -> Response:
    """Return the answer for an error of a request, which is recorded if it is a refusal."""
    await refusals.record(request, error)
    return answer(error)


async def known(request: Request, error: Exception) -> Response:
    """Return the answer for an error of the tree in `lrs.errors`, which is recorded if it is a refusal."""
    assert isinstance(error, LRSError)
    # What isn't there was not refused: content asks for State that nobody has stored yet.
    if isinstance(error, NotFound) and request.method == "GET":
        return answer(error)
    return await refuse(request, error)


async def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.state.path
    if error.status_code == 405:
        where = f"{request.method} {path}"
        allowed = _methods(request)
        not_allowed = MethodNotAllowed("this method has no meaning here", where=where, accepted=allowed)
        refused = await refuse(request, not_allowed)
        refused.headers["Allow"] = allowed
        return refused
    if error.status_code == 404:
        known = "/xapi/statements, /api/v1/..., /docs"
        return await refuse(request, NotFound("there is nothing at this address", where=path, accepted=known))
    return await refuse(request, BadRequest(str(error.detail), where=path))


def _methods(request: Request) -> str:
    """Return the methods that some route takes at this path."""
    described = request.app.openapi()["paths"]
    taken = (
        set(operations) for path, operations in described.items() if compile_path(path)[0].match(request.state.path)
    )
    methods = {method.upper() for method in set().union(*taken)}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


async def _of_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return await refuse(request, BadRequest("a parameter can't be used", where=where, why=first["msg"]))


async def unknown(request: Request, error: Exception) -> Response:
    """Return the answer for a fault of ours, which the log tells of."""
    log.error("request failed", method=request.method, path=request.state.path, exc_info=error)
    return answer(
        LRSError("the server failed; this is a fault of ours", where=f"{request.method} {request.state.path}")
    )
