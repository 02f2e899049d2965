"""The catalogue: kept by its reader from batches of the feed, and read with what the view has not seen yet."""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from lrs.core import catalogue
from lrs.core.catalogue.reader import COMMIT_BYTES, LARGE_BYTES, REMEMBERED_BYTES, CatalogueReader, Recent
from lrs.store import feed
from lrs.store.connection import Client
from lrs.store.feed import Arrival, News
from lrs.store.leases import LeaseLost
from lrs.store.positions import CATALOGUE
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.definitions import MOST_BYTES
from tests.store.samples import new, statement

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MUCH_LATER = datetime(2030, 1, 1, tzinfo=UTC)  # a view that has seen up to then is read alone
QUIZ, COURSE = "http://example.org/activities/quiz", "http://example.org/activities/course"
ANN: Json = {"mbox": "mailto:ann@example.org"}


@asynccontextmanager
async def reading(store: Store, client: Client, owner: str = "a test") -> AsyncIterator[CatalogueReader]:
    """A reader that remembers nothing yet, as after the start of a worker."""
    async with client.start_session() as session:
        reader = CatalogueReader(store, Recent(), owner, session)
        await reader.start()
        yield reader


async def stored(store: Store, *sent: Json) -> list[Arrival]:
    """Store statements minute after minute, each with a number as its id; return them as the feed gives them."""
    for number, each in enumerate(sent):
        assert await store.statements.insert_one(new(each, NOON + timedelta(minutes=number), UUID(int=number + 1)))
    arrivals = await feed.stored(store.database, [UUID(int=number + 1) for number in range(len(sent))])
    return sorted(arrivals, key=lambda each: each.stored)


async def documents(store: Store) -> dict[str, bytes]:
    """What is kept of activities and agents, as it is kept."""
    return {
        each["_id"]: each["known"] for name in ("activities", "agents") async for each in store.database[name].find({})
    }


async def view(store: Store, activity_id: str = QUIZ) -> Json:
    """Return the definition in the view alone: nothing was stored after what it has seen."""
    assert (await store.positions.get(CATALOGUE)).data_until == MUCH_LATER
    found: Json = (await catalogue.activity(store, activity_id)).get("definition", {})
    return found


def about(definition: Json, activity_id: str = QUIZ, **changes: Any) -> Json:
    return statement(object={"id": activity_id, "definition": definition}, **changes)


def seen(batch: Sequence[Arrival]) -> tuple[Sequence[Arrival], dict[str, Any]]:
    return batch, {"data_until": MUCH_LATER}


async def test_object_context_and_substatement_tell_of_activities_and_agents(store: Store, client: Client) -> None:
    inner = {
        "objectType": "SubStatement",
        "actor": {"name": "Ben", "mbox": "mailto:ben@example.org"},
        "verb": {"id": "http://example.org/planned"},
        "object": {"id": QUIZ, "definition": {"name": {"en": "Quiz"}}},
    }
    parent = {"id": COURSE, "definition": {"name": {"en": "Course"}}}
    arrivals = await stored(store, statement(object=inner, context={"contextActivities": {"parent": [parent]}}))

    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals))

    assert await view(store, QUIZ) == {"name": {"en": "Quiz"}}
    assert await view(store, COURSE) == {"name": {"en": "Course"}}
    assert (await catalogue.person(store, {"mbox": "mailto:ben@example.org"}))["name"] == ["Ben"]


async def test_any_order_any_repetition_and_any_restart_end_in_the_same(store: Store, client: Client) -> None:
    definitions: list[Json] = [
        {"name": {"en": "1"}, "type": "http://example.org/type/1", "extensions": {"http://example.org/e": 1}},
        {"name": {"en": "2", "de": "2"}},
        {"name": {"en": "1"}, "type": "http://example.org/type/2"},
        {"name": {"en": "1"}, "interactionType": "choice", "choices": [{"id": "a", "description": {"en": "A"}}]},
        {"interactionType": "choice", "choices": [{"id": "a", "description": {"de": "A"}}, {"id": "b"}]},
        {"extensions": {"http://example.org/e": True}},
    ]
    actors: list[Json] = [{**ANN, "name": name} for name in ("Ann", "Anna", "Ann", "Annie", "Anna", "Ann")]
    arrivals = await stored(store, *(about(each, actor=actor) for each, actor in zip(definitions, actors, strict=True)))
    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals))
    expected = await documents(store), await view(store), await catalogue.person(store, ANN)
    assert expected[1] == {
        "name": {"en": "1", "de": "2"},
        "type": "http://example.org/type/2",
        "interactionType": "choice",
        "choices": [{"id": "a", "description": {"de": "A", "en": "A"}}, {"id": "b"}],
        "extensions": {"http://example.org/e": True},
    }
    assert expected[2]["name"] == ["Ann", "Anna", "Annie"]

    chance = random.Random(3)
    for _ in range(10):
        for name in ("activities", "agents"):
            await store.database[name].delete_many({})
        shuffled = [*arrivals, *chance.choices(arrivals, k=4)]
        chance.shuffle(shuffled)
        cuts = sorted(chance.sample(range(1, len(shuffled)), 3))
        for begin, end in zip([0, *cuts], [*cuts, None], strict=True):
            async with reading(store, client) as reader:
                await reader.take(*seen(shuffled[begin:end]))
        assert (await documents(store), await view(store), await catalogue.person(store, ANN)) == expected


