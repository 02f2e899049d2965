"""Storing statements: completed, told apart from those that are there, written once (xAPI Data 2.3.1, 2.4)."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson

from lrs import clock
from lrs.core.credentials import Access
from lrs.errors import Conflict, TooLarge, Unavailable
from lrs.store.statements import NewStatement, Statements
from lrs.xapi import Json
from lrs.xapi.columns import columns
from lrs.xapi.fingerprint import fingerprint
from lrs.xapi.statements import complete
from lrs.xapi.values import format_timestamp
from lrs.xapi.versions import Version

MOST_BYTES = 8_000_000  # of one statement as it is stored
MOST_INDEXED_BYTES = 2_000_000  # of what is indexed of one statement
RACES = 20  # how often a list that meets the same ids being written elsewhere is tried


async def store(access: Access, sent: Sequence[Json], version: Version, *, is_list: bool) -> list[NewStatement]:
    """Store valid statements, all or none, and return them as they are stored; those that were there already too.

    It is a task of its own: a client that leaves ends neither the write nor the promise.
    Raises: Conflict, TooLarge, Unavailable.
    """
    statements = access.store.statements

    async def writing() -> list[NewStatement]:
        with statements.promise.storing() as stored:
            places = (f"statements[{index}]" if is_list else "statement" for index in range(len(sent)))
            new = [_complete(access, each, version, stored, where) for each, where in zip(sent, places, strict=True)]
            if len(new) == 1:
                if not await statements.insert_one(new[0]):
                    await _accept_same(statements, new, is_list=is_list)
            else:
                await _store_list(statements, new)
        return new

    return await asyncio.shield(asyncio.create_task(writing()))


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
