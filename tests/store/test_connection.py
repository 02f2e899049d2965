"""What a MongoDB that someone else runs is checked for, against real servers."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lrs.errors import StartupError
from lrs.settings import Settings
from lrs.store.connection import connect, masked, require_version, verify
from lrs.store.mongod import EmbeddedMongod
from tests.store.mongod.programs import free_port, plain_mongod


async def refusal(url: str) -> StartupError:
    patient = f"{url}{'&' if '?' in url else '/?'}serverSelectionTimeoutMS=1000"
    with pytest.raises(StartupError) as refused:
        async with connect(patient) as client:
            await verify(client)
    assert refused.value.where == "LRS_MONGODB_URL"
    return refused.value


@pytest.fixture(scope="module")
async def url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A replica set with the user `lrs`."""
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path_factory.mktemp("connection") / "data"))
    yield await mongod.start()
    await mongod.stop()


async def test_times_come_back_in_utc_and_uuids_as_uuids(url: str) -> None:
    moment, identifier = datetime(2026, 5, 1, 12, 30, 15, 250_000, tzinfo=UTC), uuid.uuid4()
    async with connect(url) as client:
        await client["lrs"]["values"].insert_one({"_id": identifier, "at": moment})
        assert await client["lrs"]["values"].find_one() == {"_id": identifier, "at": moment}


async def test_writes_wait_for_the_journal_of_the_majority_whatever_the_url_says(url: str) -> None:
    async with connect(f"{url}&w=1&journal=false&readPreference=secondaryPreferred") as client:
        assert client.write_concern.document == {"w": "majority", "j": True}
        assert client.read_preference.mongos_mode == "primary"


async def test_a_usable_replica_set_passes(url: str) -> None:
    async with connect(url) as client:
        await verify(client)


async def test_a_wrong_password_is_told_apart(url: str) -> None:
    error = await refusal(url.replace(url.split(":")[2].split("@")[0], "guessed"))
    assert error.what == "MongoDB refuses the login"
    assert "guessed" not in str(error)
    assert "127.0.0.1" in error.why


async def test_a_user_without_rights_is_told_apart(url: str) -> None:
    async with connect(url) as client:
        await client.admin.command("createUser", "reader", pwd="known", roles=[{"role": "read", "db": "other"}])
    error = await refusal(f"mongodb://reader:known@{url.split('@')[1]}")
    assert error.what == "MongoDB denies access to its databases"
    assert "readWrite" in error.accepted


async def test_no_user_at_all_is_denied_access(url: str) -> None:
    error = await refusal(f"mongodb://{url.split('@')[1]}")
    assert error.what == "MongoDB denies access to its databases"


async def test_the_wrong_name_of_the_set_is_explained(url: str) -> None:
    error = await refusal(url.replace("replicaSet=lrs", "replicaSet=other"))
    assert "other" in error.why


async def test_a_standalone_server_is_told_how_to_become_a_replica_set(tmp_path: Path) -> None:
    port = free_port()
    server = await plain_mongod(tmp_path / "db", port)
    try:
        error = await refusal(f"mongodb://127.0.0.1:{port}")
    finally:
        server.terminate()
        await server.wait()
    assert error.what == "MongoDB is not a replica set"
    assert f"127.0.0.1:{port}" in error.why
    assert "--replSet" in error.accepted
    assert "rs.initiate()" in error.accepted


async def test_a_replica_set_that_was_never_initiated_is_told_apart(tmp_path: Path) -> None:
    port = free_port()
    server = await plain_mongod(tmp_path / "db", port, "--replSet", "rs0")
    try:
        error = await refusal(f"mongodb://127.0.0.1:{port}/?replicaSet=rs0")
    finally:
        server.terminate()
        await server.wait()
    assert error.what == "MongoDB is not a replica set"
    assert "never initiated" in error.why


async def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    port = free_port()
    error = await refusal(f"mongodb://someone:secret@127.0.0.1:{port}/?replicaSet=rs0")
    assert error.what == "MongoDB can't be reached"
    assert f"127.0.0.1:{port}" in error.why
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "mongodb://user:pass/word@host",
        "mongodb://host:99999",
        "mongodb://host/?w=most&replicaSet",
    ],
)
async def test_an_address_that_is_none_is_refused_without_showing_its_password(url: str) -> None:
    error = await refusal(url)
    assert "can't be understood" in error.what
    assert "pass/word" not in str(error)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("mongodb://lrs:s3cret@db:27017/?replicaSet=rs0", "mongodb://lrs:***@db:27017/?replicaSet=rs0"),
        ("mongodb+srv://lrs:p@ss:w@rd@cluster.example.org", "mongodb+srv://lrs:***@cluster.example.org"),
        ("mongodb://db1,db2/?replicaSet=rs0", "mongodb://db1,db2/?replicaSet=rs0"),
        ("mongodb://lrs@db", "mongodb://lrs@db"),
    ],
)
def test_a_masked_url_shows_all_but_the_password(url: str, shown: str) -> None:
    assert masked(url) == shown


@pytest.mark.parametrize("version", ["6.0.0", "6.0.5", "7.0.12", "8.2.0-rc1", "10.0.0"])
def test_versions_from_six_on_are_accepted(version: str) -> None:
    require_version(version, "LRS_MONGODB_URL")


@pytest.mark.parametrize("version", ["5.0.31", "4.4.29", "5.3.2"])
def test_older_versions_are_refused(version: str) -> None:
    with pytest.raises(StartupError, match=version):
        require_version(version, "LRS_MONGODB_URL")
