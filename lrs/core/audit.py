"""The audit as it is read: who changed what in a store, and who was shown people one by one. The newest comes first."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import orjson
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from lrs.core.audited import GROUPS, WORDS, kinds, told
from lrs.store.stores import Stores
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp

ACCEPTED = ", ".join([*GROUPS, *WORDS])
COLUMNS = ("time", "who", "what", "of", "told", "before", "after")


def _what(what: str) -> str:
    if what not in GROUPS and what not in WORDS:
        raise PydanticCustomError("what", "{given} is not audited", {"given": repr(what[:40]), "expected": ACCEPTED})
    return what


class AuditQuery(BaseModel):
    """The parameters of `GET /api/v1/audit`; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: Annotated[str, AfterValidator(_what)] | None = Field(
        default=None, description=f"only entries of this kind: {ACCEPTED}"
    )
    limit: Annotated[int, Field(ge=1, le=1000)] = Field(default=100, description="how many, 1 to 1000; else 100")
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,14}-[0-9a-f]{24}$")] | None = Field(
        default=None, description="in `more` only: where the next page begins"
    )
    format: Literal["json", "csv"] = Field(default="json", description="how the answer is written: json or csv")


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries of the audit, and the cursor of the next page ("": there is none)."""

    entries: Sequence[Json]
    cursor: str

    def as_csv(self) -> str:
        """Return the entries as CSV (RFC 4180) with one header line; `before` and `after` are JSON."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for entry in self.entries:
            writer.writerow([_cell(entry[name]) for name in COLUMNS])
        return text.getvalue()


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The audit of all stores."""

    stores: Stores

    async def page(self, store: str, query: AuditQuery) -> AuditPage:
        """Return a page of a store's audit, the newest first.

        An entry is {time, who, what, of, told, before, after}; `told` says it in words. Raises: Unavailable.
        """
        wanted = None if query.what is None else kinds(query.what)
        found = await self.stores.audit.latest(store, query.limit + 1, _place(query.cursor), wanted)
        page = found[: query.limit]
        return AuditPage([_entry(each) for each in page], _cursor(page[-1]) if len(found) > len(page) else "")


def _entry(entry: Json) -> Json:
    shown = {name: entry[name] for name in ("who", "what", "of")}
    changed = {name: entry[name] for name in ("before", "after")}
    return {"time": format_timestamp(entry["t"]), **shown, "told": told(entry), **changed}


def _cell(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _place(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    milliseconds, _, identifier = cursor.partition("-")
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC), identifier


def _cursor(entry: Json) -> str:
    return f"{round(entry['t'].timestamp() * 1000)}-{entry['id']}"
