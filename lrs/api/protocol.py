"""What every request passes: the spellings of paths that clients use, and the headers every answer carries."""

import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lrs import __version__
from lrs.errors import BadRequest
from lrs.xapi.versions import HEADER, Version, negotiate

# ADL, SQL LRS and Learning Locker clients reach us by host name only; never a redirect, it breaks a preflight.
_XAPI = re.compile(r"^(?:/data)?/xapi(?=/|$)", re.IGNORECASE)
_SLASHES = re.compile(r"/{2,}")


class Protocol:
    """ASGI middleware: one path for each resource, and the headers of the protocol on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, is_head = canonical_path(scope["path"]), scope["method"] == "HEAD"
        state = scope.setdefault("state", {})
        # As sent, but not with "//": at the beginning of a link it would name another host.
        state["original_path"] = _SLASHES.sub("/", scope["path"])
        state["xapi_version"] = _version(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_headers(path, state)]
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        # HEAD is GET without the body (Communication 1.1), so no route has to know it.
        method = "GET" if is_head else scope["method"]
        await self._app({**scope, "path": path, "method": method}, receive, send_with_headers)


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


def _headers(path: str, state: dict[str, object]) -> list[tuple[bytes, bytes]]:
    headers = {"X-Content-Type-Options": "nosniff", "Server": f"social-lrs/{__version__}"}
    if path.startswith("/xapi"):
        headers[HEADER] = str(state["xapi_version"])
    if path.startswith(("/xapi", "/api")):
        headers["Cache-Control"] = "no-cache"  # browsers repeat statement queries from their cache without it
    extra = state.get("headers")
    if isinstance(extra, dict):
        headers |= extra
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
