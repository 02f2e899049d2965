"""xAPI Data 2.6: signed statements. The signatures are made here, with nothing of what checks them."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.api.samples import BEN, identified, refused
from tests.conformance.asking import Xapi, having, only, rule
from tests.conformance.parts import data_part, described, json_part, received, send

USAGE = "http://adlnet.gov/expapi/attachments/signature"
OCTETS = "application/octet-stream"
HASHES = {"RS256": SHA256(), "RS384": SHA384(), "RS512": SHA512()}
DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@cache
def _key(number: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _certificate(number: int = 0) -> str:
    """Return a self-signed certificate of a key, as `x5c` holds it."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signer.example.org")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(_key(number).public_key())
    made = builder.serial_number(1).not_valid_before(begin).not_valid_after(begin + timedelta(days=99999))
    return base64.b64encode(made.sign(_key(number), SHA256()).public_bytes(Encoding.DER)).decode()


def _encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _signed(payload: bytes, algorithm: str = "RS256", **header: Any) -> bytes:
    """Return a JWS in compact serialization."""
    told = _encoded(orjson.dumps({"alg": algorithm, **header})) + b"." + _encoded(payload)
    hashing = HASHES.get(algorithm, SHA256())
    return told + b"." + _encoded(_key(0).sign(told, padding.PKCS1v15(), hashing))


async def _send(xapi: Xapi, statement: Json, signature: bytes, **changes: Any) -> Any:
    """Send a statement with a signature attached, its attachment object changed."""
    told = {"usageType": USAGE, "contentType": OCTETS, **changes}
    attachment = described(signature, **told)
    whole = {**statement, "attachments": [*statement.get("attachments", []), attachment]}
    return await send(xapi, [json_part(whole), data_part(signature, content_type=attachment["contentType"])])


async def _is_refused(xapi: Xapi, statement: Json, signature: bytes, **changes: Any) -> None:
    error = refused(await _send(xapi, statement, signature, **changes), 400)
    assert "attachments[0]" in error["where"] or "part" in error["where"]
    assert error["why"]
    assert (await xapi.get("statements", {"statementId": statement["id"]})).status_code == 404


@pytest.mark.clause(*(f"Data 2.6/{number}" for number in (1, 2, 3, 5)), "IEEE 9274.1.1 4.2.6/1")
@pytest.mark.parametrize("algorithm", HASHES)
@pytest.mark.parametrize("with_certificate", [True, False])
async def test_a_signed_statement_is_taken_and_its_signature_given_back(
    xapi: Xapi, algorithm: str, with_certificate: bool
) -> None:
    statement = identified(result={"score": {"scaled": 0.5}, "duration": "PT1M"})
    header = {"x5c": [_certificate()]} if with_certificate else {}
    signature = _signed(orjson.dumps(statement), algorithm, **header)
    assert (await _send(xapi, statement, signature)).status_code == 200
    told, data = received(await xapi.get("statements", {"statementId": statement["id"], "attachments": "true"}))
    assert data == {told["attachments"][0]["sha2"]: signature}


@pytest.mark.clause("Data 2.6/1", "Data 2.6/8")
@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "application/jose"])
async def test_a_signature_of_another_content_type_is_refused(xapi: Xapi, content_type: str) -> None:
    statement = identified()
    await _is_refused(xapi, statement, _signed(orjson.dumps(statement)), contentType=content_type)


@pytest.mark.clause("Data 2.6/3", "Data 2.6/8")
@pytest.mark.parametrize("algorithm", ["HS256", "none", "ES256", "PS256", "rs256", ""])
async def test_another_algorithm_is_refused(xapi: Xapi, algorithm: str) -> None:
    statement = identified()
    await _is_refused(xapi, statement, _signed(orjson.dumps(statement), algorithm))


WHOLE = _encoded(b'{"alg":"RS256"}')
MALFORMED = [
    rule("Data 2.6/4", "empty", b""),
    rule("Data 2.6/4", "text", b"signed, Ann"),
    rule("Data 2.6/4", "two pieces", WHOLE + b"." + _encoded(b"{}")),
    rule("Data 2.6/4", "four pieces", b".".join([WHOLE] * 4)),
    rule("Data 2.6/4", "a header that is no JSON", _encoded(b"x") + b"." + _encoded(b"{}") + b"." + _encoded(b"x")),
    rule("Data 2.6/4", "a header without an algorithm", _encoded(b"{}") + b"." + _encoded(b"{}") + b".eA"),
    rule("Data 2.6/5", "a payload that is no Base64", WHOLE + b".?.eA"),
    rule("Data 2.6/2", "a payload that is no JSON", _signed(b"Ann did it")),
    rule("Data 2.6/2", "a payload that is no object", _signed(b"[]")),
    rule("Data 2.6/2", "a payload that is no statement", _signed(b'{"actor":{}}')),
]


