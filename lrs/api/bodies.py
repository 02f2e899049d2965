"""Bodies of requests, read up to a limit."""

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from lrs.api.backlog import Share
from lrs.errors import BadRequest, TooLarge
from lrs.xapi.multipart import MIXED, media_type


def expect(scope: Scope, share: Share, most: int) -> None:
    """Refuse a body at once, as far as its headers tell that it will find no room. Raises: Unavailable."""
    headers = Headers(scope=scope)
    told = _told(headers)
    if not told and "transfer-encoding" not in headers:
        return
    is_held = told <= most and media_type(headers.get("content-type", "")) != MIXED
    share.expect(told if is_held else 0)  # of attachments nothing is held, and what is too large is told so


async def read(request: Request, most: int) -> bytes:
    """Return the whole body, which the request holds from then on (see `backlog`).

    Raises: TooLarge beyond `most` bytes, BadRequest when the client leaves, Unavailable.
    """
    if _told(request.headers) > most:
        raise too_large(most)
    share: Share = request.state.share
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise too_large(most)
            share.add(len(chunk))
            chunks.append(chunk)
    except ClientDisconnect as error:
        raise BadRequest("the body ended early", where="body", why="the client left") from error
    share.read()
    return b"".join(chunks)


def too_large(most: int) -> TooLarge:
    """Return the refusal of a body of more than `most` bytes."""
    return TooLarge(
        "the body is too large",
        where="body",
        why=f"more than {most} bytes (LRS_MAX_BODY_BYTES)",
        accepted="a smaller body; statements may be sent in several requests",
    )


def _told(headers: Headers) -> int:
    """Return the length of a body as its headers tell it, 0 where they don't."""
    length = headers.get("content-length", "")
    return int(length) if length.isdigit() else 0
