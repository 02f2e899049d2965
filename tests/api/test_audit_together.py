"""What an administrator does and its entry in the audit: both are written, or neither is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import pytest

from lrs.store.stores import Stores
from lrs.xapi import Json
from tests.api.samples import refused
from tests.living import Living

CREDENTIALS = "/api/v1/credentials"
ANN = {"id": "4711", "name": "Ann"}

Ask: TypeAlias = Callable[[Living], Awaitable[httpx.Response]]


@dataclass(frozen=True)
class Deed:
    """Something that is audited: as it is asked, what comes before it, and which kind of entry it makes."""

    entry: str
    ask: Ask
    before: Ask | None = None


def key(lrs: Living) -> str:
    return f"made in {lrs.store.name}"


async def grant(lrs: Living) -> httpx.Response:
    return await lrs.http.post(CREDENTIALS, json={"key": key(lrs), "scopes": ["analytics/read"]})


async def withdraw(lrs: Living) -> httpx.Response:
    return await lrs.http.delete(f"{CREDENTIALS}/{key(lrs)}")


async def redact(lrs: Living) -> httpx.Response:
    return await lrs.http.put(f"/api/v1/stores/{lrs.store.name}/redaction", json={"defaults": False, "rules": []})


async def configure(lrs: Living) -> httpx.Response:
    return await lrs.http.put("/api/v1/plugins/discussion/config", json={"grace_hours": 1})


async def introduce(lrs: Living) -> httpx.Response:
    return await lrs.http.put("/api/v1/people", json={"people": [ANN]})


async def dismiss(lrs: Living) -> httpx.Response:
    return await lrs.http.delete(f"/api/v1/people/{ANN['id']}")


DEEDS = {
    "a credential is made": Deed("credential.create", grant),
    "a credential is deleted": Deed("credential.delete", withdraw, before=grant),
    "what is dropped is changed": Deed("redaction.change", redact),
    "a plugin is configured": Deed("plugin.config", configure),
    "a person is added": Deed("people.put", introduce),
    "a person is deleted": Deed("people.delete", dismiss, before=introduce),
}


@asynccontextmanager
async def taking_only(stores: Stores, collection: str, what: dict[str, Any]) -> AsyncIterator[None]:
    """Have the database refuse every other document of a collection."""
    await stores.control.command("collMod", collection, validator=what)
    try:
        yield
    finally:
        await stores.control.command("collMod", collection, validator={})


async def audited(lrs: Living) -> list[str]:
    entries: list[Json] = (await lrs.http.get("/api/v1/audit")).json()["audit"]
    return [each["what"] for each in reversed(entries)]


async def settings(lrs: Living, stores: Stores) -> list[Any]:
    """All that the deeds change."""
    paths = (f"/api/v1/stores/{lrs.store.name}/redaction", "/api/v1/plugins/discussion", "/api/v1/people")
    told = [(await lrs.http.get(path)).json() for path in paths]
    return [await stores.credentials.get(key(lrs)), *told]


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
async def test_what_can_not_be_audited_is_not_done(lrs: Living, stores: Stores, deed: Deed) -> None:
    if deed.before is not None:
        await deed.before(lrs)
    before, entries = await settings(lrs, stores), await audited(lrs)

    async with taking_only(stores, "audit", {"store": {"$ne": lrs.store.name}}):
        refused(await deed.ask(lrs), 503)
    assert (await settings(lrs, stores), await audited(lrs)) == (before, entries)

    assert (await deed.ask(lrs)).is_success
    assert await settings(lrs, stores) != before
    assert await audited(lrs) == [*entries, deed.entry]


async def test_what_the_database_does_not_take_is_not_audited(lrs: Living, stores: Stores) -> None:
    async with (
        taking_only(stores, "credentials", {"_id": {"$ne": key(lrs)}}),
        taking_only(stores, "stores", {"redaction.defaults": {"$ne": False}}),
    ):
        refused(await grant(lrs), 503)
        refused(await redact(lrs), 503)

    assert await audited(lrs) == []


async def test_what_is_refused_is_not_audited(lrs: Living) -> None:
    await grant(lrs)

    refused(await grant(lrs), 409)
    refused(await lrs.http.post(CREDENTIALS, json={"key": "another", "scopes": ["everything"]}), 400)
    refused(await lrs.http.delete(f"{CREDENTIALS}/{lrs.key}"), 409)
    refused(await lrs.http.delete(f"{CREDENTIALS}/nobody"), 404)
    refused(await lrs.http.put(f"/api/v1/stores/{lrs.store.name}/redaction", json={"rules": [{}]}), 400)

    assert await audited(lrs) == ["credential.create"]


async def test_of_several_who_do_the_same_at_once_one_does_it_and_is_audited(lrs: Living) -> None:
    made = await asyncio.gather(*(grant(lrs) for _ in range(4)))
    deleted = await asyncio.gather(*(withdraw(lrs) for _ in range(4)))

    assert sorted(each.status_code for each in made) == [201, 409, 409, 409]
    assert sorted(each.status_code for each in deleted) == [204, 404, 404, 404]
    assert await audited(lrs) == ["credential.create", "credential.delete"]
