"""Attachments in and out: multipart/mixed of the Statement Resource (xAPI Communication 1.5, 2.1; Data 2.4.11)."""

import asyncio
import hashlib
import os
import random
from collections.abc import AsyncIterator, Callable

import pytest

from lrs.store.uploads import CHUNK_BYTES
from lrs.xapi import Json
from tests.api.mixed import (
    BOUNDARY,
    TEXT,
    attachment,
    body,
    described,
    json_part,
    kept,
    mixed,
    part,
    parts_of,
    post,
    read_mixed,
    sha2,
)
from tests.api.samples import COURSE, count, identified, read, refused, statement, voiding
from tests.living import Living

BINARY = bytes(range(256)) * 40 + b"\r\n--" + BOUNDARY[:-1].encode() + b"\r\n\r\n"


@pytest.mark.clause("Communication 1.5.2", "Communication 2.1.3", "Data 2.4.11")
@pytest.mark.parametrize("data", [TEXT, b"", b"\r\n", BINARY, "naïve — 漢字".encode()], ids=len)
async def test_an_attachment_comes_back_byte_for_byte(shared: Living, data: bytes) -> None:
    described = attachment(data, contentType="application/x-thing", display={"de": "Größe"})
    sent = identified(attachments=[described])

    posted = await post(shared, json_part(sent), part(data, Content_Type="application/x-thing"))

    assert (posted.status_code, posted.json()) == (200, [sent["id"]])
    whole, parts = await read_mixed(shared, statementId=sent["id"])
    assert whole == await read(shared, sent["id"])
    assert whole["attachments"] == [described]
    head = {"Content-Type": "application/x-thing", "Content-Transfer-Encoding": "binary"}
    assert parts == [({**head, "X-Experience-API-Hash": sha2(data)}, data)]


@pytest.mark.clause("Communication 2.1.1", "Communication 1.5.2")
async def test_put_takes_attachments_too(shared: Living) -> None:
    sent = described()

    put = await shared.http.put(
        "/xapi/statements", params={"statementId": sent["id"]}, content=body(json_part(sent), part()), headers=mixed()
    )

    assert (put.status_code, put.content) == (204, b"")
    assert [data for _, data in (await read_mixed(shared, statementId=sent["id"]))[1]] == [TEXT]


@pytest.mark.clause("Communication 1.5.2", "Communication 2.1.3")
async def test_a_list_is_answered_with_each_attachment_once_and_with_more(lrs: Living) -> None:
    other = b"another"
    elsewhere = attachment(b"elsewhere", fileUrl="https://example.org/f")
    first = [identified(), identified(attachments=[elsewhere])]
    second = identified(attachments=[attachment(other), attachment()])
    third = described()
    assert (await post(lrs, json_part(first))).status_code == 200
    assert (await post(lrs, json_part([second]), part(), part(other))).status_code == 200
    assert (await post(lrs, json_part(third), part())).status_code == 200

    whole, parts = await read_mixed(lrs)

    assert {each["id"] for each in whole["statements"]} == {each["id"] for each in [*first, second, third]}
    assert [data for _, data in parts] == [TEXT, other]
    answer = await lrs.http.get("/xapi/statements", params={"attachments": "true"})
    assert answer.text.count(sha2(other)) == 2
    page, parts = await read_mixed(lrs, limit=1)
    assert ([each["id"] for each in page["statements"]], [data for _, data in parts]) == ([third["id"]], [TEXT])
    page, parts = parts_of(await lrs.http.get(page["more"]))
    assert ([each["id"] for each in page["statements"]], [data for _, data in parts]) == ([second["id"]], [other, TEXT])


@pytest.mark.clause("Communication 2.1.3")
@pytest.mark.parametrize("format", ["exact", "ids", "canonical"])
async def test_every_format_comes_with_the_data(shared: Living, format: str) -> None:
    sent = described()
    await post(shared, json_part(sent), part())

    assert [data for _, data in (await read_mixed(shared, statementId=sent["id"], format=format))[1]] == [TEXT]


@pytest.mark.clause("Communication 2.1.3", "Communication 2.1.4")
async def test_a_voided_statement_keeps_its_attachments(shared: Living) -> None:
    data = b"of a voided statement"
    sent = identified(attachments=[attachment(data)])
    await post(shared, json_part(sent), part(data))
    await shared.post(voiding(sent["id"]))

    assert [each for _, each in (await read_mixed(shared, voidedStatementId=sent["id"]))[1]] == [data]
    assert data not in [each for _, each in (await read_mixed(shared))[1]]


@pytest.mark.clause("Communication 2.1.3")
async def test_without_being_asked_for_the_data_stays_away(shared: Living) -> None:
    sent = described()
    await post(shared, json_part(sent), part())

    for parameters in ({}, {"attachments": "false"}, {"statementId": sent["id"]}):
        answer = await shared.http.get("/xapi/statements", params=parameters)
        assert answer.headers["content-type"] == "application/json"
        assert TEXT not in answer.content


@pytest.mark.clause("Communication 1.1")
async def test_head_says_what_get_says_and_sends_nothing(shared: Living) -> None:
    sent = described()
    await post(shared, json_part(sent), part())

    answer = await shared.http.head("/xapi/statements", params={"statementId": sent["id"], "attachments": "true"})

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("multipart/mixed; boundary=")


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
@pytest.mark.parametrize("write", [str.lower, str.upper])
async def test_every_sha2_is_known_by_its_length_in_either_case(
    shared: Living, algorithm: str, write: Callable[[str], str]
) -> None:
    told = hashlib.new(algorithm, TEXT).hexdigest()
    sent = identified(attachments=[attachment(sha2=write(told))])

    assert (await post(shared, json_part(sent), part(X_Experience_API_Hash=told))).status_code == 200

    ((headers, data),) = (await read_mixed(shared, statementId=sent["id"]))[1]
    assert (headers["X-Experience-API-Hash"], data) == (write(told), TEXT)


