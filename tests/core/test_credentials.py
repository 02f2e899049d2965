"""What scopes imply, who is let in, and the first credential."""

import asyncio
import time
from dataclasses import replace
from uuid import uuid4

import pytest

from lrs.core.credentials import SCOPES, Access, Doorkeeper, ensure_first
from lrs.errors import Forbidden, Unauthorized
from lrs.store.connection import Client
from lrs.store.credentials import NOBODY
from lrs.store.stores import DEFAULT, Store, Stores

IMPLIED = {
    "all": set(SCOPES) - {"analytics/read", "analytics/identify", "admin"},
    "all/read": {"all/read", "statements/read", "statements/read/mine"},
    "statements/read": {"statements/read", "statements/read/mine"},
    "analytics/identify": {"analytics/identify", "analytics/read"},
}


def access(store: Store, *scopes: str) -> Access:
    return Access(replace(NOBODY, name="a guest", store=store.name, scopes=frozenset(scopes)), store, {})


@pytest.fixture(scope="module")
def stores(client: Client) -> Stores:
    """As in production: secrets are hashed at full cost."""
    return Stores(client)


@pytest.mark.clause("Communication 4.0")
@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_allows_itself_and_what_it_implies(store: Store, scope: str) -> None:
    allowed = IMPLIED.get(scope, {scope})

    for wanted in allowed:
        access(store, scope).require(wanted)
    for refused in set(SCOPES) - allowed:
        with pytest.raises(Forbidden, match=refused):
            access(store, scope).require(refused)


@pytest.fixture
async def key(stores: Stores, store: Store) -> str:
    made = f"key-{uuid4()}"
    await stores.credentials.put(made, "secret", name="Moodle", store=store.name, scopes=frozenset(("all",)))
    return made


async def test_a_secret_opens_its_store_and_names_the_authority(stores: Stores, store: Store, key: str) -> None:
    admitted = await Doorkeeper(stores, "https://lrs.example.org").admit(key, "secret")

    assert admitted.store is store
    account = {"homePage": "https://lrs.example.org", "name": key}
    assert admitted.authority == {"objectType": "Agent", "name": "Moodle", "account": account}


async def test_a_wrong_secret_is_refused_also_after_the_right_one(stores: Stores, key: str) -> None:
    doorkeeper = Doorkeeper(stores, "https://lrs.example.org")
    for wrong in ("", "Secret", "secret "):
        with pytest.raises(Unauthorized):
            await doorkeeper.admit(key, wrong)
    await doorkeeper.admit(key, "secret")

    for wrong in ("", "Secret", "secret "):
        with pytest.raises(Unauthorized):
            await doorkeeper.admit(key, wrong)
    with pytest.raises(Unauthorized):
        await doorkeeper.admit(f"{key}\0secret", "")


async def test_a_secret_that_was_right_a_moment_ago_costs_no_hashing(stores: Stores, key: str) -> None:
    doorkeeper = Doorkeeper(stores, "https://lrs.example.org")
    await doorkeeper.admit(key, "secret")

    began = time.perf_counter()
    for _ in range(100):
        await doorkeeper.admit(key, "secret")

    assert (time.perf_counter() - began) / 100 < 0.002


async def test_a_forgotten_credential_is_looked_up_again(stores: Stores, key: str) -> None:
    doorkeeper = Doorkeeper(stores, "https://lrs.example.org")
    await doorkeeper.admit(key, "secret")
    await stores.credentials.delete(key)
    await doorkeeper.admit(key, "secret")  # still remembered

    doorkeeper.forget(key)

    with pytest.raises(Unauthorized):
        await doorkeeper.admit(key, "secret")


async def test_what_is_forgotten_while_its_secret_is_checked_is_not_remembered(stores: Stores, key: str) -> None:
    for wait_s in (0, 0.002, 0.01, 0.03):
        doorkeeper = Doorkeeper(stores, "https://lrs.example.org")
        admitting = asyncio.create_task(doorkeeper.admit(key, "secret"))
        await asyncio.sleep(wait_s)
        credential = await stores.credentials.get(key)
        assert credential is not None
        await stores.credentials.delete(key)
        doorkeeper.forget(key)
        await asyncio.gather(admitting, return_exceptions=True)

        with pytest.raises(Unauthorized):
            await doorkeeper.admit(key, "secret")
        await stores.credentials.put(key, "secret", name="a", store=credential.store, scopes=credential.scopes)


async def test_the_first_credential_is_the_environments(stores: Stores, client: Client) -> None:
    key = f"first-{uuid4()}"
    for secret in ("one", "two"):
        first = await ensure_first(stores, key, secret, "UTC")
        assert first is not None
        assert (first.key, first.secret, first.made) == (key, secret, False)

    admitted = await Doorkeeper(stores, "https://lrs.example.org").admit(key, "two")
    with pytest.raises(Unauthorized):
        await Doorkeeper(stores, "https://lrs.example.org").admit(key, "one")

    assert admitted.store.name == DEFAULT
    for scope in SCOPES:
        admitted.require(scope)


async def test_a_first_credential_is_made_only_where_there_is_none(stores: Stores, key: str) -> None:
    assert await ensure_first(stores, None, None, "UTC") is None


async def test_a_key_without_a_secret_gets_a_secret_once(stores: Stores) -> None:
    key = f"first-{uuid4()}"

    first = await ensure_first(stores, key, None, "UTC")
    again = await ensure_first(stores, key, None, "UTC")

    assert first is not None
    assert first.made
    assert len(first.secret) >= 32
    assert again is None
    await Doorkeeper(stores, "https://lrs.example.org").admit(key, first.secret)


async def test_of_several_processes_that_start_at_once_one_makes_the_first_credential(stores: Stores) -> None:
    key = f"first-{uuid4()}"

    told = await asyncio.gather(*(ensure_first(stores, key, None, "UTC") for _ in range(5)))

    (first,) = [each for each in told if each is not None]
    await Doorkeeper(stores, "https://lrs.example.org").admit(key, first.secret)


async def test_a_secret_that_many_requests_bring_at_once_is_hashed_once(stores: Stores, key: str) -> None:
    begin = time.perf_counter()
    await Doorkeeper(stores, "https://lrs.example.org").admit(key, "secret")
    alone = time.perf_counter() - begin
    doorkeeper = Doorkeeper(stores, "https://lrs.example.org")
    begin = time.perf_counter()

    admitted = await asyncio.gather(*(doorkeeper.admit(key, "secret") for _ in range(100)))

    assert all(each is admitted[0] for each in admitted)
    assert time.perf_counter() - begin < 10 * alone


async def test_many_requests_with_a_wrong_secret_are_all_refused(stores: Stores, key: str) -> None:
    doorkeeper = Doorkeeper(stores, "https://lrs.example.org")

    refused = await asyncio.gather(*(doorkeeper.admit(key, "wrong") for _ in range(5)), return_exceptions=True)

    assert all(isinstance(each, Unauthorized) for each in refused)
