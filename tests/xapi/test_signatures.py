"""Signatures of statements: what a well-formed one is (xAPI Data 2.6, RFC 7515)."""

import base64
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.signatures import check_signature
from lrs.xapi.versions import Version
from tests.xapi.signing import certificate, signed

# Appendix D of the specification's Part Two: its key has 1024 bits, its certificate ended in 2014.
EXAMPLE_SIGNATURE = (Path(__file__).parent / "spec_signature.jws").read_bytes()
EXAMPLE: Json = {
    "version": "1.0.0",
    "id": "33cff416-e331-4c9d-969e-5373a1756120",
    "actor": {"mbox": "mailto:example@example.com", "name": "Example Learner", "objectType": "Agent"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced", "display": {"en-US": "experienced"}},
    "object": {"id": "https://www.youtube.com/watch?v=xh4kIiH3Sm8", "objectType": "Activity"},
    "timestamp": "2013-04-01T12:00:00Z",
}
STATEMENT: Json = {
    "id": "33cff416-e331-4c9d-969e-5373a1756120",
    "actor": {"mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "http://example.org/course"},
    "result": {"score": {"raw": 1}, "duration": "PT1.12S"},
    "context": {"contextActivities": {"parent": [{"id": "http://example.org/parent"}]}},
    "timestamp": "2026-11-22T10:00:00Z",
}


def check(signature: bytes, statement: Json = STATEMENT, version: Version = Version.V1) -> None:
    check_signature(signature, statement, version, "statement.attachments[0]")


def refusal(signature: bytes, statement: Json = STATEMENT) -> str:
    with pytest.raises(InvalidStatement) as refused:
        check(signature, statement)
    assert refused.value.where == "statement.attachments[0]"
    assert refused.value.why.endswith("(xAPI Data 2.6)")
    return refused.value.why


@pytest.mark.clause("Data 2.6")
def test_the_example_of_the_specification_is_taken() -> None:
    check(EXAMPLE_SIGNATURE, EXAMPLE)


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("at", [-2, -100])
def test_the_example_with_another_signature_is_refused(at: int) -> None:
    header, payload, signature = EXAMPLE_SIGNATURE.split(b".")
    other = signature[:at] + (b"A" if signature[at : at + 1] != b"A" else b"Q") + signature[len(signature) + at + 1 :]

    assert "does not verify" in refusal(b".".join((header, payload, other)), EXAMPLE)


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
@pytest.mark.parametrize("version", Version)
def test_the_rsa_algorithms_are_taken_and_verified(algorithm: str, version: Version) -> None:
    check(signed(STATEMENT, algorithm, x5c=[certificate(), certificate("an authority")]), version=version)

    assert "does not verify" in refusal(signed(STATEMENT, algorithm, x5c=[certificate("somebody else"), certificate()]))


@pytest.mark.clause("Data 2.6")
def test_without_a_certificate_the_structure_alone_counts() -> None:
    header, payload, _ = signed(STATEMENT).split(b".")

    check(b".".join((header, payload, b"AAAA")))


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("algorithm", ["HS256", "PS256", "none"])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    header = base64.urlsafe_b64encode(orjson.dumps({"alg": algorithm})).rstrip(b"=")
    signature = b".".join((header, *signed(STATEMENT).split(b".")[1:]))

    assert "RSA + SHA" in refusal(signed(STATEMENT, algorithm) if algorithm == "HS256" else signature)


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"..",
        b"a.b",
        b"a.b.c.d",
        b"a.b.c",
        b"no JWS at all",
        signed(STATEMENT) + b"\n",
        signed(STATEMENT).replace(b".", b". "),
        b'{"payload":"e30","signatures":[]}',
        b"e30.e30.AAAA",
        b"bnVsbA.e30.AAAA",
        b"ImFsZyI.e30.AAAA",
        base64.urlsafe_b64encode(b"[" * 60_000).rstrip(b"=") + b".e30.AAAA",
        base64.urlsafe_b64encode(b'{"alg":' * 60_000).rstrip(b"=") + b".e30.AAAA",
    ],
)
def test_what_is_no_jws_is_refused(signature: bytes) -> None:
    assert "malformed" in refusal(signature)


