"""Requests and answers of multipart/mixed (xAPI Communication 1.5.2)."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from lrs.api import requests
from lrs.api.backlog import Share
from lrs.core import attachments
from lrs.core.attachments import Limits, Sent
from lrs.core.credentials import Access
from lrs.errors import BadRequest
from lrs.xapi.multipart import MIXED, boundary_of, media_type

JSON = "application/json"


async def sent(request: Request) -> Sent:
    """Return the body of a request that stores statements: JSON, or multipart/mixed that is read to its second part.

    Raises: BadRequest, TooLarge, Unavailable. Source: xAPI Communication 1.5.
    """
    content_type = request.headers.get("content-type", "")
    told = media_type(content_type)
    if told == JSON:
        return Sent(await requests.body(request))
    if told != MIXED:
        why = f"{told[:60]!r} (xAPI Communication 1.5)"
        raise BadRequest("this can't hold statements", where="Content-Type", why=why, accepted=f"{JSON}, {MIXED}")
    settings = requests.served(request).settings
    limits = Limits(statements=settings.max_body_bytes, attachment=settings.max_attachment_bytes)
    begun = await attachments.begin(_chunks(request), boundary_of(content_type), limits)
    request.state.body = begun.statements  # also for a refusal
    request.state.share.read()
    return begun


def turn(request: Request, sent: Sent) -> AbstractAsyncContextManager[None]:
    """Give the turn of a body with statements (see `backlog`); not where a client that may be slow sends more of it."""
    share: Share = request.state.share
    return share.turn() if sent.parts is None else nullcontext()


async def answer(request: Request, access: Access, body: bytes, statements: Sequence[bytes]) -> Response:
    """Return the answer that holds the JSON of the statements and, streamed, each attachment of theirs that is held.

    It is multipart/mixed even where there are none (xAPI Communication 2.1.3). Raises: Unavailable.
    """
    # HEAD shows none of the data, which may be long.
    held = [] if request.state.is_head else await attachments.held(access, statements)
    # Of lower-case letters and digits, for clients put it into regular expressions; and the first parameter.
    boundary = secrets.token_hex(16)
    streamed = attachments.rendered(access, body, held, boundary)
    return StreamingResponse(streamed, headers={"Content-Type": f"{MIXED}; boundary={boundary}"})


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield the body as it comes; the request holds what comes before the statements are read."""
    share: Share = request.state.share
    try:
        async for chunk in request.stream():
            if not share.is_read:
                share.add(len(chunk))
            yield chunk
    except ClientDisconnect as error:
        raise BadRequest("the body ended early", where="body", why="the client left") from error
