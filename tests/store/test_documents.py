"""Changes of documents: whole, in turn, from any process, and found again by what they belong to."""

import asyncio
import socket
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from lrs import clock
from lrs.errors import Conflict, Unavailable
from lrs.store.connection import connect
from lrs.store.documents import Decide, Documents, StoredDocument
from lrs.store.stores import Store
from lrs.xapi.documents import Content, Context, DocumentName, Resource

ANN = "mbox:mailto:ann@example.org"
NAME = DocumentName(Context(resource=Resource.STATE, activity="http://example.org/a", agent=ANN), "bookmark")


async def put(documents: Documents, name: DocumentName, data: bytes = b"x") -> StoredDocument:
    await documents.change(name, lambda current: Content(data))
    stored = await documents.get(name)
    assert stored is not None
    return stored


def counted(current: StoredDocument | None) -> Content:
    return Content(str(1 if current is None else int(current.content.data) + 1).encode())


async def test_no_change_is_lost_between_two_processes(store: Store) -> None:
    second = Documents(store.database)
    asked = 0

    def decide(current: StoredDocument | None) -> Content:
        nonlocal asked
        asked += 1
        return counted(current)

    async def count(documents: Documents) -> None:
        for _ in range(25):
            await documents.change(NAME, decide)

    await asyncio.gather(count(store.documents), count(second))

    stored = await second.get(NAME)
    assert stored is not None
    assert stored.content.data == b"50"
    assert asked > 50  # they did overtake one another


async def test_a_refused_change_changes_nothing_and_lets_the_next_one_in(store: Store) -> None:
    before = await put(store.documents, NAME)

    def refuse(current: StoredDocument | None) -> Content:
        assert current == before
        raise Conflict("no")

    with pytest.raises(Conflict):
        await store.documents.change(NAME, refuse)

    assert await store.documents.get(NAME) == before
    await put(store.documents, NAME, b"y")


async def test_changes_that_wait_see_one_another_and_are_refused_each_alone(store: Store) -> None:
    seen: list[bytes | None] = []

    def append(word: bytes) -> Decide:
        def decide(current: StoredDocument | None) -> Content | None:
            seen.append(None if current is None else current.content.data)
            if word == b"refuse":
                raise Conflict("no")
            if word == b"delete":
                return None
            return Content(word if current is None else current.content.data + word)

        return decide

    words = [b"a", b"b", b"refuse", b"c", b"delete", b"refuse", b"d", b"e"]
    results = await asyncio.gather(
        *(store.documents.change(NAME, append(word)) for word in words), return_exceptions=True
    )

    assert [type(each) for each in results] == [Conflict if word == b"refuse" else type(None) for word in words]
    assert seen == [None, b"a", b"ab", b"ab", b"abc", None, None, b"d"]
    stored = await store.documents.get(NAME)
    assert stored is not None
    assert stored.content.data == b"de"


async def test_what_was_deleted_and_made_again_is_not_what_was_read(store: Store) -> None:
    """Even with the same content: a change that was computed from the first one must not be written over the second."""
    first = await put(store.documents, NAME)
    await store.documents.change(NAME, lambda current: None)
    assert await store.documents.get(NAME) is None

    second = await put(store.documents, NAME)

    assert second.etag == first.etag
    assert second.revision != first.revision


async def test_the_time_of_a_change_always_advances(store: Store) -> None:
    stored = await put(store.documents, NAME)
    for _ in range(30):
        changed = await put(store.documents, NAME)
        assert changed.updated > stored.updated
        stored = changed

    ahead = clock.now() + timedelta(hours=1)  # another host's clock
    await store.database["documents"].update_one({}, {"$set": {"updated": ahead}})

    assert (await put(store.documents, NAME)).updated > ahead


async def test_ids_are_listed_from_an_index_and_only_the_id_is_unique(store: Store) -> None:
    await put(store.documents, NAME)
    await store.documents.create_indexes()
    collection = store.database["documents"]
    found = await collection.find_one()
    assert found is not None

    plan = await collection.find({"context": found["context"], "updated": {"$gt": clock.now()}}).explain()

    assert plan["queryPlanner"]["winningPlan"]["inputStage"]["stage"] == "IXSCAN"
    assert not any(index.get("unique") for index in (await collection.index_information()).values())


async def test_names_that_differ_only_in_where_a_part_ends_are_different(store: Store) -> None:
    registration = str(uuid4())
    names = [
        DocumentName(Context(resource=Resource.STATE, activity="http://a", agent="b", registration=registration), "c"),
        DocumentName(Context(resource=Resource.STATE, activity="http://a", agent="b"), registration + "c"),
        DocumentName(Context(resource=Resource.STATE, activity="http://ab", agent=""), "c"),
        DocumentName(Context(resource=Resource.ACTIVITY_PROFILE, activity="http://a"), "c"),
        DocumentName(Context(resource=Resource.AGENT_PROFILE, agent="http://a"), "c"),
    ]
    for number, name in enumerate(names):
        await put(store.documents, name, str(number).encode())

    for number, name in enumerate(names):
        stored = await store.documents.get(name)
        assert stored is not None
        assert stored.content.data == str(number).encode()


async def test_a_change_goes_on_when_its_client_leaves(store: Store) -> None:
    leaving = asyncio.create_task(store.documents.change(NAME, lambda current: Content(b"y")))
    await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving

    await store.documents.drain()

    stored = await store.documents.get(NAME)
    assert stored is not None
    assert stored.content.data == b"y"


@pytest.mark.slow
async def test_a_database_that_does_not_answer_is_unavailable_for_all_who_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with connect(f"mongodb://127.0.0.1:{silent.getsockname()[1]}/?directConnection=true") as client:
            documents = Documents(client["lrs_nowhere"])
            began = time.monotonic()
            waiting = [documents.change(NAME, counted) for _ in range(5)]
            failures = await asyncio.gather(
                *waiting,
                documents.get(NAME),
                documents.ids(NAME.context, None),
                documents.delete_all(NAME.context),
                return_exceptions=True,
            )

    assert [type(each) for each in failures] == [Unavailable] * 8
    assert time.monotonic() - began < 15
