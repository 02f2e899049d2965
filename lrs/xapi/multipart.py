"""Bodies of multipart/mixed: read piece by piece as they come, and written (xAPI Communication 1.5.2, RFC 2046 5.1)."""

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from lrs.errors import BadRequest

MIXED = "multipart/mixed"
PREAMBLE = 8192  # bytes that may stand before the first part; RFC 2046 has them ignored
HEADERS = 32  # of a part

_WHAT = "the multipart body can't be read"
_ACCEPTED = "multipart/mixed as RFC 2046 has it, with lines that end in CRLF"
_CLAUSE = "(xAPI Communication 1.5.2)"
# Wider than RFC 2046, which has fewer special characters and 70 at the most: what is sent unquoted works too.
_BOUNDARY = re.compile(rb"[!-~](?:[ -~]{0,198}[!-~])?")

_OFFSET = re.compile(r" (?:at |\()[0-9]+\)?$")  # in the piece at hand, which means nothing to the client

# It writes a line for each body it can't read, with pieces of it; our refusal says the same.
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class PartHead:
    """A part begins: its number, the first being 1, and its headers by their names in lower case."""

    number: int
    headers: Mapping[str, str]

    @property
    def media_type(self) -> str:
        """The part's media type; empty when it has none."""
        return media_type(self.headers.get("content-type", ""))


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The part that began last is complete."""


Event: TypeAlias = PartHead | bytes | PartEnd
"""What a reader finds: `PartHead`, then its content in pieces, then `PartEnd`, part after part."""


def media_type(content_type: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def boundary_of(content_type: str) -> bytes:
    """Return the boundary that a Content-Type header names, quoted or not. Raises: BadRequest."""
    _, parameters = parse_options_header(content_type.encode("latin-1", "replace"))
    boundary = parameters.get(b"boundary", b"")
    if _BOUNDARY.fullmatch(boundary) is None:
        why = f"its parameter `boundary` is missing, or is not 1 to 200 visible ASCII characters {_CLAUSE}"
        raise BadRequest(_WHAT, where="Content-Type", why=why, accepted="multipart/mixed; boundary=...")
    return boundary


class Reader:
    """Reads one body, in pieces of any size, and keeps a few kilobytes of it at the most."""

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"--" + boundary
        # The end of the line tells how the sender ends lines; "--" that the body ends before it has begun.
        self._opening = re.compile(rb"(?:\A|\n)" + re.escape(self._delimiter) + rb"(?:--|[ \t]*(\r?)\n)")
        self._preamble: bytes | None = b""
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._name_piece,
                "on_header_value": self._value_piece,
                "on_header_end": self._header,
                "on_headers_finished": self._head,
                "on_part_data": self._data,
                "on_part_end": self._part_end,
                "on_end": self._body_end,
            },
            max_header_count=HEADERS,
        )
        self._events: list[Event] = []
        self._number = 0
        self._headers: dict[str, str] = {}
        self._name = self._value = b""
        self._ended = False

    def feed(self, chunk: bytes) -> list[Event]:
        """Return what is found in the next piece of the body. Raises: BadRequest naming the part."""
        if self._preamble is not None:
            chunk = self._opened(self._preamble + chunk)
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise self._unreadable(_OFFSET.sub("", str(error))) from error
        events, self._events = self._events, []
        return events

    def end(self) -> None:
        """Say that the body has no more pieces. Raises: BadRequest when it has ended before its last part."""
        if self._ended:
            return
        if self._preamble is not None:
            raise BadRequest(_WHAT, where="body", why=f"no line is the boundary {_CLAUSE}", accepted=_ACCEPTED)
        raise self._unreadable("it ends without the closing boundary")

    def _opened(self, beginning: bytes) -> bytes:
        """Return the body from its first boundary on; nothing as long as that has not come."""
        found = self._opening.search(beginning)
        if (found.start() if found else len(beginning) - len(self._delimiter)) > PREAMBLE:
            why = f"no line of the first {PREAMBLE} bytes is the boundary {_CLAUSE}"
            raise BadRequest(_WHAT, where="body", why=why, accepted=_ACCEPTED)
        if found is None:
            self._preamble = beginning
            return b""
        if found[1] is None:
            raise BadRequest(_WHAT, where="body", why=f"it has no part {_CLAUSE}", accepted=_ACCEPTED)
        if not found[1]:
            raise self._unreadable("its lines end in LF alone")
        self._preamble = None
        return self._delimiter + b"\r\n" + beginning[found.end() :]

    def _unreadable(self, why: str) -> BadRequest:
        return BadRequest(_WHAT, where=f"part {max(self._number, 1)}", why=f"{why} {_CLAUSE}", accepted=_ACCEPTED)

    def _begin(self) -> None:
        self._number += 1
        self._headers = {}

    def _name_piece(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _value_piece(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header(self) -> None:
        name, value = self._name.decode("latin-1").lower(), self._value.decode("latin-1").strip()
        self._name = self._value = b""
        if "\n" in value:
            raise self._unreadable("a line of its headers ends in LF alone")
        # Two of one name are one list, as in HTTP: where one value is needed, that is a wrong one.
        self._headers[name] = f"{self._headers[name]}, {value}" if name in self._headers else value

    def _head(self) -> None:
        self._events.append(PartHead(self._number, self._headers))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._events.append(data[start:end])

    def _part_end(self) -> None:
        self._events.append(PartEnd())

    def _body_end(self) -> None:
        self._ended = True


def head(boundary: str, headers: Mapping[str, str], *, first: bool = False) -> bytes:
    """Return what stands before the content of a part: the boundary and the part's headers."""
    lines = [f"--{boundary}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return (b"" if first else b"\r\n") + "\r\n".join(lines).encode()


def closing(boundary: str) -> bytes:
    """Return what stands behind the content of the last part."""
    return f"\r\n--{boundary}--\r\n".encode()
