"""Documents: what they belong to, what they hold, and how JSON documents are merged (xAPI Communication 2.2)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

import orjson

from lrs.errors import BadRequest
from lrs.xapi.multipart import media_type
from lrs.xapi.query import AGENT, read_agent, read_iri, read_uuid

JSON = "application/json"
OCTETS = "application/octet-stream"


class Resource(StrEnum):
    """The document resources; the value is also what their documents are stored as."""

    STATE = "state"
    AGENT_PROFILE = "agent profile"
    ACTIVITY_PROFILE = "activity profile"


CONTEXT_PARAMETERS: Mapping[Resource, tuple[str, ...]] = {
    Resource.STATE: ("activityId", "agent", "registration"),
    Resource.AGENT_PROFILE: ("agent",),
    Resource.ACTIVITY_PROFILE: ("activityId",),
}
ID_PARAMETER: Mapping[Resource, str] = {
    Resource.STATE: "stateId",
    Resource.AGENT_PROFILE: "profileId",
    Resource.ACTIVITY_PROFILE: "profileId",
}
_CLAUSES: Mapping[Resource, str] = {
    Resource.STATE: "xAPI Communication 2.3, IEEE 9274.1.1 4.1.6.2",
    Resource.AGENT_PROFILE: "xAPI Communication 2.6, IEEE 9274.1.1 4.1.6.5",
    Resource.ACTIVITY_PROFILE: "xAPI Communication 2.7, IEEE 9274.1.1 4.1.6.6",
}
_ACCEPTED = {"activityId": "an Activity's IRI", "agent": AGENT, "stateId": "any text", "profileId": "any text"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What documents belong to; one without registration means every registration where several are meant."""

    resource: Resource
    activity: str | None = None
    agent: str | None = None  # actor key
    registration: str | None = None  # lower case


@dataclass(frozen=True, slots=True)
class DocumentName:
    """What is unique for one document; in its context no registration is one of its own."""

    context: Context
    id: str

    @property
    def size(self) -> int:
        """The bytes that the name takes where it is stored."""
        parts = (self.context.activity, self.context.agent, self.context.registration, self.id)
        return sum(len(part.encode()) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Content:
    """What a document holds: bytes as they were sent, and the Content-Type they were sent with."""

    data: bytes
    content_type: str = OCTETS

    @property
    def is_json(self) -> bool:
        return media_type(self.content_type) == JSON


def parse_context(resource: Resource, parameters: Mapping[str, str]) -> Context:
    """Return the context that query parameters name. Raises: BadRequest. Source: xAPI Communication 2.3, 2.6, 2.7."""
    for name in CONTEXT_PARAMETERS[resource]:
        if name != "registration":
            _require(resource, parameters, name)
    given = {name: parameters[name] for name in CONTEXT_PARAMETERS[resource] if name in parameters}
    return Context(
        resource=resource,
        activity=read_iri("activityId", given["activityId"]) if "activityId" in given else None,
        agent=read_agent("agent", given["agent"]) if "agent" in given else None,
        registration=read_uuid("registration", given["registration"]) if "registration" in given else None,
    )


def parse_name(resource: Resource, parameters: Mapping[str, str]) -> DocumentName:
    """Return the name of the one document that query parameters name. Raises: BadRequest."""
    context = parse_context(resource, parameters)
    _require(resource, parameters, ID_PARAMETER[resource])
    return DocumentName(context, parameters[ID_PARAMETER[resource]])


def read_content(data: bytes, content_type: str | None, *, lenient: bool = False) -> Content:
    """Return the content of a request; bytes without a type are octets.

    What is sent as JSON has to be JSON, unless `lenient`: then it is kept as octets, for content that sends a bare
    string as application/json. Raises: BadRequest. Source: xAPI Communication 2.2, 3.2.
    """
    told = (content_type or "").strip()
    if any(character < " " and character != "\t" for character in told) or "\x7f" in told:
        why = "it holds a control character"
        raise BadRequest("the type can't be kept", where="Content-Type", why=why, accepted="a media type")
    content = Content(data, told or OCTETS)
    if content.is_json:
        try:
            _check_json(data)
        except BadRequest:
            if not lenient:
                raise
            return Content(data)
    return content


def merge(existing: Content, posted: Content) -> Content:
    """Return the existing JSON object with each top-level property of the posted one set.

    Values keep their text, so that no number loses a digit. Raises: BadRequest unless both are JSON objects.
    Source: xAPI Communication 2.2 (JSON Procedure).
    """
    members = _members(existing, "the stored document") | _members(posted, "body")
    return Content(f"{{{','.join(members.values())}}}".encode(), posted.content_type)


def _require(resource: Resource, parameters: Mapping[str, str], name: str) -> None:
    if name not in parameters:
        why = f"a document of this resource is found by it ({_CLAUSES[resource]})"
        raise BadRequest("a parameter is missing", where=name, why=why, accepted=_ACCEPTED[name])


def _members(content: Content, where: str) -> dict[str, str]:
    """Return the text of each member of a JSON object by its name, the last of equal names."""
    if not content.is_json:
        raise _unmergeable(where, f"its type is {content.content_type!r}")
    text, value = _decoded(content.data)
    if not isinstance(value, dict):
        raise _unmergeable(where, "it is JSON, but no object")
    members: dict[str, str] = {}
    start = _after_space(text, text.index("{") + 1)
    while text[start] != "}":
        name, end = _DECODER.raw_decode(text, start)
        _, end = _DECODER.raw_decode(text, _after_space(text, _after_space(text, end) + 1))  # behind the colon
        members[name] = text[start:end]
        start = _after_space(text, end)
        if text[start] == ",":
            start = _after_space(text, start + 1)
    return members


def _unmergeable(where: str, why: str) -> BadRequest:
    return BadRequest(
        "the documents can't be merged",
        where=where,
        why=f"{why}; POST to a document that exists merges two JSON objects (xAPI Communication 2.2)",
        accepted=f"a JSON object as {JSON}, or PUT, which replaces the whole document",
    )


def _check_json(data: bytes) -> None:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        # It is fast, but refuses also lone surrogates and numbers beyond a double, which are JSON (RFC 8259).
        _decoded(data)


def _decoded(data: bytes) -> tuple[str, Any]:
    """Return the text and what it holds, numbers as texts. Raises: BadRequest with the place of the first fault."""
    try:
        text = data.decode()
        return text, _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(f"body, line {error.lineno}, column {error.colno}", error.msg) from error
    except UnicodeDecodeError as error:
        raise _not_json(f"body, byte {error.start + 1}", f"not UTF-8: {error.reason}") from error
    except RecursionError as error:
        raise _not_json("body", "it is nested too deeply") from error


def _not_json(where: str, why: str) -> BadRequest:
    told = f"{why}; what is sent as {JSON} has to be JSON (xAPI Communication 3.2)"
    accepted = f"JSON in UTF-8, or another Content-Type such as {OCTETS}"
    return BadRequest("the document is not JSON", where=where, why=told, accepted=accepted)


def _refuse_constant(name: str) -> NoReturn:
    raise _not_json("body", f"{name} is no JSON value")


def _after_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    assert found is not None
    return found.end()


_SPACE = re.compile(r"[ \t\n\r]*")
# Numbers as texts: they are only skipped, and Python's integers have a limit.
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=_refuse_constant)
