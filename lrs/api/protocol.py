"""What every request passes: the spellings of paths that clients use, and the headers every answer carries."""

import re

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrs import __version__
from lrs.api import alternate, bodies, cors, errors
from lrs.api.backlog import Backlog, Share
from lrs.errors import BadRequest, LRSError
from lrs.xapi.versions import HEADER, Version, negotiate

# ADL, SQL LRS and Learning Locker clients reach us by host name only; never a redirect, it breaks a preflight.
_XAPI = re.compile(r"^(?:/data)?/xapi(?=/|$)", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")


class Protocol:
    """ASGI middleware: one path for each resource, and the headers of the protocol on every answer."""

    def __init__(self, app: ASGIApp, prefix: str, max_body_bytes: int) -> None:
        self._app = app
        self._prefix = prefix
        self._max_body_bytes = max_body_bytes
        self._backlog = Backlog(max_body_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._backlog.share() as share:
            await self._answer(scope, receive, send, share)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, share: Share) -> None:
        # As sent, but not with "//": at the beginning of a link it would name another host.
        original_path = _SLASHES.sub("/", scope["path"])
        path = canonical_path(original_path)
        is_xapi = path == "/xapi" or path.startswith("/xapi/")
        told = {"original_path": original_path, "path": path, "is_xapi": is_xapi, "share": share}
        state = {**scope.get("state", {}), **told}
        # The proxy has taken the prefix away; ASGI has it in both, and links in pages are made from it.
        scope = {**scope, "path": self._prefix + path, "root_path": self._prefix, "state": state}
        refused = None
        try:
            bodies.expect(scope, share, self._max_body_bytes)
            if is_xapi and alternate.is_alternate(scope):
                scope, receive = await alternate.unwrapped(scope, receive, self._max_body_bytes)
        except LRSError as error:
            refused = await errors.refuse(Request(scope), error)
        is_head = state["is_head"] = scope["method"] == "HEAD"
        state["xapi_version"] = _version(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers(state)]
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        if refused is not None:
            await refused(scope, receive, send_with_headers)
        elif is_xapi and scope["method"] == "OPTIONS":  # without authentication: a browser's preflight carries none
            requested = Headers(scope=scope).get("access-control-request-headers")
            await Response(status_code=204, headers=cors.preflight(requested))(scope, receive, send_with_headers)
        else:
            # HEAD is GET without the body (Communication 1.1), so no route has to know it.
            await self._app({**scope, "method": "GET" if is_head else scope["method"]}, receive, send_with_headers)


def canonical_path(path: str) -> str:
    """Return the one path of a resource: `//` and a trailing slash are tolerated, /xAPI and /data/xAPI are /xapi."""
    single = _SLASHES.sub("/", path)
    if len(single) > 1:
        single = single.rstrip("/")
    return _XAPI.sub("/xapi", single)


def _version(scope: Scope) -> Version:
    """Return the version that the answer names, also where the request is refused before its version is looked at."""
    try:
        return negotiate(Headers(scope=scope).get(HEADER))
    except BadRequest:
        # Without a version there is no right answer; the older one is what such clients expect (Communication 3.3).
        return Version.V1


def _headers(state: dict[str, object]) -> list[tuple[bytes, bytes]]:
    # Without Cache-Control browsers repeat statement queries from their cache.
    headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Server": f"social-lrs/{__version__}"}
    if state["is_xapi"]:
        headers |= {HEADER: str(state["xapi_version"]), **cors.ON_EVERY_ANSWER}
    extra = state.get("headers")
    if isinstance(extra, dict):
        headers |= extra
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
