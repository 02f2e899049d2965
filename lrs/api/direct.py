"""The short way to the resources of the xAPI: from the protocol to the function that answers, and back.

These functions take the request and return the response. What the framework does around them (matching every route,
solving dependencies there are none of) costs as much as reading a statement by its id; so it describes them, answers
for whatever is not found here, and is passed by otherwise.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lrs.api import errors
from lrs.errors import LRSError

Endpoint = Callable[[Request], Awaitable[Response]]


class Direct:
    """ASGI application below `Protocol`: calls the function for a method and a path, if `routers` have one."""

    def __init__(self, app: ASGIApp, routers: Sequence[APIRouter]) -> None:
        self._app = app
        self._endpoints: Mapping[tuple[str, str], Endpoint] = {
            (method, route.path): route.endpoint
            for router in routers
            for route in router.routes
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        endpoint = None
        if scope["type"] == "http":
            endpoint = self._endpoints.get((scope["method"], scope["state"]["path"]))
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await endpoint(request)
        except LRSError as error:
            response = await errors.known(request, error)
        except Exception as error:  # whatever it is, the client is told so
            response = await errors.unknown(request, error)
        await response(scope, receive, send)
