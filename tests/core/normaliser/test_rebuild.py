"""Interactions derived anew beside those that are served: by the worker, while statements come in."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson

from lrs.core import interactions
from lrs.core.normaliser.reader import StoreReader
from lrs.core.normaliser.rules import INTERACTIONS, load_rules
from lrs.core.runner import reader_name
from lrs.store.connection import Client
from lrs.store.feed import Arrival
from lrs.store.plugin_settings import Chosen
from lrs.store.positions import NORMALISER, REBUILD
from lrs.store.statements import NewStatement
from lrs.xapi import Json
from lrs.xapi.columns import columns
from tests.living import Living
from tests.reference.samples import DISCUSSION, HAND_THREAD, activity, minute, reply, statement, thread, uuid
from tests.test_worker import working

PERIOD = {"since": "2026-03-02", "until": "2026-03-03"}
OPENED = "https://example.org/verbs/opened"


async def until(happened: Callable[[], Awaitable[Any]], within_s: float = 60) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(within_s):
        while not await happened():  # noqa: ASYNC110 - the worker is looked at from outside
            await asyncio.sleep(0.02)


async def generation(lrs: Living) -> int:
    return (await lrs.store.positions.get(NORMALISER)).generation


async def has_followed(lrs: Living) -> bool:
    """Whether the plugin's view was derived from the interactions that are served."""
    position = await lrs.store.positions.get(reader_name("discussion"))
    return position.source == await generation(lrs) and position.rebuilt is None


async def posts(lrs: Living) -> float | None:
    await lrs.derived()
    (row,) = (await lrs.metric("discussion.posts", **PERIOD))["rows"]
    value: float | None = row["value"]
    return value


async def kept(lrs: Living) -> dict[str, dict[str, Any]]:
    found = lrs.store.interactions(await generation(lrs)).everything()
    return {each["_id"]: each async for each in found}


def opened(number: int) -> Json:
    return statement(number, "f", OPENED, activity("t:F", DISCUSSION), 50)


async def test_a_rebuild_gives_the_same_interactions_and_takes_the_place_of_the_old_ones(
    lrs: Living, client: Client
) -> None:
    await lrs.post(HAND_THREAD)
    async with working(client):
        assert await posts(lrs) == 7
        before = await kept(lrs)
        await lrs.store.positions.ask(NORMALISER, {"rebuild_asked": True})
        await until(lambda: has_generation(lrs, 1))
        await until(lambda: has_followed(lrs))

        assert await kept(lrs) == before
        assert await posts(lrs) == 7
        await lrs.post([reply(8, "b", 120, "p:B2", "t:A")])
        assert await posts(lrs) == 8
    names = await lrs.store.database.list_collection_names()
    assert {"interactions_1", "changes_1"} <= set(names)
    assert not {"interactions_0", "items_0", "changes_0"} & set(names)
    assert (await lrs.store.positions.get(REBUILD)).generation == 0


async def has_generation(lrs: Living, number: int) -> bool:
    return await generation(lrs) == number


async def test_other_rules_derive_all_anew_while_statements_come_in(lrs: Living, client: Client) -> None:
    await lrs.post([*HAND_THREAD, opened(20)])
    async with working(client):
        assert await posts(lrs) == 7
        own = {"id": "opened", "kind": "create", "match": {"verbs": [OPENED], "object_types": [DISCUSSION]}}
        await lrs.store.plugin_settings.put(INTERACTIONS, Chosen({"rules": [own]}))
        for number in range(30, 60):
            await lrs.post([thread(number, f"p{number}", number, f"t:{number}")])
        await until(lambda: has_generation(lrs, 1))
        await until(lambda: has_followed(lrs))
        await lrs.post([opened(21), thread(61, "g", 61, "t:61")])

        assert await posts(lrs) == 7 + 1 + 30 + 1
    served = await lrs.store.positions.get(NORMALISER)
    assert served.version == load_rules({"rules": [own]}).fingerprint


async def test_a_rebuild_that_was_left_half_way_is_taken_up(lrs: Living, client: Client) -> None:
    await lrs.post(HAND_THREAD)
    async with working(client):
        assert await posts(lrs) == 7
    rules = load_rules()
    await lrs.store.interactions(1).create_indexes()
    begun = {"generation": 1, "version": rules.fingerprint}
    await lrs.store.positions.begin(REBUILD, "a killed worker", begun)
    async with client.start_session() as session:
        reader = StoreReader(lrs.store, rules, "a killed worker", session, REBUILD)
        await reader.start()
        found = lrs.store.database["statements"].find().sort([("stored", 1), ("_id", 1)]).limit(3)
        first = [Arrival(each["_id"], each["raw"], each["stored"], None) async for each in found]
        scan = {"anew": True, "stored": first[-1].stored, "id": first[-1].id}
        await reader.take(first, {"scan": scan, "token": (await lrs.store.positions.get(NORMALISER)).token})

    async with working(client):
        await until(lambda: has_generation(lrs, 1))
        assert await posts(lrs) == 7
    assert len(await kept(lrs)) == 7


async def test_what_could_not_be_read_is_listed_and_read_again_on_demand(lrs: Living, client: Client) -> None:
    """The bytes are mended between the two: as if a later version of the code could read them."""
    broken = UUID(uuid(6))
    unreadable = NewStatement(broken, b'{"verb": 1}', minute(0), columns(HAND_THREAD[0]))
    await lrs.store.statements.insert_one(unreadable)
    async with working(client):
        await lrs.post([*HAND_THREAD[:5], HAND_THREAD[6]])
        assert await posts(lrs) == 6
        (listed,) = await lrs.store.failures.listed(NORMALISER, 10)
        assert (listed["statement"], listed["reason"]) == (broken, "TypeError: 'int' object is not subscriptable")
        assert (await interactions.report(lrs.store))["failed_statements"] >= 1

        mended = {**HAND_THREAD[5], "authority": {"objectType": "Agent", "mbox": "mailto:lrs@example.org"}}
        await lrs.store.database["statements"].update_one({"_id": broken}, {"$set": {"raw": orjson.dumps(mended)}})
        await lrs.store.positions.ask(NORMALISER, {"retry_asked": True})
        await until(lambda: nothing_failed(lrs))

        assert await posts(lrs) == 7


async def nothing_failed(lrs: Living) -> bool:
    return await lrs.store.failures.count(NORMALISER) == 0


async def test_what_still_fails_stays_listed(lrs: Living, client: Client) -> None:
    unreadable = NewStatement(UUID(uuid(6)), b'{"verb": 1}', minute(0), columns(HAND_THREAD[0]))
    await lrs.store.statements.insert_one(unreadable)
    async with working(client):
        assert await posts(lrs) == 0
        await lrs.store.positions.ask(NORMALISER, {"retry_asked": True})
        await until(lambda: asked_no_more(lrs))
        await asyncio.sleep(0.2)

    assert await lrs.store.failures.count(NORMALISER) == 1


async def asked_no_more(lrs: Living) -> bool:
    return not (await lrs.store.positions.get(NORMALISER)).retry_asked
