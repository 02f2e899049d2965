"""Readers of the feed: what they catch up with when they start."""

from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import load_rules
from lrs.store.connection import Client
from tests.living import Living
from tests.reference.samples import HAND_THREAD


async def read_everything(lrs: Living, client: Client) -> StoreReader:
    """A reader that starts and catches up without a feed of its own, as beside readers that have one."""
    async with client.start_session() as session:
        reader = StoreReader(lrs.store, load_rules(), "a test", session)
        await reader.start()
        await reader.catch_up(None)
    return reader


async def test_a_reader_that_starts_again_before_it_heard_anything_reads_nothing_twice(
    lrs: Living, client: Client
) -> None:
    await lrs.post(HAND_THREAD[:4])
    first = await read_everything(lrs, client)
    assert (first.position.seq, first.position.token) == (4, None)

    await lrs.post(HAND_THREAD[4:])
    again = await read_everything(lrs, client)

    assert again.position.seq == 7
    assert await lrs.store.database["interactions_0"].count_documents({}) == 7
