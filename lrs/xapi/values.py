"""The special data types of the specification: IRIs, UUIDs, language tags, timestamps, durations (xAPI Data 4.0).

The `is_` predicates take any JSON value and answer False for what is not a string.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

# Best effort, as Data 2.2 allows: a legal scheme, then whatever RFC 3987 lets stand in an IRI. The authority is not
# looked into, because real content sends http://Course_ID2 and http://TheQuiz-urn:scormdriver:5419.
# Controls, white space, lone surrogates, quotes. White space is spelt out because \s makes a match three times slower.
_FORBIDDEN = r"\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ud800-\udfff<>\"\\"
_IRI = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:[^{_FORBIDDEN}{{}}|^`]+")
# Nearly all are of ASCII only, and with a class of 128 characters a match takes half the time.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!#-;=?-\[\]_a-z~]+")
_MAILTO = re.compile(rf"mailto:[^{_FORBIDDEN}@,;:()\[\]]+@[^{_FORBIDDEN}@,;()?]+")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")  # SHA-224, 256, 384, 512
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+"
_MEDIA_TYPE = re.compile(rf'{_TOKEN}/{_TOKEN}(?:[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|"(?:[^"\\\r\n]|\\[^\r\n])*"))*')

_COMMON_TAG = re.compile(r"[A-Za-z]{2,3}(?:-(?:[A-Za-z]{2}|[A-Za-z]{4}))?")
_LANGUAGE_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})"
    r"(?:-[a-z]{4})?"  # script
    r"(?:-(?:[a-z]{2}|[0-9]{3}))?"  # region
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*)"
    r"(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_PRIVATE_TAG = re.compile(r"x(?:-[a-z0-9]{1,8})+")
_GRANDFATHERED_TAG = re.compile(
    r"en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)|art-lojban|cel-gaulish|no-(?:bok|nyn)|zh-(?:guoyu|hakka|min|min-nan|xiang)"
    r"|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)"
)

_CLOCK = r"(?:[01][0-9]|2[0-3])"
_OFFSET = rf"(?:Z|(?!-00(?::?00)?$)[+-]{_CLOCK}(?::?[0-5][0-9])?)?"
_TIMESTAMP = re.compile(
    rf"(?:[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}:[0-5][0-9](?::[0-6][0-9](?:[.,][0-9]+)?)?{_OFFSET}"
    rf"|[0-9]{{8}}T{_CLOCK}[0-5][0-9](?:[0-6][0-9](?:[.,][0-9]+)?)?{_OFFSET})"
)
_DAY = (
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"  # any year's
)
COMMON_TIMESTAMP = (
    rf"[12][0-9]{{3}}-{_DAY}T{_CLOCK}:[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    rf"(?:Z|\+{_CLOCK}:[0-5][0-9]|-(?:0[1-9]|1[0-9]|2[0-3]):[0-5][0-9])"
)
"""A pattern of timestamps by RFC 3339 that need no closer look: what it matches names an instant."""
_COMMON_TIMESTAMP = re.compile(COMMON_TIMESTAMP)
_REGULAR_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?Z")
_LEAP_SECOND = re.compile(r"([T ][0-9]{2}:?[0-9]{2}:?)60")

_NUMBER = r"([0-9]{1,15}(?:[.,][0-9]+)?)"
_DURATION = re.compile(
    rf"P(?=.)(?:{_NUMBER}W|(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)"
)
_EARLY_FRACTION = re.compile(r"[.,][0-9]+[A-Z].")
_SECONDS = (604800, 365 * 86400, 30 * 86400, 86400, 3600, 60, 1)  # week, year, month, day, hour, minute, second


def is_iri(value: object) -> bool:
    """Tell whether the value is an absolute IRI: a legal scheme and no character IRIs forbid (xAPI Data 4.3)."""
    return isinstance(value, str) and (_is_known_iri(value) if len(value) < 200 else _is_iri(value))


def _is_iri(text: str) -> bool:
    return _URI.fullmatch(text) is not None or _IRI.fullmatch(text) is not None


# The same verbs, types and systems come in thousands of statements.
_is_known_iri = lru_cache(maxsize=4000)(_is_iri)


def is_uri(value: object) -> bool:
    """Tell whether the value is an absolute URI, an IRI of ASCII characters only (RFC 3986)."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def is_mailto(value: object) -> bool:
    """Tell whether the value is `mailto:` and one e-mail address (xAPI Data 2.4.2.3)."""
    return isinstance(value, str) and _MAILTO.fullmatch(value) is not None


def is_sha1(value: object) -> bool:
    """Tell whether the value is a hex-encoded SHA-1 hash (xAPI Data 2.4.2.3)."""
    return isinstance(value, str) and _SHA1.fullmatch(value) is not None


