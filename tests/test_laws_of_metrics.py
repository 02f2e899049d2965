"""Laws that hold for every metric of every plugin, whatever it means: what may be told otherwise and change nothing."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import fsum
from random import Random
from typing import Any

import pytest

from lrs.core.analytics.answer import Row
from lrs.core.analytics.windows import Window
from lrs.plugin.loader import load_plugins
from lrs.store.stores import Stores
from tests.organisations import Organisation, organisation
from tests.telling import Telling

SINCE, UNTIL = datetime(2026, 8, 3, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
HALF_WAY = datetime(2026, 10, 5, tzinfo=UTC)
LATER = timedelta(weeks=17)

METRICS = [f"{plugin.name}.{metric.id}" for plugin in load_plugins().values() for metric in plugin.metrics]

SUMS = (
    *("discussion.threads", "discussion.posts", "discussion.replies"),
    *("sharing.shares", "mentoring.sessions", "mentoring.duration"),
)
"""What a window has of these is what its parts have."""

OF_DISJOINT_PEOPLE = (
    *SUMS,
    *("discussion.participants", "sharing.sharers", "sharing.reach"),
    *("mentoring.active_pairs", "mentoring.stalled_pairs"),
)
"""What two organisations have of these, they have together."""

QUESTIONS: tuple[dict[str, Any], ...] = (
    {"guarded": False},
    {"bucket": "week"},
    {"group_by": "department", "bucket": "week"},
    {"group_by": "course", "bucket": "month", "guarded": False},
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Told:
    """A store that was told an organisation, and what it has answered."""

    telling: Telling
    known: dict[tuple[str, str], Sequence[Row]] = field(default_factory=dict)

    async def rows(self, metric: str, since: datetime = SINCE, until: datetime = UNTIL, **asked: Any) -> Sequence[Row]:
        key = metric, str((since, until, asked))
        if key not in self.known:
            window: dict[str, Any] = {"since": since.isoformat(), "until": until.isoformat()}
            self.known[key] = (await self.telling.ask(metric, **window, **asked)).rows
        return self.known[key]

    async def row(self, metric: str, **asked: Any) -> Row:
        (found,) = await self.rows(metric, **asked)
        return found


@pytest.fixture(scope="module")
async def told(stores: Stores) -> AsyncIterator[Mapping[str, Told]]:
    """One organisation told in several ways, and another one, alone and beside it."""
    one = organisation(people=50, statements=1800, seed=21)
    other = organisation(people=30, statements=700, seed=22).elsewhere()
    async with AsyncExitStack() as stack:

        async def tell(what: Organisation, batches: Iterable[Any] | None = None) -> Told:
            telling = await stack.enter_async_context(Telling.to_a_new_store(stores))
            await telling.introduce(what.people)
            await telling.tell(list(batches or what.in_batches()))
            return Told(telling)

        yield {
            "as it arrives": await tell(one),
            "in disorder": await tell(one, one.in_disorder(Random(23))),
            "without voids": await tell(one.without_voids()),
            "until half way": await tell(one.until(HALF_WAY)),
            "later": await tell(one.later(LATER)),
            "another": await tell(other),
            "both": await tell(one.beside(other)),
        }


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("way", ["in disorder", "without voids"])
async def test_neither_order_nor_batches_nor_repeats_nor_what_was_voided_matter(
    metric: str, way: str, told: Mapping[str, Told]
) -> None:
    for asked in QUESTIONS:
        assert await told[way].rows(metric, **asked) == await told["as it arrives"].rows(metric, **asked)


@pytest.mark.parametrize("metric", METRICS)
async def test_what_happens_after_until_changes_nothing(metric: str, told: Mapping[str, Told]) -> None:
    for asked in QUESTIONS:
        expected = await told["until half way"].rows(metric, until=HALF_WAY, **asked)
        assert await told["as it arrives"].rows(metric, until=HALF_WAY, **asked) == expected


@pytest.mark.parametrize("metric", METRICS)
async def test_all_of_it_some_weeks_later_is_answered_some_weeks_later(metric: str, told: Mapping[str, Told]) -> None:
    for asked in (each for each in QUESTIONS if each.get("bucket") != "month"):
        now = await told["as it arrives"].rows(metric, **asked)
        later = await told["later"].rows(metric, since=SINCE + LATER, until=UNTIL + LATER, **asked)
        assert later == [_later(row) for row in now]


@pytest.mark.parametrize("metric", METRICS)
async def test_a_window_has_the_acts_of_its_parts(metric: str, told: Mapping[str, Told]) -> None:
    groups: tuple[dict[str, Any], ...] = ({}, {"group_by": "department"})
    for grouped in groups:
        whole = await told["as it arrives"].rows(metric, guarded=False, **grouped)
        for bucket in ("week", "month", *([] if grouped else ["day"])):
            parts = await told["as it arrives"].rows(metric, guarded=False, bucket=bucket, **grouped)
            for row in whole:
                own = [part for part in parts if part.group == row.group]
                assert sum(part.n_acts or 0 for part in own) == row.n_acts
                if metric in SUMS:
                    assert fsum(part.value or 0 for part in own) == pytest.approx(row.value)


@pytest.mark.parametrize("metric", METRICS)
async def test_two_organisations_in_one_store_have_together_what_each_has_alone(
    metric: str, told: Mapping[str, Told]
) -> None:
    one, other, both = [await told[each].row(metric, guarded=False) for each in ("as it arrives", "another", "both")]

    assert both.n_people == (one.n_people or 0) + (other.n_people or 0)
    assert both.n_acts == (one.n_acts or 0) + (other.n_acts or 0)
    if metric in OF_DISJOINT_PEOPLE:
        assert both.value == pytest.approx((one.value or 0) + (other.value or 0))
    if metric == "mentoring.max_mentees":
        assert both.value == max(one.value or 0, other.value or 0)


@pytest.mark.parametrize("metric", METRICS)
async def test_what_strangers_do_changes_nothing_in_a_group(metric: str, told: Mapping[str, Told]) -> None:
    groups: tuple[dict[str, Any], ...] = ({"group_by": "department"}, {"group_by": "course", "bucket": "month"})
    for asked in groups:
        alone = [await told[each].rows(metric, guarded=False, **asked) for each in ("as it arrives", "another")]
        together = await told["both"].rows(metric, guarded=False, **asked)
        named = [row for rows in alone for row in rows if row.group is not None]
        assert sorted(map(_own, together)) == sorted(map(_own, named or together))


async def test_the_laws_are_about_something(told: Mapping[str, Told]) -> None:
    found = {metric: await told["as it arrives"].row(metric, guarded=False) for metric in METRICS}
    nothing = {metric for metric, row in found.items() if row.value is None}
    assert nothing == {"discussion.depth", "discussion.breadth"}  # Moodle and Open edX drop true parents
    assert all(row.value for metric, row in found.items() if metric in OF_DISJOINT_PEOPLE)


def _own(row: Row) -> str:
    """What a row tells of its group: `expected` stands beside, what chance would make of everybody."""
    return repr(replace(row, beside={name: each for name, each in row.beside.items() if name != "expected"}))


def _later(row: Row) -> Row:
    bucket = None if row.bucket is None else Window(row.bucket.start + LATER, row.bucket.end + LATER)
    return replace(row, bucket=bucket)
