"""Storing statements: what a client that leaves, and one that repeats itself, leave behind."""

import asyncio
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

import orjson
import pytest

from lrs import clock
from lrs.core import bodies, statements
from lrs.core.attachments import Sent
from lrs.core.credentials import Access
from lrs.errors import BadRequest, Conflict, InvalidStatement
from lrs.store.credentials import NOBODY
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.versions import Version
from tests.store.samples import ANN, reference, statement, voiding


@pytest.fixture
def access(store: Store) -> Access:
    return Access(replace(NOBODY, key="key", name="a test", store=store.name), store, ANN)


async def post(access: Access, sent: Json | list[Json]) -> list[str]:
    return await statements.post(access, Sent(orjson.dumps(sent)), Version.V1)


async def stored_below(store: Store, promised: datetime) -> int:
    return await store.database["statements"].count_documents({"stored": {"$lt": promised}})


@pytest.mark.parametrize("as_list", [False, True], ids=["single", "list"])
async def test_the_promise_holds_for_what_is_written_after_its_client_has_left(
    access: Access, store: Store, as_list: bool
) -> None:
    for _ in range(20):
        sent: Json | list[Json] = [statement() for _ in range(50)] if as_list else statement()
        leaving = asyncio.create_task(post(access, sent))
        await asyncio.sleep(0.001)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)

        promised = await store.statements.through()
        below = await stored_below(store, promised)
        await store.statements.drain()

        assert await stored_below(store, promised) == below
    # What a client left behind may not be on its way yet: the first writes of a process that joins others wait.
    await asyncio.sleep(1)
    await store.statements.drain()
    total = await store.database["statements"].count_documents({})
    # Once the application of other tests, another writer, has said so too.
    assert await stored_below(store, await store.statements.reached(clock.now())) == total > 0


async def test_what_follows_a_write_is_done_again_when_it_is_sent_again(access: Access, store: Store) -> None:
    """As after a kill between the write and what follows it, when the client was never answered."""
    target = statement(id=str(uuid4()))
    void, about = {**voiding(target["id"]), "id": str(uuid4())}, {**reference(target["id"]), "id": str(uuid4())}
    await post(access, [target, void, about])
    documents = store.database["statements"]
    await documents.update_many({}, {"$unset": {"voided_by": ""}, "$pull": {"keys": {"$regex": "^o:"}}})

    for sent in (target, [void, about]):
        await post(access, sent)

    assert await documents.count_documents({"voided_by": {"$exists": True}}) == 1
    assert await documents.count_documents({"keys": f"v:{target['verb']['id']}"}) == 3


async def test_a_list_gets_one_stored_for_all(access: Access, store: Store) -> None:
    await post(access, [statement() for _ in range(20)])

    assert len(await store.database["statements"].distinct("stored")) == 1


async def test_stored_never_goes_back_from_one_write_to_the_next(access: Access, store: Store) -> None:
    ids = [each for _ in range(30) for each in await post(access, statement())]

    found = {str(each["_id"]): each["stored"] async for each in store.database["statements"].find({})}
    assert [found[each] for each in ids] == sorted(found.values())


async def test_a_conflict_says_which_and_why(access: Access) -> None:
    sent = statement(id=str(uuid4()))
    await post(access, sent)

    with pytest.raises(Conflict) as caught:
        await post(access, [statement(), {**sent, "actor": {"mbox": "mailto:ben@example.org"}}])

    assert caught.value.where == "statements[1].id"
    assert sent["id"] in caught.value.why


@pytest.mark.parametrize("body", [b"", b"[", b"\xff", b"[" * 2000, b"1e999"])
def test_what_is_no_json_has_a_place(body: bytes) -> None:
    with pytest.raises(BadRequest) as caught:
        bodies.parse(body)

    assert caught.value.where.startswith("body, ")


async def test_an_invalid_statement_is_not_stored(access: Access, store: Store) -> None:
    with pytest.raises(InvalidStatement):
        await post(access, [statement(), statement(verb=1)])

    assert await store.database["statements"].count_documents({}) == 0
