"""Which version of xAPI a request and a statement follow (xAPI Communication 3.3, Data 2.4.10)."""

import re
from enum import StrEnum

from lrs.errors import BadRequest

HEADER = "X-Experience-API-Version"
SUPPORTED = "1.0, 1.0.x, 2.0, 2.0.x"

_PATCH = r"(?:\.[0-9]{1,9}(?:-[0-9A-Za-z-]{1,64})?)?"
_V1 = re.compile(rf"1\.0{_PATCH}")
_V2 = re.compile(rf"2\.0{_PATCH}")


class Version(StrEnum):
    """A supported version; the value is the latest patch, which the header of every answer carries."""

    V1 = "1.0.3"
    V2 = "2.0.0"


def negotiate(header: str | None, default: str | None = None) -> Version:
    """Return the version a request is served in: 1.0 and 1.0.x as 1.0.3, 2.0 and 2.0.x as 2.0.0.

    `default` is taken for a missing header. Raises: BadRequest for a missing or an unsupported version.
    Source: xAPI Communication 3.3, IEEE 9274.1.1 (Versioning).
    """
    text = header if header is not None else default
    if text is None:
        why = "every request carries the version it follows (xAPI Communication 3.3)"
        raise BadRequest("the version header is missing", where=HEADER, why=why, accepted=SUPPORTED)
    if _V1.fullmatch(text.strip()):
        return Version.V1
    if _V2.fullmatch(text.strip()):
        return Version.V2
    why = f'"{text[:40]}" is none of the versions this LRS serves (xAPI Communication 3.3)'
    raise BadRequest("the version is not supported", where=HEADER, why=why, accepted=SUPPORTED)


def is_statement_version(value: object, version: Version) -> bool:
    """Tell whether a statement sent in `version` may have this `version` property (xAPI Data 2.4.10).

    1.0.x takes 1.0 and 1.0.x; 2.0 takes these too, because every 1.0.x statement is one of 2.0, and 2.0 and 2.0.x.
    """
    if not isinstance(value, str):
        return False
    return _V1.fullmatch(value) is not None or (version is Version.V2 and _V2.fullmatch(value) is not None)


def default_statement_version(version: Version) -> str:
    """Return the `version` the LRS sets where a statement has none: 1.0.0 for 1.0.x (xAPI Data 2.4.10), else 2.0.0."""
    return "1.0.0" if version is Version.V1 else "2.0.0"
