"""What plugins failed on, in pages."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lrs.core.plugins.entries import Entry
from lrs.store.stores import Store
from lrs.xapi import Json
from lrs.xapi.values import format_timestamp

_Limit = Annotated[int, Field(ge=1, le=1000)]


class FailureQuery(BaseModel):
    """The parameters of `GET /api/v1/plugins/{name}/failures`; the descriptions are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: _Limit = Field(default=100, description="how many, 1 to 1000; else 100")
    cursor: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="in `more` only: where the next page begins"
    )


async def failures(store: Store, entry: Entry, query: FailureQuery) -> tuple[list[Json], str]:
    """Return a page of the statements that a plugin failed on, by their ids, and the next page's cursor ("": none).

    Shape: {statement, reason, position, time}. The one that stopped the plugin comes first, if it is not among them;
    `position` is its number in the log. Raises: Unavailable.
    """
    found = await store.failures.listed(entry.reader, query.limit + 1, query.cursor)
    page = [_failure(each) for each in found[: query.limit]]
    stopped = (await store.positions.get(entry.reader)).failure
    if stopped is not None and query.cursor is None:
        others = [each for each in page if each["statement"] != str(stopped["statement"])]
        page = [_failure(stopped), *others]
    return page, found[query.limit - 1]["id"] if len(found) > query.limit else ""


def _failure(failure: Json) -> Json:
    return {
        "statement": str(failure["statement"]),
        "reason": failure["reason"],
        "position": failure.get("seq"),
        "time": None if failure.get("t") is None else format_timestamp(failure["t"]),
    }
