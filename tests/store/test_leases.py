"""The lease: one holder at a time, and what a dead holder left open is ended."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lrs import clock
from lrs.store.connection import Client
from lrs.store.leases import Lease, LeaseLost
from lrs.store.stores import Store


async def run_out(client: Client, name: str) -> None:
    """Let the term of a lease pass."""
    past = clock.now() - timedelta(seconds=1)
    await client["lrs"]["leases"].update_one({"_id": name}, {"$set": {"until": past}})


async def test_a_lease_has_one_holder_until_it_is_given_back(client: Client) -> None:
    name = f"lease-{uuid4()}"
    first, second = Lease(client, name, "first"), Lease(client, name, "second")
    assert await first.acquire([])
    assert not await second.acquire([])
    assert await first.acquire([])
    await first.release()
    assert await second.acquire([])
    await second.release()


async def test_a_lease_that_has_run_out_is_lost_to_the_next(client: Client) -> None:
    name = f"lease-{uuid4()}"
    first, second = Lease(client, name, "first"), Lease(client, name, "second")
    assert await first.acquire([])
    await run_out(client, name)
    assert await second.acquire([])
    with pytest.raises(LeaseLost):
        await first.renew()
    await second.renew()
    await second.release()


async def test_the_next_holder_ends_the_transactions_of_a_dead_one(client: Client, store: Store) -> None:
    name, notes = f"lease-{uuid4()}", store.database["notes"]
    await notes.insert_one({"_id": 1})
    async with client.start_session() as session:
        assert await Lease(client, name, "dead").acquire([session])
        await session.start_transaction()
        await notes.update_one({"_id": 1}, {"$set": {"by": "dead"}}, session=session)
        await run_out(client, name)
        second = Lease(client, name, "second")
        assert await second.acquire([])
        changed = await notes.update_one({"_id": 1}, {"$set": {"by": "second"}}, hint="_id_")
        assert changed.modified_count == 1
        await second.release()


async def test_a_holder_that_starts_over_ends_what_its_earlier_attempt_left_open(client: Client, store: Store) -> None:
    lease, notes = Lease(client, f"lease-{uuid4()}", "same"), store.database["notes"]
    await notes.insert_one({"_id": 1})
    async with client.start_session() as earlier, client.start_session() as later:
        assert await lease.acquire([earlier])
        await earlier.start_transaction()
        await notes.update_one({"_id": 1}, {"$set": {"by": "earlier"}}, session=earlier)
        assert await lease.acquire([later])
        changed = await notes.update_one({"_id": 1}, {"$set": {"by": "later"}}, hint="_id_")
        assert changed.modified_count == 1
        await lease.release()
