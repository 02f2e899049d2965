"""What analysts ask: metrics and the report on interactions, under /api/v1."""

from fastapi import APIRouter, Security
from starlette.requests import Request
from starlette.responses import Response

from lrs.api import answers, described, requests
from lrs.core import interactions
from lrs.core.analytics.released import PARTITIONS

router = APIRouter(prefix="/api/v1", tags=["analytics"], dependencies=[Security(described.BASIC)])

_QUESTION = described.parameters(
    since="beginning of the window, inclusive: RFC 3339 or a date; else the metric's own window before `until`",
    until="end of the window, exclusive; else now",
    bucket=("one row for each of these; groups by week or month only", ["day", "week", "month"]),
    group_by=("one row for each group of this partition, over whole released weeks", list(PARTITIONS)),
    group="only this group of the partition",
    format=("how the answer is written", ["json", "csv"]),
)


@router.get("/metrics", summary="All metrics, with what they mean")
async def catalogue(request: Request) -> Response:
    await requests.access(request, "analytics/read")
    requests.refuse_parameters(request)
    return answers.json({"metrics": requests.served(request).analytics.catalogue()})


@router.get("/metrics/{name}", summary="One metric over a window", openapi_extra=_QUESTION)
async def metric(request: Request, name: str) -> Response:
    granted = await requests.access(request, "analytics/read")
    pairs = request.query_params.multi_items()
    query, answer = await requests.served(request).analytics.metric(granted.store, name, pairs)
    if query.format == "csv":
        return Response(answer.as_csv(), media_type="text/csv")
    return answers.json(answer.as_dict())


@router.get("/interactions/report", summary="Acts by kind, unmapped verbs, and how targets were found")
async def report(request: Request) -> Response:
    granted = await requests.access(request, "analytics/read")
    requests.refuse_parameters(request)
    return answers.json(await interactions.report(granted.store))
