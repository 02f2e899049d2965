"""multipart/mixed as senders of attachments write it, and as the LRS answers (xAPI Communication 1.5.2)."""

from collections.abc import Sequence
from email.message import MIMEPart
from email.parser import BytesParser
from email.policy import HTTP
from hashlib import sha256
from typing import Any

import httpx
import orjson

from lrs.xapi import Json
from tests.conformance.asking import Params, Xapi

BOUNDARY = "conformance-boundary"
Part = tuple[dict[str, str], bytes]


def described(data: bytes, **changes: Any) -> Json:
    """Return the attachment object of some data."""
    return {
        "usageType": "http://example.org/usage",
        "display": {"en": "File"},
        "contentType": "text/plain",
        "length": len(data),
        "sha2": sha256(data).hexdigest(),
        **changes,
    }


def json_part(statements: Any) -> Part:
    """Return the first part."""
    return {"Content-Type": "application/json"}, orjson.dumps(statements)


def data_part(data: bytes, **changes: str | None) -> Part:
    """Return the part of an attachment; `content_type=None` leaves out the header Content-Type."""
    headers = {
        "Content-Type": "text/plain",
        "Content-Transfer-Encoding": "binary",
        "X-Experience-API-Hash": sha256(data).hexdigest(),
    }
    for name, value in changes.items():
        header = next(each for each in headers if each.lower() == name.replace("_", "-"))
        if value is None:
            del headers[header]
        else:
            headers[header] = value
    return headers, data


def joined(parts: Sequence[Part], boundary: str = BOUNDARY) -> bytes:
    """Return the body of a request."""
    written = b""
    for headers, data in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        written += f"--{boundary}\r\n{lines}\r\n".encode() + data + b"\r\n"
    return written + f"--{boundary}--\r\n".encode()


async def send(xapi: Xapi, parts: Sequence[Part], method: str = "POST", params: Params | None = None) -> httpx.Response:
    """Send parts to the Statement Resource."""
    told = f"multipart/mixed; boundary={BOUNDARY}"
    return await xapi.ask(method, "statements", params, joined(parts), content_type=told)


def received(answer: httpx.Response) -> tuple[Any, dict[str, bytes]]:
    """Return the JSON and the data by its hash of an answer in parts, whose form is checked."""
    content_type = answer.headers["content-type"]
    assert content_type.startswith("multipart/mixed;")
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + answer.content)
    assert not message.defects
    first, *others = list(message.iter_parts())
    assert first.get_content_type() == "application/json"
    data: dict[str, bytes] = {}
    for part in others:
        assert part["Content-Transfer-Encoding"] == "binary"
        assert part["X-Experience-API-Hash"] not in data
        data[part["X-Experience-API-Hash"]] = _content(part)
    return orjson.loads(_content(first)), data


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content
