"""A query of the Statement Resource: its parameters, the index keys it needs, and its `more` link."""

import base64
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, get_args
from urllib.parse import quote, urlencode
from uuid import UUID

import orjson

from lrs.clock import EPOCH
from lrs.errors import BadRequest, InvalidStatement
from lrs.xapi.actors import actor_key
from lrs.xapi.formats import Format
from lrs.xapi.leniency import HINT, tolerated_actor
from lrs.xapi.statements import validate_actor
from lrs.xapi.values import is_iri, is_uuid, parse_timestamp

Pairs = list[tuple[str, str]]

MICROSECOND = timedelta(microseconds=1)
CURSOR = struct.Struct(">qq16s8s")  # stored and bound in microseconds since 1970, statement id, checksum

AGENT = 'an Agent or identified Group in JSON such as {"mbox": "mailto:name@example.org"}'
LINK = "the `more` link of an answer, unchanged"


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: after the statement at `position`, seeing what was stored up to `bound`."""

    position: tuple[datetime, str]  # stored, statement id
    bound: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementQuery:
    """The parameters of GET statements, read (xAPI Communication 2.1.3)."""

    statement_id: str | None = None  # lower case, as voided_statement_id and registration
    voided_statement_id: str | None = None
    agent: str | None = None  # actor key
    verb: str | None = None
    activity: str | None = None
    registration: str | None = None
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None  # exclusive, on `stored`
    until: datetime | None = None  # inclusive, on `stored`
    limit: int | None = None  # 0: as many as the server gives
    format: Format = "exact"
    attachments: bool = False
    ascending: bool = False
    cursor: Cursor | None = None


def parse_query(pairs: Pairs) -> StatementQuery:
    """Return the query that decoded name-value pairs ask for.

    Raises: BadRequest, its `where` naming the parameter.
    Source: xAPI Communication 2.1.3; 3.2 (unknown and wrong-case parameters).
    """
    given = _each_once(pairs)
    _reject_filters_of_one_statement(given)
    token = given.pop("cursor", None)
    values: dict[str, Any] = {FIELDS.get(name, name): READERS[name](name, value) for name, value in given.items()}
    query = StatementQuery(**values)
    return query if token is None else replace(query, cursor=decode_cursor(query, token))


def index_keys(query: StatementQuery) -> tuple[str, ...]:
    """Return the keys that a matching statement's `Columns.keys` all hold, the most selective first."""
    keys = (
        ("r", query.registration),
        ("A" if query.related_agents else "a", query.agent),
        ("O" if query.related_activities else "o", query.activity),
        ("v", query.verb),
    )
    return tuple(f"{prefix}:{value}" for prefix, value in keys if value is not None)


def encode_cursor(query: StatementQuery, *, position: tuple[datetime, str], bound: datetime) -> str:
    """Return the token of the page after `position` (stored, statement id): URL-safe and valid across restarts.

    It fits this query's filters only, so that a link whose other parameters were changed is refused.
    """
    stored, statement_id = position
    content = (_microseconds(stored), _microseconds(bound), UUID(statement_id).bytes)
    token = CURSOR.pack(*content, _checksum(query, content))
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def decode_cursor(query: StatementQuery, token: str) -> Cursor:
    """Return what `encode_cursor` wrote. Raises: BadRequest if it is broken or belongs to another query."""
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        stored, bound, statement_id, checksum = CURSOR.unpack(packed)
        cursor = Cursor((EPOCH + stored * MICROSECOND, str(UUID(bytes=statement_id))), EPOCH + bound * MICROSECOND)
    except (struct.error, ValueError, OverflowError) as error:
        raise _refused("cursor", "it is broken", LINK) from error
    if checksum != _checksum(query, (stored, bound, statement_id)):
        raise _refused("cursor", "it is broken or belongs to another query", LINK)
    return cursor


