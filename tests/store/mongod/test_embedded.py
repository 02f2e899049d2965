"""The whole of the private MongoDB, on the real binary: starts, kills and refusals."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import OperationFailure

from lrs.errors import StartupError
from lrs.settings import Settings
from lrs.store import connection
from lrs.store.mongod import EmbeddedMongod, database, running_url
from tests.store.mongod.programs import ROOT, free_port, plain_mongod, script

Make: TypeAlias = Callable[[], EmbeddedMongod]


async def write(url: str, name: str) -> None:
    async with connection.connect(url) as client:
        await client["lrs"]["kept"].insert_one({"_id": name})


async def names(url: str) -> list[str]:
    async with connection.connect(url) as client:
        return [document["_id"] async for document in client["lrs"]["kept"].find().sort("_id")]


async def test_a_second_start_finds_the_data_at_the_same_address(embedded: Make) -> None:
    mongod = embedded()
    url = await mongod.start()
    await write(url, "kept")
    await mongod.stop()
    assert mongod.pid is None
    assert await mongod.start() == url
    assert await names(url) == ["kept"]


async def test_the_server_is_a_replica_set_that_passes_the_check(embedded: Make) -> None:
    url = await embedded().start()
    async with connection.connect(url) as client:
        await connection.verify(client)
        parameter = await client.admin.command("getParameter", transactionLifetimeLimitSeconds=1)
        assert parameter["transactionLifetimeLimitSeconds"] == 10
        async with client.start_session() as session, await session.start_transaction():
            await client["lrs"]["kept"].insert_one({"_id": "in a transaction"}, session=session)


async def test_another_local_user_cannot_read_without_the_password(embedded: Make) -> None:
    url = await embedded().start()
    anonymous: AsyncMongoClient[dict[str, object]] = AsyncMongoClient(f"mongodb://{url.split('@')[1]}")
    async with anonymous:
        with pytest.raises(OperationFailure, match="authentication"):
            await anonymous["lrs"]["kept"].find_one()


async def test_a_killed_mongod_is_noticed_and_comes_back_with_what_was_acknowledged(embedded: Make) -> None:
    mongod = embedded()
    url = await mongod.start()
    await write(url, "acknowledged")
    first = mongod.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert await asyncio.wait_for(mongod.wait(), 60) == -signal.SIGKILL
    assert mongod.pid is None
    assert await mongod.start() == url
    assert mongod.pid not in (None, first)
    assert await names(url) == ["acknowledged"]


async def test_the_mongod_of_a_killed_server_is_adopted(embedded: Make, tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.store.mongod.programs", str(tmp_path / "data")),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert server.stdout is not None
    pid = int(await server.stdout.readline())
    url = running_url(tmp_path / "data")
    with pytest.raises(StartupError, match=f"process {server.pid} holds"):
        await embedded().start()
    server.kill()
    await server.communicate()
    mongod = embedded()
    assert await mongod.start() == url
    assert mongod.pid == pid
    await mongod.stop()
    assert running_url(tmp_path / "data") is None


async def test_a_first_start_cut_off_before_the_user_was_made_is_finished(embedded: Make, tmp_path: Path) -> None:
    mongod = embedded()
    starting = asyncio.create_task(mongod.start())
    for _ in range(1000):
        await asyncio.sleep(0.01)
        if mongod.pid is not None:
            break
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    await mongod.stop()
    url = await embedded().start()
    await write(url, "works")


async def test_a_port_taken_by_another_program_is_changed_and_the_replica_set_mended(
    embedded: Make, tmp_path: Path
) -> None:
    mongod = embedded()
    url = await mongod.start()
    await write(url, "kept")
    await mongod.stop()
    port = int((tmp_path / "data" / "port").read_text())
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port):
        moved = await mongod.start()
        assert moved != url
        assert await names(moved) == ["kept"]
        await write(moved, "writable")


async def test_a_mongod_started_by_hand_on_the_same_files_is_named(embedded: Make, tmp_path: Path) -> None:
    mongod = embedded()
    await mongod.start()
    await mongod.stop()
    other = await plain_mongod(tmp_path / "data" / "mongo", free_port())
    try:
        with pytest.raises(StartupError) as refused:
            await mongod.start()
        assert str(other.pid) in refused.value.why
    finally:
        other.terminate()
        await other.wait()


async def test_data_of_a_newer_version_is_recognised(embedded: Make, tmp_path: Path) -> None:
    """The real log of the real binary: the data is marked with version 7.0 behind mongod's back."""
    mongod = embedded()
    url = await mongod.start()
    await mongod.stop()
    port = int((tmp_path / "data" / "port").read_text())
    standalone = await plain_mongod(tmp_path / "data" / "mongo", port)
    async with AsyncMongoClient[dict[str, object]]("127.0.0.1", port, directConnection=True) as client:
        await client.admin["newer"].insert_one({"_id": "featureCompatibilityVersion", "version": "7.0"})
        rename = {"renameCollection": "admin.newer", "to": "admin.system.version", "dropTarget": True}
        await client.admin.command("applyOps", [{"op": "c", "ns": "admin.$cmd", "o": rename}])
    standalone.terminate()
    await standalone.wait()
    with pytest.raises(StartupError, match="another version") as refused:
        await mongod.start()
    assert "7.0" in refused.value.why
    assert url.split(":")[2].split("@")[0] not in str(refused.value)