async def test_what_is_only_repeated_is_not_written_again(store: Store, client: Client) -> None:
    quiz = {"name": {"en": "Quiz"}}
    arrivals = await stored(store, *(about(quiz, actor={**ANN, "name": "Ann"}) for _ in range(5)))
    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals[:2]))
        first = await documents(store)
        assert set(first) == {QUIZ, "mbox:mailto:ann@example.org"}
        await reader.take(*seen(arrivals[2:4]))
        assert await documents(store) == first
    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals[4:]))

    assert await documents(store) == first


async def test_a_repetition_that_was_not_written_counts_all_the_same(store: Store, client: Client) -> None:
    arrivals = await stored(store, *(about({"name": {"en": name}}) for name in ("old", "late", "old")))

    async with reading(store, client) as reader:
        await reader.take(*seen([arrivals[0]]))
        await reader.take(*seen([arrivals[2]]))
        await reader.take(*seen([arrivals[1]]))

    assert await view(store) == {"name": {"en": "old"}}


async def test_what_a_statement_may_not_define_counts_neither_in_the_view_nor_beside_it(
    store: Store, client: Client
) -> None:
    await store.statements.insert_one(new(about({"type": "http://example.org/right"}), NOON))
    told = about({"type": "http://example.org/wrong", "name": {"en": "Wrong"}}, actor={**ANN, "name": "Wrong"})
    changing = new(told, NOON + timedelta(minutes=1))
    changing = replace(changing, defines=False)
    await store.statements.insert_one(changing)

    assert (await catalogue.activity(store, QUIZ))["definition"] == {"type": "http://example.org/right"}
    async with reading(store, client) as reader:
        await reader.take(*seen((await feed.scan(store.database, None, 10))[0]))

    assert await view(store) == {"type": "http://example.org/right"}
    assert "name" not in await catalogue.person(store, ANN)


async def test_a_read_sees_what_no_view_has_seen(store: Store, client: Client) -> None:
    arrivals = await stored(store, *(about({"name": {language: language}}) for language in ("en", "de", "fr")))
    assert (await catalogue.activity(store, QUIZ))["definition"]["name"] == {"fr": "fr", "de": "de", "en": "en"}

    async with reading(store, client) as reader:
        await reader.take(arrivals[:1], {"data_until": NOON})
    assert (await catalogue.activity(store, QUIZ))["definition"]["name"] == {"fr": "fr", "de": "de", "en": "en"}

    await store.database["statements"].delete_many({})
    assert (await catalogue.activity(store, QUIZ))["definition"]["name"] == {"en": "en"}


async def test_a_read_sees_what_was_stored_before_the_view_ended_and_committed_after(
    store: Store, client: Client
) -> None:
    async with reading(store, client) as reader:
        await reader.take([], {"data_until": NOON + timedelta(seconds=5)})

    await stored(store, about({"name": {"en": "Quiz"}}))  # at noon

    assert (await catalogue.activity(store, QUIZ))["definition"] == {"name": {"en": "Quiz"}}


async def test_beside_the_view_the_latest_statements_count(store: Store) -> None:
    many = [new(about({"type": f"http://example.org/{n}"}), NOON + timedelta(seconds=n)) for n in range(600)]
    await store.statements.insert_all(many)

    assert (await catalogue.activity(store, QUIZ))["definition"] == {"type": "http://example.org/599"}


