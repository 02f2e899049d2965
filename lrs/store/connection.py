"""The way to MongoDB: one client with our options, and a check of what it leads to."""

import re
from typing import Any, TypeAlias

from pymongo import AsyncMongoClient
from pymongo.errors import (
    ConfigurationError,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from lrs.errors import StartupError
from lrs.store import waiting
from lrs.store.databases import CONTROL

Client: TypeAlias = AsyncMongoClient[dict[str, Any]]

LEAST_VERSION = (6, 0)
"""What the store relies on: change streams over a cluster, `$setWindowFields`, transactions over catalog changes."""

_WHERE = "LRS_MONGODB_URL"
_SELECTION_MS = 5000
_UNAUTHORIZED, _AUTHENTICATION_FAILED = 13, 18


def connect(url: str) -> Client:
    """A client for `url`; nothing is sent before the first command, which waits 5 s for a server unless the URL has
    a `serverSelectionTimeoutMS` of its own.

    Times come back in UTC, UUIDs as `uuid.UUID`; a write is acknowledged when the majority has journalled it, and
    is repeated once by the driver after a failover.

    Raises: StartupError when the URL can't be understood.
    """
    waiting.mend()
    patience: dict[str, Any] = (
        {} if "serverselectiontimeoutms=" in url.lower() else {"serverSelectionTimeoutMS": _SELECTION_MS}
    )
    try:
        return AsyncMongoClient(
            url,
            appname="lrs",
            tz_aware=True,
            uuidRepresentation="standard",
            w="majority",
            journal=True,
            retryWrites=True,
            readPreference="primary",
            **patience,
        )
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise StartupError(
            "the address of MongoDB can't be understood",
            where=_WHERE,
            why=f"{masked(url)}: {_without_secrets(str(error), url)}",
            accepted="mongodb://user:password@host:27017/?replicaSet=name; : / ? # @ in a password as %3A and so on",
        ) from error


async def verify(client: Client) -> None:
    """Check that the client leads to a MongoDB this system can use.

    Raises: StartupError when it can't be reached, refuses the user, is no replica set, or is older than 6.0.
    """
    try:
        hello = await client.admin.command("hello")
        _require_replica_set(hello, _hosts(client))
        info = await client.admin.command("buildInfo")
        require_version(info["version"], _WHERE)
        await client[CONTROL]["settings"].find_one({}, {"_id": 1})
    except ServerSelectionTimeoutError as error:
        raise _unreachable(client, error) from error
    except OperationFailure as error:
        raise _refused(client, error) from error
    except PyMongoError as error:
        why = f"{_hosts(client)}: {str(error)[:300]}"
        raise StartupError("MongoDB can't be used", where=_WHERE, why=why) from error


def masked(url: str) -> str:
    """The URL with `***` for its password, fit for messages and logs."""
    return re.sub(r"(?<=://)([^/?#:@]*):.*@", r"\1:***@", url)


def require_version(version: str, where: str) -> None:
    """Raises: StartupError when `version` (`6.0.5`) is older than 6.0."""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    if numbers < LEAST_VERSION:
        raise StartupError("MongoDB is too old", where=where, why=f"it is {version}", accepted="6.0 or later")


def _without_secrets(message: str, url: str) -> str:
    """The driver's words may quote the URL, or a part of it."""
    password = re.search(r"://[^/?#:@]*:(.*)@", url)
    return message.replace(password[1], "***") if password and password[1] else message


def _require_replica_set(hello: dict[str, Any], hosts: str) -> None:
    if "setName" in hello or hello.get("msg") == "isdbgrid":
        return
    raise _no_replica_set(f"{hosts} is a standalone mongod")


def _no_replica_set(why: str) -> StartupError:
    accepted = "a replica set, one node is enough: start mongod with --replSet rs0, then run rs.initiate() in mongosh"
    return StartupError("MongoDB is not a replica set", where=_WHERE, why=why, accepted=accepted)


def _unreachable(client: Client, error: ServerSelectionTimeoutError) -> StartupError:
    kinds = {server.server_type_name for server in client.topology_description.server_descriptions().values()}
    if "RSGhost" in kinds:
        return _no_replica_set(f"{_hosts(client)} runs with --replSet but was never initiated")
    reason = str(error).split(", Timeout:")[0]
    why = f"no answer from {_hosts(client)} in {client.options.server_selection_timeout:g} s: {reason[:300]}"
    return StartupError("MongoDB can't be reached", where=_WHERE, why=why, accepted="a replica set with a primary")


def _refused(client: Client, error: OperationFailure) -> StartupError:
    if error.code == _AUTHENTICATION_FAILED:
        why = f"{_hosts(client)} does not know this user and password"
        accepted = "the user's password, and authSource=<database> when the user is of another database than admin"
        return StartupError("MongoDB refuses the login", where=_WHERE, why=why, accepted=accepted)
    if error.code == _UNAUTHORIZED:
        why = f"{_hosts(client)}: {str(error).split(', full error')[0][:200]}"
        accepted = "a user with the role readWriteAnyDatabase, or readWrite on `lrs` and each `lrs_<store>`"
        return StartupError("MongoDB denies access to its databases", where=_WHERE, why=why, accepted=accepted)
    why = f"{_hosts(client)}: {str(error).split(', full error')[0][:300]}"
    return StartupError("MongoDB can't be used", where=_WHERE, why=why)


def _hosts(client: Client) -> str:
    servers = client.topology_description.server_descriptions()
    return ", ".join(sorted(f"{host}:{port}" for host, port in servers)) or "its hosts"
