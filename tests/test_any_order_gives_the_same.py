"""Whatever order statements arrive in, however often and in which batches, the answers are the same."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lrs.store.stores import Stores
from tests import reference
from tests.conversations import conversations, deliveries
from tests.reference.samples import MONDAY
from tests.reference.statements import Statement, standing
from tests.telling import METRICS, Telling, spread

SINCE, UNTIL = spread(MONDAY, 0), spread(MONDAY, 21)

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


def in_order(told: list[Statement]) -> list[list[Statement]]:
    return [sorted(told, key=lambda each: (each["timestamp"], each["id"]))]


@settings(QUICK, max_examples=40)
@given(data=st.data())
async def test_any_order_of_delivery_gives_the_same_and_it_is_the_references(
    data: st.DataObject, telling: Telling
) -> None:
    told = data.draw(conversations())
    await telling.forget()
    await telling.tell(in_order(told))
    expected, view = await telling.interactions(), await telling.view()

    await telling.forget()
    await telling.tell(data.draw(deliveries(told)))

    assert await telling.interactions() == expected
    assert await telling.view() == view
    kept, counted = await telling.counts()
    assert kept == counted
    read = reference.read(told)
    for metric in METRICS:
        for asked in ({}, {"bucket": "week"}, {"group_by": "course"}):
            assert await telling.differences(read, metric, since=SINCE, until=UNTIL, guarded=False, **asked) == []


@settings(QUICK, max_examples=20)
@given(data=st.data())
async def test_what_was_voided_never_happened(data: st.DataObject, telling: Telling) -> None:
    told = data.draw(conversations())
    await telling.forget()
    await telling.tell(in_order(standing(told)))
    expected, view = await telling.interactions(), await telling.view()

    await telling.forget()
    await telling.tell(data.draw(deliveries(told)))

    assert await telling.interactions() == expected
    assert await telling.view() == view
