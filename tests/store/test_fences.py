"""Fences: a session that was closed lets nothing through, whenever it is sent, and other sessions go on."""

import pytest
from pymongo.errors import OperationFailure

from lrs.store.connection import Client, connect
from lrs.store.driver_errors import TRANSACTION_TOO_OLD
from lrs.store.fences import fence
from lrs.store.leases import session_key
from lrs.store.stores import Store


async def test_what_is_sent_after_the_fence_is_refused(client: Client, store: Store, mongodb_url: str) -> None:
    notes = store.database["notes"]
    late = client.start_session()
    for number in range(3):
        await notes.insert_many([{"_id": number}], ordered=False, session=late)

    async with connect(mongodb_url) as other:
        await fence(other, "nobody", session_key(late))

    for _ in range(2):
        with pytest.raises(OperationFailure) as caught:
            await notes.insert_many([{"_id": 3}, {"_id": 4}], ordered=False, session=late)
        assert caught.value.code == TRANSACTION_TOO_OLD
    assert await notes.distinct("_id") == [0, 1, 2]


async def test_a_transaction_that_is_open_is_never_committed(client: Client, store: Store) -> None:
    notes = store.database["notes"]
    late = client.start_session()
    await late.start_transaction()
    await notes.insert_one({"_id": 1}, session=late)

    await fence(client, "nobody", session_key(late))

    with pytest.raises(OperationFailure):
        await late.commit_transaction()
    await notes.insert_one({"_id": 1})  # nothing blocks it
    assert await notes.count_documents({}) == 1


async def test_sessions_that_the_driver_uses_later_are_not_fenced(client: Client, store: Store) -> None:
    notes, late = store.database["notes"], client.start_session()
    for number in range(10):
        await fence(client, "nobody", session_key(late))
        await notes.insert_one({"_id": number})

    assert await notes.count_documents({}) == 10
