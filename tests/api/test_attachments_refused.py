"""Attachments that break the rules are refused at their place and leave nothing (xAPI Communication 1.5)."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import Message

from tests.api.conftest import application
from tests.api.mixed import (
    BOUNDARY,
    TEXT,
    Part,
    attachment,
    body,
    described,
    json_part,
    kept,
    mixed,
    part,
    post,
    read_mixed,
    sha2,
)
from tests.api.samples import count, identified, refused, statement
from tests.living import Living

HASH, ENCODING, TYPE = "X-Experience-API-Hash", "Content-Transfer-Encoding", "Content-Type"
JSON_PART = json_part(statement(attachments=[attachment()]))
REFUSED: dict[str, tuple[list[Part], str]] = {
    "a part too many": ([JSON_PART, part(), part(b"other")], f"part 3, {HASH}"),
    "no part": ([JSON_PART], "statement.attachments[0]"),
    "another part": ([JSON_PART, part(b"other")], f"part 2, {HASH}"),
    "no hash": ([JSON_PART, part(X_Experience_API_Hash=None)], f"part 2, {HASH}"),
    "an empty hash": ([JSON_PART, part(X_Experience_API_Hash="")], f"part 2, {HASH}"),
    "other data": ([JSON_PART, part(b"other", X_Experience_API_Hash=sha2(TEXT))], f"part 2, {HASH}"),
    "cut data": ([JSON_PART, part(TEXT[:-1], X_Experience_API_Hash=sha2(TEXT))], f"part 2, {HASH}"),
    "bad after good": (
        [
            json_part(statement(attachments=[attachment(), attachment(b"x" * 600_000)])),
            part(),
            part(b"y" * 600_000, X_Experience_API_Hash=sha2(b"x" * 600_000)),
        ],
        f"part 3, {HASH}",
    ),
    "missing after good": (
        [json_part([statement(attachments=[attachment()]), statement(attachments=[attachment(b"x")])]), part()],
        "statements[1].attachments[0]",
    ),
    "base64": ([JSON_PART, part(Content_Transfer_Encoding="base64")], f"part 2, {ENCODING}"),
    "8bit": ([JSON_PART, part(Content_Transfer_Encoding="8bit")], f"part 2, {ENCODING}"),
    "another media type": ([JSON_PART, part(Content_Type="image/png")], f"part 2, {TYPE}"),
    "statements as text": ([({TYPE: "text/plain"}, JSON_PART[1]), part()], f"part 1, {TYPE}"),
    "statements without a type": ([({}, JSON_PART[1]), part()], f"part 1, {TYPE}"),
    "statements in Base64": ([({**JSON_PART[0], ENCODING: "base64"}, JSON_PART[1]), part()], f"part 1, {ENCODING}"),
    "data first": ([part(), JSON_PART], f"part 1, {TYPE}"),
    "statements twice": ([JSON_PART, JSON_PART, part()], f"part 2, {HASH}"),
    "no JSON": ([(JSON_PART[0], b"{"), part()], "body, line 1, column 2"),
    "an invalid statement": ([json_part(statement(attachments=[{}])), part()], "statement.attachments[0].usageType"),
}


@pytest.mark.clause("Communication 1.5.1")
async def test_json_is_taken_with_file_urls_and_refused_without(shared: Living) -> None:
    located = attachment(fileUrl="https://example.org/f")

    assert (await shared.post(identified(attachments=[located]))).status_code == 200
    error = refused(await shared.post([identified(), identified(attachments=[located, attachment(b"x")])]), 400)

    assert error["where"] == "statements[1].attachments[1]"
    assert error["why"].endswith("(xAPI Communication 1.5.1, 1.5.2)")


@pytest.mark.clause("Communication 1.5.2")
async def test_data_that_is_known_already_must_be_sent_again(lrs: Living) -> None:
    await post(lrs, json_part(described()), part())

    refused(await lrs.post(described()), 400)
    refused(await post(lrs, json_part(described())), 400)
    refused(await post(lrs, json_part(described()), part(b"guessed", X_Experience_API_Hash=sha2(TEXT))), 400)
    assert await count(lrs) == 1


@pytest.mark.clause("Communication 1.5.2", "Data 2.4.11")
@pytest.mark.parametrize(("parts", "where"), REFUSED.values(), ids=REFUSED)
async def test_what_breaks_the_rules_is_refused_at_its_place_and_leaves_nothing(
    shared: Living, parts: list[Part], where: str
) -> None:
    before = await count(shared), await kept(shared)

    error = refused(await post(shared, *parts), 400)

    assert error["where"] == where
    assert error["why"]
    assert (await count(shared), await kept(shared)) == before


@pytest.mark.clause("Communication 1.5.2")
@pytest.mark.parametrize(
    ("content_type", "where"),
    [
        ("multipart/mixed", "Content-Type"),
        ("multipart/mixed;", "Content-Type"),
        (f"multipart/form-data; boundary={BOUNDARY}", "Content-Type"),
        (f"multipart/related; boundary={BOUNDARY}", "Content-Type"),
        ("multipart/mixed; boundary=another", "body"),
    ],
)
async def test_another_media_type_or_boundary_is_refused(shared: Living, content_type: str, where: str) -> None:
    before = await count(shared)
    content = body(json_part(identified()))

    answer = await shared.http.post("/xapi/statements", content=content, headers={"Content-Type": content_type})

    assert refused(answer, 400)["where"] == where
    assert await count(shared) == before


async def test_statements_are_looked_at_before_any_attachment_is_sent(shared: Living) -> None:
    """An upload of half an hour must not end with a statement that could have been refused at its beginning."""
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        yield body(json_part(statement(attachments=[attachment()], verb={})), part()).removesuffix(b"--")
        while True:
            sent += 1
            yield b"x"

    assert refused(await shared.http.post("/xapi/statements", content=pieces(), headers=mixed()), 400)
    assert sent < 3


@pytest.mark.clause("Communication 3.2")
async def test_an_attachment_over_the_limit_is_refused_with_the_settings_name(lrs: Living, mongodb_url: str) -> None:
    async with application(mongodb_url, max_attachment_bytes=600_000, max_body_bytes=2000) as http:
        limited = Living(http=http, store=lrs.store, key=lrs.key, secret=lrs.secret)
        http.auth = httpx.BasicAuth(lrs.key, lrs.secret)
        http.headers["X-Experience-API-Version"] = "1.0.3"
        most, over = b"x" * 600_000, b"x" * 600_001

        taken = await post(limited, json_part(identified(attachments=[attachment(most)])), part(most))
        error = refused(await post(limited, json_part(identified(attachments=[attachment(over)])), part(over)), 413)
        long = identified(result={"response": "x" * 2000})
        of_statements = refused(await post(limited, json_part(long)), 413)

    assert taken.status_code == 200
    assert (error["where"], "LRS_MAX_ATTACHMENT_BYTES" in error["why"]) == ("part 2", True)
    assert (of_statements["where"], "LRS_MAX_BODY_BYTES" in of_statements["why"]) == ("part 1", True)
    assert (await count(lrs), await kept(lrs)) == (1, [1, 1, 3])


async def test_nothing_is_left_of_a_client_that_leaves(shared: Living) -> None:
    content = body(json_part(described()), part(), part(os.urandom(3_000_000), X_Experience_API_Hash=sha2(TEXT)))
    before = await count(shared), await kept(shared)
    messages: list[Message] = [
        {"type": "http.request", "body": content[:2_500_000], "more_body": True},
        {"type": "http.disconnect"},
    ]
    answered: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if len(messages) > 1 else messages[0]

    async def send(message: Message) -> None:
        answered.append(message)

    request = shared.http.build_request("POST", "/xapi/statements", headers=mixed())
    authorized = next(shared.http.auth.auth_flow(request))  # type: ignore[union-attr]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/xapi/statements",
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in authorized.headers.raw],
    }
    assert isinstance(shared.http._transport, httpx.ASGITransport)
    await shared.http._transport.app(scope, receive, send)

    assert answered[0]["status"] == 400
    assert (await count(shared), await kept(shared)) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0), st.sampled_from([b"", b"\r", b"\n", b"--", b"\x00", b"\xff" * 40, b"\r\n--" + BOUNDARY.encode()])
)
async def test_a_damaged_body_is_stored_whole_or_refused_and_leaves_nothing(
    shared: Living, at: int, damage: bytes
) -> None:
    sent = described()
    data = os.urandom(40)
    sent["attachments"].append(attachment(data))
    content = body(json_part(sent), part(), part(data))
    at %= len(content)
    before = await count(shared), await kept(shared)

    answer = await shared.http.post(
        "/xapi/statements", content=content[:at] + damage + content[at + max(1, len(damage)) :], headers=mixed()
    )

    if answer.status_code != 200:
        refused(answer, 400)
        assert (await count(shared), await kept(shared)) == before
    else:
        (statement_id,) = answer.json()
        whole, parts = await read_mixed(shared, statementId=statement_id)
        assert [sha2(each) for _, each in parts] == [each["sha2"] for each in whole.get("attachments", ())]
