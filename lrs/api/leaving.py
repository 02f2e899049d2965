"""Clients that leave: what is worked out for them, or streamed to them, ends."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

NOBODY_READS = 499  # as proxies log a request whose client left


async def unless_left(request: Request, answering: Coroutine[Any, Any, Response]) -> Response:
    """Return the response that is worked out; when the client leaves before it is there, end the work.

    Raises: what the work raises.
    """
    working, leaving = asyncio.create_task(answering), asyncio.create_task(_left(request))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else Response(status_code=NOBODY_READS)
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class Streamed(StreamingResponse):
    """An answer in pieces whose generator is closed with it, also where the client left in the middle.

    What fails in the middle breaks the connection: the client sees that the answer is not whole.
    """

    def __init__(self, content: AsyncGenerator[bytes, None], media_type: str) -> None:
        super().__init__(content, media_type=media_type)
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._content):
            await super().__call__(scope, receive, send)
