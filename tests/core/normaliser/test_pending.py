"""A scan computes the next batch while one is written: the same comes out as when each batch waits for the last."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrs.core import feed_reader
from lrs.kit.derivation import Derivation
from lrs.store.positions import NORMALISER
from lrs.store.stores import Stores
from tests.conversations import conversations, deliveries
from tests.telling import Telling

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


@settings(
    max_examples=25,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
async def test_batches_that_overlap_give_the_same_as_batches_that_wait(data: st.DataObject, telling: Telling) -> None:
    told = data.draw(conversations())
    await telling.forget()
    async with Derivation.of(telling.store, telling.client, ()) as derivation:
        for batch in data.draw(deliveries(told)):
            await derivation.take(await telling.post(batch))
        waited = await kept(telling, 0)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(feed_reader, "SCANNED", data.draw(st.integers(1, 5)))
            await derivation.derive_anew()

    generation = (await telling.store.positions.get(NORMALISER)).generation
    assert generation > 0
    assert await kept(telling, generation) == waited


async def kept(telling: Telling, generation: int) -> list[object]:
    """What the normaliser keeps in a generation, but for voided acts, which another order may never have written."""
    made = telling.store.interactions(generation)
    unmapped = telling.store.database[f"unmapped_{generation}"].find()
    counts = await telling.store.counts(generation).all()
    return [
        {each["_id"]: each async for each in made.everything() if not each["voided"]},
        {each["_id"]: each async for each in made.all_items() if each["first"] is not None},
        {each["_id"]: each async for each in unmapped},
        {each: n for each, n in counts if each.state != "voided"},
    ]
