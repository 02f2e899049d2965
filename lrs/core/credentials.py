"""Credentials: who a request comes from, which store that opens and what it may do there."""

import asyncio
import hashlib
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lrs import clock
from lrs.errors import Forbidden, Unauthorized
from lrs.store.credentials import NOBODY, Credential
from lrs.store.stores import DEFAULT, Store, Stores
from lrs.xapi import Json

SCOPES = (
    "statements/write",
    "statements/read",
    "statements/read/mine",
    "state",
    "profile",
    "define",
    "all/read",
    "all",
    "analytics/read",
    "analytics/identify",
    "admin",
)

_IMPLIED = {
    "all": {"statements/write", "statements/read", "statements/read/mine", "state", "profile", "define", "all/read"},
    "all/read": {"statements/read", "statements/read/mine"},
    "statements/read": {"statements/read/mine"},
    "analytics/identify": {"analytics/read"},
}

HASHED_AT_ONCE = 2  # secrets; each takes 16 MB
REMEMBERED_S = 60.0  # how long a checked secret needs no hashing; a changed credential takes effect after it


@lru_cache(maxsize=1000)
def _whole(scopes: frozenset[str]) -> frozenset[str]:
    """Return the scopes with all that they imply."""
    return scopes.union(*(_IMPLIED.get(each, ()) for each in scopes))


@dataclass(frozen=True, slots=True)
class Access:
    """A request's credential and store."""

    credential: Credential
    store: Store
    authority: Json  # the Agent that statements of this credential are asserted by

    def may(self, *scopes: str) -> bool:
        """Tell whether the credential has one of the scopes."""
        return not _whole(self.credential.scopes).isdisjoint(scopes)

    def require(self, *scopes: str) -> None:
        """Raise Forbidden unless the credential has one of the scopes."""
        if not self.may(*scopes):
            raise Forbidden(
                "the credential may not do this",
                where="Authorization",
                why=f"{self.credential.name!r} lacks the scope {' or '.join(scopes)}",
                accepted=f"a credential with the scope {' or '.join(scopes)}",
            )


class Doorkeeper:
    """Opens stores for keys and secrets. A secret that was right a moment ago is not hashed again."""

    def __init__(self, stores: Stores, home_page: str) -> None:
        self._stores = stores
        self._home_page = home_page
        self._remembered: dict[bytes, tuple[float, Access]] = {}
        self._checking: dict[bytes, asyncio.Task[Access]] = {}
        self._hashing = asyncio.Semaphore(HASHED_AT_ONCE)

    async def admit(self, key: str, secret: str) -> Access:
        """Return the access that key and secret open. Raises: Unauthorized, Unavailable."""
        digest = hashlib.sha256(f"{key}\0{secret}".encode()).digest()
        until, access = self._remembered.get(digest, (0.0, None))
        if access is not None and time.monotonic() < until:
            return access
        checking = self._checking.get(digest)
        if checking is None:  # else somebody asks the same already: a client has many requests under way
            checking = self._checking[digest] = asyncio.create_task(self._check(key, secret))
            checking.add_done_callback(lambda checked: self._checked(digest, checked))
        return await asyncio.shield(checking)

    def forget(self, key: str) -> None:
        """Look the credential up again from now on; other processes do within REMEMBERED_S."""
        self._checking = {}  # what is being checked may have been looked up before
        self._remembered = {
            digest: entry for digest, entry in self._remembered.items() if entry[1].credential.key != key
        }

    async def check_database(self) -> None:
        """Raise Unavailable unless the database answers."""
        await self._stores.credentials.any()

    async def _check(self, key: str, secret: str) -> Access:
        credential = await self._stores.credentials.get(key)
        # In a thread, for it takes 40 ms; for an unknown key too, so that the time doesn't tell which keys there are.
        async with self._hashing:
            opens = await asyncio.to_thread((credential or NOBODY).opens_with, secret)
        if credential is None or not opens:
            raise Unauthorized(
                "key or secret is wrong", where="Authorization", accepted="HTTP Basic with a credential of this LRS"
            )
        return Access(credential, await self._stores.open(credential.store), self._authority(credential))

    def _checked(self, digest: bytes, checked: asyncio.Task[Access]) -> None:
        """Remember what was checked, unless it was to be forgotten meanwhile."""
        is_current = self._checking.get(digest) is checked
        if is_current:
            del self._checking[digest]
        if checked.cancelled() or checked.exception() is not None or not is_current:
            return
        present = time.monotonic()
        if len(self._remembered) > 1000:
            self._remembered = {key: entry for key, entry in self._remembered.items() if entry[0] > present}
        self._remembered[digest] = (present + REMEMBERED_S, checked.result())

    def _authority(self, credential: Credential) -> dict[str, Any]:
        account = {"homePage": self._home_page, "name": credential.key}
        return {"objectType": "Agent", "name": credential.name, "account": account}


@dataclass(frozen=True, slots=True)
class FirstCredential:
    """The credential of the environment, or one that was made because there was none."""

    key: str
    secret: str
    made: bool


async def ensure_first(stores: Stores, key: str | None, secret: str | None, timezone: str) -> FirstCredential | None:
    """Make the store `default` and its first credential; None when one was made at an earlier start.

    With a key and a secret in the environment the credential has these, whatever it had before.
    """
    await stores.create(DEFAULT, timezone=timezone)
    given = key is not None and secret is not None
    if not given and key is None and await stores.credentials.any():
        return None
    first = FirstCredential(key or "lrs", secret or clock.new_secret(), made=not given)
    scopes = frozenset(("all", "analytics/identify", "admin"))
    # Several processes start at once: one of them makes it, and tells its secret.
    make = stores.credentials.put if given else stores.credentials.add
    made = await make(first.key, first.secret, name="first credential", store=DEFAULT, scopes=scopes)
    return first if given or made else None
