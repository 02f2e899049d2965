"""`lrs keys` and `lrs stores`, as programs of their own on the database of a running LRS."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from lrs.store.credentials import COST
from lrs.store.databases import PREFIX
from lrs.store.stores import Stores
from tests.cli.commands import Command
from tests.living import Living


@pytest.fixture
async def store_name(stores: Stores) -> AsyncIterator[str]:
    name = f"t{uuid4().hex}"
    yield name
    await stores.control["stores"].delete_one({"_id": name})
    await stores.client.drop_database(PREFIX + name)


async def read(lrs: Living, key: str, secret: str) -> httpx.Response:
    return await lrs.http.get("/xapi/statements", auth=httpx.BasicAuth(key, secret))


async def test_a_made_credential_opens_its_store_at_once_and_a_deleted_one_is_gone(
    lrs: Living, command: Command
) -> None:
    made = await command("keys", "create", "--name", "Moodle [b]", "--store", lrs.store.name)

    printed = re.search(r"key (\S+)  secret (\S+)", made)
    assert printed is not None
    key, secret = printed.groups()
    assert (await read(lrs, key, secret)).status_code == 200
    listed = await command("keys", "list")
    assert key in listed
    assert "Moodle [b]" in listed
    assert secret not in listed

    assert key in await command("keys", "delete", key)
    assert key not in await command("keys", "list")
    assert "no such credential" in await command("keys", "delete", key, status=1)


async def test_all_settings_are_taken(lrs: Living, command: Command, stores: Stores) -> None:
    key = f"key-{uuid4()}"
    chosen = ("--xapi-version", "2.0", "--lenient", "--dedupe", "600", "--scope", "state", "--scope", "all/read")

    await command("keys", "create", "--key", key, "--secret", "a secret", "--store", lrs.store.name, *chosen)

    credential = await stores.credentials.get(key)
    assert credential is not None
    assert (credential.xapi_version, credential.lenient, credential.dedupe_s) == ("2.0.0", True, 600)
    assert credential.scopes == {"state", "all/read"}
    assert credential.opens_with("a secret")
    assert credential.cost == COST
    assert "xAPI 2.0.0, lenient, dedupe 600 s" in await command("keys", "list")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--scope", "everything"), "scopes[0]"),
        (("--store", "nowhere"), "store: there is no such store"),
        (("--xapi-version", "0.9"), "xapi_version"),
        (("--dedupe", "-1"), "dedupe"),
    ],
)
async def test_what_no_credential_can_be_is_one_line(command: Command, words: tuple[str, ...], message: str) -> None:
    said = await command("keys", "create", *words, status=1)

    assert said.startswith("lrs: ")
    assert message in said
    assert said.count("\n") == 1


async def test_a_store_is_created_once(command: Command, store_name: str) -> None:
    await command("stores", "create", store_name, "--timezone", "Europe/Berlin")

    assert re.search(rf"{store_name}\W+Europe/Berlin", await command("stores", "list"))
    assert "the name is taken" in await command("stores", "create", store_name, status=1)
    assert "key" in await command("keys", "create", "--store", store_name)
