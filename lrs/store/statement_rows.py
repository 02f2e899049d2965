"""Statements as rows of their columns, in the order of (stored, id): for whoever takes all of them away.

Each batch is a query of its own that begins where the last one ended. So a batch is all that is ever held, and nothing
stays open in the database while a client is slow, or when it leaves.
"""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias, cast

import bson
from pymongo.asynchronous.database import AsyncDatabase

from lrs.store.pages import TRIED, Within, command
from lrs.store.patience import at_most

Document: TypeAlias = dict[str, Any]

BATCH = 1000  # statements: a megabyte or two
BATCH_S = 30  # how long a batch may take; it may have to look at many statements
NARROWER = "fewer filters at once, or a later `since`"


class StatementRows:
    """The collection `statements` of one store, read from one end to the other."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._statements = database["statements"]

    async def batches(
        self,
        keys: Sequence[str],
        fields: Collection[str],
        *,
        since: datetime | None,
        until: datetime | None,
        bound: datetime,
        ascending: bool,
        limit: int | None,
    ) -> AsyncGenerator[list[Document], None]:
        """Yield the unvoided statements that carry all the keys, some at a time, with their id and some fields.

        `since` is exclusive and `until` inclusive, on `stored`; nothing with `stored` at or above `bound` is shown.
        Raises: Unavailable.
        """
        within, left = Within(since, until, bound), limit
        while left is None or left > 0:
            most = TRIED if len(keys) > 1 else BATCH  # several keys are tried side by side, no further than that
            batch = await self._batch(keys, fields, within, ascending, most if left is None else min(most, left))
            if not batch:
                return
            yield batch
            left = None if left is None else left - len(batch)
            within = replace(within, after=(batch[-1]["stored"], batch[-1]["_id"]))

    async def _batch(
        self, keys: Sequence[str], fields: Collection[str], within: Within, ascending: bool, limit: int
    ) -> list[Document]:
        """Return the next statements: as many as asked for, or as the database gives in one answer of 16 MB."""
        projection = {"stored": 1, **dict.fromkeys(fields, 1)}
        async with at_most(BATCH_S, accepted=NARROWER):
            for query in within.ranges(ascending=ascending):
                asked = command(keys, query, ascending=ascending, limit=limit) | {
                    "projection": projection,
                    "max_time_ms": BATCH_S * 1000,
                }
                async with self._statements.find_raw_batches(**asked) as cursor:
                    async for answer in cursor:  # the driver's types don't know that it gives bytes
                        if found := bson.decode_all(cast(bytes, answer), self._statements.codec_options):
                            return found
        return []