@pytest.mark.clause("Communication 1.5.2")
async def test_the_declared_length_is_not_enforced(shared: Living) -> None:
    sent = identified(attachments=[attachment(length=1)])

    assert (await post(shared, json_part(sent), part())).status_code == 200


@pytest.mark.clause("Communication 1.5.2")
async def test_data_may_come_beside_a_file_url(shared: Living) -> None:
    sent = identified(attachments=[attachment(fileUrl="https://example.org/f")])

    assert (await post(shared, json_part(sent), part())).status_code == 200

    assert [data for _, data in (await read_mixed(shared, statementId=sent["id"]))[1]] == [TEXT]


@pytest.mark.clause("Communication 1.5.2", "IEEE 9274.1.1 4.1.3")
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("attachments", [None, [], [attachment(b"never sent", fileUrl="https://example.org/f")]])
async def test_multipart_needs_no_parts_where_nothing_is_missing(
    shared: Living, version: str, attachments: list[Json] | None
) -> None:
    sent = identified() if attachments is None else identified(attachments=attachments)

    posted = await post(shared, json_part(sent), **{"X-Experience-API-Version": version})

    assert posted.status_code == 200
    assert (await read_mixed(shared, statementId=sent["id"]))[1] == []


@pytest.mark.clause("Communication 1.5.2", "Data 2.4.11")
async def test_an_attachment_of_a_sub_statement_counts(shared: Living) -> None:
    sub_statement = {**statement(attachments=[attachment()]), "objectType": "SubStatement"}
    sent = identified(object=sub_statement)

    error = refused(await shared.post(sent), 400)
    assert error["where"] == "statement.object.attachments[0]"
    assert (await post(shared, json_part(sent), part())).status_code == 200

    assert [data for _, data in (await read_mixed(shared, statementId=sent["id"]))[1]] == [TEXT]


@pytest.mark.clause("Communication 1.5.2")
async def test_what_is_sent_often_is_kept_once(lrs: Living) -> None:
    first, second, third = described(), described(), described()

    assert (await post(lrs, json_part([first, second]), part(), part())).status_code == 200
    assert (await post(lrs, json_part(third), part())).status_code == 200

    assert await kept(lrs) == [1, 1, 1]
    assert [data for _, data in (await read_mixed(lrs, statementId=third["id"]))[1]] == [TEXT]


async def test_what_is_sent_at_once_is_kept_once(lrs: Living, twin: Living) -> None:
    sent = [described() for _ in range(8)]

    answers = await asyncio.gather(
        *(post(each, json_part(one), part()) for each, one in zip([lrs, twin] * 4, sent, strict=True))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert await kept(lrs) == [1, 1, 1]
    assert len((await read_mixed(lrs))[0]["statements"]) == 8


@pytest.mark.clause("Communication 2.1.2", "Data 2.3.1")
async def test_the_same_statement_is_taken_again_with_its_attachment(lrs: Living) -> None:
    sent = described()
    assert (await post(lrs, json_part(sent), part())).status_code == 200

    assert (await post(lrs, json_part(sent), part())).status_code == 200
    assert (await post(lrs, json_part([sent, described()]), part())).status_code == 200
    other = {**sent, "result": {"success": True}}
    assert refused(await post(lrs, json_part(other), part()), 409)["where"] == "statement.id"
    assert await count(lrs) == 2


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize(
    "change", [{"Content_Transfer_Encoding": None}, {"Content_Type": None}, {"Content_Type": "TEXT/plain"}], ids=str
)
async def test_headers_an_lrs_can_do_without_may_be_missing(shared: Living, change: dict[str, str | None]) -> None:
    sent = described()

    assert (await post(shared, json_part(sent), part(**change))).status_code == 200


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize("boundary", ["abcABC0123'()+_,-./:=?", "----=_Part_1_2.3", "x" * 70])
@pytest.mark.parametrize("quote", ["", '"'], ids=["bare", "quoted"])
async def test_boundaries_are_taken_quoted_or_not(shared: Living, boundary: str, quote: str) -> None:
    sent = described()
    content = body(json_part(sent), part(), boundary=boundary)

    answer = await shared.http.post("/xapi/statements", content=content, headers=mixed(f"{quote}{boundary}{quote}"))

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_a_chunked_body_is_taken_in_any_pieces(shared: Living, size: int) -> None:
    sent = described()
    content = body(json_part(sent), part())

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), size):
            yield content[start : start + size]

    assert (await shared.http.post("/xapi/statements", content=pieces(), headers=mixed())).status_code == 200


async def test_a_large_attachment_is_kept_in_many_chunks(lrs: Living) -> None:
    data = random.Random(1).randbytes(20 * CHUNK_BYTES + 1)
    sent = identified(attachments=[attachment(data)])

    assert (await post(lrs, json_part(sent), part(data))).status_code == 200

    assert await kept(lrs) == [1, 1, 21]
    assert [each for _, each in (await read_mixed(lrs, statementId=sent["id"]))[1]] == [data]


async def test_a_store_does_not_show_another_stores_data(lrs: Living, shared: Living) -> None:
    await post(lrs, json_part(described(object={"id": f"{COURSE}/mine"})), part(b"mine"), part())  # refused
    data = os.urandom(20)
    await post(lrs, json_part(identified(attachments=[attachment(data)])), part(data))
    located = identified(attachments=[attachment(data, fileUrl="https://example.org/f")])

    await shared.post(located)

    assert (await read_mixed(shared, statementId=located["id"]))[1] == []
