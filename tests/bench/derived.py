"""What the engine has derived in a running system, read past the API: how far it is, and whether it is right."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self
from uuid import UUID

import orjson

from lrs import clock
from lrs.core.analytics.tables import whole_view
from lrs.core.runner import reader_name
from lrs.plugin.loader import load_plugins
from lrs.store.connection import connect
from lrs.store.positions import NORMALISER, Position
from lrs.store.stores import DEFAULT, Store, Stores
from lrs.store.views import decoded
from lrs.xapi import Json
from tests import truth
from tests.truth import Wrong

PLUGIN = "discussion"
POLL_S = 0.1
CHUNK = 500  # statements whose interactions are compared at once


@dataclass(frozen=True)
class Derived:
    """The interactions and views of the store `default`."""

    store: Store

    @classmethod
    @asynccontextmanager
    async def of(cls, mongodb_url: str) -> AsyncIterator[Self]:
        async with connect(mongodb_url) as client:
            yield cls(await Stores(client).open(DEFAULT))

    async def normaliser(self) -> Position:
        return await self.store.positions.get(NORMALISER)

    async def plugin(self) -> Position:
        return await self.store.positions.get(reader_name(PLUGIN))

    async def caught_up(self, within_s: float) -> None:
        """Wait until the normaliser has read all that is stored, and the plugin applied all that it has written."""
        # Not when the last statement was stored: those of one commit may be read in two batches.
        present, limit = clock.now(), time.monotonic() + within_s
        while time.monotonic() < limit:
            normaliser, plugin = await self.normaliser(), await self.plugin()
            read = normaliser.scan is None and normaliser.data_until is not None and normaliser.data_until >= present
            applied = plugin.rebuilt is None and plugin.source == normaliser.generation
            if read and applied and plugin.seq == normaliser.seq:
                return
            await asyncio.sleep(POLL_S)
        raise TimeoutError(f"not everything is derived after {within_s} s")

    async def wrong(self, organisations: Iterable[Json]) -> list[Wrong]:
        """Return what differs from the truths of organisations."""
        interactions = self.store.interactions((await self.normaliser()).generation)
        found: list[Wrong] = []
        for told in organisations:
            acts: dict[str, list[Json]] = told["interactions"]
            for chunk in _chunks(sorted(acts)):
                records = await interactions.of_statements([UUID(each) for each in chunk])
                found += truth.wrong({each: acts[each] for each in chunk}, _standing(records))
            for chunk in _chunks(told["voided"]):
                left = len(_standing(await interactions.of_statements([UUID(each) for each in chunk])))
                found += [Wrong("voided", "all", "state", left, 0)] * (left > 0)
        return found

    async def digest(self, without: str) -> tuple[int, str]:
        """Return how many documents interactions and view have, and a digest of them all.

        Left out are voided ones and those of actors on the domain `without`, and when something was written.
        """
        total, digest, others = 0, blake2b(digest_size=16), set[str]()  # an act's id is its interaction's
        async for each in self.store.interactions((await self.normaliser()).generation).everything():
            if without in str(each["actor"]):
                others.add(each["_id"])
            elif not each["voided"]:
                digest.update(orjson.dumps(each, default=bytes.hex, option=orjson.OPT_SORT_KEYS))
                total += 1
        acts = await whole_view(self.store, load_plugins()[PLUGIN], await self.plugin())
        for row in acts.sort("id").iter_rows(named=True):
            if row["id"] not in others:
                digest.update(orjson.dumps(row))
                total += 1
        return total, digest.hexdigest()


class Arriving:
    """The acts of the view that is served, as they come: those gone since as well."""

    def __init__(self, derived: Derived) -> None:
        self._derived, self._seq, self._seen = derived, -1, set[str]()

    async def among(self, acts: Collection[str]) -> set[str]:
        """Return which of the acts have come by now."""
        view = await self._derived.plugin()
        for batch in await self._derived.store.views.changed(PLUGIN, view.generation, self._seq):
            for document in decoded(batch):
                self._seen.update(document["id"])
                self._seq = document["seq"]
        return self._seen & set(acts)


def _standing(records: Iterable[Json]) -> list[Json]:
    return [each for each in records if not each["voided"]]


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[begin : begin + CHUNK] for begin in range(0, len(ids), CHUNK))
