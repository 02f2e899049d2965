"""What analysts ask of statements, under /api/v1/statements: to take them away, and to count them in groups."""

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, leaving, requests
from lrs.api.statements import CONSISTENT_THROUGH
from lrs.core.credentials import Access
from lrs.core.querying import aggregate as groups
from lrs.core.querying import export as taken
from lrs.core.querying import question
from lrs.core.querying.columns import COLUMNS
from lrs.xapi.values import format_timestamp

router = APIRouter(prefix="/api/v1/statements", tags=["analytics"], dependencies=[Security(described.BASIC)])

_FILTERS: dict[str, str | tuple[str, list[str]]] = {
    "agent": "an Agent or identified Group as JSON",
    "verb": "a verb's IRI",
    "activity": "an activity's IRI",
    "registration": "a registration's UUID",
    "related_agents": ("whether `agent` also means authority, instructor, team, members", ["true", "false"]),
    "related_activities": ("whether `activity` also means context and SubStatements", ["true", "false"]),
}
_EXPORT = described.parameters(
    **_FILTERS,
    since="only what was stored after this time",
    until="only what was stored at or before this time",
    ascending=("oldest first", ["true", "false"]),
    limit="how many at the most; else all of them",
    format=("how they are written", list(taken.FORMATS)),
    columns=f"of CSV and Parquet, separated by commas: {', '.join(COLUMNS)}",
)
_QUESTION = described.parameters(
    **_FILTERS,
    since="beginning of the window, inclusive, on the time that statements tell: RFC 3339 or a date",
    until="end of the window, exclusive",
    group_by=f"up to {question.MOST_TOGETHER}, separated by commas: {', '.join(question.GROUPS)}",
    measures=f"separated by commas: {', '.join(question.MEASURES)}",
    format=("how the answer is written", list(question.FORMATS)),
)


@router.get("", summary="Take statements away, as JSON lines, CSV or Parquet", openapi_extra=_EXPORT)
async def export(request: Request) -> Response:
    granted = await requests.access(request, "statements/read")
    query = taken.read_query(requests.plain_parameters(request, *taken.PARAMETERS))
    if request.state.is_head:  # HEAD shows none of the data, which may be long
        return Response(media_type=query.media_type)
    return await leaving.unless_left(request, _export(request, granted, query))


@router.get("/aggregate", summary="Count statements in groups", openapi_extra=_QUESTION)
async def aggregate(request: Request) -> Response:
    """Who may not read statements is answered of weeks that have ended, and guarded: a row without values has the
    `reason`, such as `open_week` where everything was stored this week.
    """
    granted = await requests.access(request, "statements/read", "analytics/read")
    given = requests.plain_parameters(request, *question.PARAMETERS)
    return await leaving.unless_left(request, _aggregate(request, granted, given))


async def _export(request: Request, granted: Access, query: taken.ExportQuery) -> Response:
    begun = await taken.export(granted.store, query)
    request.state.headers = {CONSISTENT_THROUGH: format_timestamp(begun.through)}
    return leaving.Streamed(begun.content, query.media_type)


async def _aggregate(request: Request, granted: Access, given: dict[str, str]) -> Response:
    analytics = requests.served(request).analytics
    min_group = None if granted.may("statements/read") else analytics.min_group
    found = await groups.aggregate(granted.store, given, analytics.identities, min_group)
    match found.question.format:
        case "csv":
            return Response(found.as_csv(), media_type="text/csv")
        case "parquet":
            return Response(found.as_parquet(), media_type=taken.MEDIA_TYPES["parquet"])
    return answers.json(found.as_dict())
