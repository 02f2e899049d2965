"""Statements: what a client stores and reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lrs import clock
from lrs.core import attachments, bodies, catalogue, redaction, storing
from lrs.core.attachments import Sent
from lrs.core.credentials import Access
from lrs.errors import BadRequest
from lrs.store.pages import Page
from lrs.store.statements import NewStatement
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.columns import mine
from lrs.xapi.formats import render
from lrs.xapi.query import Pairs, StatementQuery, encode_cursor, index_keys, more_path
from lrs.xapi.statements import validate_batch
from lrs.xapi.values import is_uuid
from lrs.xapi.versions import Version

PAGE = 100  # statements in an answer when the client names no limit
MOST = 500  # and at the most; more is cut silently, as the specification allows (Communication 2.1.3)


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Statements as JSON texts, the query string of the next page ("" at the end), and the promise read under."""

    statements: list[bytes]
    latest: datetime | None  # `stored` of the one that was stored last
    more: str
    consistent_through: datetime


async def post(access: Access, sent: Sent, version: Version) -> list[str]:
    """Store one statement or a list with its attachments, whole or not at all; return the ids in their order.

    Raises: BadRequest, InvalidStatement, Conflict, TooLarge, Unavailable. Source: xAPI Communication 2.1.2.
    """
    parsed = _parsed(sent, version)
    statements = validate_batch(parsed, version, lenient=access.credential.lenient)
    new = await _store(access, sent, statements, version, is_list=isinstance(parsed, list))
    return [str(statement.id) for statement in new]


async def put(access: Access, statement_id: str | None, sent: Sent, version: Version) -> None:
    """Store one statement with its attachments under the id of the request.

    Raises: BadRequest, InvalidStatement, Conflict, TooLarge, Unavailable. Source: xAPI Communication 2.1.1.
    """
    if not is_uuid(statement_id):
        raise BadRequest(
            "PUT needs the statement's id", where="statementId", why=f"{statement_id!r} is no UUID", accepted="a UUID"
        )
    assert statement_id is not None
    parsed = _parsed(sent, version)
    if isinstance(parsed, list):
        raise BadRequest("PUT takes one statement", where="statement", why="the body is a list", accepted="an object")
    (statement,) = validate_batch(parsed, version, lenient=access.credential.lenient)
    told = statement.setdefault("id", statement_id)
    if told.lower() != statement_id.lower():
        raise BadRequest(
            "the statement has another id than the request",
            where="statement.id",
            why=f"{told} is not {statement_id} (xAPI Communication 2.1.1)",
            accepted="the same id, or none in the statement",
        )
    await _store(access, sent, [statement], version, is_list=False)


def _parsed(sent: Sent, version: Version) -> Any:
    """Return the statements of a request. Only 2.0 says what is to be done about a name that is there twice."""
    return bodies.parse(sent.statements, names_once=version is Version.V2)


async def _store(
    access: Access, sent: Sent, statements: list[Json], version: Version, *, is_list: bool
) -> list[NewStatement]:
    """Store valid statements without what is redacted; their attachments come first, so that none is ever missing."""
    left = await redaction.redacted(access.store, statements, is_list=is_list)
    await attachments.take(access, sent, statements, version, is_list=is_list)
    return await storing.store(access, left, version, is_list=is_list)


async def get(access: Access, query: StatementQuery, languages: list[str]) -> tuple[bytes, datetime] | None:
    """Return the one statement asked for by statementId or voidedStatementId, with its `stored`.

    Raises: Unavailable. Source: xAPI Communication 2.1.3 and 2.1.4 (voided statements).
    """
    wanted = query.statement_id or query.voided_statement_id
    assert wanted is not None
    voided = query.voided_statement_id is not None
    found = await access.store.statements.get(UUID(wanted), voided=voided, keys=_allowed(access))
    if found is None:
        return None
    (rendered,) = await _rendered(access.store, [found[0]], query, languages)
    return rendered, found[1]


async def find(access: Access, query: StatementQuery, pairs: Pairs, languages: list[str]) -> StatementPage:
    """Return a page of statements, the newest first unless asked otherwise.

    `pairs` are the request's parameters, from which the address of the next page is made; it holds no state of the
    server's, so it outlives a restart. Raises: Unavailable. Source: xAPI Communication 2.1.3.
    """
    statements, cursor = access.store.statements, query.cursor
    # Going up, the first page ends where other processes may still be writing: not before what the client has stored.
    is_first_up = query.ascending and cursor is None
    through = await (statements.reached(clock.now()) if is_first_up else statements.through())
    bound = cursor.bound if cursor is not None else through
    page = await statements.find(
        (*index_keys(query), *_allowed(access)),
        since=query.since,
        until=query.until,
        ascending=query.ascending,
        limit=PAGE if query.limit is None else min(query.limit or MOST, MOST),
        after=None if cursor is None else (cursor.position[0], UUID(cursor.position[1])),
        # Going up, a page must not pass what is still being written; going down, what is new lies behind it.
        before_bound=bound if query.ascending else None,
    )
    rendered = await _rendered(access.store, page.statements, query, languages)
    return StatementPage(rendered, page.latest, _more(page, query, pairs, bound), through)


def _allowed(access: Access) -> tuple[str, ...]:
    """Return the index keys of what the credential may read: everything, or what was stored with it.

    Source: xAPI Communication 4.0 (`statements/read/mine`).
    """
    return () if access.may("statements/read") else (mine(access.credential.key),)


async def _rendered(store: Store, stored: list[bytes], query: StatementQuery, languages: list[str]) -> list[bytes]:
    """Return the stored bytes, or the statements in the form asked for."""
    if query.format == "exact":
        return stored
    statements = [orjson.loads(raw) for raw in stored]
    if query.format == "ids":
        return [orjson.dumps(render(each, "ids", languages)) for each in statements]
    define = await catalogue.defining(store, statements)
    return [orjson.dumps(render(each, "canonical", languages, define)) for each in statements]


def _more(page: Page, query: StatementQuery, pairs: Pairs, bound: datetime) -> str:
    if page.next_position is None:
        return ""
    stored, statement_id = page.next_position
    return more_path(pairs, encode_cursor(query, position=(stored, str(statement_id)), bound=bound))
