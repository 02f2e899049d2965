"""One plugin over one store: its failure, its rebuild, and the view that is served meanwhile."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from lrs import clock
from lrs.core.normaliser.rules import load_rules
from lrs.core.packed import FORM
from lrs.core.runner import PluginRunner, reader_name
from lrs.plugin import Act, Change, Column, Config, Plugin
from lrs.plugin.loader import load_plugins
from lrs.store.leases import LeaseLost
from lrs.store.positions import Position
from lrs.store.stores import Stores
from tests.reference.samples import HAND_THREAD, MONDAY, reply, statement, thread, uuid, void
from tests.telling import Telling, spread

DISCUSSION = load_plugins()["discussion"]
WHOLE = {"since": spread(MONDAY, 0), "until": spread(MONDAY, 7)}


@pytest.fixture
async def telling(stores: Stores) -> AsyncIterator[Telling]:
    async with Telling.to_a_new_store(stores) as made:
        await made.tell([HAND_THREAD])
        yield made


def fragile(version: int, apply: Callable[[Change, Config], Act | None]) -> Plugin:
    return dataclasses.replace(DISCUSSION, name="fragile", version=version, apply=apply)


def failing_on(statement: str) -> Callable[[Change, Config], Act | None]:
    def apply(change: Change, config: Config) -> Act | None:
        if str(change.interaction["statement_id"]) == statement:
            raise ValueError("this one is too much")
        return DISCUSSION.apply(change, config)

    return apply


async def run(telling: Telling, plugin: Plugin, owner: str = "a test") -> Position:
    """Start the plugin's runner anew and let it work until there is nothing to do."""
    async with telling.client.start_session() as session:
        runner = PluginRunner(plugin, telling.store, owner, session)
        await runner.start()
        while await runner.step():
            pass
    return await telling.store.positions.get(reader_name(plugin.name))


async def test_a_plugin_that_fails_stops_alone_and_says_on_which_statement(telling: Telling) -> None:
    position = await run(telling, fragile(1, failing_on(uuid(3))))

    assert position.failure is not None
    assert position.failure["statement"] == uuid(3)
    assert position.failure["reason"] == "ValueError: this one is too much"
    assert 0 < position.failure["seq"] <= 7
    assert position.seq == 0

    await telling.tell([[reply(8, "b", 120, "p:B2", "t:A")]])
    assert (await telling.answer("posts", guarded=False, **WHOLE)).rows[0].value == 8


class Speechless(Exception):
    def __str__(self) -> str:
        raise SystemExit("no words")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("bad \ud800"), r"ValueError: bad \ud800"),
        (KeyError("x" * 20_000_000), "KeyError: '" + "x" * 989),
        (Speechless(), "Speechless: its own words can't be read"),
        (SystemExit(3), "SystemExit: 3"),
        (asyncio.CancelledError("no more"), "CancelledError: no more"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_whatever_a_plugin_raises_stops_it_alone_with_a_reason_that_can_be_kept(
    telling: Telling, error: BaseException, reason: str
) -> None:
    def raising(change: Change, config: Config) -> Act | None:
        raise error

    began = clock.now()
    position = await run(telling, fragile(1, raising))

    assert position.failure is not None
    assert position.failure["reason"] == reason
    assert began <= position.failure["t"] <= clock.now()


async def test_a_plugin_that_failed_stays_stopped_when_it_is_started_again(telling: Telling) -> None:
    failed = await run(telling, fragile(1, failing_on(uuid(3))))

    assert await run(telling, fragile(1, DISCUSSION.apply)) == failed


async def test_a_mended_plugin_of_a_higher_version_is_rebuilt_and_goes_on(telling: Telling) -> None:
    await run(telling, fragile(1, failing_on(uuid(3))))

    mended = fragile(2, DISCUSSION.apply)
    position = await run(telling, mended)

    assert (position.failure, position.version, position.generation, position.rebuilt) == (None, 2, 1, None)
    assert await telling.view(mended) == await telling.view(DISCUSSION)
    assert len(await telling.view(mended)) == 7


async def test_a_rebuild_that_fails_leaves_the_old_view_in_service(telling: Telling) -> None:
    await run(telling, fragile(1, DISCUSSION.apply))
    before = await telling.view(DISCUSSION)

    position = await run(telling, fragile(2, failing_on(uuid(7))))

    assert (position.generation, position.version) == (0, 1)
    assert position.failure is not None
    assert position.failure["statement"] == uuid(7)
    assert await telling.view(fragile(2, DISCUSSION.apply)) == before


async def test_a_rebuild_gives_the_same_view_and_serves_the_old_one_meanwhile(telling: Telling) -> None:
    before, served = await telling.view(DISCUSSION), (await telling.answer("posts", guarded=False, **WHOLE)).rows
    await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})

    async with telling.client.start_session() as session:
        runner = PluginRunner(DISCUSSION, telling.store, "a test", session)
        await runner.start()
        assert await runner.step()
        meanwhile = await telling.answer("posts", guarded=False, **WHOLE)
        assert (meanwhile.stale, meanwhile.rows) == (True, served)
        assert await telling.view(DISCUSSION) == before
        while await runner.step():
            pass

    after = await telling.answer("posts", guarded=False, **WHOLE)
    assert (after.stale, after.rows) == (False, served)
    assert await telling.view(DISCUSSION) == before
    position = await telling.store.positions.get(reader_name("discussion"))
    assert (position.generation, position.rebuild_asked, position.rebuilt) == (1, False, None)
    assert "view_discussion_0" not in await telling.store.database.list_collection_names()


