"""Signed statements: a JSON Web Signature as an attachment of the statement it signs (xAPI Data 2.6, RFC 7515)."""

import base64
import re
from collections.abc import Callable

import orjson
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jws import CompactSignature, JWSRegistry

from lrs.errors import InvalidStatement
from lrs.xapi import Json
from lrs.xapi.fingerprint import fingerprint
from lrs.xapi.statements import validate
from lrs.xapi.values import parse_timestamp
from lrs.xapi.versions import Version

USAGE = "http://adlnet.gov/expapi/attachments/signature"
MEDIA_TYPE = "application/octet-stream"
ALGORITHMS = ("RS256", "RS384", "RS512")

_CLAUSE = "(xAPI Data 2.6)"
_COMPACT = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_COMPACT_FORM = "JWS compact serialization"
_MOST_HEADER = 100_000  # characters; a chain of certificates takes some thousands
_MOST_SIGNATURE = 4096  # characters; a key of 16,384 bits makes 2731


def check_signature(signature: bytes, statement: Json, version: Version, where: str) -> None:
    """Check that a JWS in compact serialization is a signature of the statement.

    Its algorithm is RS256, RS384 or RS512, its payload the statement as JSON, but for attachments and what an LRS
    assigns; and it verifies with the first certificate of its `x5c`, where it has one. Trust in that certificate is
    not looked at: the check is there to find mistakes. Raises: InvalidStatement at `where`. Source: xAPI Data 2.6.
    """
    registry = _registry(len(signature))
    read = _read(signature, registry, where)
    if read.protected.get("alg") not in ALGORITHMS:
        raise _malformed(where, "its algorithm is not one of the RSA + SHA series", ", ".join(ALGORITHMS))
    _check_payload(read.payload, statement, version, where)
    if "x5c" in read.protected:
        _verify(read, registry, where)


def _registry(size: int) -> JWSRegistry:
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    registry.max_header_length = _MOST_HEADER
    registry.max_payload_length = size  # the library would take 128 kB
    registry.max_signature_length = _MOST_SIGNATURE
    return registry


def _read(signature: bytes, registry: JWSRegistry, where: str) -> CompactSignature:
    if _COMPACT.fullmatch(signature) is None:  # the library passes over what is not Base64
        raise _malformed(
            where, "it is not three pieces of URL-safe Base64 with dots between", "JWS compact serialization"
        )
    try:
        read = jws.extract_compact(signature, registry=registry)
        if isinstance(read.protected, dict):
            return read
    except (JoseError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _malformed(where, f"it is no JWS: {_reason(error)}", _COMPACT_FORM) from error
    raise _malformed(where, "it is no JWS: its header is no object", _COMPACT_FORM)


def _check_payload(payload: bytes, statement: Json, version: Version, where: str) -> None:
    try:
        signed = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise _malformed(where, f"its payload is not JSON: {error}", "the statement as JSON") from error
    try:
        validate(signed, version, "payload")
    except InvalidStatement as error:
        raise _malformed(where, f"its payload is no valid statement: {error.where}: {error.why}") from error
    if not _is_same(signed, statement):
        raise _malformed(
            where, "its payload is another statement", "the statement as it is sent, without the signature"
        )


def _is_same(one: Json, other: Json) -> bool:
    """Tell whether differences could have been made by an LRS, or lie in attachments (xAPI Data 2.3.1)."""
    return (
        _agree(one, other, "id", str.lower)
        and _agree(one, other, "timestamp", parse_timestamp)
        and _content(one) == _content(other)
    )


def _agree(one: Json, other: Json, key: str, meaning: Callable[[str], object]) -> bool:
    return key not in one or key not in other or meaning(one[key]) == meaning(other[key])


def _content(statement: Json) -> bytes:
    return fingerprint({key: part for key, part in statement.items() if key != "attachments"}, timestamp_given=False)


def _verify(read: CompactSignature, registry: JWSRegistry, where: str) -> None:
    key = _leaf_key(read.protected["x5c"], where)
    try:
        is_valid = jws.validate_compact(read, key, registry=registry)
    except (JoseError, ValueError) as error:
        raise _malformed(where, f"it can't be verified: {_reason(error)}") from error
    if not is_valid:
        raise _malformed(where, "it does not verify with the first certificate of its `x5c`")


def _leaf_key(chain: object, where: str) -> RSAKey:
    accepted = "certificates as Base64 of DER, the signer's first (RFC 7515 4.1.6)"
    try:
        leaf = chain[0] if isinstance(chain, list) and chain else None
        certificate = x509.load_der_x509_certificate(base64.b64decode(leaf or "", validate=True))
        key = certificate.public_key()
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise _malformed(where, f"its `x5c` can't be read: {_reason(error)}", accepted) from error
    if not isinstance(key, RSAPublicKey):
        raise _malformed(where, "the first certificate of its `x5c` holds no RSA key", accepted)
    # Not by `import_key`, which warns of keys under 2048 bits: the specification's own example has one.
    return RSAKey(key, key)


def _reason(error: BaseException) -> str:
    return f"{error}"[:200] or type(error).__name__


def _malformed(where: str, why: str, accepted: str = "") -> InvalidStatement:
    return InvalidStatement(where, f"the signature is malformed: {why} {_CLAUSE}", accepted)
