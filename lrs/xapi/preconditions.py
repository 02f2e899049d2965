"""Preconditions of requests for documents: If-Match and If-None-Match (xAPI Communication 3.1, IEEE 9274.1.1 4.1.4)."""

import hashlib
import re
from dataclasses import dataclass
from typing import TypeAlias

from lrs.errors import BadRequest, Conflict, PreconditionFailed
from lrs.xapi.versions import Version

Tags: TypeAlias = frozenset[str]
"""Entity tags in their quotes; `*`, without quotes, stands for any."""

_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_ITEM = re.compile(r'[ \t]*(?:(?:W/)?("[^"]*")|([0-9a-fA-F]{40})|)[ \t]*(?:,|$)')
_ACCEPTED = 'the ETag of an answer such as "da39a3ee5e6b4b0d3255bfef95601890afd80709", several joined by commas, or *'
_CLAUSES = {Version.V1: "xAPI Communication 3.1", Version.V2: "IEEE 9274.1.1 4.1.4"}


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What a request demands of the document as it is stored; None where the header is missing."""

    if_match: Tags | None = None
    if_none_match: Tags | None = None

    @property
    def given(self) -> bool:
        return self.if_match is not None or self.if_none_match is not None


def etag(data: bytes) -> str:
    """Return the entity tag of a document's bytes: their SHA-1 in lower-case hex, in quotes (Communication 3.1)."""
    return f'"{hashlib.sha1(data, usedforsecurity=False).hexdigest()}"'


def parse_preconditions(if_match: str | None, if_none_match: str | None) -> Preconditions:
    """Return the preconditions of a request's headers.

    A bare SHA-1 without quotes is taken, for clients send it. So is `W/`: proxies that compress make our tags weak on
    their way, and what is weak about a hash of all bytes is the mark only.
    Raises: BadRequest for what is no list of entity tags. Source: RFC 2616 sections 14.24 and 14.26.
    """
    return Preconditions(_tags("If-Match", if_match), _tags("If-None-Match", if_none_match))


def unmet(preconditions: Preconditions, current: str | None) -> str | None:
    """Return the header that does not hold for a document with the tag `current` (None: there is no document)."""
    if preconditions.if_match is not None and not _matches(preconditions.if_match, current):
        return "If-Match"
    if preconditions.if_none_match is not None and _matches(preconditions.if_none_match, current):
        return "If-None-Match"
    return None


def check(preconditions: Preconditions, current: str | None, version: Version) -> None:
    """Check the preconditions against the tag of the stored document, None when there is none.

    Raises: PreconditionFailed. Source: xAPI Communication 3.1, IEEE 9274.1.1 4.1.4.
    """
    header = unmet(preconditions, current)
    if header is None:
        return
    if current is None:
        why = "there is no document that it could match"
    elif header == "If-Match":
        why = "the document was changed since: its ETag is another"
    else:
        why = "there is such a document already"
    raise PreconditionFailed(
        "the document is not as the request demands",
        where=header,
        why=f"{why} ({_CLAUSES[version]})",
        accepted="GET the document, decide anew, and send If-Match with the ETag of the answer",
    )


def check_overwriting(preconditions: Preconditions, version: Version, *, is_state: bool, exists: bool) -> None:
    """Check that a PUT without any precondition is allowed.

    1.0.x leaves State alone and refuses profiles; 2.0 refuses whatever would overwrite a document.
    Raises: Conflict for a document that exists, BadRequest for a new one.
    Source: xAPI Communication 3.1, IEEE 9274.1.1 4.1.4.
    """
    if preconditions.given or (version is Version.V1 and is_state):
        return
    if exists:
        raise Conflict(
            "the document exists, and the request does not say which version of it it replaces",
            where="If-Match",
            why=f"a PUT without If-Match or If-None-Match changes no document ({_CLAUSES[version]})",
            accepted="GET the document to see its current state, then send If-Match with the ETag of the answer",
        )
    if version is Version.V1:
        raise BadRequest(
            "PUT of a profile needs a precondition",
            where="If-None-Match",
            why=f"neither If-Match nor If-None-Match was sent ({_CLAUSES[version]})",
            accepted="If-None-Match: * for a new document, If-Match with its ETag for one that exists",
        )


def _matches(tags: Tags, current: str | None) -> bool:
    return current is not None and ("*" in tags or current in tags)


def _tags(name: str, header: str | None) -> Tags | None:
    if header is None:
        return None
    if header.strip() == "*":
        return frozenset("*")
    tags: set[str] = set()
    position = 0
    while position < len(header):
        item = _ITEM.match(header, position)
        if item is None:
            break
        if item[1] or item[2]:
            tags.add(_normal(item[1] or f'"{item[2]}"'))
        position = item.end()
    if position < len(header) or not tags:
        why = f"{header[:80]!r} is no list of entity tags (RFC 2616 3.11)"
        raise BadRequest("the precondition can't be read", where=name, why=why, accepted=_ACCEPTED)
    return frozenset(tags)


def _normal(tag: str) -> str:
    """Return the tag with a SHA-1 in lower case: upper case is discouraged, not forbidden (Communication 3.1)."""
    return tag.lower() if _SHA1.fullmatch(tag[1:-1]) else tag
