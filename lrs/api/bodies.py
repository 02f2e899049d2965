"""Bodies of requests, read up to a limit."""

from starlette.requests import ClientDisconnect, Request

from lrs.api.backlog import Share
from lrs.errors import BadRequest, TooLarge


async def read(request: Request, most: int) -> bytes:
    """Return the whole body, which the request holds from then on (see `backlog`).

    Raises: TooLarge beyond `most` bytes, BadRequest when the client leaves, Unavailable.
    """
    told = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > most:
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
