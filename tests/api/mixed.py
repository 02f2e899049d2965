"""Requests and answers of multipart/mixed, written and read apart from the code under test."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import httpx
import orjson

from lrs.xapi import Json
from tests.api.samples import identified
from tests.living import Living

Part: TypeAlias = tuple[dict[str, str], bytes]

BOUNDARY = "-------314159265358979323846"
TEXT = b"here is a simple attachment"


def sha2(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def attachment(data: bytes = TEXT, **changes: Any) -> Json:
    """An Attachment object for the data, with some of its properties changed."""
    return {
        "usageType": "http://example.org/usage",
        "display": {"en": "A file"},
        "contentType": "text/plain; charset=ascii",
        "length": len(data),
        "sha2": sha2(data),
        **changes,
    }


def described(**changes: Any) -> Json:
    """A statement with an id of its own and the attachment of TEXT."""
    return identified(attachments=[attachment()], **changes)


def json_part(statements: Json | Sequence[Json]) -> Part:
    return {"Content-Type": "application/json"}, orjson.dumps(statements)


def part(data: bytes = TEXT, /, **changes: str | None) -> Part:
    """A part of data; headers are changed by their names with underscores, and left out with None."""
    headers = {
        "Content-Type": "text/plain; charset=ascii",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha2(data),
    }
    for name, value in changes.items():
        headers.pop(key := name.replace("_", "-"), None)
        if value is not None:
            headers[key] = value
    return headers, data


def body(*parts: Part, boundary: str = BOUNDARY) -> bytes:
    """The bytes of a request; they end right after the closing boundary, as many clients' do."""
    text = b""
    for headers, data in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        text += f"\r\n--{boundary}\r\n{lines}\r\n".encode() + data
    return text + f"\r\n--{boundary}--".encode()


def mixed(boundary: str = BOUNDARY) -> dict[str, str]:
    """The headers of such a request."""
    return {"Content-Type": f"multipart/mixed; boundary={boundary}"}


async def post(lrs: Living, *parts: Part, **headers: str) -> httpx.Response:
    return await lrs.http.post("/xapi/statements", content=body(*parts), headers=mixed() | headers)


def parts_of(answer: httpx.Response) -> tuple[Json, list[Part]]:
    """Return the JSON of an answer and the parts after it."""
    assert answer.status_code == 200, answer.text
    match = re.fullmatch(r"multipart/mixed; boundary=([a-z0-9]+)", answer.headers["content-type"])
    assert match is not None
    before, *parts, after = answer.content.split(f"--{match[1]}".encode())
    assert (before, after) == (b"", b"--\r\n")
    read: list[Part] = []
    for each in parts:
        assert each.startswith(b"\r\n")
        assert each.endswith(b"\r\n")
        head, data = each[2:-2].split(b"\r\n\r\n", 1)
        read.append((dict(line.split(": ", 1) for line in head.decode().split("\r\n")), data))
    assert read[0][0] == {"Content-Type": "application/json"}
    whole: Json = orjson.loads(read[0][1])
    return whole, read[1:]


async def read_mixed(lrs: Living, **parameters: str | int) -> tuple[Json, list[Part]]:
    """Ask for statements with their attachments."""
    asked = {**parameters, "attachments": "true"}
    return parts_of(await lrs.http.get("/xapi/statements", params=asked))


async def kept(lrs: Living) -> list[int]:
    """Return how many pointers, files and chunks of attachments the store holds."""
    names = ("attachments", "attachments.files", "attachments.chunks")
    return [await lrs.store.database[name].count_documents({}) for name in names]
