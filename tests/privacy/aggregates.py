"""A store of statements that is asked for them in groups, by somebody who may read none of them."""

import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import polars as pl

from lrs.core.people.directory import Directory
from lrs.core.people.identities import Identities
from lrs.core.querying.aggregate import aggregate
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from tests.api.queried import arrived
from tests.living import new_store
from tests.privacy.attacker import WHOLE, K
from tests.reference.samples import MONDAY

Row: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = dict[str, Any]

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """A store, and who is who in it."""

    store: Store
    stores: Stores
    identities: Identities

    async def introduce(self, people: Sequence[Json]) -> None:
        await Directory(self.stores).put(self.store, "a test", {"people": list(people)})

    async def tell(self, statements: Sequence[Json], at: datetime | None = None) -> None:
        """Store statements as if they had come at a moment, or when what they tell of happened."""
        await arrived(self.store, statements, at)

    async def answer(self, **asked: str) -> Answer:
        """Return what is answered about the weeks that are attacked, or others; without when it was computed."""
        found = (await aggregate(self.store, {**WHOLE, **asked}, self.identities, K)).as_dict()
        return {name: told for name, told in found.items() if name not in ("computed_at", "consistent_through")}

    async def counts(self, axis: str, **asked: str) -> dict[str, int | None]:
        """Return the number of statements of each group, by the end of its name."""
        rows = (await self.answer(group_by=axis, **asked))["rows"]
        return {str(row[axis]).rpartition("/")[2]: row["count"] for row in rows}

    async def total(self, **asked: str) -> int | None:
        """Return the number of statements."""
        (row,) = (await self.answer(**asked))["rows"]
        told: int | None = row["count"]
        return told

    async def tables(self, **asked: str) -> tuple[list[Row], list[Row]]:
        """Return the rows of CSV and of Parquet."""
        found = await aggregate(self.store, {**WHOLE, **asked}, self.identities, K)
        written = list(csv.DictReader(io.StringIO(found.as_csv(), newline="")))
        rows: list[Row] = [*pl.read_parquet(found.as_parquet()).iter_rows(named=True)]
        return list(written), rows


@asynccontextmanager
async def asked(stores: Stores, people: Sequence[Json] = (), statements: Sequence[Json] = ()) -> AsyncIterator[Asked]:
    """A new store of these people, whose statements all came in time."""
    async with new_store(stores) as store:
        made = Asked(store, stores, Identities())
        await made.introduce(people)
        await made.tell(statements)
        yield made


def after(weeks: float) -> datetime:
    """The moment so many weeks after the first Monday."""
    return MONDAY + weeks * WEEK