@pytest.mark.parametrize("signature", MALFORMED)
async def test_a_malformed_signature_is_refused(xapi: Xapi, signature: bytes) -> None:
    await _is_refused(xapi, identified(), signature)


@pytest.mark.clause("Data 2.6/6")
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("actor", BEN),
        ("verb.id", "http://example.org/other"),
        ("object.id", "http://example.org/b"),
        ("result.success", False),
    ],
)
async def test_the_signature_of_another_statement_is_refused(xapi: Xapi, path: str, value: Any) -> None:
    statement = identified(result={"success": True})
    signature = _signed(orjson.dumps(having(path, value, statement)))
    await _is_refused(xapi, statement, signature)


@pytest.mark.clause("Data 2.6/6")
async def test_what_does_not_count_may_differ_from_what_was_signed(xapi: Xapi) -> None:
    statement = identified(object={"id": "http://example.org/a", "definition": {"name": {"en": "A"}}}, version="1.0.0")
    signed = {name: value for name, value in statement.items() if name not in {"version", "id"}}
    signed["verb"] = {**statement["verb"], "display": {"en": "did"}}
    signed["object"] = {"objectType": "Activity", "id": "http://example.org/a"}
    signed["authority"] = BEN
    assert (await _send(xapi, statement, _signed(orjson.dumps(signed)))).status_code == 200


@pytest.mark.clause("Data 2.6/6")
async def test_other_attachments_do_not_count(xapi: Xapi) -> None:
    url = "http://example.org/file"
    statement = identified(attachments=[described(b"x", fileUrl=url)])
    bare = {name: value for name, value in statement.items() if name != "attachments"}
    assert (await _send(xapi, statement, _signed(orjson.dumps(statement)))).status_code == 200
    again = {**statement, "id": identified()["id"]}
    assert (await _send(xapi, again, _signed(orjson.dumps({**bare, "id": again["id"]})))).status_code == 200


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.7/4")
async def test_digits_of_a_duration_beyond_a_hundredth_do_not_count(xapi: Xapi) -> None:
    statement = identified(result={"duration": "PT1.234S"})
    signed = having("result.duration", "PT1.239S", statement)
    assert (await _send(xapi, statement, _signed(orjson.dumps(signed)))).status_code == 200
    other = identified(result={"duration": "PT1.234S"})
    await _is_refused(xapi, other, _signed(orjson.dumps(having("result.duration", "PT1.244S", other))))


@pytest.mark.clause("Data 2.6/7")
async def test_a_signature_that_its_certificate_does_not_verify_is_refused(xapi: Xapi) -> None:
    statement = identified()
    await _is_refused(xapi, statement, _signed(orjson.dumps(statement), x5c=[_certificate(1)]))
    signature = _signed(orjson.dumps(statement), x5c=[_certificate()])
    place = len(signature) - 9
    digit = DIGITS[DIGITS.index(chr(signature[place])) ^ 1].encode()
    await _is_refused(xapi, statement, signature[:place] + digit + signature[place + 1 :])
    assert (await _send(xapi, statement, signature)).status_code == 200


@pytest.mark.clause("Data 2.6/7", "Data 2.6/4")
@pytest.mark.parametrize("chain", ["x", [], ["x"], [1], {}, ["MIIB"]])
async def test_a_certificate_that_can_not_be_read_is_refused(xapi: Xapi, chain: Any) -> None:
    statement = identified()
    await _is_refused(xapi, statement, _signed(orjson.dumps(statement), x5c=chain))


@only(Version.V2)
@pytest.mark.clause("IEEE 9274.1.1 4.2.6/1")
async def test_the_JSON_serialization_is_refused(xapi: Xapi) -> None:
    statement = identified()
    protected, payload, signature = _signed(orjson.dumps(statement)).decode().split(".")
    flat = {"payload": payload, "protected": protected, "signature": signature}
    general = {"payload": payload, "signatures": [{"protected": protected, "signature": signature}]}
    for written in (flat, general):
        await _is_refused(xapi, statement, orjson.dumps(written))


@pytest.mark.clause("Data 2.6/4", "Data 2.6/8")
async def test_one_malformed_signature_refuses_the_list(xapi: Xapi) -> None:
    good, bad = identified(), identified()
    signature = _signed(orjson.dumps(good))
    attachment = described(signature, usageType=USAGE, contentType=OCTETS)
    sent = [{**good, "attachments": [attachment]}, {**bad, "attachments": [attachment]}]
    refused(await send(xapi, [json_part(sent), data_part(signature, content_type=OCTETS)]), 400)
    for each in (good, bad):
        assert (await xapi.get("statements", {"statementId": each["id"]})).status_code == 404
