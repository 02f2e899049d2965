"""What an administrator does: credentials and stores, of the whole LRS (scope `admin`)."""

from dataclasses import dataclass
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from lrs import clock
from lrs.core import asked, redaction
from lrs.core.credentials import SCOPES, Doorkeeper
from lrs.errors import BadRequest, Conflict, NotFound
from lrs.store.credentials import Chosen, Credential
from lrs.store.interactions import Session
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp
from lrs.xapi.versions import SUPPORTED, negotiate

LONGEST_DEDUPE_S = 7 * 86_400
COMMAND_LINE = "cli"  # who it was, in the audit, where no credential was asked for

_Text = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]

_Key = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^:/\x00-\x1f\x7f]+$")]


def _scope(scope: str) -> str:
    if scope not in SCOPES:
        raise ValueError(f"{scope[:40]!r} is no scope; accepted are {', '.join(SCOPES)}")
    return scope


class NewCredential(BaseModel):
    """What `POST /api/v1/credentials` takes; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: _Text | None = Field(default=None, description="who it is for; the authority of its statements; else the key")
    store: str | None = Field(default=None, description="the store it opens; else that of the credential that asks")
    scopes: list[Annotated[str, AfterValidator(_scope)]] = Field(
        default=["all"], min_length=1, description=f"what it may do: {', '.join(SCOPES)}"
    )
    xapi_version: str | None = Field(
        default=None, description="what a request without a version header is taken for: 1.0.x or 2.0.x"
    )
    lenient: bool = Field(default=False, description="whether known deviations of real clients are taken")
    dedupe: Annotated[int, Field(ge=0, le=LONGEST_DEDUPE_S)] | None = Field(
        default=None,
        description="for how many seconds a statement without id counts as the same one sent again; 0 or null: never",
    )
    key: _Key | None = Field(default=None, description="the user name of HTTP Basic, without : and /; else made")
    secret: _Text | None = Field(default=None, description="the password of HTTP Basic; else made")

    @field_validator("xapi_version")
    @classmethod
    def _supported_version(cls, version: str | None) -> str | None:
        try:
            return None if version is None else str(negotiate(version))
        except BadRequest as error:
            raise ValueError(f"{version!r:.42} is not supported; accepted are {SUPPORTED}") from error


class NewStore(BaseModel):
    """What `POST /api/v1/stores` takes; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")] = Field(
        description="1 to 40 of a-z, 0-9 and -; its database is lrs_<name>"
    )
    timezone: str = Field(default="UTC", description="time zone of its days, weeks and months, an IANA name")

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name[:40]!r} is not an IANA time zone such as Europe/Berlin") from error
        return name


@dataclass(frozen=True, slots=True)
class Administration:
    """Credentials and stores of one LRS. What is audited is written together with its entry, or not at all."""

    stores: Stores
    doorkeeper: Doorkeeper

    async def credentials(self) -> list[Json]:
        """Return all credentials, without their secrets. Raises: Unavailable."""
        return [_shown(credential) for credential in await self.stores.credentials.all()]

    async def create_credential(self, body: object, *, store: str, who: str = COMMAND_LINE) -> Json:
        """Make a credential and return it with its secret, which is told only now.

        `body` is parsed JSON as `NewCredential` describes it, `store` the one that is taken when it names none, `who`
        the key of the credential that asks.
        Raises: BadRequest with the field as its `where`, Conflict for a taken key, Unavailable.
        """
        chosen = asked.read(NewCredential, body)
        opened = chosen.store or store
        if opened not in await self.stores.names():
            why, accepted = f"{opened[:40]!r} was never created", "a store that GET /api/v1/stores lists"
            raise BadRequest("there is no such store", where="store", why=why, accepted=accepted)
        key, secret = chosen.key or clock.new_key(), chosen.secret or clock.new_secret()
        settings = _settings(chosen, key, opened)

        async def write(session: Session) -> Credential:
            made = await self.stores.credentials.add(key, secret, session, **settings)
            if made is None:
                why, accepted = (
                    f"{key!r} exists, and a credential never changes",
                    "another key, or none to have one made",
                )
                raise Conflict("the key is taken", where="key", why=why, accepted=accepted)
            told = (who, opened, "credential.create", key)
            granted = {"name": made.name, "scopes": _scopes(made)}
            await self.stores.audit.record(*told, before={}, after=granted, session=session)
            return made

        return {"key": key, "secret": secret, **_shown(await self.stores.together(write))}

    async def delete_credential(self, key: str, *, used: str | None = None) -> None:
        """Delete a credential. It opens nothing from now on, in other processes after a minute at the latest.

        `used` is the key of the credential that asks. Raises: Conflict for that one, NotFound, Unavailable.
        """
        if key == used:
            why = "whoever deletes it would be locked out"
            raise Conflict("a credential can't delete itself", where="key", why=why, accepted="another one's key")

        async def write(session: Session) -> None:
            deleted = await self.stores.credentials.delete(key, session)
            if deleted is None:
                raise NotFound("there is no such credential", where="key", why=repr(key))
            told = (used or COMMAND_LINE, deleted.store, "credential.delete", key)
            await self.stores.audit.record(*told, before={}, after={}, session=session)

        await self.stores.together(write)
        self.doorkeeper.forget(key)

    async def redaction(self, store: str) -> Json:
        """Return the redaction settings of a store (see `redaction`). Raises: NotFound, Unavailable."""
        return await redaction.settings(await self.stores.open(store))

    async def change_redaction(self, store: str, body: object, *, who: str) -> Json:
        """Replace the redaction settings of a store and return them. Raises: BadRequest, NotFound, Unavailable."""
        return await redaction.change(self.stores, await self.stores.open(store), body, who=who)

    async def list_stores(self) -> list[Json]:
        """Return all stores. Raises: Unavailable."""
        return [{"name": name, "timezone": timezone} for name, timezone in await self.stores.all()]

    async def create_store(self, body: object) -> Json:
        """Create a store from parsed JSON as `NewStore` describes it, and return it.

        Raises: BadRequest with the field as its `where`, Conflict for a taken name, Unavailable.
        """
        chosen = asked.read(NewStore, body)
        if not await self.stores.add(chosen.name, timezone=chosen.timezone):
            raise Conflict("the name is taken", where="name", why=f"a store {chosen.name!r} exists", accepted="another")
        return {"name": chosen.name, "timezone": chosen.timezone}


def _settings(chosen: NewCredential, key: str, store: str) -> Chosen:
    return {
        "name": chosen.name or key,
        "store": store,
        "scopes": frozenset(chosen.scopes),
        "xapi_version": chosen.xapi_version,
        "lenient": chosen.lenient,
        "dedupe_s": chosen.dedupe or None,
    }


def _shown(credential: Credential) -> dict[str, Any]:
    return {
        "key": credential.key,
        "name": credential.name,
        "store": credential.store,
        "scopes": _scopes(credential),
        "xapi_version": credential.xapi_version,
        "lenient": credential.lenient,
        "dedupe": credential.dedupe_s,
        "created": None if credential.created is None else format_timestamp(credential.created),
    }


def _scopes(credential: Credential) -> list[str]:
    return [scope for scope in SCOPES if scope in credential.scopes]
