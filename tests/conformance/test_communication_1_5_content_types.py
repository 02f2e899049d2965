"""xAPI Communication 1.4 and 1.5: UTF-8, and attachments in multipart/mixed."""

from hashlib import sha256, sha384, sha512
from uuid import uuid4

import orjson
import pytest

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import identified, refused
from tests.conformance.asking import Xapi, only, rule
from tests.conformance.parts import BOUNDARY, Part, data_part, described, joined, json_part, received, send

DATA = b"three words here"
OTHER = b"\x00\xff\r\n--not a boundary\r\n"
HASH = sha256(DATA).hexdigest()
URL = "http://example.org/file"


def _with(*attachments: Json) -> Json:
    return identified(attachments=list(attachments))


@pytest.mark.clause("Communication 1.4/1")
async def test_strings_are_kept_in_UTF_8(xapi: Xapi) -> None:
    text = "ä 漢字 😀 \u0000 é e\u0301"
    stored = await xapi.store(identified(result={"response": text}))
    assert stored["result"]["response"] == text
    raw = (await xapi.get("statements", {"statementId": stored["id"]})).content
    assert "漢字 😀".encode() in raw


@pytest.mark.clause("Communication 1.4/1")
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-32"])
async def test_what_is_not_UTF_8_is_refused(xapi: Xapi, encoding: str) -> None:
    text = orjson.dumps(identified(result={"response": "ä"})).decode()
    refused(await xapi.ask("POST", "statements", None, text.encode(encoding), content_type="application/json"), 400)


@pytest.mark.clause("Communication 1.5.1/1")
async def test_JSON_without_attachments_is_taken(xapi: Xapi) -> None:
    assert (await xapi.post([identified(), identified(attachments=[])])).status_code == 200
    assert (await xapi.put(identified())).status_code == 204


@pytest.mark.clause("Communication 1.5.1/2", "Communication 1.5.2/2")
async def test_JSON_is_taken_when_every_attachment_has_a_fileUrl(xapi: Xapi) -> None:
    whole = _with(described(DATA, fileUrl=URL), described(OTHER, fileUrl=URL))
    assert (await xapi.post([whole, identified()])).status_code == 200
    assert (await xapi.put(_with(described(DATA, fileUrl=URL)))).status_code == 204
    lacking = _with(described(DATA, fileUrl=URL), described(OTHER))
    refused(await xapi.post([identified(), lacking]), 400)
    refused(await xapi.put(lacking), 400)
    assert (await xapi.get("statements", {"statementId": lacking["id"]})).status_code == 404


@pytest.mark.clause("Communication 1.5.2/12", "Communication 1.5.2/9", "Communication 2.1.3/5", "Communication 1.5.2/3")
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_attachments_are_taken_and_given_back_byte_for_byte(xapi: Xapi, method: str) -> None:
    sent = _with(described(DATA), described(OTHER, contentType="application/octet-stream"))
    second = data_part(OTHER, content_type="application/octet-stream")
    params = {"statementId": sent["id"]} if method == "PUT" else None
    answer = await send(xapi, [json_part(sent), data_part(DATA), second], method, params)
    assert answer.status_code == (204 if method == "PUT" else 200), answer.text
    found = await xapi.get("statements", {"statementId": sent["id"], "attachments": "true"})
    told, data = received(found)
    assert told["attachments"] == sent["attachments"]
    assert data == {sha256(each).hexdigest(): each for each in (DATA, OTHER)}
    assert found.headers["x-experience-api-version"] == xapi.version.value


@pytest.mark.clause("Communication 1.5.2/12", "Communication 1.5.2/9", "Communication 2.1.3/5")
async def test_a_list_shares_data_and_gives_each_once(xapi: Xapi) -> None:
    activity = f"http://example.org/activities/{uuid4()}"
    sent = [identified(object={"id": activity}, attachments=[described(DATA)]) for _ in range(3)]
    sent.append(identified(object={"id": activity}))
    assert (await send(xapi, [json_part(sent), data_part(DATA)])).status_code == 200
    told, data = received(await xapi.get("statements", {"activity": activity, "attachments": "true"}))
    assert {each["id"] for each in told["statements"]} == {each["id"] for each in sent}
    assert data == {HASH: DATA}
    page, data = received(await xapi.get("statements", {"activity": activity, "attachments": "true", "limit": 1}))
    assert len(page["statements"]) == 1
    assert page["more"]


