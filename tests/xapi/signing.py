"""Signers of statements: keys, certificates, and the signatures that senders make (xAPI Data 2.6)."""

import base64
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc import jws
from joserfc.jwk import OctKey, RSAKey

from lrs.xapi import Json


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def certificate(name: str = "a signer", *, elliptic: bool = False) -> str:
    """Return a certificate of the signer's key as `x5c` holds it."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    holder = ec.generate_private_key(ec.SECP256R1()) if elliptic else key(name)
    built = x509.CertificateBuilder(
        issuer_name=subject,
        subject_name=subject,
        public_key=holder.public_key(),
        serial_number=1,
        not_valid_before=datetime(2020, 1, 1, tzinfo=UTC),
        not_valid_after=datetime(2021, 1, 1, tzinfo=UTC),
    ).sign(key("an authority"), hashes.SHA256())
    return base64.b64encode(built.public_bytes(Encoding.DER)).decode()


def signed(statement: Json | bytes, algorithm: str = "RS256", **header: Any) -> bytes:
    payload = statement if isinstance(statement, bytes) else orjson.dumps(statement)
    signer = (
        OctKey.import_key("a secret of the sender's own")
        if algorithm == "HS256"
        else RSAKey(key("a signer"), key("a signer"))
    )
    registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
    registry.max_payload_length = registry.max_header_length = 10**8
    return jws.serialize_compact({"alg": algorithm, **header}, payload, signer, registry=registry).encode()