CHANGES: dict[str, Json] = {
    "another actor": {"actor": {"mbox": "mailto:ben@example.org"}},
    "another score": {"result": {"score": {"raw": 2}, "duration": "PT1.12S"}},
    "another duration": {"result": {"score": {"raw": 1}, "duration": "PT1.13S"}},
    "a name": {"actor": {"mbox": "mailto:ann@example.org", "name": "Ann"}},
    "another time": {"timestamp": "2026-11-22T10:00:01Z"},
    "another id": {"id": "33cff416-e331-4c9d-969e-5373a1756121"},
    "no context": {"context": {}},
}
SAME: dict[str, Json] = {
    "attachments": {
        "attachments": [
            {
                "usageType": "http://example.org/u",
                "display": {},
                "contentType": "text/plain",
                "length": 1,
                "sha2": "0" * 64,
            }
        ]
    },
    "what an LRS assigns": {
        "stored": "2026-11-22T11:00:00Z",
        "authority": {"mbox": "mailto:a@b.c"},
        "version": "1.0.2",
    },
    "the same instant": {"timestamp": "2026-11-22T12:00:00.000+02:00"},
    "the id in capitals": {"id": STATEMENT["id"].upper()},
    "a display": {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "done"}}},
    "a definition": {"object": {"id": "http://example.org/course", "definition": {"name": {"en": "A"}}}},
    "a single activity": {"context": {"contextActivities": {"parent": {"id": "http://example.org/parent"}}}},
    "a duration beyond 0.01 s": {"result": {"score": {"raw": 1.0}, "duration": "PT1.1289S"}},
}


@pytest.mark.clause("Data 2.6", "Data 2.3.1")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_signature_of_another_statement_is_refused(change: Json) -> None:
    assert "another statement" in refusal(signed({**STATEMENT, **change}))


@pytest.mark.clause("Data 2.6", "Data 2.3.1", "IEEE 9274.1.1 4.2.7")
@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_a_logically_equal_payload_is_taken(change: Json) -> None:
    check(signed({**STATEMENT, **change}))


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("missing", ["id", "timestamp"])
def test_what_an_lrs_assigned_after_the_signature_is_no_difference(missing: str) -> None:
    check(signed({name: value for name, value in STATEMENT.items() if name != missing}))


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize(
    "payload", [b"", b"{", b"'", orjson.dumps(STATEMENT).replace(b'"', b"'", 1), b"\xff", b"[" * 5000]
)
def test_a_payload_that_is_not_json_is_refused(payload: bytes) -> None:
    why = refusal(signed(payload))

    assert "not JSON" in why or "no JWS" in why or "three pieces" in why


@pytest.mark.parametrize("payload", [b"{}", b"null", b"[]", b'"x"', orjson.dumps({**STATEMENT, "verb": {}})])
def test_a_payload_that_is_no_statement_is_refused_with_the_place_in_it(payload: bytes) -> None:
    assert "payload" in refusal(signed(payload))


def test_a_large_statement_and_a_long_chain_are_taken() -> None:
    large = {**STATEMENT, "result": {"response": "x" * 300_000}}

    check(signed(large, x5c=[certificate()] * 30), large)


@pytest.mark.clause("Data 2.6")
@pytest.mark.parametrize("chain", [[""], ["AAAA"], ["not Base64!"]])
def test_a_chain_that_can_not_be_read_is_refused(chain: list[str]) -> None:
    assert "`x5c` can't be read" in refusal(signed(STATEMENT, x5c=chain))


@pytest.mark.parametrize("chain", [[], None, "AAAA", [1], {}])
def test_a_chain_that_is_no_list_of_texts_is_refused(chain: Any) -> None:
    header = base64.urlsafe_b64encode(orjson.dumps({"alg": "RS256", "x5c": chain})).rstrip(b"=")

    assert "x5c" in refusal(b".".join((header, *signed(STATEMENT).split(b".")[1:])))


def test_a_certificate_of_another_kind_of_key_is_refused() -> None:
    assert "no RSA key" in refusal(signed(STATEMENT, x5c=[certificate("elliptic", elliptic=True)]))


@given(st.integers(EXAMPLE_SIGNATURE.index(b"."), len(EXAMPLE_SIGNATURE) - 2), st.integers(0, 255))
def test_a_damaged_payload_or_signature_is_refused(at: int, byte: int) -> None:
    """But for the last letter, whose last bits may mean nothing in Base64."""
    damaged = EXAMPLE_SIGNATURE[:at] + bytes([byte]) + EXAMPLE_SIGNATURE[at + 1 :]
    if damaged == EXAMPLE_SIGNATURE:
        check(damaged, EXAMPLE)
    else:
        assert "malformed" in refusal(damaged, EXAMPLE)