def more_path(pairs: Pairs, cursor: str) -> str:
    """Return the query string of the next page, without `?`: the parameters as the client sent them, and the cursor."""
    kept = [(name, value) for name, value in pairs if name != "cursor"]
    return urlencode([*kept, ("cursor", cursor)], quote_via=quote, safe="")


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def _checksum(query: StatementQuery, content: tuple[Any, ...]) -> bytes:
    filters = (index_keys(query), query.since, query.until, query.ascending)
    return blake2b(orjson.dumps([filters, *map(str, content)]), digest_size=8).digest()


def _refused(name: str, why: str, accepted: str) -> BadRequest:
    return BadRequest("a query parameter can't be used", where=name, why=why, accepted=accepted)


def _each_once(pairs: Pairs) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            raise _refused(name, "there is no such parameter", ", ".join(READERS))
        if name in given:
            raise _refused(name, "it is given more than once", "each parameter once")
        given[name] = value
    return given


def _reject_filters_of_one_statement(given: Mapping[str, str]) -> None:
    for single in ("statementId", "voidedStatementId"):
        others = [name for name in given if name not in (single, "format", "attachments")]
        if single in given and others:
            raise _refused(others[0], f"it can't be combined with {single}", f"{single} with format and attachments")


def _text(check: Callable[[str], bool], accepted: str) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if not check(value):
            raise _refused(name, f"{value!r} is not {accepted}", accepted)
        return value

    return read


read_iri = _text(is_iri, "an IRI such as http://adlnet.gov/expapi/verbs/experienced")
_any_case_uuid = _text(is_uuid, "a UUID such as 7b5e1c2a-6a0f-4d0e-9f57-0d3f3a7c1e55")
_boolean_text = _text(lambda value: value in ("true", "false"), "true or false")
_number = _text(lambda value: value.isascii() and value.isdecimal() and len(value) < 19, "a whole number from 0")
_format = _text(lambda value: value in get_args(Format), "exact, ids or canonical")


def read_uuid(name: str, value: str) -> str:
    """Return the parameter, a UUID, in lower case. Raises: BadRequest. Source: xAPI Data 4.4."""
    return _any_case_uuid(name, value).lower()


def _boolean(name: str, value: str) -> bool:
    return _boolean_text(name, value) == "true"


def _limit(name: str, value: str) -> int:
    return int(_number(name, value))


def read_timestamp(name: str, value: str) -> datetime:
    """Return the time of the parameter, an ISO 8601 timestamp, in UTC. Raises: BadRequest. Source: xAPI Data 4.5."""
    # An unescaped "+" of an offset arrives as a space; a timestamp has none behind its date.
    try:
        return parse_timestamp(value[:11] + value[11:].replace(" ", "+"))
    except ValueError as error:
        raise _refused(name, str(error), "an ISO 8601 timestamp such as 2026-01-31T12:00:00.000Z") from error


def read_agent(name: str, value: str) -> str:
    """Return the key (see `actors.actor_key`) of the parameter, an Agent or identified Group in JSON.

    Raises: BadRequest. Source: xAPI Data 2.4.2.3.
    """
    try:
        agent = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise _refused(name, f"it is not JSON: {error}", AGENT) from error
    try:
        validate_actor(agent, name)
    except InvalidStatement as error:
        hint = "" if tolerated_actor(agent) is agent else f", or {HINT}"
        raise _refused(name, f"{error.where}: {error.why}", f"{error.accepted or AGENT}{hint}") from error
    key = actor_key(agent)
    if key is None:
        raise _refused(name, "an anonymous Group has no identifier to look for", AGENT)
    return key


FIELDS = {"statementId": "statement_id", "voidedStatementId": "voided_statement_id"}
READERS: Mapping[str, Callable[[str, str], Any]] = {
    "statementId": read_uuid,
    "voidedStatementId": read_uuid,
    "agent": read_agent,
    "verb": read_iri,
    "activity": read_iri,
    "registration": read_uuid,
    "related_activities": _boolean,
    "related_agents": _boolean,
    "since": read_timestamp,
    "until": read_timestamp,
    "limit": _limit,
    "format": _format,
    "attachments": _boolean,
    "ascending": _boolean,
}
PARAMETERS = (*READERS, "cursor")
"""The names of all query parameters of GET statements; `cursor` only in `more` links."""
