"""Organisations that are attacked: each is told once, and asked everything."""

from collections.abc import AsyncIterator

import pytest

from lrs.store.stores import Stores
from tests.privacy.attacked import Attacked, truth_of
from tests.privacy.attacker import Guarded
from tests.privacy.organisation import organisation

SIZES = [
    (1, 1, 7, 9, 11),  # those that are too small are fewer than five together: another one is withheld with them
    (2, 3, 6, 8, 13),  # they are just five together: nothing else needs to be
    (4, 5, 5, 7, 9),  # one alone, of just too few, and two of one size to be withheld with it
]
"""How many people there are in each department."""


@pytest.fixture(scope="module", params=SIZES, ids=lambda sizes: "-".join(map(str, sizes)))
async def attacked(stores: Stores, request: pytest.FixtureRequest) -> AsyncIterator[Attacked]:
    """Departments of some sizes, teams that overlap and courses, over three weeks in which people also move."""
    made = organisation(sum(request.param), request.param)
    async with Guarded.told(stores, made.people, made.statements) as telling:
        answers = await telling.everything([None, "department", "team", "course"])
        yield Attacked(made, telling, answers, truth_of(made))
