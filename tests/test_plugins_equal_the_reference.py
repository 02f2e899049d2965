"""Every metric of every plugin, asked of a generated organisation with a roster, beside an independent reading."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from lrs.cli.sample import generate
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests import reference
from tests.reference.domain import DOMAINS
from tests.telling import Telling

WHOLE = {"since": "2026-08-03T00:00:00+00:00", "until": "2026-11-02T00:00:00+00:00"}
ODD = {"since": "2026-09-03T13:37:11.25+00:00", "until": "2026-10-07T01:02:03+00:00"}
QUIET = {"since": "2025-01-01T00:00:00+00:00", "until": "2025-02-01T00:00:00+00:00"}
STORE: tuple[dict[str, Any], ...] = (
    WHOLE,
    ODD,
    QUIET,
    {**WHOLE, "bucket": "week"},
    {**ODD, "bucket": "month"},
    {**ODD, "bucket": "day"},
)
GROUPS: tuple[dict[str, Any], ...] = (ODD, {**WHOLE, "bucket": "month"})
PARTITIONS = ("course", "department", "team", "community", "role")

PLUGINS = [
    plugin for name, plugin in load_plugins().items() if name in DOMAINS
]  # those whose metrics are defined there
METRICS = [(plugin.name, metric.id) for plugin in PLUGINS for metric in plugin.metrics]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Told:
    """A store that was told the sample and its roster, and the reference's reading of both by plugin."""

    telling: Telling
    read: dict[str, Any]


@pytest.fixture(scope="module")
async def told(stores: Stores) -> AsyncIterator[Told]:
    sample = generate(people=90, statements=4000, seed=7)
    roster = sample.organisation.roster()
    statements = [{"stored": each["timestamp"], **each} for each in sample.statements]
    read = {name: reference.read(statements, plugin=name, people=roster) for name in DOMAINS}
    async with Telling.to_a_new_store(stores) as telling:
        await telling.introduce(roster["people"])
        await telling.tell([sample.statements[n : n + 400] for n in range(0, len(sample.statements), 400)])
        yield Told(telling, read)


def _questions() -> Iterator[dict[str, Any]]:
    for asked in STORE:
        yield asked
        yield {**asked, "guarded": False}
    for partition in PARTITIONS:
        for asked in GROUPS:
            yield {**asked, "group_by": partition}
            yield {**asked, "group_by": partition, "guarded": False}


@pytest.mark.parametrize(("plugin", "metric"), METRICS)
async def test_every_row_is_the_references(plugin: str, metric: str, told: Told) -> None:
    for asked in _questions():
        wrong = await told.telling.differences(told.read[plugin], f"{plugin}.{metric}", **asked)
        assert not wrong, f"{asked}: {len(wrong)} rows, first {wrong[0][0]}, by the reference {wrong[0][1]}"


async def test_every_metric_has_a_value_unless_a_sender_can_not_tell(told: Told) -> None:
    for plugin, metric in METRICS:
        (row,) = (await told.telling.answer(f"{plugin}.{metric}", guarded=False, **WHOLE)).rows
        if metric in ("depth", "breadth"):  # Moodle and Open edX drop true parents
            assert row.reason == "source_cannot_tell"
        else:
            assert row.value is not None, f"{plugin}.{metric}: {row.reason}"
