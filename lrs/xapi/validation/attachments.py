"""The rules of Attachment objects (xAPI Data 2.4.11); their binary data is no part of a statement."""

from lrs.xapi.validation.checks import format_of, iri, language_map, list_of, refuse, shape
from lrs.xapi.values import is_media_type, is_sha2

_CLAUSE = "2.4.11"


def _length(value: object) -> None:
    # type() and not isinstance: True is an int.
    if type(value) is not int or value < 0:
        refuse(value, "a length in octets", _CLAUSE, "an integer from 0")


_attachment = shape(
    "an Attachment",
    _CLAUSE,
    {
        "usageType": iri,
        "display": language_map,
        "description": language_map,
        "contentType": format_of(is_media_type, "an Internet media type", _CLAUSE, "such as text/plain; charset=utf-8"),
        "length": _length,
        "sha2": format_of(is_sha2, "a hex-encoded SHA-2 hash", _CLAUSE, "56, 64, 96 or 128 hex digits"),
        "fileUrl": iri,
    },
    ("usageType", "display", "contentType", "length", "sha2"),
)

attachments = list_of(_attachment, "Attachments", _CLAUSE)
"""Check a statement's array of Attachment objects."""