@pytest.mark.clause("Communication 2.1.3/5")
async def test_asked_for_attachments_the_answer_is_multipart_even_without_any(xapi: Xapi) -> None:
    stored = await xapi.store(identified())
    told, data = received(await xapi.get("statements", {"statementId": stored["id"], "attachments": "true"}))
    assert (told, data) == (stored, {})


@pytest.mark.clause("Communication 2.1.3/6")
@pytest.mark.parametrize("parameters", [{}, {"attachments": "false"}])
async def test_not_asked_for_attachments_the_answer_is_JSON(xapi: Xapi, parameters: dict[str, str]) -> None:
    sent = _with(described(DATA))
    await send(xapi, [json_part(sent), data_part(DATA)])
    for asked in ({"statementId": sent["id"]}, {"limit": "1"}):
        answer = await xapi.get("statements", {**asked, **parameters})
        assert answer.headers["content-type"] == "application/json"
        assert DATA not in answer.content


@pytest.mark.clause("Communication 1.5.2/1")
@pytest.mark.parametrize("algorithm", [sha256, sha384, sha512])
async def test_data_is_found_by_any_SHA_2_wherever_it_stands(xapi: Xapi, algorithm: type) -> None:
    first, second = (algorithm(each).hexdigest() for each in (DATA, OTHER))
    sent = _with(described(DATA, sha2=first), described(OTHER, sha2=second))
    parts = [
        json_part(sent),
        data_part(OTHER, x_experience_api_hash=second),
        data_part(DATA, x_experience_api_hash=first),
    ]
    assert (await send(xapi, parts)).status_code == 200
    _, data = received(await xapi.get("statements", {"statementId": sent["id"], "attachments": "true"}))
    assert data == {first: DATA, second: OTHER}


def _wrong(first: bytes, second: bytes) -> dict[str, tuple[str, Json, list[Part]]]:
    """Return requests by what is wrong with them: the clause, the statement, and the parts in their order."""
    sent, two = _with(described(first)), _with(described(first), described(second))
    md5 = _with(described(first, sha2="a" * 32))
    told, data, known = json_part(sent), data_part(first), sha256(first).hexdigest()
    text = {"Content-Type": "text/plain"}, told[1]
    octets = {"Content-Type": "application/octet-stream"}, told[1]
    return {
        "the hash of other data": ("1", sent, [told, data_part(second, x_experience_api_hash=known)]),
        "no SHA-2": ("1", md5, [json_part(md5), data_part(first, x_experience_api_hash="a" * 32)]),
        "data that nobody asked for": ("3", sent, [told, data, data_part(second)]),
        "data first": ("4", sent, [data, told]),
        "statements in two parts": ("4", sent, [told, json_part(identified()), data]),
        "no statements": ("4", sent, [data]),
        "no hash": ("5", sent, [told, data_part(first, x_experience_api_hash=None)]),
        "an empty hash": ("5", sent, [told, data_part(first, x_experience_api_hash="")]),
        "base64": ("6", sent, [told, data_part(first, content_transfer_encoding="base64")]),
        "statements as text": ("7", sent, [text, data]),
        "statements as octets": ("7", sent, [octets, data]),
        "another hash": ("8", sent, [told, data_part(first, x_experience_api_hash="b" * 64)]),
        "another type": ("8", sent, [told, data_part(first, content_type="image/png")]),
        "no data": ("13", sent, [told]),
        "other data": ("13", sent, [told, data_part(second)]),
        "one of two": ("13", two, [json_part(two), data]),
    }


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize(
    "name", [rule(f"Communication 1.5.2/{clause}", name, name) for name, (clause, _, _) in _wrong(DATA, OTHER).items()]
)
async def test_parts_that_break_a_rule_are_refused_and_nothing_is_stored(xapi: Xapi, name: str, method: str) -> None:
    _, sent, parts = _wrong(uuid4().bytes, uuid4().bytes)[name]
    refused(await send(xapi, parts, method, {"statementId": sent["id"]} if method == "PUT" else None), 400)
    assert (await xapi.get("statements", {"statementId": sent["id"]})).status_code == 404