async def test_a_statement_that_cannot_be_read_is_recorded_and_stops_no_other(store: Store, client: Client) -> None:
    good, bad, worse = await stored(store, about({"name": {"en": "Quiz"}}), statement(), statement())
    bad = Arrival(bad.id, b'{"object": "nothing"}', bad.stored, None)
    odd = orjson.dumps(about({"name": "no map"}, COURSE))
    worse = Arrival(worse.id, odd, worse.stored, None)

    async with reading(store, client) as reader:
        await reader.take(*seen([bad, worse, good]))

    assert await view(store) == {"name": {"en": "Quiz"}}
    recorded = [each async for each in store.database["failures"].find({})]
    assert {each["_id"] for each in recorded} == {f"{CATALOGUE}:{bad.id}", f"{CATALOGUE}:{worse.id}"}
    assert all(each["reason"] for each in recorded)


async def test_a_reader_that_lost_the_lease_changes_nothing(store: Store, client: Client) -> None:
    arrivals = await stored(store, about({"name": {"en": "Quiz"}}))
    async with reading(store, client) as reader, reading(store, client, "another") as other:
        with pytest.raises(LeaseLost):
            await reader.take(*seen(arrivals))
        assert await documents(store) == {}
        await other.take(*seen(arrivals))

    assert await view(store) == {"name": {"en": "Quiz"}}


async def test_more_than_a_transaction_holds_is_written_in_several(store: Store, client: Client) -> None:
    count, text = COMMIT_BYTES * 2 // (MOST_BYTES // 2), "x" * (MOST_BYTES // 2)
    sent = [about({"name": {"en": text}}, f"{QUIZ}/{number}") for number in range(count)]
    arrivals = await stored(store, *sent)

    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals))

    assert len(await documents(store)) == count
    assert await view(store, f"{QUIZ}/{count - 1}") == {"name": {"en": text}}


async def test_what_is_too_large_to_be_remembered_is_known_all_the_same(store: Store, client: Client) -> None:
    text = "x" * LARGE_BYTES
    arrivals = await stored(
        store, about({"name": {"en": text}}), about({"name": {"de": text}}), about({"name": {"en": "s"}})
    )

    async with reading(store, client) as reader:
        for each in arrivals:
            await reader.take(*seen([each]))

    assert await view(store) == {"name": {"en": "s", "de": text}}


async def test_what_was_forgotten_is_known_all_the_same(store: Store, client: Client) -> None:
    text = "x" * (LARGE_BYTES // 2)
    filling = [about({"name": {"en": text}}, f"{QUIZ}/{number}") for number in range(3 * REMEMBERED_BYTES // len(text))]
    arrivals = await stored(store, about({"name": {"en": "Quiz"}}), *filling, about({"name": {"de": "Quiz"}}))

    async with reading(store, client) as reader:
        for begin in range(0, len(arrivals), 20):
            await reader.take(*seen(arrivals[begin : begin + 20]))

    assert await view(store) == {"name": {"de": "Quiz", "en": "Quiz"}}


async def test_catching_up_reads_all_that_is_stored_and_the_feed_goes_on_from_there(
    store: Store, client: Client
) -> None:
    arrivals = await stored(store, *(about({"name": {f"x-{number}": "Quiz"}}) for number in range(5)))
    async with reading(store, client) as reader:
        await reader.catch_up({"_data": "of the feed"})
        assert reader.position.scan is None
        await reader.hear(News({store.name: arrivals[4:]}, {"_data": "later"}, MUCH_LATER))

    assert set((await view(store))["name"]) == {f"x-{number}" for number in range(5)}
    assert (await store.positions.get(CATALOGUE)).token == {"_data": "later"}


async def test_a_definition_of_the_catalogue_is_completed_by_what_only_the_statement_tells(
    store: Store, client: Client
) -> None:
    arrivals = await stored(store, about({"name": {"en": "Quiz"}, "type": "http://example.org/quiz"}))
    async with reading(store, client) as reader:
        await reader.take(*seen(arrivals))
    own: Json = {"id": QUIZ, "definition": {"name": {"en": "mine", "fr": "Jeu"}}}

    define = await catalogue.defining(store, [statement(object=own)])

    assert define(own)["definition"] == {"name": {"en": "Quiz", "fr": "Jeu"}, "type": "http://example.org/quiz"}
    assert define({"id": QUIZ})["definition"] == {"name": {"en": "Quiz"}, "type": "http://example.org/quiz"}
    assert define({"id": COURSE, "definition": {"name": {"en": "C"}}}) == {
        "id": COURSE,
        "definition": {"name": {"en": "C"}},
    }
    assert own == {"id": QUIZ, "definition": {"name": {"en": "mine", "fr": "Jeu"}}}
