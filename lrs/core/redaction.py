"""Redaction at ingest: what the rules of a store drop is never stored (see `lrs.xapi.redaction`)."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from lrs.core import asked
from lrs.errors import BadRequest
from lrs.store.interactions import Session
from lrs.store.redaction import active
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from lrs.xapi.redaction import read_path, redact
from lrs.xapi.signatures import USAGE as SIGNATURE
from lrs.xapi.values import is_iri

MOST_RULES = 100


def _path(path: str) -> str:
    read_path(path)
    return path


def _iri(iri: str) -> str:
    if not is_iri(iri):
        raise ValueError(f"{iri[:60]!r} is not an absolute IRI (xAPI Data 4.3)")
    return iri


def _object_type(name: str) -> str:
    return name if name in ("Activity", "Agent", "Group", "StatementRef", "SubStatement") else _iri(name)


_Iri = Annotated[str, AfterValidator(_iri)]


class When(BaseModel):
    """Which statements a rule is for; every list that is there must hold what the statement has."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    verb: list[_Iri] = Field(default=[], max_length=1000, description="ids of verbs; none: any")
    object_type: list[Annotated[str, AfterValidator(_object_type)]] = Field(
        default=[], max_length=1000, description="types of activities, or Activity, Agent and so on; none: any"
    )


class RedactionRule(BaseModel):
    """What is dropped from some statements."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)] = Field(description="what it is for")
    when: When = Field(default=When(), description="which statements; without it all")
    drop: list[Annotated[str, AfterValidator(_path)]] = Field(
        min_length=1, max_length=100, description="paths of optional properties, such as result.response"
    )
    keep: list[_Iri] = Field(
        default=[], max_length=100, description="extensions that stay where all extensions are dropped"
    )


class RedactionSettings(BaseModel):
    """What `PUT /api/v1/stores/{store}/redaction` takes; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    defaults: bool = Field(
        default=True, description="whether the rules of all stores apply: no text of private messages"
    )
    rules: list[RedactionRule] = Field(default=[], max_length=MOST_RULES, description="the store's own rules")


async def settings(store: Store) -> Json:
    """Return the settings of a store as `RedactionSettings`, and as `active` the rules that follow from them.

    Raises: Unavailable.
    """
    return _shown(await store.redaction.get())


async def change(stores: Stores, store: Store, body: object, *, who: str) -> Json:
    """Replace the settings of a store by parsed JSON as `RedactionSettings` describes it, and return them.

    They apply to what is stored from now on, in other processes after some seconds. Settings and audit are written
    together or not at all; where nothing changes, neither is. `who` is the key of the credential that asks.
    Raises: BadRequest with the field as its `where`, Unavailable.
    """
    chosen = asked.read(RedactionSettings, body).model_dump()

    async def write(session: Session) -> None:
        before = await store.redaction.read(session)
        if before != chosen:
            await store.redaction.put(chosen, session)
            told = (who, store.name, "redaction.change", store.name)
            await stores.audit.record(*told, before=before, after=chosen, session=session)

    await stores.together(write)
    await store.redaction.renew()
    return _shown(chosen)


class Redacted(NamedTuple):
    """A valid statement without what the rules drop, and the paths that were dropped."""

    statement: Json
    dropped: tuple[str, ...]


async def redacted(store: Store, statements: Sequence[Json], *, is_list: bool) -> list[Redacted]:
    """Return valid statements without what the store's rules drop.

    Raises: BadRequest for a signed statement of which something would be dropped: its signature holds the whole
    statement, so nothing would be kept back, and would not fit what is left (xAPI Data 2.6). Unavailable.
    """
    rules = await store.redaction.rules()
    left = [Redacted(*redact(statement, rules)) for statement in statements]
    for index, (statement, dropped) in enumerate(left):
        if dropped and any(each["usageType"] == SIGNATURE for each in statement.get("attachments", ())):
            raise BadRequest(
                "a signed statement can't be redacted",
                where=f"statements[{index}].attachments" if is_list else "statement.attachments",
                why=f"rules of this store drop {', '.join(dropped)}, and the signature holds it (xAPI Data 2.6)",
                accepted="the statement without a signature, or a change of the store's rules by its admin",
            )
    return left


def _shown(chosen: Json) -> Json:
    return {**chosen, "active": active(chosen)}