@pytest.mark.clause("Communication 1.5.2/13")
async def test_one_statement_without_its_data_refuses_the_list(xapi: Xapi) -> None:
    first, second = uuid4().bytes, uuid4().bytes
    sent = [identified(), _with(described(first)), _with(described(second))]
    refused(await send(xapi, [json_part(sent), data_part(first)]), 400)
    for each in sent:
        assert (await xapi.get("statements", {"statementId": each["id"]})).status_code == 404


@pytest.mark.clause("Communication 1.5.2/3")
@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed",
        "multipart/mixed; boundary=",
        "multipart/mixed; boundary=other",
        f"multipart/form-data; boundary={BOUNDARY}",
    ],
)
async def test_another_multipart_or_boundary_is_refused(xapi: Xapi, content_type: str) -> None:
    content = joined([json_part(_with(described(DATA))), data_part(DATA)])
    refused(await xapi.ask("POST", "statements", None, content, content_type=content_type), 400)


@pytest.mark.clause("Communication 1.5.2/3")
@pytest.mark.parametrize("change", ["preamble", "quoted", "epilogue", "padding"])
async def test_what_RFC_2046_allows_is_taken(xapi: Xapi, change: str) -> None:
    sent = _with(described(DATA))
    content = joined([json_part(sent), data_part(DATA)])
    boundary = f'"{BOUNDARY}"' if change == "quoted" else BOUNDARY
    if change == "preamble":
        content = b"This is a message in parts.\r\n" + content
    if change == "epilogue":
        content += b"Nobody reads this.\r\n"
    if change == "padding":
        content = content.replace(f"--{BOUNDARY}\r\n".encode(), f"--{BOUNDARY} \t\r\n".encode())
    answer = await xapi.ask("POST", "statements", None, content, content_type=f"multipart/mixed; boundary={boundary}")
    assert answer.status_code == 200, answer.text
    _, data = received(await xapi.get("statements", {"statementId": sent["id"], "attachments": "true"}))
    assert data == {HASH: DATA}


@pytest.mark.clause("IEEE 9274.1.1 4.1.3/1")
@pytest.mark.parametrize("sent", [identified(), [identified(), identified()], identified(attachments=[])])
async def test_parts_without_attachments_are_taken(xapi: Xapi, sent: Json | list[Json]) -> None:
    assert (await send(xapi, [json_part(sent)])).status_code == 200


@pytest.mark.clause("IEEE 9274.1.1 4.1.3/2")
async def test_parts_are_taken_when_every_attachment_has_a_fileUrl(xapi: Xapi) -> None:
    sent = _with(described(uuid4().bytes, fileUrl=URL))
    assert (await send(xapi, [json_part(sent)])).status_code == 200
    told, data = received(await xapi.get("statements", {"statementId": sent["id"], "attachments": "true"}))
    assert (told["id"], data) == (sent["id"], {})


@pytest.mark.clause("Communication 1.5.2/12")
async def test_a_fileUrl_and_data_go_together(xapi: Xapi) -> None:
    sent = _with(described(DATA, fileUrl=URL))
    assert (await send(xapi, [json_part(sent), data_part(DATA)])).status_code == 200
    _, data = received(await xapi.get("statements", {"statementId": sent["id"], "attachments": "true"}))
    assert data == {HASH: DATA}


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.1.1/1")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content_type", "text/plain"),
        ("content_type", "multipart/form-data"),
        ("x_experience_api_version", "9.9.9"),
    ],
)
async def test_headers_that_matter_are_checked(xapi: Xapi, name: str, value: str) -> None:
    content = orjson.dumps(identified())
    headers = {"content_type": "application/json", name: value}
    answer = await xapi.ask("POST", "statements", None, content, **headers)
    assert answer.status_code in {400, 415}
