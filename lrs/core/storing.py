"""Storing statements: completed, told apart from those that are there, written once (xAPI Data 2.3.1, 2.4)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from lrs.core import dedupe
from lrs.core.credentials import Access
from lrs.core.redaction import Redacted
from lrs.errors import Conflict, TooLarge, Unavailable
from lrs.store.statements import NewStatement, Statements
from lrs.xapi import Json
from lrs.xapi.columns import Columns, columns
from lrs.xapi.statements import complete
from lrs.xapi.values import format_timestamp
from lrs.xapi.versions import Version

MOST_BYTES = 8_000_000  # of one statement as it is stored
MOST_INDEXED_BYTES = 2_000_000  # of what is indexed of one statement
RACES = 20  # how often a list that meets the same ids being written elsewhere is tried


class _Told(NamedTuple):
    """A statement as it was sent, with its id, and its place in the request."""

    sent: Redacted
    id: UUID
    where: str


async def store(access: Access, sent: Sequence[Redacted], version: Version, *, is_list: bool) -> list[NewStatement]:
    """Store valid statements, all or none, and return them as they are stored; those that were there already too.

    It is a task of its own: a client that leaves ends neither the write nor the promise.
    Raises: Conflict, TooLarge, Unavailable.
    """
    statements = access.store.statements

    async def writing() -> list[NewStatement]:
        told = await _identified(access, sent, is_list=is_list)
        async with statements.storing() as stored:
            new = _completed(access, told, version, stored)
            await _insert(statements, new, is_list=is_list)
        return new

    return await asyncio.shield(asyncio.create_task(writing()))


async def _identified(access: Access, sent: Sequence[Redacted], *, is_list: bool) -> list[_Told]:
    """Give each statement its id: its own, that of the same one sent before (see `dedupe`), or a new one."""
    ids = await dedupe.ids(access, [each.statement for each in sent])
    places = [f"statements[{index}]" if is_list else "statement" for index in range(len(sent))]
    return list(map(_Told, sent, ids, places))


def _completed(access: Access, told: Sequence[_Told], version: Version, stored: datetime) -> list[NewStatement]:
    """Fill in what the LRS assigns (xAPI Data 2.4), and derive what is indexed. Raises: TooLarge."""
    key, defines, trusted, stored_text = (
        access.credential.key,
        access.may("define"),
        access.may("all"),
        format_timestamp(stored),
    )
    new = []
    for sent, statement_id, where in told:
        completed = complete(
            sent.statement if trusted else _unasserted(sent.statement),
            id=str(statement_id),
            stored=stored_text,
            authority=access.authority,
            version=version,
        )
        raw = orjson.dumps(completed)
        indexed = columns(completed, credential=key)
        _refuse_large(raw, indexed, where)
        given = "timestamp" in sent.statement
        new.append(NewStatement(statement_id, raw, stored, indexed, given, defines, sent.dropped))
    return new


def _unasserted(statement: Json) -> Json:
    """Return the statement without an `authority` of the client's own.

    Only who may do everything is trusted to name it, such as a copy from another LRS; otherwise the LRS says who it was
    (xAPI Data 2.4.9: SHOULD overwrite but for a strong trust).
    """
    if "authority" not in statement:
        return statement
    return {name: value for name, value in statement.items() if name != "authority"}


def _refuse_large(raw: bytes, indexed: Columns, where: str) -> None:
    """Refuse what no document of the database holds (16 MB with what is indexed and keys of references)."""
    if len(raw) > MOST_BYTES:
        why = f"{len(raw)} bytes"
        raise TooLarge("the statement is too large", where=where, why=why, accepted=f"up to {MOST_BYTES} bytes")
    # Each value is indexed four times at the most: most statements need no closer look.
    if 4 * len(raw) > MOST_INDEXED_BYTES and len(orjson.dumps(indexed._asdict())) > MOST_INDEXED_BYTES:
        raise TooLarge(
            "the statement is too large",
            where=where,
            why=f"its identifiers of agents and activities take more than {MOST_INDEXED_BYTES} bytes",
            accepted="fewer or shorter ones",
        )


async def _insert(statements: Statements, new: Sequence[NewStatement], *, is_list: bool) -> None:
    """Store those that are not there yet, all or none; a differing one refuses the whole list."""
    missing = new
    for attempt in range(RACES):
        if not missing or await statements.insert(missing):
            return
        await asyncio.sleep(0.01 * attempt)  # somebody else may be writing the same ids
        there = await _accept_same(statements, new, is_list=is_list)
        missing = [statement for statement in new if statement.id not in there]
    raise Unavailable("the statements are being stored by somebody else", accepted="the same request again")


async def _accept_same(statements: Statements, new: Sequence[NewStatement], *, is_list: bool) -> set[UUID]:
    """Return which ids are stored with the same statement. Raises: Conflict for a differing one.

    A statement that was written but not answered may lack what follows the writing, so that is done again.
    """
    there = await statements.fingerprints([statement.id for statement in new])
    for position, statement in enumerate(new):
        if statement.id in there and there[statement.id][0] != statement.fingerprint:
            raise Conflict(
                "another statement is stored under this id",
                where=f"statements[{position}].id" if is_list else "statement.id",
                why=f"{statement.id} exists with other content, and a statement never changes (xAPI Data 2.3.1)",
                accepted="the same statement again, or another id",
            )
    if there:
        referring = [statement.id for statement in new if statement.id in there and statement.columns.ref is not None]
        await statements.settle(list(there), referring)
    return set(there)
