"""A generated organisation beside what the generator meant, and beside an independent reading in other time zones."""

from collections.abc import AsyncIterator

import pytest

from lrs.cli.sample import Sample, generate
from lrs.store.stores import Stores
from tests import reference
from tests.reference.discussion import Discussion
from tests.telling import Telling
from tests.truth import COUNTED

WHOLE = ("2026-08-09T00:00:00+00:00", "2026-11-01T00:00:00+00:00")
ODD = ("2026-09-03T13:37:11.25+00:00", "2026-10-07T01:02:03+00:00")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sample() -> Sample:
    return generate(people=120, statements=5000, seed=11)


@pytest.fixture(scope="module")
def expected(sample: Sample) -> Discussion:
    return reference.read({"stored": each["timestamp"], **each} for each in sample.statements)


@pytest.fixture(scope="module")
async def told(sample: Sample, stores: Stores) -> AsyncIterator[Telling]:
    """A store that was told the sample in its order of arrival."""
    async with Telling.to_a_new_store(stores) as telling:
        await telling.tell([sample.statements[n : n + 400] for n in range(0, len(sample.statements), 400)])
        yield telling


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
async def test_every_row_in_another_time_zone_is_the_references(
    timezone: str, told: Telling, expected: Discussion
) -> None:
    for asked in ({"bucket": "day"}, {"bucket": "month"}, {"group_by": "course", "bucket": "week"}):
        for metric in ("posts", "participants", "median_response_time", "unanswered_rate"):
            since, until = ODD
            differences = await told.differences(
                expected, metric, since=since, until=until, timezone=timezone, guarded=False, **asked
            )
            assert differences == []


async def test_the_comparison_can_fail(told: Telling, sample: Sample) -> None:
    fewer = reference.read({"stored": each["timestamp"], **each} for each in sample.statements[::2])

    since, until = WHOLE
    assert await told.differences(fewer, "posts", since=since, until=until, bucket="week") != []


async def test_totals_and_weeks_are_those_the_generator_meant(told: Telling, sample: Sample) -> None:
    since, until = WHOLE
    for metric, total in sample.truth.totals.items():
        (row,) = (await told.answer(metric, since=since, until=until)).rows
        assert row.value == total
        weeks = (await told.answer(metric, since=since, until=until, bucket="week", guarded=False)).rows
        assert [row.value for row in weeks] == [week[metric] for week in sample.truth.weeks.values()]


async def test_who_answers_whom_is_what_the_generator_meant(told: Telling, sample: Sample) -> None:
    acts = (await told.interactions()).values()
    replies = {
        (str(act["statement_id"]), act["actor"], act["target"])
        for act in acts
        if act["state"] in COUNTED and act["on_thread"] and act["kind"] in ("reply", "comment", "answer")
    }

    assert replies == {tuple(reply) for reply in sample.truth.replies}
    twins = {str(act["statement_id"]) for act in acts if act["state"] == "superseded"}
    assert twins <= set(sample.truth.twins)
    assert not {str(act["statement_id"]) for act in acts} & set(sample.truth.voided)


async def test_who_answers_whom_is_what_the_reference_reads(told: Telling, sample: Sample) -> None:
    acts = [act for act in (await told.interactions()).values() if act["state"] in COUNTED and act["on_thread"]]
    posts = [act for act in acts if act["kind"] in ("create", "ask", "reply", "comment", "answer")]
    mine = {
        (str(act["statement_id"]), _key(act["actor"]), _key(act["target"]) if act["target_status"] != "self" else None)
        for act in posts
    }

    read = reference.interactions({"stored": each["timestamp"], **each} for each in sample.statements)
    assert mine == {(statement, actor, target) for statement, _, actor, target in read}
    assert len(read) > 500


def _key(actor: str | None) -> str | None:
    """Write an actor's key as the reference does."""
    return actor.replace(" ", "::", 1) if actor is not None else None
