"""Refused requests: told to the admin, with credential, place and reason, so that nothing fails unseen.

They are recorded in passing: a refusal waits a second for its record at the most, and one that can't be written is
dropped. So a database that is away makes no refusal slow and turns none into another.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from lrs import clock
from lrs.core.credentials import Access
from lrs.errors import LRSError
from lrs.store.redaction import DEFAULT_RULES
from lrs.store.refusals import Position
from lrs.store.stores import Store, Stores
from lrs.xapi import Json
from lrs.xapi.redaction import Rule, may_concern, redact
from lrs.xapi.values import format_timestamp, parse_timestamp

WAITING = 500  # refusals waiting to be written when new ones are dropped
WAIT_S = 1.0  # how long a refused request waits for its record
COPIED_BYTES = 2_000  # of a body, as far as rules of redaction leave it
KEY_CHARACTERS = 100  # of a key; those of texts
TEXT_CHARACTERS = 500

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A request that was refused: as much of it as was known by then."""

    key: str | None  # of its credential, as sent, whether there is such a credential or not
    access: Access | None
    method: str
    path: str
    error: LRSError
    body: bytes | None  # what was read of a write; None for a form, which may hold a secret


def _time(value: str) -> datetime:
    return parse_timestamp(f"{value}T00:00:00Z" if len(value) == 10 else value.replace(" ", "+"))


class RefusalQuery(BaseModel):
    """The parameters of `GET /api/v1/refusals`; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=1000)] = Field(default=100, description="how many, 1 to 1000; else 100")
    since: Annotated[datetime, BeforeValidator(_time)] | None = Field(
        default=None, description="only from this time on: RFC 3339 or a date"
    )
    until: Annotated[datetime, BeforeValidator(_time)] | None = Field(default=None, description="only before this time")
    credential: str | None = Field(default=None, description="only of this key")
    status: Annotated[int, Field(ge=400, le=499)] | None = Field(default=None, description="only with this status")
    store: str | None = Field(default=None, description="of this store; else that of the credential that asks")
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,14}-[0-9a-f]{24}$")] | None = Field(
        default=None, description="in `more` only: where the next page begins"
    )


@dataclass(frozen=True, slots=True)
class Refusals:
    """The refusals of all stores, and of requests whose key opens none."""

    stores: Stores
    _recording: set[asyncio.Task[None]] = field(default_factory=set)

    async def record(self, refused: Refused) -> None:
        """Record a refusal; it is listed on return unless the database is away or too slow."""
        if len(self._recording) >= WAITING:
            log.warning("a refusal is not recorded", reason=f"{WAITING} wait to be written")
            return
        recording = asyncio.create_task(self._record(refused, clock.now()))
        self._recording.add(recording)
        recording.add_done_callback(self._recording.discard)
        await asyncio.wait([recording], timeout=WAIT_S)

    async def find(self, query: RefusalQuery, *, store: str) -> tuple[list[Json], str]:
        """Return a page of refusals, the newest first, and the cursor of the next one ("" at the end).

        They are those of one store, `store` unless the query names another, and of requests that belong to none.
        Raises: NotFound for an unknown store, Unavailable.
        """
        opened = await self.stores.open(query.store or store)
        asked = {"credential": query.credential, "status": query.status}
        filters = {name: value for name, value in asked.items() if value is not None}
        found: list[Json] = []
        for refusals in (opened.refusals, self.stores.refusals):
            found += await refusals.find(
                filters, since=query.since, until=query.until, after=_position(query.cursor), limit=query.limit + 1
            )
        found.sort(key=lambda each: (each["time"], each["id"]), reverse=True)
        page = found[: query.limit]
        return [_shown(each) for each in page], _cursor(page[-1]) if len(found) > len(page) else ""

    async def drain(self) -> None:
        """Wait until what is being recorded is written."""
        if self._recording:
            await asyncio.wait(self._recording)

    async def _record(self, refused: Refused, time: datetime) -> None:
        try:
            name, store = await self._belongs_to(refused)
            rules = DEFAULT_RULES if store is None else await store.redaction.rules()
            refusal = {
                "time": time,
                "store": None if store is None else store.name,
                "credential": _bounded(refused.key, KEY_CHARACTERS),
                "name": name,
                "method": refused.method,
                "path": _bounded(refused.path),
                **_reason(refused, rules),
                "body": _copy(refused.body, rules),
            }
            await (self.stores if store is None else store).refusals.add(refusal)
        except Exception as error:  # whatever it is, the client has its answer; no text of it, which may be personal
            log.warning("a refusal is not recorded", reason=type(error).__name__)

    async def _belongs_to(self, refused: Refused) -> tuple[str | None, Store | None]:
        """Return the credential's name and store; also where its secret was wrong."""
        if refused.access is not None:
            return refused.access.credential.name, refused.access.store
        credential = await self.stores.credentials.get(refused.key) if refused.key else None
        return (None, None) if credential is None else (credential.name, await self.stores.open(credential.store))


def _bounded(text: str | None, most: int = TEXT_CHARACTERS) -> str | None:
    return None if text is None else text[:most].encode("utf-8", "replace").decode()


def _reason(refused: Refused, rules: Sequence[Rule]) -> dict[str, Any]:
    error = refused.error
    why = error.why
    if refused.body is not None and _names_what_is_dropped(error.where, refused.body, rules):
        why = "not shown: the value is what a rule of redaction drops"
    texts = {"what": error.what, "where": error.where, "why": why, "accepted": error.accepted}
    return {"status": error.status} | {name: _bounded(text) for name, text in texts.items()}


_STATEMENT = re.compile(r"statement(?:s\[(?P<index>[0-9]{1,9})\])?\.(?P<path>.+)", re.DOTALL)


def _names_what_is_dropped(where: str, body: bytes, rules: Sequence[Rule]) -> bool:
    """Tell whether the place of an error, whose reason shows the value, lies in what the rules drop."""
    place = _STATEMENT.fullmatch(where)
    if place is None:
        return False
    statement = list(_statements(body))[int(place["index"] or 0)]
    _, dropped = redact(statement, rules) if isinstance(statement, dict) else (None, ())
    return any(place["path"].startswith(path) for path in dropped)


def _statements(body: bytes) -> Iterator[Any]:
    parsed = orjson.loads(body)
    yield from parsed if isinstance(parsed, list) else [parsed]


def _copy(body: bytes | None, rules: Sequence[Rule]) -> str | None:
    """Return the beginning of a body without what the rules drop; None where that can't be told apart."""
    if body is None:
        return None
    try:
        copy = b"[" if body.lstrip()[:1] == b"[" else b""
        for statement in _statements(body):
            copy += orjson.dumps(redact(statement, rules)[0] if isinstance(statement, dict) else statement)
            if len(copy) > COPIED_BYTES:
                break
            copy += b","
        copy = copy.removesuffix(b",") + (b"]" if copy[:1] == b"[" else b"")
    except (ValueError, TypeError, RecursionError):  # no JSON, or an integer that JSON takes and the encoder doesn't
        if may_concern(body, rules):
            return None
        copy = body
    return copy[:COPIED_BYTES].decode("utf-8", "replace")


def _position(cursor: str | None) -> Position | None:
    if cursor is None:
        return None
    milliseconds, _, identifier = cursor.partition("-")
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC), identifier


def _cursor(refusal: Json) -> str:
    return f"{round(refusal['time'].timestamp() * 1000)}-{refusal['id']}"


def _shown(refusal: Json) -> Json:
    shown = {name: value for name, value in refusal.items() if name != "id"}
    return {**shown, "time": format_timestamp(refusal["time"])}
