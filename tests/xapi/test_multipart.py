"""Reading and writing bodies of multipart/mixed (xAPI Communication 1.5.2, RFC 2046)."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lrs.errors import BadRequest
from lrs.xapi.multipart import PREAMBLE, PartEnd, PartHead, Reader, boundary_of, closing, head

Part: TypeAlias = tuple[dict[str, str], bytes]

BOUNDARY = "gc0p4Jq0M2Yt08j34c0p"
JSON: Part = ({"Content-Type": "application/json"}, b'{"a": 1}')
PLAIN: Part = ({"Content-Type": "text/plain", "X-Experience-API-Hash": "ab"}, b"here is a simple attachment")


def body(parts: Sequence[Part], boundary: str = BOUNDARY) -> bytes:
    written = [head(boundary, headers, first=not index) + data for index, (headers, data) in enumerate(parts)]
    return b"".join(written) + closing(boundary)


def parts(chunks: Iterable[bytes], boundary: str = BOUNDARY) -> list[Part]:
    """Read a body in pieces; a part that did not end is none."""
    reader = Reader(boundary.encode())
    found: list[Part] = []
    current: Part = ({}, b"")
    numbers = []
    for chunk in chunks:
        for event in reader.feed(chunk):
            if isinstance(event, PartHead):
                current = (dict(event.headers), b"")
                numbers.append(event.number)
            elif isinstance(event, PartEnd):
                found.append(current)
            else:
                current = (current[0], current[1] + event)
    reader.end()
    assert numbers == list(range(1, len(found) + 1))
    return found


def lowered(written: Sequence[Part]) -> list[Part]:
    return [({name.lower(): value for name, value in headers.items()}, data) for headers, data in written]


def pieces(text: bytes, cuts: Iterable[int]) -> list[bytes]:
    borders = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[start:end] for start, end in pairwise(borders)]


def outcome(chunks: Iterable[bytes]) -> list[Part] | tuple[str, str]:
    """Return the parts, or place and reason of the refusal; there is no third way."""
    try:
        return parts(chunks)
    except BadRequest as refusal:
        return refusal.where, refusal.why


@pytest.mark.clause("Communication 1.5.2")
def test_what_is_written_is_read_back() -> None:
    assert parts([body([JSON, PLAIN])]) == lowered([JSON, PLAIN])


DATA = st.binary(max_size=60) | st.lists(
    st.sampled_from([b"\r\n", b"\r", b"\n", b"--", b"-", f"--{BOUNDARY[:5]}".encode(), b"\r\n--gc", b" ", b"x"])
).map(b"".join)


@given(st.lists(DATA, min_size=1, max_size=4), st.lists(st.integers(0), max_size=8))
def test_any_data_is_read_back_byte_for_byte_whatever_the_pieces(data: list[bytes], cuts: list[int]) -> None:
    written = [({"A": str(index)}, each) for index, each in enumerate(data)]

    assert parts(pieces(body(written), cuts)) == lowered(written)


def test_one_byte_at_a_time_reads_the_same() -> None:
    text = b"a preamble\r\n" + body([JSON, PLAIN, ({}, b"")])

    assert parts(text[at : at + 1] for at in range(len(text))) == parts([text])


FRAGMENTS = st.sampled_from(
    [
        f"--{BOUNDARY}".encode(),
        f"\r\n--{BOUNDARY}\r\n".encode(),
        f"\r\n--{BOUNDARY}--".encode(),
        f"--{BOUNDARY}  \r\n".encode(),
        f"--{BOUNDARY}\n".encode(),
        f"\r\n--{BOUNDARY}x".encode(),
        b"Content-Type: application/json\r\n",
        b"A:b\r\n\r\n",
        b"A: b\n",
        b" folded\r\n",
        b"\r\n",
        b"\r",
        b"\n",
        b"-",
        b"--",
        b": ",
        b"\x00\xff",
    ]
)


@given(
    st.lists(FRAGMENTS | st.binary(max_size=20), max_size=15).map(b"".join) | st.binary(max_size=300),
    st.lists(st.integers(0), max_size=6),
)
@example(f"--{BOUNDARY}\r\n: b\r\n\r\n".encode(), [])
def test_whatever_is_sent_is_read_or_refused_and_alike_in_pieces(text: bytes, cuts: list[int]) -> None:
    assert outcome(pieces(text, cuts)) == outcome([text])


@given(
    st.integers(0), st.integers(0, 255), st.lists(st.integers(0), max_size=3), st.sampled_from(["set", "cut", "put"])
)
def test_a_damaged_body_is_read_or_refused(at: int, byte: int, cuts: list[int], damage: str) -> None:
    text = body([JSON, PLAIN, PLAIN])
    at %= len(text)
    kept = at if damage == "put" else at + 1
    damaged = text[:at] + (b"" if damage == "cut" else bytes([byte])) + text[kept:]

    assert outcome(pieces(damaged, cuts)) == outcome([damaged])


WHOLE = body([JSON, PLAIN])
VARIANTS = {
    "CRLF before": b"\r\n" + WHOLE,
    "text before": b"This is a multi-part message - read it with care.\r\n\r\n" + WHOLE,
    "no CRLF at the end": WHOLE.removesuffix(b"\r\n"),
    "text behind": WHOLE + b"and --so on\r\n--more",
    "no space after the colon": WHOLE.replace(b"e: ", b"e:"),
    "white space around a value": WHOLE.replace(b"e: ", b"e: \t ").replace(b"plain\r\n", b"plain \t\r\n"),
    "white space after the boundary": WHOLE.replace(f"{BOUNDARY}\r\n".encode(), f"{BOUNDARY} \t\r\n".encode()),
    "names in another case": WHOLE.replace(b"Content-Type", b"CONTENT-type"),
}


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize("text", VARIANTS.values(), ids=VARIANTS)
def test_what_rfc_2046_allows_and_clients_send_is_read(text: bytes) -> None:
    assert parts([text]) == lowered([JSON, PLAIN])


REFUSED = {
    "nothing": (b"", "body", "boundary"),
    "no boundary": (b'{"a": 1}', "body", "boundary"),
    "another boundary": (body([JSON], "other"), "body", "boundary"),
    "a long preamble": (b"x" * PREAMBLE + b"\r\n" + WHOLE, "body", "boundary"),
    "no part": (f"--{BOUNDARY}--\r\n".encode(), "body", "no part"),
    "LF alone": (WHOLE.replace(b"\r\n", b"\n"), "part 1", "LF alone"),
    "LF alone in headers": (WHOLE.replace(b"plain\r\n", b"plain\n"), "part 2", "LF alone"),
    "no end": (WHOLE.removesuffix(closing(BOUNDARY)), "part 2", "closing boundary"),
    "half an end": (WHOLE.removesuffix(b"-\r\n"), "part 2", "closing boundary"),
    "a folded header": (WHOLE.replace(b"Hash: ", b"Hash:\r\n "), "part 2", "header"),
    "a header without colon": (WHOLE.replace(b"Type: text", b"Type text"), "part 2", "header"),
    "many headers": (body([JSON, ({f"A{number}": "1" for number in range(33)}, b"")]), "part 2", "header"),
    "a long header": (body([JSON, ({"A": "1" * 5000}, b"")]), "part 2", "header"),
}


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize(("text", "where", "why"), REFUSED.values(), ids=REFUSED)
def test_what_can_not_be_read_is_refused_with_its_place(text: bytes, where: str, why: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parts([text])

    assert refusal.value.where == where
    assert why in refusal.value.why


def test_a_header_given_twice_is_a_list() -> None:
    text = body([({"A": "1"}, b"")]).replace(b"A: 1\r\n", b"A: 1\r\na: 2\r\n")

    assert parts([text]) == [({"a": "1, 2"}, b"")]


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("multipart/mixed; boundary=abc", "abc"),
        ("Multipart/Mixed;Boundary=abc;charset=utf-8", "abc"),
        ('multipart/mixed; charset="a;b"; boundary="abc"', "abc"),
        ('multipart/mixed; boundary="abcABC0123\'()+_,-./:=?"', "abcABC0123'()+_,-./:=?"),
        ("multipart/mixed; boundary=abcABC0123'()+_,-./:=?", "abcABC0123'()+_,-./:=?"),
        ("multipart/mixed; boundary=-------314159265358979323846", "-------314159265358979323846"),
        ('multipart/mixed; boundary="a b"', "a b"),
    ],
)
def test_the_boundary_is_taken_quoted_or_not(content_type: str, boundary: str) -> None:
    assert boundary_of(content_type) == boundary.encode()
    assert parts([body([JSON], boundary)], boundary) == lowered([JSON])


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        "multipart/mixed;",
        "multipart/mixed; boundary",
        "multipart/mixed; boundary=",
        'multipart/mixed; boundary=""',
        "multipart/mixed; boundary=ä",
        "multipart/mixed; boundary=\x01",
        f"multipart/mixed; boundary={'a' * 201}",
    ],
)
def test_a_content_type_without_a_usable_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        boundary_of(content_type)

    assert refusal.value.where == "Content-Type"
    assert re.search("`boundary`.*1.5.2", refusal.value.why)


@given(st.text(max_size=40))
def test_any_content_type_gives_a_boundary_or_is_refused(text: str) -> None:
    for content_type in (text, f"multipart/mixed; boundary={text}"):
        with suppress(BadRequest):
            Reader(boundary_of(content_type))


def test_a_body_sent_in_small_pieces_costs_little() -> None:
    """Were what has come looked through again for each piece, this would take minutes."""
    text = b"x" * 200_000
    found = parts(pieces(body([JSON, ({}, text)]), range(0, 200_000, 10)))

    assert found[1] == ({}, text)
