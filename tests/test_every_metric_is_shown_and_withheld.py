"""Every metric of the catalogue is seen with a value, with a reason why there is none, and withheld.

The organisation is one whose platform tells true parents and voids nothing, so that even the shape of threads is known.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson
import pytest

from lrs.cli.sample import Mix, generate
from lrs.core.analytics.answer import Row
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests import reference
from tests.reference.domain import DOMAINS
from tests.reference.samples import VIEWED, activity, statement
from tests.telling import Telling

METRICS = [(plugin.name, metric) for plugin in load_plugins().values() for metric in plugin.metrics]
NAMES = [f"{plugin}.{metric.id}" for plugin, metric in METRICS]
WHOLE: dict[str, Any] = {"since": "2026-08-03T00:00:00+00:00", "until": "2026-11-02T00:00:00+00:00"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Told:
    """A store that was told the organisation, the reference's reading of it by plugin, and a store in which nobody did
    anything but open a page.
    """

    telling: Telling
    read: dict[str, Any]
    nothing: Telling

    async def rows(self, metric: str, **asked: Any) -> list[Row]:
        return list((await self.telling.ask(metric, **{**WHOLE, **asked})).rows)


@pytest.fixture(scope="module")
async def told(stores: Stores) -> AsyncIterator[Told]:
    sample = generate(people=180, statements=8000, seed=31, mix=Mix(voids=0))
    statements = [each for each in sample.statements if _tells_parents(each)]
    people = sample.organisation.roster()["people"]
    read = {name: reference.read(statements, plugin=name, people=people) for name in DOMAINS}
    async with Telling.to_a_new_store(stores) as telling, Telling.to_a_new_store(stores) as nothing:
        await telling.introduce(people)
        await telling.tell([statements[n : n + 500] for n in range(0, len(statements), 500)])
        await nothing.tell([[statement(1, "a", VIEWED, activity("http://example.org/page"), 0)]])
        yield Told(telling, read, nothing)


@pytest.mark.parametrize("name", [name for name in NAMES if name.partition(".")[0] in DOMAINS])
async def test_it_has_the_value_that_its_definition_gives(name: str, told: Told) -> None:
    (row,) = await told.rows(name)

    assert row.value is not None, row.reason
    assert await told.telling.differences(told.read[name.partition(".")[0]], name, **WHOLE) == []


@pytest.mark.parametrize(("plugin", "metric"), METRICS, ids=NAMES)
async def test_where_nothing_happened_it_is_what_the_catalogue_says(plugin: str, metric: Any, told: Told) -> None:
    (row,) = (await told.nothing.ask(f"{plugin}.{metric.id}", **WHOLE)).rows

    counts = metric.no_data.startswith("0")
    assert (row.value, row.n_people, row.n_acts, row.suppressed) == (0 if counts else None, 0, 0, False)
    assert row.reason in ((None,) if counts else ("no_data", "no_roster"))


@pytest.mark.parametrize(("plugin", "metric"), METRICS, ids=NAMES)
async def test_a_group_of_which_nothing_is_known_has_a_reason(plugin: str, metric: Any, told: Told) -> None:
    (row,) = await told.rows(f"{plugin}.{metric.id}", group_by="role")

    assert (row.value, row.reason, row.suppressed) == (None, "no_roster", False)


@pytest.mark.parametrize(("plugin", "metric"), METRICS, ids=NAMES)
async def test_it_is_withheld_where_too_few_people_did_anything(plugin: str, metric: Any, told: Told) -> None:
    rows = await told.rows(f"{plugin}.{metric.id}", group_by="department", bucket="week")

    withheld = [row for row in rows if row.reason == "too_few_people"]
    assert withheld
    assert {(row.value, row.n_people, row.n_acts, row.suppressed) for row in withheld} == {(None, None, None, True)}


def _tells_parents(told: dict[str, Any]) -> bool:
    text = orjson.dumps(told)
    return b"moodle.example.org" not in text and b"courses.example.org" not in text
