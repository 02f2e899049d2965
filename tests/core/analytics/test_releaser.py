"""The released table: when weeks are released, what is served meanwhile, and what a crash leaves."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from lrs.core.analytics.answer import MetricAnswer
from lrs.core.analytics.guard import Reason
from lrs.core.analytics.releaser import Releaser, table_name
from lrs.core.analytics.tables import ViewTables
from lrs.core.people.identities import Identities
from lrs.core.runner import reader_name
from lrs.kit.derivation import Derivation
from lrs.plugin.loader import load_plugins
from lrs.store.leases import LeaseLost
from lrs.store.positions import Position
from lrs.store.stores import Stores
from tests.reference.samples import DAY, MONDAY, WEEK, reply, thread, void
from tests.telling import Telling, spread

DISCUSSION = load_plugins()["discussion"]
WHOLE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 21)}
COURSE = "http://example.org/c1"
WEEKS = [
    thread(1, "a", 0, "t:A", course=COURSE),
    reply(2, "b", DAY, "p:B", "t:A", course=COURSE),
    reply(3, "c", WEEK + DAY, "p:C", "t:A", course=COURSE),
]


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        yield made


async def asked(telling: Telling, metric: str = "posts", **more: Any) -> MetricAnswer:
    """Ask by course without having anything released first."""
    return await telling.ask(metric, guarded=False, **{**WHOLE, "group_by": "course", **more})


def values(answer: MetricAnswer) -> list[tuple[str | None, float | None]]:
    return [(row.group, row.value) for row in answer.rows]


async def releaser(telling: Telling, session: Any, owner: str = "a test") -> Releaser:
    made = Releaser(DISCUSSION, telling.store, owner, session, Identities(), ViewTables())
    await made.start()
    return made


async def position(telling: Telling) -> Position:
    return await telling.store.positions.get(table_name("discussion"))


async def derived_only(telling: Telling, told: list[dict[str, Any]]) -> None:
    """Store statements and derive the view from them, without releasing anything."""
    async with Derivation.of(telling.store, telling.client, [DISCUSSION]) as derivation:
        await derivation.take(await telling.post(told), MONDAY + timedelta(days=21))
        await derivation.apply()


async def test_what_is_not_released_is_not_shown_and_nothing_is_taken_for_all(telling: Telling) -> None:
    await derived_only(telling, WEEKS)

    answer = await asked(telling)

    assert [row.reason for row in answer.rows] == [Reason.OPEN_WEEK]
    assert answer.stale


async def test_a_week_is_released_when_it_has_closed(telling: Telling) -> None:
    async with Derivation.of(telling.store, telling.client, [DISCUSSION]) as derivation:
        await derivation.take(await telling.post(WEEKS), MONDAY + timedelta(days=13))
        await derivation.apply()
        await telling.release()
        first = await asked(telling)
        await telling.store.positions.ask(reader_name("discussion"), {"data_until": MONDAY + timedelta(days=14)})
        await telling.release()
        second = await asked(telling, bucket="week")

    assert (values(first), first.window.end) == ([(COURSE, 2)], MONDAY + timedelta(days=7))
    assert [row.value for row in second.rows] == [2, 1]
    assert not first.stale
    assert not second.stale


async def test_a_change_in_a_closed_week_is_stale_until_it_is_released_and_other_weeks_are_not(
    telling: Telling,
) -> None:
    await telling.tell([WEEKS])
    await derived_only(telling, [reply(4, "d", 2 * DAY, "p:D", "t:A", course=COURSE), void(5, 2)])
    first_week = {"until": spread(MONDAY, 7)}

    before, other = await asked(telling, **first_week), await asked(telling, since=spread(MONDAY, 7))
    assert (values(before), before.stale, other.stale) == ([(COURSE, 2)], True, False)

    await derived_only(telling, [void(6, 1)])
    await telling.release()
    after = await asked(telling, **first_week)
    assert (values(after), after.stale) == ([(COURSE, 1)], False)
    assert await telling.store.released.marks("discussion") == []


async def test_what_changes_while_a_week_is_released_is_released_once_more(telling: Telling) -> None:
    await telling.tell([WEEKS])
    await derived_only(telling, [void(5, 2)])
    (mark,) = await telling.store.released.marks("discussion")
    await derived_only(telling, [reply(4, "d", DAY, "p:D", "t:A", course=COURSE)])

    async with telling.client.start_session() as session, await session.start_transaction():
        await telling.store.released.take_marks([mark], session)

    (left,) = await telling.store.released.marks("discussion")
    assert (left.day, left.times) == (mark.day, mark.times + 1)


async def test_what_has_changed_waits_while_the_plugin_catches_up(telling: Telling) -> None:
    await telling.tell([WEEKS])
    await derived_only(telling, [void(5, 2)])
    await telling.read([[reply(4, "d", DAY, "p:D", "t:A", course=COURSE)]])

    await telling.release()
    assert len(await telling.store.released.marks("discussion")) == 1
    assert (await asked(telling)).stale

    await telling.tell([[]])
    assert await telling.store.released.marks("discussion") == []
    assert not (await asked(telling)).stale


async def test_a_late_act_of_a_week_without_any_is_released(telling: Telling) -> None:
    await telling.tell([WEEKS])

    await telling.tell([[reply(4, "d", -WEEK, "p:D", "t:A", course=COURSE)]])

    answer = await asked(telling, since=spread(MONDAY, -7), bucket="week")
    assert [row.value for row in answer.rows] == [1, 2, 1, 0]


async def test_the_old_table_is_served_stale_while_it_is_known_otherwise_who_is_who(telling: Telling) -> None:
    await telling.tell([WEEKS])
    agents = [{"mbox": f"mailto:{name}@example.org"} for name in "ab"]
    await telling.introduce([{"id": "p1", "identifiers": agents}])

    async with telling.client.start_session() as session:
        working = await releaser(telling, session)
        steps = 0
        while await working.step():
            meanwhile = await asked(telling, "participants", until=spread(MONDAY, 7))
            steps += 1
            if (await position(telling)).rebuilt is not None:
                assert (values(meanwhile), meanwhile.stale) == ([(COURSE, 2)], True)

    after = await asked(telling, "participants", until=spread(MONDAY, 7))
    assert steps == 4  # begun, two weeks, served
    assert (values(after), after.stale) == ([(COURSE, 1)], False)
    cells = telling.store.database["released"]
    assert await cells.distinct("table", {"plugin": "discussion"}) == [(await position(telling)).generation]


async def test_a_table_that_was_left_half_way_is_finished_by_the_next_worker(telling: Telling) -> None:
    await telling.tell([WEEKS])
    await telling.introduce([{"id": "p1", "identifiers": [{"mbox": "mailto:a@example.org"}]}])
    async with telling.client.start_session() as session:
        left = await releaser(telling, session)
        await left.step()
        await left.step()
        begun = (await position(telling)).rebuilt

        other = await releaser(telling, session, "another worker")
        with pytest.raises(LeaseLost):
            await left.step()
        assert (await position(telling)).rebuilt == begun
        while await other.step():
            pass

    assert begun is not None
    assert (await position(telling)).generation == begun["generation"]
    assert values(await asked(telling)) == [(COURSE, 3)]


async def test_a_table_of_an_earlier_identity_is_begun_anew_by_the_next_worker(telling: Telling) -> None:
    await telling.tell([WEEKS])
    agents = [{"mbox": f"mailto:{name}@example.org"} for name in "abc"]
    await telling.introduce([{"id": "p1", "identifiers": agents[:2]}])
    async with telling.client.start_session() as session:
        left = await releaser(telling, session)
        await left.step()
        await left.step()
        await telling.introduce([{"id": "p1", "identifiers": agents}])
        other = await releaser(telling, session, "another worker")
        while await other.step():
            pass

    assert values(await asked(telling, "participants")) == [(COURSE, 1)]
    assert len(await telling.store.database["released"].distinct("table", {"plugin": "discussion"})) == 1


async def test_a_table_that_a_crash_left_behind_is_deleted_by_the_next_worker(telling: Telling) -> None:
    await telling.tell([WEEKS])
    cells = telling.store.database["released"]
    left = [{**each, "table": 7} async for each in cells.find({"plugin": "discussion"}, {"_id": 0})]
    await cells.insert_many(left)

    await telling.release()

    assert await cells.distinct("table", {"plugin": "discussion"}) == [(await position(telling)).generation]
    assert len(left) > 0


async def test_a_rebuilt_view_is_released_as_a_whole(telling: Telling) -> None:
    await telling.tell([WEEKS])
    await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})
    async with Derivation.of(telling.store, telling.client, [DISCUSSION]) as derivation:
        await derivation.apply()
        assert (await asked(telling)).stale
        await telling.release()

    answer = await asked(telling)
    assert (values(answer), answer.stale) == ([(COURSE, 3)], False)


async def test_a_membership_that_begins_in_the_open_week_releases_nothing_anew(telling: Telling) -> None:
    await telling.tell([WEEKS])
    before = await position(telling)
    async with telling.client.start_session() as session, await session.start_transaction():
        await telling.store.people.raise_version(MONDAY + timedelta(days=1000), session)

    assert not (await asked(telling)).stale
    await telling.release()

    after = await position(telling)
    assert (before.basis, after.basis) != (None, None)
    assert (after.generation, after.basis) == (before.generation, {**(before.basis or {}), "identity": 1})
