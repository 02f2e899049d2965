"""The rules between Attachment objects of statements and the parts that carry their data (xAPI Communication 1.5)."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lrs.errors import BadRequest, InvalidStatement
from lrs.xapi import Json
from lrs.xapi.multipart import PartHead, media_type
from lrs.xapi.signatures import MEDIA_TYPE, USAGE

HASH = "X-Experience-API-Hash"
ENCODING = "Content-Transfer-Encoding"

_WHAT = "a part of the body can't be used"
_CLAUSE = "(xAPI Communication 1.5.2)"
_ALGORITHMS = {56: hashlib.sha224, 64: hashlib.sha256, 96: hashlib.sha384, 128: hashlib.sha512}  # by hex digits


class Digest(Protocol):
    """The part of `hashlib`'s objects that is used here."""

    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """An Attachment object, where it stands, and the statement it is a signature of."""

    where: str
    attachment: Json
    signed: Json | None

    @property
    def sha2(self) -> str:
        """The hash in lower case."""
        return str(self.attachment["sha2"]).lower()


def declared(statements: Sequence[Json], *, is_list: bool) -> list[Declared]:
    """Return the Attachment objects of valid statements, those of SubStatements too (xAPI Data 2.4.11)."""
    found: list[Declared] = []
    for index, statement in enumerate(statements):
        where = f"statements[{index}]" if is_list else "statement"
        if "attachments" in statement:
            found += _each(statement["attachments"], where, statement)
        if "attachments" in statement["object"]:
            found += _each(statement["object"]["attachments"], f"{where}.object", None)
    return found


def _each(attachments: Sequence[Json], where: str, statement: Json | None) -> Iterable[Declared]:
    for index, attachment in enumerate(attachments):
        signed = statement if attachment["usageType"] == USAGE else None
        yield Declared(f"{where}.attachments[{index}]", attachment, signed)


def require_signature_types(attachments: Iterable[Declared]) -> None:
    """Raise InvalidStatement for a signature whose contentType is not application/octet-stream (xAPI Data 2.6)."""
    for each in attachments:
        if each.signed is not None and each.attachment["contentType"].lower() != MEDIA_TYPE:
            why = "a signature has this contentType only (xAPI Data 2.6)"
            raise InvalidStatement(f"{each.where}.contentType", why, MEDIA_TYPE)


def require_data(attachments: Iterable[Declared], received: Collection[str]) -> None:
    """Raise InvalidStatement for an attachment that has neither a fileUrl nor a part among the hashes received.

    A signature needs its part, because it is looked into. Source: xAPI Communication 1.5.1, 1.5.2; Data 2.6.
    """
    for each in attachments:
        if each.sha2 in received:
            continue
        if each.signed is not None:
            why = "no part of the request carries this signature (xAPI Data 2.6)"
            raise InvalidStatement(each.where, why, "multipart/mixed with the signature as a part")
        if "fileUrl" not in each.attachment:
            why = "it has no fileUrl, and no part of the request has its sha2 (xAPI Communication 1.5.1, 1.5.2)"
            raise InvalidStatement(each.where, why, "a fileUrl, or multipart/mixed with the data as a part")


def require_statements(head: PartHead) -> None:
    """Check that the first part is one of statements. Raises: BadRequest."""
    if head.media_type != "application/json":
        why = f"{head.media_type[:60]!r}: the first part holds the statements {_CLAUSE}"
        raise BadRequest(_WHAT, where=_place(head, "Content-Type"), why=why, accepted="application/json")
    _require_encoding(head, "binary", "8bit", "7bit")


def announced_hash(head: PartHead, wanted: Mapping[str, Sequence[Declared]]) -> str:
    """Return the hash that a part after the first announces, in lower case: one of those the statements declare.

    Raises: BadRequest naming the part and its header. Source: xAPI Communication 1.5.2.
    """
    told = head.headers.get(HASH.lower(), "").lower()
    if told not in wanted:
        accepted = "the sha2 of an attachment of the statements"
        why = f"{told[:130]!r} is the sha2 of no attachment" if told else "every part after the first needs it"
        raise BadRequest(_WHAT, where=_place(head, HASH), why=f"{why} {_CLAUSE}", accepted=accepted)
    _require_encoding(head, "binary")
    types = {media_type(each.attachment["contentType"]) for each in wanted[told]}
    if head.media_type and head.media_type not in types:
        why = f"{head.media_type[:60]!r} is not the contentType of its attachment {_CLAUSE}"
        raise BadRequest(_WHAT, where=_place(head, "Content-Type"), why=why, accepted=", ".join(sorted(types)))
    return told


def digest_for(sha2: str) -> Digest:
    """Return a new digest of the algorithm that makes hashes of this length."""
    return _ALGORITHMS[len(sha2)]()


def require_hash(head: PartHead, announced: str, digest: Digest) -> None:
    """Raise BadRequest unless the part's data has the hash it announced."""
    if digest.hexdigest() != announced:
        why = f"the data of the part has the hash {digest.hexdigest()} {_CLAUSE}"
        raise BadRequest(_WHAT, where=_place(head, HASH), why=why, accepted="the SHA-2 of the data as it is sent")


def headers_of(attachment: Json) -> dict[str, str]:
    """Return the headers of the part that carries an attachment's data to a client."""
    return {"Content-Type": attachment["contentType"], ENCODING: "binary", HASH: attachment["sha2"]}


def distinct(statements: Iterable[Json]) -> dict[str, Json]:
    """Return the Attachment objects of statements by their hashes, the first for each; in their order."""
    first: dict[str, Json] = {}
    for each in declared(list(statements), is_list=True):
        first.setdefault(each.sha2, each.attachment)
    return first


def _require_encoding(head: PartHead, *accepted: str) -> None:
    # Without the header an LRS assumes binary (Communication 1.5.2).
    told = head.headers.get(ENCODING.lower(), "binary").lower()
    if told not in accepted:
        why = f"{told[:60]!r} {_CLAUSE}"
        raise BadRequest(_WHAT, where=_place(head, ENCODING), why=why, accepted="binary")


def _place(head: PartHead, header: str) -> str:
    return f"part {head.number}, {header}"