async def test_a_lost_password_file_is_explained(embedded: Make, tmp_path: Path) -> None:
    mongod = embedded()
    await mongod.start()
    await mongod.stop()
    (tmp_path / "data" / "password").unlink()
    with pytest.raises(StartupError, match="refuses our password") as refused:
        await mongod.start()
    assert "backup" in refused.value.accepted


async def test_damaged_files_are_recognised(embedded: Make, tmp_path: Path) -> None:
    (tmp_path / "data" / "mongo").mkdir(parents=True)
    (tmp_path / "data" / "mongo" / "storage.bson").write_text("junk")
    (tmp_path / "data" / "mongo" / "WiredTiger").write_text("junk")
    with pytest.raises(StartupError, match="damaged") as refused:
        await embedded().start()
    assert str(tmp_path / "data" / "mongod.log") in refused.value.why


async def test_a_disk_that_fills_up_is_recognised(tmp_path: Path) -> None:
    """A stand-in prints what mongod 6.0.5 printed on a full disk; filling a real one needs rights we may lack."""
    line = '{"t":{},"s":"E","c":"WT","msg":"WiredTiger error message","attr":{"error":28,"message":{"msg":"%s"}}}'
    body = f"echo '{line}'; kill -ABRT $$" % "__posix_file_write:616: No space left on device"
    fake = script(tmp_path / "mongod", f"[ $1 = --version ] && echo 'db version v6.0.5' && exit; {body}")
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path / "data", mongod=fake))
    with pytest.raises(StartupError, match="disk is full"):
        await mongod.start()
    await mongod.stop()


async def test_an_end_without_a_known_cause_shows_what_mongod_said(tmp_path: Path) -> None:
    body = "echo 'Error parsing command line: unrecognised option'; exit 2"
    fake = script(tmp_path / "mongod", f"[ $1 = --version ] && echo 'db version v6.0.5' && exit; {body}")
    mongod = EmbeddedMongod(Settings(data_dir=tmp_path / "data", mongod=fake))
    with pytest.raises(StartupError) as refused:
        await mongod.start()
    await mongod.stop()
    assert "exit status 2: Error parsing command line" in refused.value.why


async def test_a_command_uses_a_mongod_of_its_own_or_the_running_one(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    async with database(settings) as url:
        await write(url, "by the first")
        async with database(settings) as same:
            assert same == url
        assert await names(url) == ["by the first"]
    assert running_url(tmp_path / "data") is None