def is_sha2(value: object) -> bool:
    """Tell whether the value is a hex-encoded SHA-2 hash of 224, 256, 384 or 512 bits (xAPI Data 2.4.11)."""
    return isinstance(value, str) and _SHA2.fullmatch(value) is not None


def is_uuid(value: object) -> bool:
    """Tell whether the value is a UUID in the standard string form, of any version and case (xAPI Data 4.4)."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_media_type(value: object) -> bool:
    """Tell whether the value is an Internet media type with its parameters, such as `text/plain; charset=utf-8`."""
    return isinstance(value, str) and _MEDIA_TYPE.fullmatch(value) is not None


def is_language_tag(value: object) -> bool:
    """Tell whether the value is a well-formed RFC 5646 tag that repeats no singleton and no variant (xAPI Data 4.2)."""
    if not isinstance(value, str):
        return False
    return _COMMON_TAG.fullmatch(value) is not None or (value.isascii() and _is_rare_tag(value.lower()))


def _is_rare_tag(tag: str) -> bool:
    match = _LANGUAGE_TAG.fullmatch(tag)
    if match is None:
        return _PRIVATE_TAG.fullmatch(tag) is not None or _GRANDFATHERED_TAG.fullmatch(tag) is not None
    variants = match["variants"].split("-")[1:]
    singletons = [subtag for subtag in match["extensions"].split("-") if len(subtag) == 1]
    return len(variants) == len(set(variants)) and len(singletons) == len(set(singletons))


def parse_timestamp(text: str) -> datetime:
    """Return the instant of an ISO 8601 date and time, in UTC, cut to microseconds (xAPI Data 4.5).

    Takes calendar dates in the extended form (`2015-06-30T12:00:00.123+02:00`, also as RFC 3339 varies it) and the
    basic form (`20150630T120000Z`); seconds may be left out. Without an offset the time counts as UTC.
    Raises: ValueError for anything else, for the offsets -00, -0000, -00:00, and outside the years 1 to 9999.
    """
    if text.endswith("Z") and _COMMON_TIMESTAMP.fullmatch(text) is not None:  # nearly all, in half the time
        return datetime.fromisoformat(text)
    text = text.upper()
    if _TIMESTAMP.fullmatch(text) is None:
        raise ValueError(f"{text[:60]!r} is not an ISO 8601 timestamp")
    # The first search keeps the second, which few timestamps need, off the common way.
    regular, leap = _LEAP_SECOND.subn(r"\g<1>59", text) if "60" in text else (text, 0)
    try:
        time = datetime.fromisoformat(regular)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return _after_leap_second(time) if leap else time
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside the years 1 to 9999") from error


def _after_leap_second(last: datetime) -> datetime:
    if (last.hour, last.minute) != (23, 59):
        raise ValueError("second 60 exists only at the end of a day in UTC")
    return last.replace(microsecond=0) + timedelta(seconds=1)


def is_timestamp(value: object) -> bool:
    """Tell whether `parse_timestamp` takes the value."""
    if not isinstance(value, str):
        return False
    if _COMMON_TIMESTAMP.fullmatch(value) is not None:
        return True
    try:
        parse_timestamp(value)
    except ValueError:
        return False
    return True


def format_timestamp(time: datetime) -> str:
    """Return an aware time as the LRS writes it: UTC, cut to three fractional digits, `Z` (xAPI Data 4.5)."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def in_utc(text: str) -> str:
    """Return a timestamp rewritten in UTC; one in UTC by RFC 3339 keeps its spelling and so every fractional digit.

    Others keep microseconds. Raises: ValueError as `parse_timestamp` does. Source: IEEE 9274.1.1 4.2.7.
    """
    if _REGULAR_UTC.fullmatch(text):
        return text
    time = parse_timestamp(text)
    precision = "microseconds" if time.microsecond % 1000 else "milliseconds"
    return time.replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def is_duration(value: object) -> bool:
    """Tell whether the value is an ISO 8601 duration with designators; weeks stand alone (xAPI Data 4.6)."""
    return isinstance(value, str) and _DURATION.fullmatch(value) is not None and _EARLY_FRACTION.search(value) is None


def parse_duration(text: str) -> float:
    """Return the seconds of an ISO 8601 duration; a year counts 365 days and a month 30 (xAPI Data 4.6).

    Raises: ValueError for what is not one, for a fraction before the last component, and for parts over 15 digits.
    """
    match = _DURATION.fullmatch(text)
    if match is None or _EARLY_FRACTION.search(text) is not None:
        raise ValueError(f"{text[:60]!r} is not an ISO 8601 duration")
    parts = zip(match.groups(), _SECONDS, strict=True)
    return sum((float(part.replace(",", ".")) * seconds for part, seconds in parts if part is not None), 0.0)
