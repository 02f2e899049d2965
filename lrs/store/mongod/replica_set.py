"""Turn a mongod that listens into a replica set of one with the user `lrs`, whatever an earlier start left undone."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from pymongo import AsyncMongoClient
from pymongo.errors import AutoReconnect, NetworkTimeout, OperationFailure

from lrs.errors import StartupError
from lrs.store.connection import Client
from lrs.store.mongod.process import REPLICA_SET

USER = "lrs"

_UNAUTHORIZED, _AUTHENTICATION_FAILED = 13, 18
_ALREADY_INITIALIZED, _NOT_YET_INITIALIZED, _USER_EXISTS = 23, 94, 51003
_ELECTION_SECONDS = 60
"""An election takes 10 ms; replaying the oplog after a kill can take longer, before it."""


def url(password: str, port: int) -> str:
    """The address for clients. They look for the primary, so a restart of mongod is only a short wait for them."""
    return f"mongodb://{USER}:{quote(password, safe='')}@127.0.0.1:{port}/?replicaSet={REPLICA_SET}&authSource=admin"


async def ensure(password: str, port: int) -> None:
    """Initiate the set, create the user, mend the member's address after a change of port; wait for the primary.

    Raises: StartupError when the password file isn't the one the data was made with.
    """
    if not await knows(password, port):
        await _initiate(password, port)
    async with _direct(port, password) as client:
        await _mend_address(client, f"127.0.0.1:{port}")
        await _wait_for_primary(client)


async def knows(password: str, port: int) -> bool:
    """Whether the mongod at `port` lets the user `lrs` in."""
    async with _direct(port, password) as client:
        try:
            await client.admin.command("ping")
        except OperationFailure as error:
            if error.code in (_AUTHENTICATION_FAILED, _UNAUTHORIZED):
                return False
            raise
        return True


async def _initiate(password: str, port: int) -> None:
    """While a mongod has no user it obeys anyone on its own machine, for these two commands only.

    A client that connected before `replSetInitiate` keeps failing afterwards, so each step has one of its own.
    """
    config = {"_id": REPLICA_SET, "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    try:
        async with _direct(port) as client:
            await _tolerating(client, _ALREADY_INITIALIZED, "replSetInitiate", config)
        async with _direct(port) as client:
            await _wait_for_primary(client)
            await client.admin.command("createUser", USER, pwd=password, roles=["root"])
    except OperationFailure as error:
        if error.code not in (_UNAUTHORIZED, _USER_EXISTS):
            raise
        raise StartupError(
            "the private MongoDB refuses our password",
            where="LRS_DATA_DIR",
            why="the file `password` is not the one its data was made with",
            accepted="the original file, from a backup of the directory",
        ) from error


async def _mend_address(client: Client, address: str) -> None:
    """A member that doesn't find its own address in the configuration never becomes primary."""
    config = await _config(client)
    if config["members"][0]["host"] == address:
        return
    config["members"][0]["host"] = address
    config["version"] += 1
    await client.admin.command("replSetReconfig", config, force=True)


async def _config(client: Client) -> dict[str, Any]:
    """The set's configuration. A starting mongod reads it after it takes connections, and asks the kept address first
    whether that is itself: 30 s when another program listens there now and says nothing.
    """
    limit = time.monotonic() + _ELECTION_SECONDS
    while True:
        try:
            return dict((await client.admin.command("replSetGetConfig"))["config"])
        except OperationFailure as error:
            if error.code != _NOT_YET_INITIALIZED or time.monotonic() > limit:
                raise
        await asyncio.sleep(0.02)


async def _wait_for_primary(client: Client) -> None:
    limit = time.monotonic() + _ELECTION_SECONDS
    while time.monotonic() < limit:
        try:
            if (await client.admin.command("hello")).get("isWritablePrimary"):
                return
        except (AutoReconnect, NetworkTimeout):
            pass
        await asyncio.sleep(0.02)
    raise StartupError("the private MongoDB is not ready", where="LRS_DATA_DIR", why=f"{_ELECTION_SECONDS} s went by")


async def _tolerating(client: Client, code: int, command: str, value: Any) -> None:
    try:
        await client.admin.command(command, value)
    except OperationFailure as error:
        if error.code != code:
            raise


@asynccontextmanager
async def _direct(port: int, password: str | None = None) -> AsyncIterator[Client]:
    login: dict[str, Any] = {} if password is None else {"username": USER, "password": password, "authSource": "admin"}
    client: Client = AsyncMongoClient(
        "127.0.0.1", port, directConnection=True, serverSelectionTimeoutMS=5000, appname="lrs start", **login
    )
    try:
        yield client
    finally:
        await client.close()
