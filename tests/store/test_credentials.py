"""Credentials as they lie in the database."""

from uuid import uuid4

import bson
import pytest

from lrs.store.connection import Client
from lrs.store.credentials import COST
from lrs.store.stores import Stores

SCOPES = frozenset(("all", "admin"))


@pytest.fixture(scope="module")
def stores(client: Client) -> Stores:
    """As in production: secrets are hashed at full cost."""
    return Stores(client)


@pytest.fixture
def key() -> str:
    return f"key-{uuid4()}"


async def document(stores: Stores, key: str) -> dict[str, object]:
    found = await stores.control["credentials"].find_one({"_id": key})
    assert found is not None
    return found


async def test_a_credential_is_read_back(stores: Stores, key: str) -> None:
    await stores.credentials.put(key, "secret", name="Moodle", store="default", scopes=SCOPES)

    credential = await stores.credentials.get(key)

    assert credential is not None
    assert (credential.key, credential.name, credential.store) == (key, "Moodle", "default")
    assert credential.scopes == SCOPES
    assert await stores.credentials.any()


async def test_only_the_right_secret_opens(stores: Stores, key: str) -> None:
    await stores.credentials.put(key, "sécret 🔑", name="a", store="default", scopes=SCOPES)
    credential = await stores.credentials.get(key)
    assert credential is not None

    assert credential.opens_with("sécret 🔑")
    assert not any(credential.opens_with(wrong) for wrong in ("", "secret", "sécret", "sécret 🔑 ", key))


async def test_only_a_salted_hash_of_the_secret_is_kept(stores: Stores, key: str) -> None:
    other = f"{key}-other"
    for each in (key, other):
        await stores.credentials.put(each, "very-secret-words", name="a", store="default", scopes=SCOPES)

    one, two = await document(stores, key), await document(stores, other)

    assert b"very-secret-words" not in bson.encode(one)
    assert set(one) == {"_id", "name", "store", "scopes", "salt", "secret_hash", "cost", "created"}
    assert one["cost"] == COST == 2**14
    assert one["salt"] != two["salt"]
    assert one["secret_hash"] != two["secret_hash"]
    assert isinstance(one["secret_hash"], bytes)
    assert len(one["secret_hash"]) == 64


async def test_a_new_secret_takes_the_place_of_the_old_one(stores: Stores, key: str) -> None:
    for secret in ("old", "new"):
        await stores.credentials.put(key, secret, name="a", store="default", scopes=SCOPES)

    credential = await stores.credentials.get(key)

    assert credential is not None
    assert credential.opens_with("new")
    assert not credential.opens_with("old")


@pytest.mark.parametrize("unknown", ["", "nobody", "\0", "$where", "key."])
async def test_an_unknown_key_is_nothing(stores: Stores, unknown: str) -> None:
    assert await stores.credentials.get(unknown) is None


async def test_a_credential_is_added_once_listed_and_deleted(stores: Stores, key: str) -> None:
    assert await stores.credentials.add(key, "one", name="a", store="default", scopes=SCOPES, lenient=True, dedupe_s=60)
    assert not await stores.credentials.add(key, "two", name="b", store="default", scopes=SCOPES)

    credential = await stores.credentials.get(key)
    assert credential is not None
    assert credential.opens_with("one")
    assert (credential.name, credential.lenient, credential.dedupe_s) == ("a", True, 60)
    assert credential in await stores.credentials.all()

    assert await stores.credentials.delete(key)
    assert not await stores.credentials.delete(key)
    assert await stores.credentials.get(key) is None


async def test_the_time_of_making_stays_when_the_secret_changes(stores: Stores, key: str) -> None:
    await stores.credentials.put(key, "old", name="a", store="default", scopes=SCOPES)
    created = (await document(stores, key))["created"]

    await stores.credentials.put(key, "new", name="a", store="default", scopes=SCOPES)

    assert (await document(stores, key))["created"] == created is not None


async def test_a_secret_opens_what_was_hashed_at_another_cost(stores: Stores, client: Client, key: str) -> None:
    await Stores(client, hash_cost=2).credentials.put(key, "secret", name="a", store="default", scopes=SCOPES)
    cheap = await stores.credentials.get(key)
    await stores.credentials.put(key, "secret", name="a", store="default", scopes=SCOPES)
    await stores.control["credentials"].update_one({"_id": key}, {"$unset": {"cost": 1}})  # as it was kept before
    dear = await stores.credentials.get(key)

    for credential in (cheap, dear):
        assert credential is not None
        assert credential.opens_with("secret")
        assert not credential.opens_with("Secret")
