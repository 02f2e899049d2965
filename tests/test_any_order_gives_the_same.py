"""Whatever order statements arrive in, however often and in which batches, the same is kept of them."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests.conversations import deliveries
from tests.reference.statements import Statement, standing
from tests.stories import STORIES
from tests.telling import MUCH_LATER, Telling

Kept: TypeAlias = tuple[dict[str, dict[str, Any]], dict[str, dict[str, dict[str, Any]]]]

# Shrinking would take minutes of a database's time: what Hypothesis finds is short already.
QUICK = settings(
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # thirty seconds on a machine of its own


@pytest.fixture(scope="module")
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


@pytest.mark.parametrize("plugin", STORIES)
@settings(QUICK, max_examples=10)
@given(data=st.data())
async def test_any_order_of_delivery_gives_the_same(data: st.DataObject, plugin: str, telling: Telling) -> None:
    told = data.draw(STORIES[plugin]).statements
    expected = await kept_of(telling, in_order(told))

    assert await kept_of(telling, data.draw(deliveries(told))) == expected
    kept, counted = await telling.counts()
    assert kept == counted


@pytest.mark.parametrize("plugin", STORIES)
@settings(QUICK, max_examples=6)
@given(data=st.data())
async def test_what_was_voided_never_happened(data: st.DataObject, plugin: str, telling: Telling) -> None:
    told = data.draw(STORIES[plugin]).statements
    expected = await kept_of(telling, in_order(standing(told)))

    assert await kept_of(telling, data.draw(deliveries(told))) == expected


def in_order(told: list[Statement]) -> list[list[Statement]]:
    return [sorted(told, key=lambda each: (each["timestamp"], each["id"]))]


async def kept_of(telling: Telling, batches: Sequence[Sequence[Statement]]) -> Kept:
    """The interactions, and the acts of each plugin, in an empty store."""
    await telling.forget()
    async with Derivation.of(telling.store, telling.client, load_plugins().values()) as derivation:
        for batch in filter(None, batches):
            await derivation.take(await telling.post(batch), MUCH_LATER)
            await derivation.apply()
    views = {name: await telling.view(plugin) for name, plugin in load_plugins().items()}
    return await telling.interactions(), views
