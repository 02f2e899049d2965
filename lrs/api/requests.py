"""What routes read of a request: its body, its credential, its xAPI version."""

import base64
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from lrs.core.analytics import Analytics
from lrs.core.credentials import Access, Doorkeeper
from lrs.errors import BadRequest, TooLarge, Unauthorized
from lrs.settings import Settings
from lrs.xapi.versions import HEADER, Version, negotiate


@dataclass(frozen=True, slots=True)
class Served:
    """What the application hands to its routes."""

    settings: Settings
    doorkeeper: Doorkeeper
    analytics: Analytics


def served(request: Request) -> Served:
    """Return what the application hands to its routes."""
    state: Served = request.app.state.served
    return state


async def access(request: Request, scope: str) -> Access:
    """Return the access of the request's credential. Raises: Unauthorized, Forbidden, Unavailable."""
    key, secret = _basic(request.headers.get("authorization"))
    admitted = await served(request).doorkeeper.admit(key, secret)
    admitted.require(scope)
    return admitted


def version(request: Request, granted: Access) -> Version:
    """Return the xAPI version of the request; also for its errors. Raises: BadRequest."""
    negotiated = negotiate(request.headers.get(HEADER), granted.credential.xapi_version)
    request.state.xapi_version = negotiated
    return negotiated


def refuse_parameters(request: Request, *allowed: str) -> None:
    """Refuse query parameters that mean nothing here. Raises: BadRequest naming the first."""
    for name in request.query_params:
        if name not in allowed:
            raise BadRequest(
                "unknown parameter", where=name, why="it has no meaning here", accepted=", ".join(allowed) or "none"
            )


async def body(request: Request) -> bytes:
    """Read the body, never more than the limit. Raises: TooLarge."""
    most = served(request).settings.max_body_bytes
    told = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise _too_large(most)
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise BadRequest("the body ended early", where="body", why="the client left") from error
    return b"".join(chunks)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        "the body is too large",
        where="body",
        why=f"more than {most} bytes (LRS_MAX_BODY_BYTES)",
        accepted="the statements in several smaller requests",
    )


def _basic(header: str | None) -> tuple[str, str]:
    if header is None:
        raise Unauthorized("no credential was sent", where="Authorization", accepted="HTTP Basic: key and secret")
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise Unauthorized(
            "this kind of credential is not known", where="Authorization", why=f"{scheme[:20]!r}", accepted="HTTP Basic"
        )
    try:
        key, colon, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError as error:  # also what is not ASCII, and no UTF-8 in the Base64
        raise BadRequest(
            "the credential can't be read", where="Authorization", why="not Base64 of UTF-8", accepted="key:secret"
        ) from error
    if not colon:
        raise Unauthorized("the credential has no colon", where="Authorization", accepted="Base64 of key:secret")
    return key, secret
