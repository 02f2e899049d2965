"""gzip when a client asks for it, and never otherwise."""

import gzip

import httpx
import pytest

from tests.api.mixed import attachment, json_part, part, post
from tests.api.samples import identified, statement
from tests.living import Living


async def raw(lrs: Living, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """Return an answer and its body as it came."""
    async with lrs.http.stream("GET", path, headers=headers) as answer:
        return answer, b"".join([chunk async for chunk in answer.aiter_raw()])


@pytest.mark.parametrize("asked", ["gzip", "deflate, gzip;q=0.5", "br,gzip"])
async def test_a_page_is_compressed_for_who_asks(lrs: Living, asked: str) -> None:
    await lrs.post([statement() for _ in range(20)])
    _, plain = await raw(lrs, "/xapi/statements", **{"Accept-Encoding": "identity"})

    answer, body = await raw(lrs, "/xapi/statements", **{"Accept-Encoding": asked})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(body) < len(plain) / 3
    assert gzip.decompress(body) == plain


@pytest.mark.parametrize("asked", ["", "identity", "gzip;q=0", "gzip; q=0.00, deflate", "br"])
async def test_nothing_is_compressed_for_who_does_not_ask(lrs: Living, asked: str) -> None:
    await lrs.post([statement() for _ in range(20)])

    answer, body = await raw(lrs, "/xapi/statements", **{"Accept-Encoding": asked})

    assert "Content-Encoding" not in answer.headers
    assert body.startswith(b'{"statements":[')


async def test_what_is_small_is_not_compressed(lrs: Living) -> None:
    answer, body = await raw(lrs, "/xapi/statements", **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert body.startswith(b'{"statements":[]')


async def test_a_document_is_left_as_it_was_stored_with_its_etag(lrs: Living) -> None:
    where = "/xapi/activities/profile?activityId=http://example.org/1&profileId=long"
    document = b"x" * 5000
    await lrs.http.put(where, content=document, headers={"Content-Type": "text/plain", "If-None-Match": "*"})

    answer, body = await raw(lrs, where, **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert body == document


async def test_attachments_are_left_alone(lrs: Living) -> None:
    data = b"x" * 5000
    await post(lrs, json_part(identified(attachments=[attachment(data)])), part(data))

    answer, body = await raw(lrs, "/xapi/statements?attachments=true", **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer.headers
    assert data in body


async def test_reports_are_compressed_too(lrs: Living) -> None:
    answer, body = await raw(lrs, "/api/v1/metrics", **{"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body).startswith(b"{")
