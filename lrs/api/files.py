"""Answers as files: whole or in pieces, and not sent again to who has them (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from lrs.api import errors, requests
from lrs.core.analytics.files import CSV, PARQUET, SVG, File
from lrs.errors import RangeNotSatisfiable

_RANGE = re.compile(
    r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})"
)  # several ranges are answered with the whole, as one may
_FORBIDDEN_IN_SVG = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


async def respond(request: Request, store: str, make: Callable[[], Awaitable[File]]) -> Response:
    """Answer with a file, or the part of it that the request asks for.

    Who reads in pieces gets them of the same file for a minute; every other request gets one that is made anew.
    """
    kept, key = requests.served(request).analytics.files, (store, request.url.path, request.url.query)
    file = kept.get(key) if "range" in request.headers else None
    if file is None:
        file = await make()
        kept.put(key, file)
    if _is_known(request, file):
        return Response(status_code=304, headers={"ETag": _etag(request, file)})
    try:
        part = _part(request, file)
    except RangeNotSatisfiable as error:
        refused = await errors.refuse(request, error)
        refused.headers["Content-Range"] = f"bytes */{len(file.content)}"
        return refused
    return _whole(request, file) if part is None else _piece(file, *part)


def _is_known(request: Request, file: File) -> bool:
    """Tell whether the client has this file already."""
    told = request.headers.get("if-none-match", "")
    return told.strip() == "*" or file.etag in (each.strip().removeprefix("W/") for each in told.split(","))


def _part(request: Request, file: File) -> tuple[int, int] | None:
    """Return the first byte that is asked for and the one after the last; None for the whole.

    Raises: RangeNotSatisfiable.
    """
    wanted = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if wanted is None or request.state.is_head or request.headers.get("if-range", file.etag).strip() != file.etag:
        return None
    first, last = wanted["first"], wanted["last"]
    if not (first or last) or (first and last and int(last) < int(first)):  # that is no range
        return None
    size = len(file.content)
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        accepted = f"bytes=0-{max(size - 1, 0)} at the most"
        raise RangeNotSatisfiable("the file has no such part", where="Range", why=f"{size} bytes", accepted=accepted)
    return start, end


def _piece(file: File, start: int, end: int) -> Response:
    told = {"ETag": file.etag, "Content-Range": f"bytes {start}-{end - 1}/{len(file.content)}"}
    headers = {**_headers(file), **told}
    return Response(file.content[start:end], status_code=206, headers=headers, media_type=file.media_type)


def _whole(request: Request, file: File) -> Response:
    media_type = f"{CSV}; charset=utf-8; header=present" if file.media_type == CSV else file.media_type
    return Response(file.content, headers={**_headers(file), "ETag": _etag(request, file)}, media_type=media_type)


def _etag(request: Request, file: File) -> str:
    """Return the validator of the whole file: a weak one for who may get it compressed, which has other bytes."""
    is_compressed = file.media_type in (CSV, SVG) and "gzip" in request.headers.get("accept-encoding", "")
    return f"W/{file.etag}" if is_compressed else file.etag


def _headers(file: File) -> dict[str, str]:
    kind = "attachment" if file.media_type in (CSV, PARQUET) else "inline"
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": f'{kind}; filename="{file.name}"'}
    if file.media_type == SVG:
        headers["Content-Security-Policy"] = _FORBIDDEN_IN_SVG
    return headers
