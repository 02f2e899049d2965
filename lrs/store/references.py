"""Voids and references between statements, whichever of the two arrives first, or both at once.

Who refers to a statement that isn't there yet is rare, and pays for it: it leaves a mark in the target's place, under
the target's id. So an ordinary statement, which may be somebody's target, has nothing to look for: its insert fails
where something waits for it, and only then it takes the mark's place and looks for who refers to it.

Both sides commit first and look then. The mark is set after the commit of the referrer, and either is there before the
target, or can't be set because the target is. The answer waits for all this, and the feed does it once more, which
mends what a kill left in between.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from lrs.store.driver_errors import taken
from lrs.xapi.columns import MINE

Document = dict[str, Any]

MARK: Document = {"raw": None}  # matches what stands in the place of a statement that isn't there yet

_REFERENCE = {"ref": 1, "voids": 1, "keys": 1}


async def follow(statements: AsyncCollection[Document], written: Iterable[Document]) -> None:
    """Void what the written statements void, and give those that refer to others the query keys of these.

    `written` holds the statements' `_id`, `ref`, `voids` and `keys`. Doing it again changes nothing.
    Source: xAPI Data 2.3.2 (voided whichever arrives first), Communication 2.1.3 (StatementRef targets in filters).
    """
    referring = [document for document in written if document.get("ref")]
    if referring:
        await _mark(statements, {document["ref"] for document in referring})
        await _void(statements, referring)
        await _inherit_keys(statements, referring)


async def answer(statements: AsyncCollection[Document], written: Sequence[Document]) -> None:
    """Void the written statements, and hand their query keys along, as those ask that refer to them already.

    Doing it again changes nothing. Source: as for `follow`.
    """
    by_id = {document["_id"]: document for document in written}
    pointing = statements.find({"ref": {"$in": list(by_id)}}, _REFERENCE)
    referrers = [document async for document in pointing]
    await _void(statements, referrers)
    for referrer in referrers:
        await _add_keys(statements, referrer, by_id[referrer["ref"]]["keys"])


async def _mark(statements: AsyncCollection[Document], targets: Iterable[UUID]) -> None:
    """Have whoever stores one of the targets from now on look for its referrers."""
    try:
        await statements.insert_many([{"_id": target} for target in targets], ordered=False)
    except BulkWriteError as error:
        taken(error)  # most targets are there


async def _void(statements: AsyncCollection[Document], candidates: Iterable[Document]) -> None:
    for document in candidates:
        if target := document.get("voids"):
            # A voiding statement can't itself be voided (Data 2.3.2). The first one to void it is kept.
            await statements.update_one(
                {"_id": target, "voids": None, "voided_by": None}, {"$set": {"voided_by": document["_id"]}}
            )


async def _inherit_keys(statements: AsyncCollection[Document], referring: Sequence[Document]) -> None:
    wanted = {document["ref"] for document in referring}
    found = statements.find({"_id": {"$in": list(wanted)}, "keys": {"$exists": True}}, {"keys": 1})
    targets = {target["_id"]: target async for target in found}
    for document in referring:
        if target := targets.get(document["ref"]):
            await _add_keys(statements, document, target["keys"])


async def _add_keys(statements: AsyncCollection[Document], referrer: Document, keys: Sequence[str]) -> None:
    """Give the keys to a referring statement and, through chains, to those that refer to it.

    But not the key of the credential: a statement about mine is not mine.
    """
    inherited = [key for key in keys if not key.startswith(MINE)]
    pending: list[UUID] = [referrer["_id"]]
    seen: set[UUID] = set()
    while pending:
        seen.update(pending)
        await statements.update_many({"_id": {"$in": pending}}, {"$addToSet": {"keys": {"$each": inherited}}})
        found = statements.find({"ref": {"$in": pending}}, {"_id": 1})
        pending = [document["_id"] async for document in found if document["_id"] not in seen]