async def test_a_rebuild_that_was_left_half_way_is_taken_up_by_the_next_worker(telling: Telling) -> None:
    before = await telling.view(DISCUSSION)
    await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})
    async with telling.client.start_session() as session:
        runner = PluginRunner(DISCUSSION, telling.store, "a test", session)
        await runner.start()
        await runner.step()

    position = await run(telling, DISCUSSION, owner="another worker")

    assert (position.generation, position.rebuilt) == (1, None)
    assert await telling.view(DISCUSSION) == before


async def test_the_old_view_goes_on_after_what_came_during_a_rebuild(telling: Telling) -> None:
    await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})

    await telling.tell([[thread(8, "f", 6, "t:F"), void(9, 7)]])

    assert (await telling.answer("threads", guarded=False, **WHOLE)).rows[0].value == 2
    assert {key[:36] for key in await telling.view(DISCUSSION)} == {uuid(n) for n in (1, 2, 3, 4, 5, 6, 8)}


async def test_a_runner_whose_position_was_taken_over_changes_nothing(telling: Telling) -> None:
    async with telling.client.start_session() as session:
        runner = PluginRunner(DISCUSSION, telling.store, "a test", session)
        await runner.start()
        await run(telling, DISCUSSION, owner="another worker")
        before = await telling.view(DISCUSSION)
        await telling.store.positions.ask(reader_name("discussion"), {"rebuild_asked": True})

        with pytest.raises(LeaseLost):
            await runner.step()

    assert await telling.view(DISCUSSION) == before


COLUMNS: dict[str, Column] = {"words": "number", "parent": "person", "late": "flag"}


async def test_a_plugin_that_gives_what_is_none_of_its_columns_stops(telling: Telling) -> None:
    def wordy(change: Change, config: Config) -> Act | None:
        seen = change.interaction
        return Act(id=seen["_id"], t=seen["t"], actor=seen["actor"], detail={"text": "how is that?"})

    position = await run(telling, dataclasses.replace(fragile(1, wordy), columns=COLUMNS))

    assert position.failure is not None
    assert position.failure["reason"] == "ValueError: 'text' is none of the plugin's columns: words, parent, late"


@pytest.mark.parametrize("value", ["twelve", [1], {"n": 1}])
async def test_a_plugin_that_gives_a_value_of_another_kind_than_its_column_stops(telling: Telling, value: Any) -> None:
    def vague(change: Change, config: Config) -> Act | None:
        seen = change.interaction
        return Act(id=seen["_id"], t=seen["t"], actor=seen["actor"], detail={"words": value})

    position = await run(telling, dataclasses.replace(fragile(1, vague), columns=COLUMNS))

    assert position.failure is not None
    assert "'words'" in position.failure["reason"]


async def test_a_plugin_whose_act_is_at_another_time_than_its_interaction_stops(telling: Telling) -> None:
    def early(change: Change, config: Config) -> Act | None:
        seen = change.interaction
        return Act(id=seen["_id"], t=seen["t"] - timedelta(days=1), actor=seen["actor"])

    position = await run(telling, fragile(1, early))

    assert position.failure is not None
    assert position.failure["reason"].startswith("ValueError: an act has the id and the time of its interaction: ")


async def test_an_act_that_is_none_any_more_is_in_the_view_no_longer(telling: Telling) -> None:
    await telling.tell([[void(8, 3)]])

    assert {key[:36] for key in await telling.view(DISCUSSION)} == {uuid(n) for n in (1, 2, 4, 5, 6, 7)}


async def test_a_view_that_was_written_in_another_way_is_derived_anew(telling: Telling) -> None:
    before, reader = await telling.view(DISCUSSION), reader_name("discussion")
    await telling.store.database["positions"].update_one({"_id": reader}, {"$unset": {"form": ""}})
    await telling.store.database["view_discussion_0"].delete_many({})
    assert (await telling.answer("posts", guarded=False, **WHOLE)).stale

    position = await run(telling, DISCUSSION)

    assert (position.generation, position.form) == (1, FORM)
    assert await telling.view(DISCUSSION) == before
    assert not (await telling.answer("posts", guarded=False, **WHOLE)).stale


async def test_what_a_system_does_is_no_act_of_somebody(telling: Telling) -> None:
    announced = {**reply(8, "a", 120, "p:S", "t:A"), "actor": {"mbox": "mailto:no-reply@example.org"}}

    await telling.tell([[announced]])

    assert uuid(8) not in {key[:36] for key in await telling.view(DISCUSSION)}
    kept = (await telling.interactions()).values()
    assert {each["actor_role"] for each in kept if str(each["statement_id"]) == uuid(8)} == {"system"}


async def test_what_only_counts_acts_reaches_no_plugin(telling: Telling) -> None:
    counts = {"http://jisc.ac.uk/microsoft/yammer": {"posted": 23, "liked": 12}}
    definition = {"type": "http://xapi.jisc.ac.uk/activities/microsoft", "extensions": counts}
    about = {"id": "http://example.org/ann/microsoft_2026_03_02", "definition": definition}
    told = statement(8, "a", "http://activitystrea.ms/schema/1.0/interact", about, 120)
    everything = dataclasses.replace(DISCUSSION, name="everything", kinds=frozenset(load_rules().vocabulary.kinds))

    await telling.tell([[told]])
    await run(telling, dataclasses.replace(everything, apply=any_act))

    kept = [each for each in (await telling.interactions()).values() if str(each["statement_id"]) == uuid(8)]
    assert sorted((each["kind"], each["value"]["count"], each["aggregate"]) for each in kept) == [
        ("create", 23, True),
        ("react", 12, True),
    ]
    seen = {key[:36] for key in await telling.view(everything)}
    assert uuid(8) not in seen
    assert len(seen) == 7


def any_act(change: Change, config: Config) -> Act | None:
    seen = change.interaction
    return Act(id=seen["_id"], t=seen["t"], actor=seen["actor"])
