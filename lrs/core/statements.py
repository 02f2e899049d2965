"""Statements: what a client stores and reads."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from lrs import clock
from lrs.core.credentials import Access
from lrs.errors import BadRequest, Conflict, TooLarge, Unavailable
from lrs.store.statements import NewStatement, Page, Statements
from lrs.xapi import Json
from lrs.xapi.columns import columns
from lrs.xapi.fingerprint import fingerprint
from lrs.xapi.formats import render
from lrs.xapi.query import Pairs, StatementQuery, encode_cursor, index_keys, more_path
from lrs.xapi.statements import complete, validate_batch
from lrs.xapi.values import format_timestamp, is_uuid
from lrs.xapi.versions import Version

PAGE = 100  # statements in an answer when the client names no limit
MOST = 500  # and at the most; more is cut silently, as the specification allows (Communication 2.1.3)
MOST_BYTES = 8_000_000  # of one statement as it is stored
MOST_INDEXED_BYTES = 2_000_000  # of what is indexed of one statement
RACES = 20  # how often a list that meets the same ids being written elsewhere is tried


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Statements as JSON texts, the query string of the next page ("" at the end), and the promise read under."""

    statements: list[bytes]
    more: str
    consistent_through: datetime


def parse(body: bytes) -> Any:
    """Return the JSON of a request's body. Raises: BadRequest with the place of the first fault."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _not_json(body, error) from error


def _not_json(body: bytes, error: orjson.JSONDecodeError) -> BadRequest:
    what, where, why = "the body is not JSON", f"line {error.lineno}, column {error.colno}", error.msg
    if "depth" in error.msg:
        what, why = "the body is nested too deeply", "more than 1024 levels"
    try:
        body.decode()
    except UnicodeDecodeError as undecodable:  # orjson doesn't say where
        where, why = f"byte {undecodable.start + 1}", f"not UTF-8: {undecodable.reason}"
    return BadRequest(what, where=f"body, {where}", why=why, accepted="one JSON document in UTF-8")


async def post(access: Access, body: bytes, version: Version) -> list[str]:
    """Store one statement or a list, whole or not at all; return the ids in their order.

    Raises: InvalidStatement, Conflict, Unavailable. Source: xAPI Communication 2.1.2.
    """
    parsed = parse(body)
    sent = validate_batch(parsed, version)
    new = await _store(access, sent, version, is_list=isinstance(parsed, list))
    return [str(statement.id) for statement in new]


async def put(access: Access, statement_id: str | None, body: bytes, version: Version) -> None:
    """Store one statement under the id of the request.

    Raises: BadRequest, InvalidStatement, Conflict, Unavailable. Source: xAPI Communication 2.1.1.
    """
    if not is_uuid(statement_id):
        raise BadRequest(
            "PUT needs the statement's id", where="statementId", why=f"{statement_id!r} is no UUID", accepted="a UUID"
        )
    assert statement_id is not None
    parsed = parse(body)
    if isinstance(parsed, list):
        raise BadRequest("PUT takes one statement", where="statement", why="the body is a list", accepted="an object")
    (statement,) = validate_batch(parsed, version)
    told = statement.setdefault("id", statement_id)
    if told.lower() != statement_id.lower():
        raise BadRequest(
            "the statement has another id than the request",
            where="statement.id",
            why=f"{told} is not {statement_id} (xAPI Communication 2.1.1)",
            accepted="the same id, or none in the statement",
        )
    await _store(access, [statement], version, is_list=False)


async def get(access: Access, query: StatementQuery, languages: list[str]) -> tuple[bytes, datetime] | None:
    """Return the one statement asked for by statementId or voidedStatementId, with its `stored`.

    Raises: Unavailable. Source: xAPI Communication 2.1.3 and 2.1.4 (voided statements).
    """
    wanted = query.statement_id or query.voided_statement_id
    assert wanted is not None
    found = await access.store.statements.get(UUID(wanted), voided=query.voided_statement_id is not None)
    return None if found is None else (_rendered(found[0], query, languages), found[1])


async def find(access: Access, query: StatementQuery, pairs: Pairs, languages: list[str]) -> StatementPage:
    """Return a page of statements, the newest first unless asked otherwise.

    `pairs` are the request's parameters, from which the address of the next page is made; it holds no state of the
    server's, so it outlives a restart. Raises: Unavailable. Source: xAPI Communication 2.1.3.
    """
    statements = access.store.statements
    through = statements.promise.through()
    cursor = query.cursor
    bound = cursor.bound if cursor is not None else through
    page = await statements.find(
        index_keys(query),
        since=query.since,
        until=query.until,
        ascending=query.ascending,
        limit=PAGE if query.limit is None else min(query.limit or MOST, MOST),
        after=None if cursor is None else (cursor.position[0], UUID(cursor.position[1])),
        # Going up, a page must not pass what is still being written; going down, what is new lies behind it.
        before_bound=bound if query.ascending else None,
    )
    rendered = [_rendered(raw, query, languages) for raw in page.statements]
    return StatementPage(rendered, _more(page, query, pairs, bound), through)


def _complete(access: Access, statement: Json, version: Version, stored: datetime, where: str) -> NewStatement:
    """Fill in what the LRS assigns (xAPI Data 2.4), and derive what is indexed. Raises: TooLarge."""
    statement_id = UUID(statement["id"]) if "id" in statement else clock.new_id()
    completed = complete(
        statement,
        id=str(statement_id),
        stored=format_timestamp(stored),
        authority=access.authority,
        version=version,
    )
    new = NewStatement(
        id=statement_id,
        raw=orjson.dumps(completed),
        stored=stored,
        fingerprint=fingerprint(statement, timestamp_given="timestamp" in statement),
        columns=columns(completed),
    )
    _refuse_large(new, where)
    return new


def _refuse_large(new: NewStatement, where: str) -> None:
    """Refuse what no document of the database holds (16 MB with what is indexed and keys of references)."""
    if len(new.raw) > MOST_BYTES:
        why = f"{len(new.raw)} bytes"
        raise TooLarge("the statement is too large", where=where, why=why, accepted=f"up to {MOST_BYTES} bytes")
    # Each value is indexed four times at the most: most statements need no closer look.
    if 4 * len(new.raw) > MOST_INDEXED_BYTES and len(orjson.dumps(new.columns)) > MOST_INDEXED_BYTES:
        raise TooLarge(
            "the statement is too large",
            where=where,
            why=f"its identifiers of agents and activities take more than {MOST_INDEXED_BYTES} bytes",
            accepted="fewer or shorter ones",
        )


async def _store(access: Access, sent: Sequence[Json], version: Version, *, is_list: bool) -> list[NewStatement]:
    """Store statements. It is a task of its own: a client that leaves ends neither the write nor the promise."""
    statements = access.store.statements

    async def store() -> list[NewStatement]:
        with statements.promise.storing() as stored:
            places = (f"statements[{index}]" if is_list else "statement" for index in range(len(sent)))
            new = [_complete(access, each, version, stored, where) for each, where in zip(sent, places, strict=True)]
            if len(new) == 1:
                if not await statements.insert_one(new[0]):
                    await _accept_same(statements, new, is_list=is_list)
            else:
                await _store_list(statements, new)
        return new

    return await asyncio.shield(asyncio.create_task(store()))


async def _store_list(statements: Statements, new: Sequence[NewStatement]) -> None:
    """Store those of the list that are not there yet, all or none; a differing one refuses the whole list."""
    for attempt in range(RACES):
        there = await _accept_same(statements, new, is_list=True)
        missing = [statement for statement in new if statement.id not in there]
        if not missing or await statements.insert_all(missing):
            return
        await asyncio.sleep(0.01 * attempt)  # somebody else is writing the same ids
    raise Unavailable("the statements are being stored by somebody else", accepted="the same request again")


async def _accept_same(statements: Statements, new: Sequence[NewStatement], *, is_list: bool) -> set[UUID]:
    """Return which ids are stored with the same statement. Raises: Conflict for a differing one.

    A statement that was written but not answered may lack what follows the writing, so that is done again.
    """
    there = await statements.fingerprints([statement.id for statement in new])
    for position, statement in enumerate(new):
        if there.get(statement.id, statement.fingerprint) != statement.fingerprint:
            raise Conflict(
                "another statement is stored under this id",
                where=f"statements[{position}].id" if is_list else "statement.id",
                why=f"{statement.id} exists with other content, and a statement never changes (xAPI Data 2.3.1)",
                accepted="the same statement again, or another id",
            )
    if there:
        await statements.settle(list(there))
    return set(there)


def _rendered(raw: bytes, query: StatementQuery, languages: list[str]) -> bytes:
    """Return the stored bytes, or the statement in the form asked for."""
    if query.format == "exact":
        return raw
    return orjson.dumps(render(orjson.loads(raw), query.format, languages))


def _more(page: Page, query: StatementQuery, pairs: Pairs, bound: datetime) -> str:
    if page.next_position is None:
        return ""
    stored, statement_id = page.next_position
    return more_path(pairs, encode_cursor(query, position=(stored, str(statement_id)), bound=bound))
