"""Voids and references between statements, whichever of the two arrives first, or both at once.

Each side commits its own write first and looks for the other then, so at least one of the two sees the other. The
answer waits for it, and the feed does it once more, which mends what a kill left in between.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from pymongo.asynchronous.collection import AsyncCollection

from lrs.xapi.columns import MINE

Document = dict[str, Any]

_REFERENCE = {"ref": 1, "voids": 1, "keys": 1}


async def settle(statements: AsyncCollection[Document], written: Sequence[Document]) -> None:
    """Void what the written statements void or what voids them, and hand query keys along references.

    `written` holds the statements' `_id`, `ref`, `voids` and `keys`. Doing it again changes nothing.
    Source: xAPI Data 2.3.2 (voided whichever arrives first), Communication 2.1.3 (StatementRef targets in filters).
    """
    by_id = {document["_id"]: document for document in written}
    pointing = statements.find({"ref": {"$in": list(by_id)}}, _REFERENCE)
    referrers = [document async for document in pointing]
    await _void(statements, [*written, *referrers])
    await _inherit_keys(statements, [document for document in written if document.get("ref")])
    for referrer in referrers:
        await _add_keys(statements, referrer, by_id[referrer["ref"]]["keys"])


async def _void(statements: AsyncCollection[Document], candidates: Iterable[Document]) -> None:
    for document in candidates:
        if target := document.get("voids"):
            # A voiding statement can't itself be voided (Data 2.3.2). The first one to void it is kept.
            await statements.update_one(
                {"_id": target, "voids": None, "voided_by": None}, {"$set": {"voided_by": document["_id"]}}
            )


async def _inherit_keys(statements: AsyncCollection[Document], referring: Sequence[Document]) -> None:
    wanted = {document["ref"] for document in referring}
    if not wanted:
        return
    targets = {target["_id"]: target async for target in statements.find({"_id": {"$in": list(wanted)}}, {"keys": 1})}
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
