"""The data of attachments in the store: written whole or not at all, kept once, and reaped when it is nobody's."""

import asyncio
import hashlib
import random
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from gridfs import AsyncGridFSBucket

from lrs import clock
from lrs.errors import Unavailable
from lrs.store.attachments import ORPHANED, Attachments
from lrs.store.stores import Store
from lrs.store.uploads import CHUNK_BYTES, Upload

SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 8 * CHUNK_BYTES, 17 * CHUNK_BYTES + 3]


def sha2(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def write(upload: Upload, data: bytes, piece: int = 60_000) -> None:
    await upload.begin()
    for start in range(0, len(data), piece):
        await upload.write(data[start : start + piece])
    await upload.end(sha2(data))


async def keep(attachments: Attachments, *data: bytes) -> None:
    async with attachments.upload() as upload:
        for each in data:
            await write(upload, each)
        await upload.commit()


async def read(attachments: Attachments, data: bytes) -> bytes | None:
    file = (await attachments.files([sha2(data)])).get(sha2(data))
    return None if file is None else b"".join([chunk async for chunk in attachments.read(file)])


async def counts(store: Store) -> list[int]:
    names = ("attachments", "attachments.files", "attachments.chunks")
    return [await store.database[name].count_documents({}) for name in names]


async def age(store: Store, by: timedelta = ORPHANED * 2) -> None:
    """Make every file so much older."""
    changed = {"$set": {"uploadDate": clock.now() - by}}
    await store.database["attachments.files"].update_many({}, changed)


async def abandon(store: Store) -> None:
    """Leave one complete and one begun file of an upload whose process is gone: nobody discards it."""
    async with store.attachments.upload() as living:
        upload = Upload(living._collections)
        await write(upload, b"complete")
        await upload.begin()
        await upload.write(bytes(9 * CHUNK_BYTES))


@pytest.mark.parametrize("piece", [1_000, 60_000, 10_000_000])
async def test_data_is_read_back_as_it_was_written(store: Store, piece: int) -> None:
    for size in SIZES:
        data = random.Random(size).randbytes(size)
        async with store.attachments.upload() as upload:
            await write(upload, data, piece)
            await upload.commit()

        assert await read(store.attachments, data) == data


async def test_files_are_those_of_gridfs(store: Store) -> None:
    """So that an admin's tools read them."""
    data = random.Random(1).randbytes(3 * CHUNK_BYTES + 5)
    await keep(store.attachments, data)
    (file,) = (await store.attachments.files([sha2(data)])).values()

    bucket = AsyncGridFSBucket(store.database, "attachments")

    stream = await bucket.open_download_stream(file)
    assert (stream.length, await stream.read()) == (len(data), data)


async def test_nothing_is_seen_before_the_commit_and_everything_after(store: Store) -> None:
    async with store.attachments.upload() as upload:
        await write(upload, b"one")
        await write(upload, b"two")
        assert await store.attachments.files([sha2(b"one"), sha2(b"two")]) == {}
        await upload.commit()

    assert (await store.attachments.files([sha2(b"one"), sha2(b"two")])).keys() == {sha2(b"one"), sha2(b"two")}


async def test_what_is_not_committed_is_removed(store: Store) -> None:
    async with store.attachments.upload() as upload:
        await write(upload, b"one")
        await upload.begin()
        await upload.write(bytes(20 * CHUNK_BYTES))
        assert await counts(store) == [0, 2, 21]

    assert await counts(store) == [0, 0, 0]


async def test_what_is_committed_at_once_is_kept_once(store: Store) -> None:
    data = [b"one", b"two"]

    await asyncio.gather(*(keep(Attachments(store.database), *data) for _ in range(6)))

    assert await counts(store) == [2, 2, 2]
    for each in data:
        assert await read(store.attachments, each) == each


async def test_a_file_without_pointer_is_reaped_after_an_hour(store: Store) -> None:
    await abandon(store)
    await keep(store.attachments, b"kept")
    await store.attachments.reap()
    assert (await counts(store))[:2] == [1, 3]

    await age(store)
    await keep(Attachments(store.database), b"another")  # the first upload of a process looks for what others left

    assert await counts(store) == [2, 2, 2]
    assert await read(store.attachments, b"kept") == b"kept"


async def test_a_file_whose_writer_died_after_the_pointer_is_kept(store: Store) -> None:
    await keep(store.attachments, b"kept")
    await store.database["attachments.files"].update_many({}, {"$set": {"state": "taking"}})
    await age(store)

    await store.attachments.reap()

    assert await read(store.attachments, b"kept") == b"kept"
    await keep(Attachments(store.database), b"kept")
    await age(store)
    await store.attachments.reap()
    assert await read(store.attachments, b"kept") == b"kept"
    assert await counts(store) == [1, 1, 1]


async def test_a_file_that_a_reaper_has_claimed_but_not_removed_is_removed_by_the_next(store: Store) -> None:
    file = {"_id": uuid4(), "state": "reaping", "uploadDate": clock.now() - ORPHANED * 2}
    await store.database["attachments.files"].insert_one(file)
    await store.database["attachments.chunks"].insert_one({"files_id": file["_id"], "n": 0, "data": b"x"})

    await store.attachments.reap()

    assert await counts(store) == [0, 0, 0]


async def test_a_writer_that_was_taken_for_dead_learns_of_it(store: Store) -> None:
    """Its data is gone, so no pointer may lead there."""
    async with store.attachments.upload() as upload:
        await write(upload, b"one")
        await age(store)
        await store.attachments.reap()
        with pytest.raises(Unavailable):
            await upload.commit()

    assert await counts(store) == [0, 0, 0]


async def test_a_slow_upload_stays_alive(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs.store.uploads.KEPT_ALIVE_S", 0.0)
    data = bytes(9 * CHUNK_BYTES)
    async with store.attachments.upload() as upload:
        await write(upload, b"one")
        await upload.begin()
        await age(store)
        await upload.write(data)
        await store.attachments.reap()
        await upload.end(sha2(data))
        await upload.commit()

    assert await read(store.attachments, b"one") == b"one"
    assert await read(store.attachments, data) == data


async def test_an_unknown_file_has_no_data(store: Store) -> None:
    assert [chunk async for chunk in store.attachments.read(UUID(int=0))] == []
