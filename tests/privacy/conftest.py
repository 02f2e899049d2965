"""Organisations that are attacked: each is told once, and asked everything."""

from collections.abc import AsyncIterator

import pytest

from lrs.store.stores import Stores
from tests.privacy.attacked import Attacked, truth_of
from tests.privacy.attacker import Guarded
from tests.privacy.organisation import organisation

SIZES = [(2, 3, 6, 8, 13), (1, 1, 7, 9, 11), (4, 4, 9, 12), (1, 5, 6, 9), (4, 6, 6, 7, 9)]
"""How many people there are in each department."""


@pytest.fixture(scope="session", params=SIZES, ids=lambda sizes: "-".join(map(str, sizes)))
async def attacked(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Attacked]:
    """Departments of some sizes, teams that overlap and courses, over three weeks in which people also move."""
    made = organisation(sum(request.param), request.param)
    async with Guarded.to_a_new_store(stores) as telling:
        await telling.introduce(made.people)
        await telling.tell([made.statements])
        answers = await telling.everything([None, "department", "team", "course"])
        yield Attacked(made, telling, answers, truth_of(made))
