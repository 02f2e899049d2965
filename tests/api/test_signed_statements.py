"""Signed statements, over HTTP (xAPI Data 2.6)."""

from typing import Any

import pytest

from lrs.xapi import Json
from tests.api.mixed import attachment, body, json_part, kept, mixed, part, post, read_mixed
from tests.api.samples import BEN, count, identified, refused, statement
from tests.living import Living
from tests.xapi.signing import certificate, signed

USAGE = "http://adlnet.gov/expapi/attachments/signature"
OCTETS = "application/octet-stream"


def with_signature(sent: Json, signature: bytes, **changes: Any) -> Json:
    described = attachment(signature, usageType=USAGE, contentType=OCTETS)
    return {**sent, "attachments": [*sent.get("attachments", ()), {**described, **changes}]}


async def post_signed(lrs: Living, sent: Json, signature: bytes, version: str = "1.0.3", **changes: Any) -> Any:
    whole = with_signature(sent, signature, **changes)
    told = {"X-Experience-API-Version": version}
    carrying = part(signature, Content_Type=changes.get("contentType", OCTETS))
    return await post(lrs, json_part(whole), carrying, **told)


@pytest.mark.clause("Data 2.6", "IEEE 9274.1.1 4.2.6")
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
async def test_a_signed_statement_is_stored_with_its_signature(shared: Living, version: str, algorithm: str) -> None:
    sent = identified()
    signature = signed(sent, algorithm, x5c=[certificate()])

    posted = await post_signed(shared, sent, signature, version)

    assert posted.status_code == 200, posted.text
    assert [data for _, data in (await read_mixed(shared, statementId=sent["id"]))[1]] == [signature]


@pytest.mark.clause("Data 2.6")
async def test_put_takes_a_statement_that_was_signed_without_its_id(shared: Living) -> None:
    sent, target = statement(), identified()["id"]
    signature = signed(sent)
    whole = with_signature(sent, signature)

    put = await shared.http.put(
        "/xapi/statements",
        params={"statementId": target},
        content=body(json_part(whole), part(signature, Content_Type=OCTETS)),
        headers=mixed(),
    )

    assert put.status_code == 204, put.text


@pytest.mark.clause("Data 2.6")
async def test_a_statement_may_have_other_attachments_and_a_second_signature(shared: Living) -> None:
    sent = identified(attachments=[attachment()])
    first, second = signed(sent), signed({**sent, "stored": "2026-11-22T10:00:00Z"}, "RS512")
    whole = with_signature(with_signature(sent, first), second)
    parts = part(second, Content_Type=OCTETS), part(), part(first, Content_Type=OCTETS)

    assert (await post(shared, json_part([identified(), whole]), *parts)).status_code == 200


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize(
    ("signature", "why"),
    [
        (b"no signature", "Base64"),
        (signed(statement(), "HS256"), "RSA + SHA"),
        (signed(statement(), x5c=[certificate("somebody else")]), "does not verify"),
        (signed(statement(actor=BEN)), "another statement"),
        (signed(b'{"actor":'), "not JSON"),
    ],
    ids=["no JWS", "algorithm", "key", "statement", "payload"],
)
async def test_a_malformed_signature_is_refused_at_its_attachment(shared: Living, signature: bytes, why: str) -> None:
    before = await count(shared), await kept(shared)

    error = refused(await post_signed(shared, statement(), signature), 400)

    assert error["where"] == "statement.attachments[0]"
    assert why in error["why"]
    assert error["why"].endswith("(xAPI Data 2.6)")
    assert (await count(shared), await kept(shared)) == before


@pytest.mark.clause("Data 2.6")
async def test_the_signature_of_one_statement_does_not_serve_for_another_of_the_list(shared: Living) -> None:
    one, other = identified(), identified()
    signature = signed(one)

    answer = await post(
        shared,
        json_part([with_signature(one, signature), with_signature(other, signature)]),
        part(signature, Content_Type=OCTETS),
    )

    assert refused(answer, 400)["where"] == "statements[1].attachments[0]"


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("content_type", ["text/plain", "application/jose"])
async def test_a_signature_of_another_content_type_is_refused(shared: Living, content_type: str) -> None:
    sent = statement()

    error = refused(await post_signed(shared, sent, signed(sent), contentType=content_type), 400)

    assert error["where"] == "statement.attachments[0].contentType"
    assert error["why"].endswith("(xAPI Data 2.6)")


@pytest.mark.clause("Data 2.6")
async def test_a_signature_needs_its_part_whatever_its_file_url(shared: Living) -> None:
    sent = statement()
    whole = with_signature(sent, signed(sent), fileUrl="https://example.org/signature")

    for answer in (await shared.post(whole), await post(shared, json_part(whole))):
        error = refused(answer, 400)
        assert error["where"] == "statement.attachments[0]"
        assert error["why"].endswith("(xAPI Data 2.6)")


@pytest.mark.clause("Data 2.6", "IEEE 9274.1.1 4.2.7")
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
async def test_digits_of_a_duration_beyond_the_hundredth_make_no_difference(shared: Living, version: str) -> None:
    sent = identified(result={"duration": "P1DT12H36M0.1237S"})
    signature = signed({**sent, "result": {"duration": "P1DT12H36M0.12S"}})

    assert (await post_signed(shared, sent, signature, version)).status_code == 200


@pytest.mark.clause("Data 2.6")
async def test_a_signature_that_is_known_is_looked_into_all_the_same(shared: Living) -> None:
    sent = statement()
    signature = signed(sent)
    assert (await post_signed(shared, sent, signature)).status_code == 200

    error = refused(await post_signed(shared, statement(actor=BEN), signature), 400)

    assert "another statement" in error["why"]
