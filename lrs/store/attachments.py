"""Data of attachments, stored once by its hash and read in small pieces; see `uploads` for how it is written."""

import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID

from pymongo import ASCENDING
from pymongo.asynchronous.database import AsyncDatabase

from lrs import clock
from lrs.errors import LRSError
from lrs.store.driver_errors import driver_errors
from lrs.store.uploads import DRIVER_S, REAPING, TAKING, Files, Upload

Document: TypeAlias = dict[str, Any]

READ_AT_ONCE = 8  # chunks: 2 MB
ORPHANED = timedelta(hours=1)  # after this a file without pointer is nobody's: its writer was killed
REAPED_EVERY_S = 600.0
REAPED_AT_ONCE = 20  # files


class Attachments:
    """The collections `attachments` (pointers), `attachments.files` and `attachments.chunks` of one store."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._collections = Files(
            pointers=database["attachments"],
            files=database["attachments.files"],
            chunks=database["attachments.chunks"],
        )
        self._reaped: float | None = None

    async def create_indexes(self) -> None:
        await self._collections.chunks.create_index([("files_id", ASCENDING), ("n", ASCENDING)], unique=True)
        await self._collections.files.create_index([("state", ASCENDING)], sparse=True)

    async def files(self, hashes: Collection[str]) -> dict[str, UUID]:
        """Return the file of each of the hashes, in lower case, whose data is stored. Raises: Unavailable."""
        with driver_errors(DRIVER_S):
            found = self._collections.pointers.find({"_id": {"$in": list(hashes)}}, {"file": 1})
            return {pointer["_id"]: pointer["file"] async for pointer in found}

    async def read(self, file: UUID) -> AsyncIterator[bytes]:
        """Yield the data of a file, chunk by chunk. Raises: Unavailable."""
        cursor = self._collections.chunks.find({"files_id": file}, {"_id": 0, "data": 1}).sort("n", ASCENDING)
        cursor = cursor.batch_size(READ_AT_ONCE)
        while True:
            with driver_errors(DRIVER_S):  # for each chunk: the client may take its time between two
                chunk = await anext(cursor, None)
            if chunk is None:
                return
            yield chunk["data"]

    @asynccontextmanager
    async def upload(self) -> AsyncIterator[Upload]:
        """Give an upload; what is not committed when the block ends is removed. Raises: Unavailable."""
        if self._reaped is None or time.monotonic() - self._reaped > REAPED_EVERY_S:
            self._reaped = time.monotonic()
            await self.reap()
        upload = Upload(self._collections)
        try:
            yield upload
        finally:
            with suppress(LRSError):  # what stays is reaped
                await upload.discard()

    async def reap(self) -> None:
        """Remove files that have been without pointer for an hour. Raises: Unavailable."""
        abandoned = {"state": {"$in": [TAKING, REAPING]}, "uploadDate": {"$lt": clock.now() - ORPHANED}}
        with driver_errors(DRIVER_S):
            found = await self._collections.files.find(abandoned).limit(REAPED_AT_ONCE).to_list()
        pointed = await self.files([file["sha2"] for file in found if "sha2" in file])
        for file in found:
            if pointed.get(file.get("sha2", "")) == file["_id"]:  # its writer was killed just after the pointer
                await self._collections.keep([file["_id"]])
                continue
            with driver_errors(DRIVER_S):  # claimed first, for its writer may be at it again
                claim = {"_id": file["_id"], **abandoned}
                claimed = await self._collections.files.update_one(claim, {"$set": {"state": REAPING}})
            if claimed.matched_count:
                await self._collections.remove([file["_id"]])
