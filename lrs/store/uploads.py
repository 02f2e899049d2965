"""Uploads: the data of attachments on its way in, written as files of the GridFS format in small pieces.

A file is written first, under a random id; then a pointer `{_id: sha2, file}` makes it the data of that hash. Who loses
a race for the pointer removes its own file. (The driver's own bucket would buffer up to 48 MB of each file.)
"""

import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from bson.int64 import Int64
from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError

from lrs import clock
from lrs.errors import LRSError, Unavailable
from lrs.store.driver_errors import DUPLICATE_KEY, driver_errors

Document: TypeAlias = dict[str, Any]

CHUNK_BYTES = 255 * 1024  # GridFS's own
WRITTEN_AT_ONCE = 8  # chunks: 2 MB
DRIVER_S = 10  # how long one call may take
KEPT_ALIVE_S = 300.0  # how often a slow upload says that its files are in use

# `state` of a file without pointer; one with a pointer has none.
TAKING, REAPING = "taking", "reaping"


@dataclass(frozen=True, slots=True)
class Files:
    """The collections: pointers by hash, files and their chunks."""

    pointers: AsyncCollection[Document]
    files: AsyncCollection[Document]
    chunks: AsyncCollection[Document]

    async def remove(self, ids: Collection[UUID]) -> None:
        """Remove files that have no pointer. Raises: Unavailable."""
        if ids:
            with driver_errors(DRIVER_S):
                # The chunks first: what a kill leaves is still found by its file.
                await self.chunks.delete_many({"files_id": {"$in": list(ids)}})
                await self.files.delete_many({"_id": {"$in": list(ids)}})

    async def keep(self, ids: Collection[UUID]) -> None:
        """Note that the files have pointers. Raises: Unavailable."""
        with driver_errors(DRIVER_S):
            await self.files.update_many({"_id": {"$in": list(ids)}}, {"$unset": {"state": ""}})


class Upload:
    """The files of one request, written one after the other, which nobody sees before `commit`."""

    def __init__(self, collections: Files) -> None:
        self._collections = collections
        self._unpointed: set[UUID] = set()
        self._ended: dict[UUID, Document] = {}  # sha2 and length by file
        self._kept_alive = time.monotonic()

    async def begin(self) -> None:
        """Begin a file. Raises: Unavailable."""
        self._file, self._length, self._written, self._pending = clock.new_id(), 0, 0, bytearray()
        self._unpointed.add(self._file)
        begun = {"length": Int64(0), "chunkSize": CHUNK_BYTES, "uploadDate": clock.now(), "state": TAKING}
        with driver_errors(DRIVER_S):
            await self._collections.files.insert_one({"_id": self._file, **begun})

    async def write(self, data: bytes) -> None:
        """Write data at the end of the file. Raises: Unavailable."""
        self._length += len(data)
        self._pending += data
        if len(self._pending) >= WRITTEN_AT_ONCE * CHUNK_BYTES:
            await self._write_chunks(len(self._pending) // CHUNK_BYTES * CHUNK_BYTES)

    async def end(self, sha2: str) -> None:
        """End the file, the data of this hash. Raises: Unavailable."""
        await self._write_chunks(len(self._pending))
        self._ended[self._file] = {"sha2": sha2, "length": Int64(self._length)}

    async def commit(self) -> None:
        """Make each file the data of its hash, unless that hash has got data meanwhile. Raises: Unavailable."""
        if not self._ended:
            return
        await self._complete()
        # From here on it is for the reaper to tell which of them have pointers, should this fail.
        self._unpointed.clear()
        pointed = await self._point()
        with suppress(LRSError):
            await self._collections.keep(pointed)
            await self._collections.remove(self._ended.keys() - pointed)

    async def discard(self) -> None:
        """Remove what was not committed. Raises: Unavailable."""
        await self._collections.remove(self._unpointed)

    async def _write_chunks(self, size: int) -> None:
        starts = range(0, size, CHUNK_BYTES)
        chunks = [bytes(self._pending[start : min(start + CHUNK_BYTES, size)]) for start in starts]
        del self._pending[:size]
        documents = [
            {"files_id": self._file, "n": number, "data": chunk} for number, chunk in enumerate(chunks, self._written)
        ]
        self._written += len(documents)
        with driver_errors(DRIVER_S):
            if documents:
                await self._collections.chunks.insert_many(documents)
            if time.monotonic() - self._kept_alive > KEPT_ALIVE_S:
                self._kept_alive = time.monotonic()
                mine = {"_id": {"$in": list(self._unpointed)}}
                await self._collections.files.update_many(mine, {"$set": {"uploadDate": clock.now()}})

    async def _complete(self) -> None:
        """Note hash and length of the files, none of which may have been reaped meanwhile."""
        present = clock.now()
        updates = [
            UpdateOne({"_id": file, "state": TAKING}, {"$set": {**ended, "uploadDate": present}})
            for file, ended in self._ended.items()
        ]
        with driver_errors(DRIVER_S):
            result = await self._collections.files.bulk_write(updates, ordered=False)
        if result.matched_count != len(updates):
            why = "the request took so long that they were taken for abandoned"
            raise Unavailable("the attachments were not stored", why=why, accepted="the same request again")

    async def _point(self) -> set[UUID]:
        """Make the pointers and return the files that got theirs."""
        pointers = [{"_id": ended["sha2"], "file": file} for file, ended in self._ended.items()]
        taken: set[int] = set()
        with driver_errors(DRIVER_S):
            try:
                await self._collections.pointers.insert_many(pointers, ordered=False)
            except BulkWriteError as error:
                taken = _taken(error.details, error)
        return {pointer["file"] for position, pointer in enumerate(pointers) if position not in taken}


def _taken(details: Mapping[str, Any], error: BulkWriteError) -> set[int]:
    failures = details["writeErrors"]
    if any(failure["code"] != DUPLICATE_KEY for failure in failures) or details["writeConcernErrors"]:
        raise error
    return {failure["index"] for failure in failures}
